"""What a parent is asked who wants to join: one group of questions a step, in words that a child of ten can read.

Every word here is for families: the programme's name stands on the page, and no clinical word anywhere. Nothing about health is asked.
What a parent may leave out is left out; `services.referrals.models.joining` makes a referral of what is there.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from marshmallow import ValidationError, validates_schema

from chassis import clock
from chassis.schemas import Contract, choice, day, email, many, some_of, text, yes_no
from services.referrals.contract.address import real_postcode
from services.referrals.contract.contact import real_phone
from services.referrals.contract.person import LONGEST_NAME, MOST_CHILDREN

ADULTS: Final[Mapping[str, str]] = {
    "MTH": "Mum",
    "FTH": "Dad",
    "STPMTH": "Stepmum",
    "STPFTH": "Stepdad",
    "GRMTH": "Grandmother",
    "GRFTH": "Grandfather",
    "FAMMEMB": "Someone else in the family",
}
"""What a parent may say they are to the child, of `RELATIONSHIPS`."""

WAYS: Final[Mapping[str, str]] = {
    "text": "Text message",
    "phone": "Phone call",
    "email": "Email",
    "letter": "Letter",
    "someone": "Someone who knows me",
}
"""How a parent may let us get in touch, of `CHANNELS`."""

_DUE_WITHIN: Final = timedelta(days=300)

NEEDS_PHONE: Final = "Write the number we can use."
NEEDS_EMAIL: Final = "Write the email address we can use."
NEEDS_SOMEONE: Final = "Tell us who to ask, and how to reach them."
NEEDS_ADDRESS: Final = "You said we can write to you. Tell us where you live."
BAD_PHONE: Final = "Check the number. It should look like 07700 900123."
BAD_POSTCODE: Final = "Check the postcode. It should look like SE15 5LX."
BAD_DAY: Final = "Check the date. It is too far away."
NEEDS_NAME: Final = "Write your child's first name."
SAID: Final = (NEEDS_NAME, NEEDS_PHONE, NEEDS_EMAIL, NEEDS_SOMEONE, NEEDS_ADDRESS, BAD_PHONE, BAD_POSTCODE, BAD_DAY)
"""What only the rules below say; everything else a field says itself."""


def _plainly(rule: Any, said: str) -> Any:
    """Return a rule that says the same in plainer words."""

    def check(value: str | None) -> None:
        try:
            rule(value)
        except ValidationError as wrong:
            raise ValidationError(said) from wrong

    return check


def _asked(said: str) -> dict[str, str]:
    """Return what is said to who left out what is needed."""
    return {"required": said}


class JoinYou(Contract):
    """Who asks."""

    given_name = text("Your first name", max_length=LONGEST_NAME, sensitivity="personal", error_messages=_asked("Write your first name."))
    family_name = text("Your last name", max_length=LONGEST_NAME, sensitivity="personal", error_messages=_asked("Write your last name."))
    relationship = choice(
        "What are you to the child?", ADULTS, sensitivity="personal", error_messages=_asked("Say what you are to the child.")
    )
    read_in = text("Language of the page", required=False, max_length=20, widget="hidden")


class JoinContact(Contract):
    """How to reach them without harm: what is safe is asked before any number is."""

    channels = some_of(
        "What is safe to use?", WAYS, sensitivity="safety", error_messages=_asked("Choose at least one safe way to reach you.")
    )
    phone = text("Your phone number", required=False, max_length=24, sensitivity="personal", validate=_plainly(real_phone, BAD_PHONE))
    email = email("Your email address", required=False, sensitivity="personal")
    someone = text(
        "Who can we ask, and how do we reach them?",
        required=False,
        max_length=300,
        sensitivity="safety",
        hint="For example, my sister Ana on 07700 900456.",
    )
    times = text("Good times", required=False, max_length=200, sensitivity="safety", hint="For example, after 1pm.")
    avoid = text(
        "Is there something we should not do?",
        required=False,
        max_length=500,
        multiline=True,
        sensitivity="safety",
        hint="For example, do not leave a message.",
    )
    must_not_know = text(
        "Is there someone who must not know you asked?",
        required=False,
        max_length=200,
        sensitivity="safety",
        hint="We will not tell them.",
    )

    @validates_schema(skip_on_field_errors=False)
    def has_what_it_needs(self, data: Mapping[str, Any], **_: Any) -> None:
        """Ask for the number or the address that a chosen way needs."""
        chosen = set(data.get("channels") or ())
        needed = {"phone": (chosen & {"text", "phone"}, NEEDS_PHONE), "email": (chosen & {"email"}, NEEDS_EMAIL)}
        needed["someone"] = (chosen & {"someone"}, NEEDS_SOMEONE)
        if faults := {name: [said] for name, (asked, said) in needed.items() if asked and not data.get(name)}:
            raise ValidationError(faults)


class JoinChild(Contract):
    """A child who would come, or a baby who is expected."""

    given_name = text(
        "Your child's first name",
        required=False,
        max_length=LONGEST_NAME,
        sensitivity="personal",
        hint="Leave this empty if your baby is not born yet.",
    )
    born_or_due = day(
        "When were they born, or when is your baby due?",
        sensitivity="personal",
        hint="For example, 16 7 2025.",
        error_messages=_asked("Write the day your child was born, or the day your baby is due."),
    )

    @validates_schema
    def is_near(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a day on which no baby can be due who is expected today, and a child without a name."""
        found: date = data["born_or_due"]
        if found > clock.today() + _DUE_WITHIN:
            raise ValidationError({"born_or_due": [BAD_DAY]})
        if found <= clock.today() and not data.get("given_name"):
            raise ValidationError({"given_name": [NEEDS_NAME]})


class JoinChildren(Contract):
    """Everybody they would bring."""

    children = many(JoinChild, "Your children", at_least=1, at_most=MOST_CHILDREN)


class JoinHome(Contract):
    """Where they live, which they need not say."""

    line = text("House number and street", required=False, max_length=300, sensitivity="personal")
    postcode = text("Postcode", required=False, max_length=20, sensitivity="personal", validate=_plainly(real_postcode, BAD_POSTCODE))


class JoinHelp(Contract):
    """What makes it easier to come."""

    language = text("What language do you speak at home?", required=False, max_length=60, hint="For example, English or Somali.")
    interpreter = yes_no("Would you like someone to put what we say into your language?", required=False)
    access_needs = text(
        "What would make it easier for you to come?",
        required=False,
        max_length=1000,
        multiline=True,
        sensitivity="personal",
        hint="For example, no steps, big print, or a lift from home.",
    )


class JoinWords(Contract):
    """Whatever else they want to say."""

    hopes = text(
        "What would you like us to know?",
        required=False,
        max_length=4000,
        multiline=True,
        sensitivity="clinical",
    )


class JoinRequest(JoinYou, JoinContact, JoinChildren, JoinHome, JoinHelp, JoinWords):
    """All that a parent told us."""

    @validates_schema(skip_on_field_errors=False)
    def can_be_written_to(self, data: Mapping[str, Any], **_: Any) -> None:
        """Ask where letters are to go, once it was asked where they live."""
        asked = "letter" in (data.get("channels") or ()) and "line" in data
        if asked and not (data.get("line") and data.get("postcode")):
            raise ValidationError({"line": [NEEDS_ADDRESS]})


JOIN_SCHEMAS: Final[Mapping[str, type[Contract]]] = {
    "you": JoinYou,
    "contact": JoinContact,
    "children": JoinChildren,
    "home": JoinHome,
    "help": JoinHelp,
    "words": JoinWords,
}
"""The steps in their order, with the questions of each."""

JOIN_STEPS: Final[Mapping[str, tuple[str, ...]]] = {step: tuple(schema().fields) for step, schema in JOIN_SCHEMAS.items()}
"""The steps with the fields that each asks."""
