"""Mails to families: the programme's name, plain words, in the language that they read the page in; never a name, nor a word about health.

Whether one is written at all is decided by the referrals service: only where a parent said that a mail is safe.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from gateway.languages import CATALOGUES, ENGLISH
from gateway.letters.sender import Sender
from gateway.people.mail.letters import Letter

Facts = Mapping[str, Any]


def join_received(facts: Facts, sender: Sender) -> Letter:
    """Tell a parent their number, and by when they hear from us."""
    spoken = str(facts.get("language") or ENGLISH).replace("-", "_")
    spoken = spoken if spoken in CATALOGUES.names() else ENGLISH
    _ = CATALOGUES.of(spoken).gettext
    days = {name: format_date(date.fromisoformat(facts["words"][name]), "EEEE d MMMM", spoken) for name in ("first_contact", "first_visit")}
    told = [
        _("Hello,"),
        _("thank you for your message to %(programme)s. Your number is %(number)s.")
        % {"programme": sender.programme, "number": facts["reference"]},
        _("What happens next"),
        _("A person reads what you wrote."),
        _("We get in touch by %(day)s, in the way you choose.") % {"day": days["first_contact"]},
        _("If our group could be good for you, two of us come to meet you and your child. We aim to do that by %(day)s.")
        % {"day": days["first_visit"]},
        _reach(_, sender),
        _("If you did not write to us, you do not have to do anything."),
    ]
    subject = _("%(programme)s: we have your message") % {"programme": sender.programme}
    return Letter(subject, "\n\n".join(filter(None, told)) + "\n")


def _reach(_: Any, sender: Sender) -> str:
    """Return how the team is reached; empty where the borough says nothing of it."""
    if sender.phone and sender.email:
        return str(_("You can call us on %(phone)s or write to %(email)s.") % {"phone": sender.phone, "email": sender.email})
    if sender.phone:
        return str(_("You can call us on %(phone)s.") % {"phone": sender.phone})
    return str(_("You can write to %(email)s.") % {"email": sender.email}) if sender.email else ""
