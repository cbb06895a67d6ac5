"""Words that families never meet: to them it is a stay-and-play group, whatever it is to those who run it."""

import re
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
_ANY: Final = re.compile(r"(?<![^\W_])(" + "|".join(word.replace(" ", r"[\s-]+") for word in CLINICAL) + r")(?![^\W_])", re.IGNORECASE)


def clinical_words(text: str) -> list[str]:
    """Return the clinical words in ``text``, each once, as `CLINICAL` has them or as they were written, in small letters."""
    return list(dict.fromkeys(re.sub(r"[\s-]+", " ", found.casefold()) for found in _ANY.findall(text)))


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
