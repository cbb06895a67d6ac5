"""What `stayplay audit verify` rests on: whatever was done to a chain is found, and said exactly."""

import threading
from collections.abc import Callable

import psycopg2
import pytest

from chassis import clock
from chassis.auditing.seals import Head, _first_statement
from chassis.signing import Signer, new_pair
from tests.support.trails import Trail

EDITED = "entry 2 was edited, put there or moved: it does not have the hash of what it says"


def test_a_chain_that_nobody_touched_is_whole(trail: Trail) -> None:
    proof = trail.proof()
    assert (proof.entries, proof.seals, proof.unsealed, proof.erased, proof.faults) == (5, 1, 2, 0, [])


def test_an_empty_chain_is_whole(new_trail: Callable[[], Trail]) -> None:
    assert new_trail().proof().faults == []


@pytest.mark.parametrize(
    "column",
    [
        "at = at + interval '1 microsecond'",
        "recorded_at = recorded_at - interval '1 hour'",
        "person_id = gen_random_uuid()",
        "person_name = 'Somebody Else'",
        "agency = ''",
        "roles = 'administrator'",
        "address = '198.51.100.9'",
        "operation = 'sample.get_note'",
        "kind = 'read'",
        "family_id = NULL",
        "family_id = gen_random_uuid()",
        "subject_id = gen_random_uuid()",
        "facts = '{\"count\": 1}'",
        "correlation_id = 'x'",
        "id = gen_random_uuid()",
    ],
)
def test_no_column_of_an_entry_can_be_edited(trail: Trail, column: str) -> None:
    trail.tamper(f"UPDATE audit SET {column} WHERE borough_id = %(borough)s AND number = 2")
    assert trail.proof().faults == [EDITED]


@pytest.mark.parametrize("column", ["reason = 'they asked nobody'", "changes = '[]'", "changes = NULL", "reason = NULL", "salt = '\\x00'"])
def test_neither_reason_nor_values_can_be_edited(trail: Trail, column: str) -> None:
    trail.tamper(f"UPDATE audit SET {column} WHERE borough_id = %(borough)s AND number = 2")
    assert trail.proof().faults == ["entry 2: its reason or its values were edited"]


def test_values_with_a_digest_of_their_own_are_found_too(trail: Trail) -> None:
    trail.tamper(
        "UPDATE audit SET reason = 'other', details_digest = audit_details_digest(salt, 'other', changes) "
        "WHERE borough_id = %(borough)s AND number = 2"
    )
    assert trail.proof().faults == [EDITED]


def test_an_edited_entry_with_a_hash_of_its_own_is_found_by_the_next(trail: Trail) -> None:
    trail.tamper(
        "UPDATE audit a SET person_name = 'Somebody Else' WHERE borough_id = %(borough)s AND number = 2;"
        "UPDATE audit a SET hash = audit_hash((SELECT hash FROM audit WHERE borough_id = %(borough)s AND number = 1), a) "
        "WHERE borough_id = %(borough)s AND number = 2"
    )
    assert trail.proof().faults == ["entry 3 was edited, put there or moved: it does not have the hash of what it says"]


@pytest.mark.parametrize(
    ("which", "fault"),
    [
        ("number = 1", "entry 1 was removed"),
        ("number = 2", "entry 2 was removed"),
        ("number IN (2, 3)", "entries 2 to 3 were removed"),
    ],
)
def test_an_entry_removed_from_beginning_or_middle_is_missed(trail: Trail, which: str, fault: str) -> None:
    trail.tamper(f"DELETE FROM audit WHERE borough_id = %(borough)s AND {which}")
    assert fault in trail.proof().faults


def test_a_tail_that_was_sealed_is_missed(trail: Trail) -> None:
    trail.tamper("DELETE FROM audit WHERE borough_id = %(borough)s AND number > 1")
    assert trail.proof().faults == ["entries 2 to 3 were removed from the end: entry 3 was sealed"]


def test_a_whole_chain_that_was_sealed_is_missed(trail: Trail) -> None:
    trail.tamper("DELETE FROM audit WHERE borough_id = %(borough)s")
    assert trail.proof().faults == ["entries 1 to 3 were removed from the end: entry 3 was sealed"]


def test_a_tail_not_sealed_yet_is_missed_where_the_head_was_kept_elsewhere(trail: Trail) -> None:
    head = trail.head()
    trail.tamper("DELETE FROM audit WHERE borough_id = %(borough)s AND number > 3")
    assert trail.proof().faults == []
    assert trail.proof(head).faults == ["entries 4 to 5 were removed from the end: the end was kept elsewhere"]


def test_a_tail_removed_with_its_seals_is_missed_where_the_head_was_kept_elsewhere(trail: Trail) -> None:
    head = trail.head()
    trail.tamper("DELETE FROM audit WHERE borough_id = %(borough)s; DELETE FROM audit_seals WHERE borough_id = %(borough)s")
    assert trail.proof(head).faults == ["entries 1 to 5 were removed from the end: the end was kept elsewhere"]


def test_entries_added_after_a_removed_tail_do_not_hide_it(trail: Trail) -> None:
    trail.tamper("DELETE FROM audit WHERE borough_id = %(borough)s AND number > 1")
    trail.grow(4)
    (fault,) = trail.proof().faults
    assert fault.startswith("entry 3 is not the one that was sealed on ")
    assert fault.endswith("the chain was made anew")


def test_an_entry_put_into_the_chain_is_found(trail: Trail) -> None:
    trail.tamper("UPDATE audit SET number = number + 1000 WHERE borough_id = %(borough)s AND number > 1")
    trail.tamper("UPDATE audit SET number = number - 999 WHERE borough_id = %(borough)s AND number > 1")
    trail.put_in(2, like=1)
    faults = trail.proof().faults
    assert faults[0] == EDITED
    assert any(fault.startswith("entry 3 is not the one that was sealed") for fault in faults)


def test_an_entry_written_past_the_trigger_at_the_end_is_found(trail: Trail) -> None:
    trail.put_in(6, like=5)
    assert trail.proof().faults == ["entry 6 was edited, put there or moved: it does not have the hash of what it says"]


def test_entries_that_changed_places_are_found(trail: Trail) -> None:
    trail.tamper("UPDATE audit SET number = 99 WHERE borough_id = %(borough)s AND number = 2")
    trail.tamper("UPDATE audit SET number = 2 WHERE borough_id = %(borough)s AND number = 3")
    trail.tamper("UPDATE audit SET number = 3 WHERE borough_id = %(borough)s AND number = 99")
    faults = trail.proof().faults
    assert faults[0] == EDITED
    assert any(fault.startswith("entry 3 is not the one that was sealed") for fault in faults)


def test_a_chain_worked_out_anew_over_an_edited_entry_is_found_by_its_seal(trail: Trail) -> None:
    trail.tamper("UPDATE audit SET person_name = 'Somebody Else' WHERE borough_id = %(borough)s AND number = 2")
    trail.recompute()
    (fault,) = trail.proof().faults
    assert fault.startswith("entry 3 is not the one that was sealed on ")


def test_a_chain_worked_out_anew_without_an_entry_is_found_by_its_seal(trail: Trail) -> None:
    trail.tamper("DELETE FROM audit WHERE borough_id = %(borough)s AND number = 2")
    trail.recompute()
    (fault,) = trail.proof().faults
    assert fault.startswith("entry 3 is not the one that was sealed on ")


def test_without_its_seal_it_is_found_by_the_head_that_was_kept_elsewhere(trail: Trail) -> None:
    head = trail.head()
    trail.tamper("UPDATE audit SET person_name = 'Somebody Else' WHERE borough_id = %(borough)s AND number = 2")
    trail.tamper("DELETE FROM audit_seals WHERE borough_id = %(borough)s")
    trail.recompute()
    assert trail.proof(head).faults == ["entry 5 is not the one that was kept elsewhere: the chain was made anew"]


def test_a_seal_made_with_another_key_is_forged(trail: Trail) -> None:
    forger = Trail(trail.sample, trail.database, trail.caller, new_pair())
    trail.tamper("DELETE FROM audit_seals WHERE borough_id = %(borough)s")
    trail.tamper("UPDATE audit SET person_name = 'Somebody Else' WHERE borough_id = %(borough)s AND number = 2")
    trail.recompute()
    forger.seal()
    assert trail.proof().faults == [
        "the seal on entry 5 is forged, or one before it was removed: the service never signed it after that one"
    ]


@pytest.mark.parametrize("change", ["number = 2", "hash = '\\x00'", "at = at + interval '1 day'", "signature = 'AAAA'", "signature = ''"])
def test_a_seal_that_was_altered_is_forged(trail: Trail, change: str) -> None:
    trail.tamper(f"UPDATE audit_seals SET {change} WHERE borough_id = %(borough)s")
    number = 2 if change == "number = 2" else 3
    assert trail.proof().faults == [
        f"the seal on entry {number} is forged, or one before it was removed: the service never signed it after that one"
    ]


@pytest.mark.parametrize("removed", [3, 5])
def test_a_seal_that_is_missing_before_another_is_missed(trail: Trail, removed: int) -> None:
    for _ in range(2):
        trail.seal()
        trail.grow()
    trail.seal()
    trail.tamper("DELETE FROM audit_seals WHERE borough_id = %(borough)s AND number = %(v0)s", removed)
    following = {3: 5, 5: 6}[removed]
    assert trail.proof().faults == [
        f"the seal on entry {following} is forged, or one before it was removed: the service never signed it after that one"
    ]


def test_seals_that_followed_nothing_yet_are_genuine(trail: Trail) -> None:
    former = _first_statement("sample", trail.head(), clock.real_now().replace(microsecond=0))
    at = former.decode().rsplit("\n", 1)[1]
    trail.tamper(
        "INSERT INTO audit_seals VALUES (%(borough)s, 5, %(v0)s, %(v1)s, %(v2)s)",
        trail.head().hash, f"{at}+00", Signer(trail.keys.private).sign(former),
    )  # fmt: skip
    assert (trail.proof().seals, trail.proof().unsealed, trail.proof().faults) == (2, 0, [])


def test_many_processes_that_seal_at_once_make_seals_that_follow_each_other(trail: Trail) -> None:
    def work() -> None:
        for _ in range(4):
            trail.grow()
            trail.seal()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    trail.seal()
    assert (trail.proof().entries, trail.proof().unsealed, trail.proof().faults) == (29, 0, [])


def test_a_seal_of_another_borough_does_not_fit(trail: Trail, new_trail: Callable[[], Trail]) -> None:
    other = new_trail()
    other.keys = trail.keys
    other.grow(3)
    other.seal()
    trail.tamper("DELETE FROM audit_seals WHERE borough_id = %(borough)s")
    trail.tamper(
        "INSERT INTO audit_seals SELECT %(borough)s, number, hash, at, signature FROM audit_seals WHERE borough_id = %(v0)s",
        str(other.borough),
    )
    assert trail.proof().faults == [
        "the seal on entry 3 is forged, or one before it was removed: the service never signed it after that one"
    ]


def test_seals_that_are_missing_for_long_are_missed(trail: Trail) -> None:
    trail.tamper("DELETE FROM audit_seals WHERE borough_id = %(borough)s")
    trail.tamper("UPDATE audit SET recorded_at = recorded_at - interval '2 hours' WHERE borough_id = %(borough)s AND number = 1")
    trail.recompute()
    (fault,) = trail.proof().faults
    assert fault.startswith("entries 1 to 5 were never sealed, though the oldest of them is of ")


def test_seals_of_a_key_that_the_service_had_before_hold(trail: Trail) -> None:
    former, trail.keys = trail.keys, new_pair()
    trail.seal()
    assert trail.proof(keys=[trail.keys.public]).faults == [
        "the seal on entry 3 is forged, or one before it was removed: the service never signed it after that one"
    ]
    assert trail.proof(keys=[trail.keys.public, former.public]).faults == []


def test_what_was_lawfully_erased_leaves_the_chain_whole(trail: Trail) -> None:
    with psycopg2.connect(trail.sample.urls["operator"]) as operator, operator.cursor() as cursor:
        cursor.execute(
            "UPDATE audit SET changes = NULL, reason = NULL, salt = NULL WHERE borough_id = %s AND number = 2", (str(trail.borough),)
        )
    proof = trail.proof()
    assert (proof.erased, proof.faults) == (1, [])


@pytest.mark.parametrize("change", ["changes = NULL", "reason = 'nicer words', changes = NULL, salt = NULL", "reason = NULL, salt = NULL"])
def test_the_operator_can_erase_details_whole_and_nothing_else(trail: Trail, change: str) -> None:
    connection = psycopg2.connect(trail.sample.urls["operator"])
    with pytest.raises(psycopg2.errors.InsufficientPrivilege), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit SET {change} WHERE borough_id = %s AND number = 2", (str(trail.borough),))
    connection.close()


# --- the chain as it grows --------------------------------------------------------------------------------------------


def test_number_and_hash_that_are_sent_are_overridden(trail: Trail) -> None:
    with trail.database.session(trail.borough) as session:
        session.connection().exec_driver_sql(
            "INSERT INTO audit (borough_id, id, at, person_id, person_name, agency, operation, kind, facts, correlation_id, number, hash) "
            "VALUES (%s, gen_random_uuid(), now(), gen_random_uuid(), 'x', 'x', 'x', 'read', '{}', 'x', 999, '\\x00')",
            (str(trail.borough),),
        )
        session.commit()
    assert (trail.proof().entries, trail.proof().faults, trail.head().number) == (6, [], 6)


def test_many_at_once_make_one_chain_without_a_gap(trail: Trail) -> None:
    failures: list[BaseException] = []

    def grow() -> None:
        try:
            trail.grow(5)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=grow) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    proof = trail.proof()
    assert (proof.entries, proof.faults) == (45, [])


def test_every_borough_has_a_chain_of_its_own(trail: Trail, new_trail: Callable[[], Trail]) -> None:
    neighbour = new_trail()
    neighbour.grow(2)
    trail.grow()
    assert (trail.head().number, neighbour.head().number) == (6, 2)
    assert neighbour.proof().faults == []


def test_the_same_entries_in_the_same_order_come_to_the_same_hashes(trail: Trail) -> None:
    head = trail.head()
    with trail.as_superuser() as cursor:
        cursor.execute("CREATE TEMP TABLE archive AS SELECT * FROM audit WHERE borough_id = %s", (str(trail.borough),))
        cursor.execute("DELETE FROM audit WHERE borough_id = %s", (str(trail.borough),))
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("UPDATE archive SET number = 0, hash = ''")
        cursor.execute("INSERT INTO audit SELECT * FROM archive ORDER BY recorded_at")
    assert trail.head() == head
    assert trail.proof(head).faults == []


def test_a_seal_is_made_once_for_what_is_new(trail: Trail) -> None:
    assert trail.seal() >= 1
    assert trail.proof().unsealed == 0
    before = trail.proof().seals
    trail.seal()
    assert trail.proof().seals == before
    trail.grow()
    trail.seal()
    assert (trail.proof().seals, trail.proof().unsealed) == (before + 1, 0)


def test_heads_are_those_that_were_kept(trail: Trail) -> None:
    assert trail.head() == Head(trail.borough, 5, trail.head().hash)
    assert trail.proof(trail.head()).faults == []
