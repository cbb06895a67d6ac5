"""Whom triage proposes for the joint visit."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.assessments.contract import SIDES, TwoAgenciesNeeded


def check_proposed(assessors: Sequence[Mapping[str, Any]]) -> None:
    """Let nobody pass, or two people of whom one comes from CAMHS and one from the adult mental health team (domain.md).

    Raises:
        TwoAgenciesNeeded: they are one person, of one agency, or of other agencies than those two.
    """
    if not assessors:
        return
    people, agencies = ({one[key] for one in assessors} for key in ("person_id", "agency_id"))
    kinds = {one["agency_kind"] for one in assessors}
    if len(people) != 2 or len(agencies) != 2 or kinds != set(SIDES):
        raise TwoAgenciesNeeded("A joint visit needs one person from CAMHS and one from the adult mental health team.")
