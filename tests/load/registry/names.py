"""Names by the thousand: some as people have them, the rest put together from their parts; always the same ones."""

from itertools import islice, product

from services.referrals.models.spelling import sound_of, words_of

GIVEN, FAMILY = 600, 4000
_GIVEN = """
Olivia Amelia Isla Ava Mia Ivy Lily Freya Florence Willow Noah Oliver George Arthur Muhammad Leo Harry Oscar Archie Henry Sarah
Emma Laura Rebecca Gemma Rachel Kelly Victoria Katherine Elizabeth David Michael Paul Mark Andrew Daniel James Christopher Stephen
John Fatima Aisha Maryam Zainab Khadija Mohammed Ahmed Ali Hassan Omar Sinead Niamh Aoife Ciara Siobhan Sean Conor Liam Declan
Finn Priya Anjali Deepa Ravi Sanjay Chidinma Adaeze Ngozi Emeka Chike Folake Tola Kemi Ayo Segun Zofia Agnieszka Katarzyna Piotr
Tomasz Maria Ana Luz Carmen Mateo Diego Wei Li Xin Jing Yuki Thuy Linh Minh Amara Zara Layla Yusuf Ibrahim Esther Grace Mercy
Blessing Joy
"""
_FAMILY = """
Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood
Jackson Clarke Khan Begum Ali Hussain Ahmed Singh Kaur Shah O'Brien O'Connor Murphy Kelly Doyle Ryan Byrne Walsh Okafor Adeyemi
Okonkwo Mensah Boateng Osei Owusu Nowak Kowalski Wisniewska Silva Santos Castillo Garcia Nguyen Tran Chen Wang Smith-Jones Brown-
Khan
"""
_BEGINNINGS = """
Al Be Ca Da El Fa Ge Ha In Jo Ka La Ma Na Os Pe Ra Sa Ta Vi Wa Ya Za Bri Cla Dre Fre Gwe Ste Tri
"""
_ENDINGS = """
na ria lin mar den ric sha lyn via nor bel dra mira zo nah than lia rie vin dor
"""
_FIRST = """
Ash Black Brad Bur Cart Chad Cran Dal Dray Ells Fair Far Gold Green Hamp Hart Hawk Holl Kings Lang Lin Mar Mil New Nor Oak Pem Rad
Red Ring Rock Sand Sher Stan Stock Sut Thorn Wain Wal War Wel Whit Win Wood Wor Abdul Adewa Bandara Chakra Ivan Jaya Kowal Mukher
Novi Okon Petro Rahma Salim Tesfa Venkat Yilma Zielin
"""
_LAST = """
bourne bridge bury by cliffe combe cott croft dale den don field ford gate grave ham hill hurst ington kin land leigh ley low man
mer mond more mount ney over par ridge row sett shaw side son stead stock stone ton vale ville wald ward water way well wick wood
worth ov ski sson tan dze man oglu shvili
"""


def given_names() -> list[str]:
    """Return the given names, the commonest first."""
    return _all(_GIVEN, product(_ENDINGS.split(), _BEGINNINGS.split()), GIVEN)


def family_names() -> list[str]:
    """Return the family names, the commonest first."""
    return _all(_FAMILY, product(_LAST.split(), _FIRST.split()), FAMILY)


def words(names: list[str]) -> list[tuple[int, str, str]]:
    """Return the words of each name with their sounds, by the name's number, as the service keeps them."""
    every = [(number, word) for number, name in enumerate(names, 1) for word in _keyed(words_of(name))]
    return [(number, word, sound_of(word)) for number, word in every]


def _keyed(parts: list[str]) -> list[str]:
    return [*parts, *(["".join(parts)] if len(parts) > 1 else [])]


def _all(known: str, parts: "product[tuple[str, str]]", number: int) -> list[str]:
    made = (begins + ends for ends, begins in parts)
    return list(islice(dict.fromkeys([*known.split(), *made]), number))
