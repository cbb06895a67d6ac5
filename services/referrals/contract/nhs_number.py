"""NHS numbers: ten digits of which the last one checks the others.

Source: NHS Data Dictionary, NHS NUMBER: each of the first nine digits times its weight, 11 less the remainder of the sum by 11 is the check
digit; 11 counts as 0, and 10 is never given out.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError

from chassis.schemas import Text, text
from services.referrals.contract.codes import NHS_NUMBER

_WEIGHTS: Final[list[int]] = NHS_NUMBER["weights"]
_RANGES: Final = tuple(tuple(each.split("-")) for each in (*NHS_NUMBER["issued_range_england_wales_iom"], NHS_NUMBER["synthetic_range"]))
_BETWEEN: Final = re.compile(r"[\s.\-\u2010-\u2015]+")


def tidy_nhs_number(written: str) -> str:
    """Return an NHS number without blanks, hyphens and dots, its digits plain ones: ``999 000 0018`` is ``9990000018``."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", written))


def nhs_number_fault(number: str) -> str:
    """Return what is wrong with a tidied NHS number, as a sentence that a person can act on; "" where nothing is.

    Numbers of the range kept for tests (9...) are let through: practice boroughs have no others.
    """
    if not re.fullmatch(r"[0-9]{10}", number):
        return "NHS number: enter its ten digits, for example 999 000 0018."
    if not checks(number):
        return "NHS number: one of the digits is wrong. Check it against the letter or card."
    if not any(low <= number <= high for low, high in _RANGES):
        return "NHS number: no number in England and Wales begins like this. Check the first digits."
    return ""


def checks(number: str) -> bool:
    """Tell whether the last of ten digits is the check digit of the others (modulus 11)."""
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11
    return rest != 10 and rest % 11 == int(number[9])


class NhsNumber(Text):
    """An NHS number, kept as ten digits however it was written."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        return tidy_nhs_number(super()._deserialize(value, attr, data, **kwargs)) or None


def nhs_number() -> NhsNumber:
    """Describe an NHS number that may be left out."""

    def real(number: str | None) -> None:
        if number and (fault := nhs_number_fault(number)):
            raise ValidationError(fault)

    plain = text("NHS number", required=False, sensitivity="personal", hint="Ten digits, if you know it. For example, 999 000 0018.")
    return NhsNumber(validate=real, required=False, allow_none=True, load_default=None, metadata=plain.metadata)


__all__ = ["NhsNumber", "checks", "nhs_number", "nhs_number_fault", "tidy_nhs_number"]
