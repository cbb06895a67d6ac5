"""What each piece of evidence weighs, in tenths of a bit.

The method is Fellegi and Sunter's ("A theory for record linkage", Journal of the American Statistical Association 64,
1969): a piece of evidence weighs log2(m / u), where m is how often it is seen between two records of one person, and u how
often between records of two people picked at random. Weights add up; one bit more doubles the odds.

The numbers are estimates, not trained on anybody's records. Where u can be reckoned, it was:

* a birthday: two adults within 30 years share one by chance once in 11,000 times (m 0.95: 13 bits); two children within
  3 years once in 1,100 (10 bits). 1 January is written for people whose birthday nobody knows, so it says far less.
* a first name agrees by chance about once in 200 times, a last name once in 250 (m 0.9 and 0.85: 7.5 bits each). That is an
  average: the more usual a name, the less it says, which is why names alone never make a match likely.
* an NHS number belongs to one person, and its last digit is a check (modulus 11), so a slip of the pen rarely makes another
  valid one: 20 bits.
* a last name is the same in the whole family, so a child's counts little beside the parent's: 3 bits.
* first names of children weigh against a match more than anything: twins share last name, birthday and home, and nothing
  else tells them apart.
* a parent's last name weighs little against one: people marry and part.
* that a phone or an address differs weighs nothing: people move, and numbers change.

The bar: among 6,500 families of a borough the odds that two picked at random are one are about 2 to the power of -18, for of a
hundred newly referred about two are known already. So 18 bits make it likelier than not; from 10 on it is worth a person's look.
"""

from typing import Final

LIKELY: Final = 180
"""From here on two records are likelier one family than not."""
POSSIBLE: Final = 100
"""From here on a person should look."""

GIVEN: Final = {
    "parent": {"same": 75, "alike": 50, "close": 30, "different": -90},
    "child": {"same": 75, "alike": 50, "close": 30, "different": -140},
}
FAMILY: Final = {
    "parent": {"same": 75, "alike": 50, "part": 40, "close": 30, "different": -20},
    "child": {"same": 30, "alike": 20, "part": 16, "close": 12, "different": -10},
}
UNANCHORED: Final = -80
"""Another last name, where neither a birthday nor a number says that it is the same person: then one first name says nothing."""
SWAPPED_NAMES: Final = 90
"""First and last name stand the other way round, as they do in many languages."""
BORN: Final = {
    "parent": {"same": 130, "swapped": 70, "slip": 60, "new_year": 50, "different": -55},
    "child": {"same": 100, "swapped": 55, "slip": 45, "new_year": 40, "due": 30, "different": -55},
}
"""``swapped``: day and month; ``slip``: one digit; ``new_year``: 1 January; ``due``: born about when a baby was expected."""
GENERATIONS: Final = -300
"""Years apart that make a parent and a grandparent of one name two people: against all else."""
NHS: Final = {"same": 200, "different": -70}
PHONE: Final = 80
EMAIL: Final = 90
ADDRESS: Final = {"home": 70, "postcode": 40, "building": 20}
"""``home``: the same door; ``building``: the same house number and street, another flat; ``postcode``: some 15 homes."""
INSTITUTION: Final = 10
"""The most that an address weighs where many live who know nothing of each other: a hostel, a refuge, a hotel."""
PLACEHOLDERS: Final = frozenset({"", "baby", "unborn", "infant", "unknown", "twin", "expected", "not known"})
"""What is written for a first name that nobody knows yet."""
INSTITUTIONS: Final = ("hostel", "refuge", "hotel", "shelter", "foyer", "travelodge", "temporary accommodation", "mother and baby unit")
GENERATION_YEARS: Final = 12
"""So many years apart, two people of one name are of two generations."""
DUE_DATES_WITHIN_DAYS: Final = 14
"""Two dates on which one baby is expected, as two people write them down."""
DUE_WITHIN_DAYS: Final = 42
"""A baby comes within six weeks of the day on which it was expected, or the day was wrong."""
