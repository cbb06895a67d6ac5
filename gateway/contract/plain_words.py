"""Words that families never meet: to them it is a stay-and-play group, whatever it is to those who run it."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from marshmallow import ValidationError

CLINICAL: Final = (
    "adhd",
    "anxiety",
    "attachment disorder",
    "camhs",
    "clinic",
    "clinical",
    "clinician",
    "cmht",
    "counselling",
    "counsellor",
    "depression",
    "depressive",
    "diagnosis",
    "diagnosed",
    "disorder",
    "mental health",
    "mental illness",
    "patient",
    "patients",
    "perinatal",
    "postnatal",
    "psychiatric",
    "psychiatrist",
    "psychiatry",
    "psychological",
    "psychologist",
    "psychology",
    "psychotherapist",
    "psychotherapy",
    "psychosis",
    "therapeutic",
    "therapies",
    "therapist",
    "therapy",
    "treatment",
)
ELSEWHERE: Final[Mapping[str, tuple[str, ...]]] = {
    "ar": ("الصحة النفسية", "الصحة العقلية", "اكتئاب", "عيادة", "طبيب نفسي", "علاج نفسي"),
    "bn": ("থেরাপি", "মানসিক স্বাস্থ্য", "বিষণ্নতা", "ক্লিনিক", "মনোবিজ্ঞান", "মনোরোগ"),
    "cy": ("therapïau", "therapydd", "seicotherapi", "iechyd meddwl", "iselder", "clinig", "seicol", "seiciatr", "gorbryder"),
    "es": ("terap", "salud mental", "depresi", "ansiedad", "clínic", "psicol", "psiquiatr", "diagnós", "trastorno", "paciente"),
    "fr": ("thérap", "santé mentale", "dépressi", "anxiété", "cliniq", "psycholog", "psychiatr", "diagnosti", "maladie mentale"),
    "it": ("terapi", "salute mentale", "depressi", "ansia", "psicolog", "psichiatr", "diagnos", "pazient"),
    "pl": ("terapi", "zdrowie psychiczn", "zdrowia psychiczn", "depresj", "klini", "psycholog", "psychiatr", "diagnoz", "pacjent"),
    "pt": ("saúde mental", "depress", "ansiedade", "psiquiatr", "transtorno"),
    "ro": ("sănătate mintal", "sănătății mintal", "depresi", "anxietate", "psiholog", "psihiatr", "diagnostic", "pacient"),
    "so": ("caafimaadka maskax", "caafimaadka dhimir", "niyad-jab", "dhakhtarka maskax"),
    "sq": ("shëndeti mendor", "shëndetit mendor", "depresion", "ankth", "psikolog", "psikiat"),
    "tr": ("ruh sağlığı", "depresyon", "kaygı bozuk", "psikolo", "psikiyatr"),  # noqa: RUF001 - Turkish writes it so
    "ur": ("تھراپی", "ذہنی صحت", "ڈپریشن", "کلینک", "نفسیات"),
    "zh": ("心理健康", "抑郁", "焦虑症", "诊所", "心理医生", "精神科", "心理治疗"),
}
"""How such words begin in the languages that families of London read, by code: a catalogue of a language that is not here is refused."""
_UNSPACED: Final = frozenset({"ar", "bn", "ur", "zh"})
"""Languages in which such a word may stand within another, or without blanks."""


def _beginnings() -> str:
    """Return what finds a word that begins so, to its end; where words have no edges, wherever it stands."""
    edged = [stem for code, stems in ELSEWHERE.items() if code not in _UNSPACED for stem in stems]
    anywhere = [stem for code in sorted(_UNSPACED) for stem in ELSEWHERE[code]]
    return rf"(?<![^\W_])(?:{'|'.join(edged)})[^\W_]*|{'|'.join(anywhere)}"


_FOREIGN: Final = re.compile(_beginnings(), re.IGNORECASE)
_ANY: Final = re.compile(r"(?<![^\W_])(" + "|".join(word.replace(" ", r"[\s-]+") for word in CLINICAL) + r")(?![^\W_])", re.IGNORECASE)


def clinical_words(text: str) -> list[str]:
    """Return the clinical words in ``text``, each once, as `CLINICAL` has them or as they were written, in small letters.

    In whatever language: those of every language of `ELSEWHERE` are looked for at once.
    """
    known = [re.sub(r"[\s-]+", " ", found.casefold()) for found in _ANY.findall(text)]
    foreign = [found.casefold() for found in _FOREIGN.findall(unicodedata.normalize("NFC", text))]
    return list(dict.fromkeys([*known, *foreign]))


class PlainWords:
    """A rule for a field that families read.

    Args:
        label: of the field, for the message.
    """

    def __init__(self, label: str) -> None:
        self._label = label

    def __call__(self, text: str | None) -> None:
        """Let a text pass that holds no clinical word.

        Raises:
            ValidationError: it does; the message names them.
        """
        found = clinical_words(text or "")
        if found:
            raise ValidationError(f"{self._label}: families read this. Say it without {_listed(found)}.")


def _listed(words: list[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
