"""Believable data to test with: one factory for each thing a person enters, and one for who is asking.

The factories give typed values as a loaded schema has them; ``as_json(Schema, values)`` is what a client sends.
Names are as they are in a borough of London: short and very long, with accents, apostrophes, one name only
written twice, and from right to left.
"""
# mypy: disallow-untyped-calls=False, disallow-subclassing-any=False
# factory_boy's declarations carry no types

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from factory.base import DictFactory
from factory.declarations import Iterator, LazyAttribute, LazyFunction, List, Sequence, SubFactory
from marshmallow import Schema

from chassis import clock
from chassis.caller import Caller
from chassis.ids import new_id
from services.assessments.contract import ASKED_WITHIN
from services.referrals.models import Terms

PARENT_NAMES = [
    ("Sinéad", "Doyle"),
    ("Luz", "Castillo"),
    ("Amara", "Okonkwo-Fitzgerald"),
    ("Zoë", "Müller"),
    ("Oluwaseun", "Adébáyọ̀"),
    ("Nguyễn Thị", "Hạnh"),
    ("فاطمة", "الزهراء"),
    ("Björk", "Guðmundsdóttir"),
    ("Ji-woo", "Kim"),
    ("Siân", "Llewellyn-Rhys"),
    ("Beyoncé Adaeze Chukwuemeka", "Wojciechowska-Featherstonehaugh"),
    ("D'Andre", "O'Sullivan"),
    ("שרה", "כהן"),
    ("Sukarno", "Sukarno"),
    ("Anaïs", "N'Diaye"),
    ("Małgorzata", "Brzęczyszczykiewicz"),
    ("Priya", "Raghunathan"),
    ("Jo", "Li"),
]
CHILD_NAMES = ["Finn", "Mateo", "Chidera", "Łucja", "Ayọ̀", "يوسف", "Ффион", "Aoife", "Zainab", "Øyvind", "Maximilian-Alexander", "Bo"]
SERVICES = ["Bermondsey health visiting team", "Lambeth Walk GP practice", "St Mary's maternity", "1st Place Children's Centre"]
CLINICAL = "Low mood since the birth, tearful most days, not sleeping. Says she feels nothing when he cries."
"""Words that only clinicians may read: tests look for them where they must not be."""


def as_json(schema: type[Schema], values: dict[str, Any]) -> dict[str, Any]:
    """Return ``values`` as they go over the wire; what is None is left out."""
    dumped: dict[str, Any] = schema().dump(values)
    return {name: value for name, value in dumped.items() if value is not None}


def toddler_birth_date(months: int = 22) -> date:
    """Return the birthday of a child who is so many months old today."""
    return clock.today() - relativedelta(months=months)


class ParentFactory(DictFactory):
    """An adult of a family."""

    given_name = Sequence(lambda number: PARENT_NAMES[number % len(PARENT_NAMES)][0])
    family_name = Sequence(lambda number: PARENT_NAMES[number % len(PARENT_NAMES)][1])
    relationship = Iterator(["MTH", "FTH", "MTH", "GRMTH", "MTHFOST"])
    birth_date = Sequence(lambda number: date(1988, 1, 1) + timedelta(days=137 * (number % 40)))
    phone = Sequence(lambda number: f"07700 900{number % 1000:03}")
    email = Sequence(lambda number: f"parent{number}@example.org")


class ChildFactory(DictFactory):
    """A toddler."""

    given_name = Sequence(lambda number: CHILD_NAMES[number % len(CHILD_NAMES)])
    family_name = Sequence(lambda number: PARENT_NAMES[number % len(PARENT_NAMES)][1])
    birth_date = Sequence(lambda number: toddler_birth_date(9 + number % 40))


class SafeContactFactory(DictFactory):
    """How a family may be reached."""

    channels = LazyFunction(lambda: ["text", "phone", "visit"])
    times = "Weekdays 9:30 to 14:30"
    avoid = "Never leave a voicemail"


class AddressFactory(DictFactory):
    """Where a family lives."""

    line = Sequence(lambda number: f"Flat {number % 90 + 1}, Gloucester Grove, London")
    postcode = Iterator(["SE15 5LX", "SE1 3QQ", "SW9 8HH", "SE24 0AB"])


class FamilyFactory(DictFactory):
    """A family as a referrer describes it."""

    parents = List([SubFactory(ParentFactory)])
    children = List([SubFactory(ChildFactory)])
    language = Iterator(["English", "Spanish", "Arabic", "Yorùbá", "Tiếng Việt"])
    interpreter = LazyAttribute(lambda family: family.language != "English")
    safe_contact = SubFactory(SafeContactFactory)
    address = SubFactory(AddressFactory)


class ReferrerFactory(DictFactory):
    """A health visitor, most often."""

    name = "Grace Mensah"
    service = Iterator(SERVICES)
    role = "Health visitor"
    phone = "020 7946 0100"
    email = "grace.mensah@example.org"
    source = Iterator(["A2", "A1", "A4", "C1"])
    may_be_told = "status"


class ReferralFactory(FamilyFactory):
    """What `REFER` takes."""

    referrer = SubFactory(ReferrerFactory)
    why_now = "Has stopped going out since the spring."
    concern = CLINICAL
    secondary_care = "no"
    risks_to_visitors = "A large dog in the hall"
    urgency = "routine"
    referred_on = LazyFunction(clock.today)
    family_agrees = True


class AssessorFactory(DictFactory):
    """One of the two who visit."""

    person_id = LazyFunction(new_id)
    name = Iterator(["Ruth Osei", "Paul Lang"])
    agency_id = LazyFunction(new_id)
    agency_name = Iterator(["CAMHS", "Adult mental health team"])
    agency_kind = "camhs"


class DecisionFactory(DictFactory):
    """What the two agencies decide."""

    outcome = "offer_place"
    group_id = None
    group_name = None
    reason = CLINICAL
    before_joining = "One more visit, collect for the first weeks"


class HalvesFactory(DictFactory):
    """What the two agencies write."""

    parent_side = CLINICAL
    child_side = "Cautious with adults, settles with his mother."
    shared = "They look at each other little, and play side by side."
    decision = SubFactory(DecisionFactory)


def _made(kind: type[DictFactory], given: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = kind.build(**given)
    return values


def parent_details(**given: Any) -> dict[str, Any]:
    """Return the values of `ParentFactory`, but for those that are ``given``."""
    return _made(ParentFactory, given)


def child_details(**given: Any) -> dict[str, Any]:
    """Return the values of `ChildFactory`, but for those that are ``given``."""
    return _made(ChildFactory, given)


def safe_contact_details(**given: Any) -> dict[str, Any]:
    """Return the values of `SafeContactFactory`, but for those that are ``given``."""
    return _made(SafeContactFactory, given)


def address_details(**given: Any) -> dict[str, Any]:
    """Return the values of `AddressFactory`, but for those that are ``given``."""
    return _made(AddressFactory, given)


def family_details(**given: Any) -> dict[str, Any]:
    """Return the values of `FamilyFactory`, but for those that are ``given``."""
    return _made(FamilyFactory, given)


def referrer_details(**given: Any) -> dict[str, Any]:
    """Return the values of `ReferrerFactory`, but for those that are ``given``."""
    return _made(ReferrerFactory, given)


def referral_details(**given: Any) -> dict[str, Any]:
    """Return the values of `ReferralFactory`, but for those that are ``given``."""
    return _made(ReferralFactory, given)


def assessor_details(**given: Any) -> dict[str, Any]:
    """Return the values of `AssessorFactory`, but for those that are ``given``."""
    return _made(AssessorFactory, given)


def decision_details(**given: Any) -> dict[str, Any]:
    """Return the values of `DecisionFactory`, but for those that are ``given``."""
    return _made(DecisionFactory, given)


def halves_details(**given: Any) -> dict[str, Any]:
    """Return the values of `HalvesFactory`, but for those that are ``given``."""
    return _made(HalvesFactory, given)


CLINICIAN = frozenset(
    {
        "referrals.refer",
        "referrals.draft",
        "referrals.own_drafts",
        "referrals.answer_own",
        "referrals.read",
        "referrals.read_clinical",
        "referrals.triage",
        "referrals.import",
        "families.read",
        "families.change",
        "families.merge",
        "families.restrict",
        "families.break_glass",
        "assessments.read",
        "assessments.visit",
        "assessments.edit",
        "assessments.sign",
        *ASKED_WITHIN,
    }
)
"""Whoever writes and reads both halves; who writes which half is the gateway's table of roles, and its own test's."""
FACILITATOR = frozenset(
    {"referrals.refer", "referrals.draft", "referrals.own_drafts", "referrals.read", "families.read", "families.break_glass"}
)
REFERRER = frozenset({"referrals.refer", "referrals.draft", "referrals.own_drafts", "referrals.read_own"})


def caller(
    borough_id: UUID | None = None,
    *,
    kind: str = "camhs",
    permissions: frozenset[str] = CLINICIAN,
    name: str = "Ruth Osei",
    agency_id: UUID | None = None,
    **values: Any,
) -> Caller:
    """Return somebody who asks: a clinician of CAMHS unless told otherwise."""
    names = {"camhs": "CAMHS", "adult_mental_health": "Adult mental health team", "referring": "Health visiting"}
    return Caller(
        borough_id=borough_id or new_id(),
        person_id=new_id(),
        member_id=new_id(),
        person_name=name,
        permissions=permissions,
        agency_id=agency_id or new_id(),
        agency_kind=kind,
        agency_name=names.get(kind, "Children's centre"),
        **values,
    )


def assessors(camhs: Caller | None = None, adult: Caller | None = None) -> list[dict[str, Any]]:
    """Return the two who visit: these callers, or two made up."""
    return [_assessor(camhs or caller()), _assessor(adult or caller(kind="adult_mental_health", name="Paul Lang"))]


def _assessor(member: Caller) -> dict[str, Any]:
    return {
        "person_id": member.person_id,
        "name": member.person_name,
        "agency_id": member.agency_id,
        "agency_name": member.agency_name,
        "agency_kind": member.agency_kind,
    }


def terms(*outward_codes: str, youngest: int = 0, oldest: int = 60) -> Terms:
    """Return who may come by a policy: the first halves of the borough's postcodes, and ages of children in months."""
    return Terms(youngest, oldest, frozenset(outward_codes))
