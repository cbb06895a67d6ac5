"""What somebody without an account may ask of any service: to write a referral or answer a question, each with a secret of its own."""

from collections.abc import Iterator
from importlib import import_module

import pytest

from chassis.contract import Operation
from chassis.schemas import instance_of
from gateway.access.roles import ALLOWED_TO_ANYBODY
from services.referrals import contract
from stayplay.roster import PACKAGES

SECRETS = {"secret", "token"}


def open_to_anybody() -> Iterator[Operation]:
    for package in PACKAGES.values():
        yield from (one for one in import_module(f"{package}.contract").OPERATIONS if one.permission in ALLOWED_TO_ANYBODY)


def test_it_is_one_permission_and_only_of_referrals() -> None:
    assert frozenset({"referrals.draft"}) == ALLOWED_TO_ANYBODY
    assert {operation.service for operation in open_to_anybody()} == {"referrals"}


@pytest.mark.parametrize("operation", list(open_to_anybody()), ids=lambda operation: operation.name)
def test_each_asks_for_a_secret(operation: Operation) -> None:
    assert SECRETS & instance_of(operation.request).fields.keys(), "whoever may ask without an account shows what is theirs"


@pytest.mark.parametrize("kind", list(contract.DRAFT_KINDS))
def test_the_steps_of_a_kind_ask_every_field_of_what_is_sent_and_none_twice(kind: str) -> None:
    about = contract.DRAFT_KINDS[kind]
    asked = [field for fields in about.steps.values() for field in fields]
    assert len(asked) == len(set(asked))
    known = set(instance_of(about.whole).fields)
    assert set(asked) <= known
    needed = {name for name, field in instance_of(about.whole).fields.items() if field.required}
    assert needed <= set(asked), "what must be answered is asked"
    for step in about.steps:
        assert set(contract.step_schema(kind, step).fields) == set(about.steps[step])


def test_an_operation_of_a_draft_tells_nothing_of_what_is_in_it_but_to_who_opens_it() -> None:
    changing = [one for one in contract.OPERATIONS if one.name.endswith("_draft") and one.changes]
    for operation in changing:
        assert "answers" not in instance_of(operation.reply).fields, "replies to changes are kept for a week"
