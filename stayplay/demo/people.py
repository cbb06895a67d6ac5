"""The people of the demonstration: invented families, members of the borough, and what they say."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

SURNAMES = [
    "Adeyemi", "Brennan", "Castillo", "Doyle", "Ellis", "Farah", "Gordon", "Haddad", "Ibrahim", "Jansen", "Kowalska",
    "Lopes", "Mbeki", "Nwosu", "O'Connor", "Patel", "Quaye", "Rossi", "Silva", "Tran", "Usman", "Varga", "Walsh", "Xu",
    "Yilmaz", "Zaman", "Abara", "Boateng", "Clarke", "Davies", "Eze", "Fofana", "Green", "Hussain", "Ivanova",
    "Johnson", "Khan", "Lawal", "Mensah", "Nguyen", "Osei", "Pereira", "Qureshi", "Reid", "Sesay", "Taylor", "Uddin",
    "Vasquez", "Williams", "Yusuf", "Begum", "Campbell", "Diallo", "Evans", "Ferreira", "Grant", "Hassan", "Islam",
    "James", "Kamara",
]  # fmt: skip
GIVEN = [
    "Tola", "Kieran", "Luz", "Sinead", "Hannah", "Amina", "Grace", "Layla", "Fatima", "Anna", "Zofia", "Maria",
    "Thandi", "Ngozi", "Aoife", "Priya", "Ama", "Giulia", "Ines", "Linh", "Halima", "Eszter", "Niamh", "Mei", "Elif",
    "Nadia", "Chioma", "Abena", "Kerry", "Carys", "Ifeoma", "Mariam", "Lucy", "Sana", "Olga", "Tanya", "Ayesha", "Bisi",
    "Efua", "Thuy",
]  # fmt: skip
TODDLERS = [
    "Kemi", "Niamh", "Mateo", "Finn", "Ivy", "Yusuf", "Leo", "Noor", "Ibrahim", "Otto", "Maja", "Rafa", "Lindi", "Obi",
    "Cian", "Dev", "Kofi", "Enzo", "Lara", "Bao", "Zayd", "Bence", "Orla", "Ming", "Deniz", "Zara", "Kosi", "Yaw",
    "Alfie", "Mabli", "Uche", "Sekou", "Joe", "Hamza", "Mila", "Rio", "Musa", "Tobi", "Nana", "Minh",
]  # fmt: skip
STREETS = ["Rye Lane", "Bellenden Road", "Peckham Park Road", "Southampton Way", "Lordship Lane", "Camberwell New Road", "Old Kent Road"]
POSTCODES = ["SE15 5BY", "SE15 4QL", "SE15 1NL", "SE5 7EU", "SE22 8HD", "SE5 0TF", "SE1 5JH"]
LANGUAGES = ["English"] * 7 + ["Spanish", "Yoruba", "Polish", "Somali", "Vietnamese"]
WHY_NOW = [
    "She has stopped going out since the summer and says the days are long.",
    "He looks after the little one alone since she went back to nights, and sleeps badly.",
    "They moved here in spring and know nobody. She cried at the last two checks.",
    "She asked whether there is somewhere to go with him where nobody stares.",
    "Nursery is full and the two of them have been indoors for weeks.",
]
CONCERNS = [
    "Low in mood and worn out; warm with the child but has little left to give.",
    "Anxious about everything that could go wrong, so they do very little together.",
    "Finds it hard to play; worries that the child does not like being with her.",
    "Low since the birth, some bad days; wants to meet others in the same boat.",
]
REFERRERS = [
    ("Helen Vance", "Bermondsey health visiting team", "A2"),
    ("Dr Sunil Mehta", "Aylesham Medical Practice", "A1"),
    ("Carol Finch", "1st Place Children's Centre", "C2"),
    ("Dionne Parker", "Family Early Help", "C1"),
    ("Ros Taylor", "St Mary's maternity", "A4"),
]
MEMBERS = [
    ("camhs", "Ruth Osei", "practitioner", "camhs"),
    ("camhs_2", "Imran Aziz", "practitioner", "camhs"),
    ("adult", "Paul Lang", "practitioner", "adult_mental_health"),
    ("adult_2", "Miriam Cole", "practitioner", "adult_mental_health"),
    ("facilitator", "Amina Keita", "facilitator", "childrens_centre"),
    ("facilitator_2", "Jo Marsh", "facilitator", "childrens_centre"),
    ("referrer", "Helen Vance", "referrer", "referring"),
]
VENUES = [
    ("1st Place Children's Centre", "Chumleigh Street", "SE5 0RN"),
    ("Burgess Park One O'Clock Club", "Albany Road", "SE5 0RJ"),
]
GROUPS = [
    ("Peckham", 0, 0, "10:00", "11:30"),
    ("Camberwell", 1, 0, "13:30", "15:00"),
    ("Bermondsey", 0, 2, "10:00", "11:30"),
    ("Dulwich", 1, 4, "09:45", "11:15"),
]
"""Name, venue, days after today's weekday, start, end: the first two meet on today's weekday."""


@dataclass(frozen=True)
class Household:
    """One invented family."""

    number: int
    parent: str
    surname: str
    child: str
    born: date


def household(number: int, today: date) -> Household:
    """Return the family with this number: always the same one."""
    pick = random.Random(number)  # noqa: S311 - invented data, not a secret
    born = today - timedelta(days=pick.randrange(330, 1150))
    return Household(number, GIVEN[number % len(GIVEN)], SURNAMES[number % len(SURNAMES)], TODDLERS[number % len(TODDLERS)], born)


def referral(family: Household, on: date, *, urgent: bool) -> dict[str, Any]:
    """Return the referral of a family, as its referrer writes it."""
    pick = random.Random(1000 + family.number)  # noqa: S311 - invented data, not a secret
    name, service, source = REFERRERS[family.number % len(REFERRERS)]
    channels = pick.choice([["text", "visit"], ["phone", "text", "email", "letter", "visit"], ["phone", "visit"]])
    place = family.number % len(STREETS)
    language = pick.choice(LANGUAGES)
    return {
        "parents": _parents(family, pick),
        "children": _children(family, on, pick),
        "language": language,
        "interpreter": language not in {"English", "Yoruba"},
        "safe_contact": {
            "channels": channels,
            "times": pick.choice(["Weekdays 9:30 to 14:30", "After 1pm", "Any time", "Mornings"]),
            "avoid": pick.choice(["Never leave a voicemail", "Do not write to the home address", None, None]),
        },
        "address": {"line": f"{pick.randrange(2, 180)} {STREETS[place]}", "postcode": POSTCODES[place]},
        "why_now": pick.choice(WHY_NOW),
        "concern": pick.choice(CONCERNS),
        "secondary_care": pick.choice(["no", "no", "no", "not_known"]),
        "risks_to_visitors": pick.choice([None, None, None, "A large dog, friendly. Ring first."]),
        "urgency": "urgent" if urgent else "routine",
        "referred_on": on.isoformat(),
        "referrer": {"name": name, "service": service, "source": source, "may_be_told": pick.choice(["outcome", "status"])},
        "family_agrees": True,
        "borough_link": "not_known" if family.number % 10 == 3 else "lives",
        "parental_need": "not_known" if family.number % 8 == 5 else "yes",
    }


def _parents(family: Household, pick: random.Random) -> list[dict[str, Any]]:
    father = family.number % 9 == 1
    phone = f"07700 9{pick.randrange(10_000, 99_999)}"
    relationship = "FTH" if father else "MTH"
    first = {"given_name": family.parent, "family_name": family.surname, "relationship": relationship, "phone": phone}
    if family.number % 5:
        return [first]
    other = {"given_name": "Alex", "family_name": family.surname, "relationship": "MTH" if father else "FTH"}
    return [first, other]


def _children(family: Household, on: date, pick: random.Random) -> list[dict[str, Any]]:
    born = min(family.born, on - timedelta(days=240))
    children = [{"given_name": family.child, "family_name": family.surname, "birth_date": born.isoformat()}]
    if family.number % 7 == 0:
        baby = {
            "given_name": "Billie",
            "family_name": family.surname,
            "birth_date": (on - timedelta(days=pick.randrange(20, 90))).isoformat(),
        }
        children.append(baby)
    return children
