"""Messages that leave by mail: the referrals service says what is to be said to whom, the gateway writes the mail.

Whether somebody may be written to at all is decided before the event (domain rule 8). No message to a professional names the family:
initials and the reference are enough.
"""

from typing import Final

from marshmallow import fields

from chassis.contract import EventType
from chassis.schemas import Contract, choice, email, identifier, text

MESSAGES: Final[dict[str, str]] = {
    "refer_code": "A code that proves a mail address",
    "referrer_copy": "A copy of a referral, for who made it",
    "question": "A question to a referrer",
    "outcome": "What became of a referral",
    "redirect": "The referrer is told that the family was pointed to another service",
    "join_received": "A family's own request arrived",
}
"""The kinds of messages; ``gateway/letters`` has words for each."""


class MessageFacts(Contract):
    """A message that is to be sent. The subject is the message.

    Attributes:
        family_id: whose referral it is about, where there is one: by that it goes when they are erased, sent or not.
        reference: of the referral it is about, where there is one.
        token: what a link in it needs, where there is one.
        words: what is put into the mail's own words, by name.
    """

    kind = choice("Kind", MESSAGES)
    family_id = identifier("Family", required=False)
    to = email("To")
    language = text("Language", required=False, max_length=20)
    reference = text("Reference", required=False, max_length=9)
    token = text("Token of the link", required=False, max_length=200, sensitivity="internal")
    words = fields.Dict(
        keys=fields.String(), values=fields.String(), load_default=dict, metadata={"label": "Words", "sensitivity": "personal"}
    )


MESSAGE_WANTED = EventType("referrals.message.wanted", MessageFacts)
