"""Looking for a family goes by the keys' index, for members under every policy, and looks at no more than is like what was typed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.caller import Caller
from chassis.ids import new_id
from services.referrals import contract
from services.referrals.models.typed import understood
from services.referrals.repository import Work
from tests import factories
from tests.support.crowds import as_superuser, lived, looked_at, nodes
from tests.support.desk import Desk
from tests.support.plans import plans

KEYS, WORDS = 30_000, 3_000


def look_for(typed: str) -> Callable[[Work], object]:
    terms = understood(typed, date(2026, 11, 23))
    return lambda work: work.search.found(work.search.widened(terms), None, 25, referred=True)


def written_anew(work: Work) -> None:
    work.keys.refresh([new_id()])
    work.keys.write()


QUERIES: dict[str, Callable[[Work], object]] = {
    "a name": look_for("doyle"),
    "a name and a day": look_for("doyle 16/7/2024"),
    "a number": look_for("07700 900123"),
    "part of a number": look_for("900123"),
    "what is shown": lambda work: work.search.known([new_id(), new_id()]),
    "what is there and what should be": written_anew,
    "what is still to be keyed": lambda work: work.key_rounds.go_on(work.keys),
    "whether all are keyed": lambda work: work.key_rounds.done,
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_every_query_goes_by_an_index_of_the_borough(referrals: Desk, clinician: Caller, query: Callable[[Work], object]) -> None:
    found = plans(referrals.databases["referrals"], Work, replace(clinician, permissions=frozenset({""})), query)
    assert found
    for plan in found:
        assert "Seq Scan" not in plan
        assert "Index Cond: (" in plan


@pytest.fixture
def crowded(referrals: Desk, clinician: Caller, postgres_url: str) -> Caller:
    """A member of a borough with so many keys, of which one family has a rare name."""
    parents = [factories.parent_details(given_name="Wren", family_name="Quixotesurname", phone="07700 900321")]
    referrals.ask(contract.REFER, clinician, **factories.referral_details(parents=parents))
    borough = str(clinician.borough_id)
    with as_superuser(postgres_url, referrals.databases["referrals"]) as cursor:
        crowd = "SELECT %s, kind, %s || (n %% 3000), gen_random_uuid(), gen_random_uuid() FROM generate_series(1, %s) n, unnest(%s) AS kind"
        cursor.execute(f"INSERT INTO person_keys (borough_id, kind, key, family_id, person_id) {crowd}", (borough, "name", KEYS, ["name"]))
        cursor.execute("INSERT INTO name_words SELECT %s, 'name' || n, 'NM' FROM generate_series(1, %s) n", (borough, WORDS))
        cursor.execute("INSERT INTO name_words SELECT gen_random_uuid(), 'name' || n, 'NM' FROM generate_series(1, %s) n", (20 * WORDS,))
        cursor.execute("VACUUM ANALYZE person_keys, name_words")
    return replace(clinician, permissions=frozenset({""}))


def looks(referrals: Desk, caller: Caller, query: Callable[[Work], object], table: str) -> int:
    found: list[dict[str, Any]] = lived(referrals.databases["referrals"], Work, caller, query)
    return sum(looked_at(node) for plan in found for node in nodes(plan) if node.get("Relation Name") == table)


@pytest.mark.parametrize("typed", ["quixotesurname", "quixotesuranme", "wren quixote", "07700 900321"])
def test_what_is_looked_at_is_what_is_like_it_not_the_crowd(referrals: Desk, crowded: Caller, typed: str) -> None:
    assert looks(referrals, crowded, look_for(typed), "person_keys") <= 40
    assert looks(referrals, crowded, look_for(typed), "name_words") <= WORDS + 40, "the vocabulary is read once"


def test_each_wish_is_a_look_into_the_index_however_many_there_are(referrals: Desk, clinician: Caller) -> None:
    """Once the planner chose to read all keys of the borough and to merge them with the wishes: seconds in a large one."""
    every = " ".join(f"surname{number}" for number in range(12))
    *_, plan = plans(referrals.databases["referrals"], Work, replace(clinician, permissions=frozenset({""})), look_for(every))
    looked = next(line for line in plan.splitlines() if "Index Cond" in line and "key >=" in line)
    assert "kind = " in looked
    assert "w.low" in looked
    assert "Merge Join" not in plan.split("person_keys")[0]
