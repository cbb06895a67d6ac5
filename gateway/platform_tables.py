"""The tables that the role of sign-in may use, each with the reason: everything else is one borough's alone."""

from collections.abc import Mapping
from typing import Final

PLATFORM_TABLES: Final[Mapping[str, str]] = {
    "identity.people": "one person signs in once, to whatever boroughs",
    "identity.sign_ins": "a session belongs to a person, not to a borough",
    "identity.attempts": "somebody who guesses passwords has no borough yet",
    "identity.resets": "a forgotten password is a person's, not a borough's",
    "identity.departures": "what is left of a borough that left outlives the borough's rows",
    "identity.spent": "what a provider of sign-in sends is used once, before any borough is entered",
    "identity.onboardings": "a borough that is being described is none yet",
    "identity.operator_sessions": "operators belong to the installation, not to a borough",
    "identity.authenticators": "a person has one set of second factors, whatever boroughs they work in",
    "identity.recovery_codes": "as authenticators",
    "identity.passkeys": "as authenticators, and one is found before anybody is signed in",
    "identity.passkey_holders": "the random name of a person on their own devices",
    "identity.challenges": "a passkey signs one before anybody is signed in",
    "public.policy_versions": "read to find the boroughs in which a policy begins to hold today",
    "public.mails": "mails of boroughs and of sign-in leave together; a borough's work puts one in and sees none",
    "public.profiles": "read to find the borough that an address names, and to list boroughs for operators",
    "public.agencies": "read with the membership of the person who asks",
    "public.members": "read to find what the person who asks is in the borough of the address",
    "public.invitations": "read to find the borough that a token invites to",
    "public.brandings": "read with the borough of whoever asks, and for its public page, which strangers read",
    "public.sign_ons": "read to lead somebody to the provider of the borough that an address names, before anybody is signed in",
    "public.linked_accounts": "read to find whose account a provider vouched for",
    "public.webhooks": "read to send what waits, whichever borough's it is, and to note that a receiver does not answer",
    "public.webhook_deliveries": "deliveries of all boroughs leave together, and what came of each is noted; none names anybody",
    "public.system_tokens": "read to find the borough and the scopes of the token that came",
}
"""What `chassis.database.catalogue.faults` is told when it judges the gateway's database."""
