"""What a referrer may send, and what is refused with words they can act on."""

from datetime import timedelta
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields

from chassis import clock
from chassis.contract import Operation
from services.referrals import contract
from tests import factories


def faults_of(change: dict[str, Any]) -> dict[str, Any]:
    body = {**factories.as_json(contract.ReferRequest, factories.referral_details()), **change}
    with pytest.raises(ValidationError) as refused:
        contract.ReferRequest().load(body)
    faults: dict[str, Any] = refused.value.messages_dict
    return faults


def test_a_believable_referral_is_let_through() -> None:
    for _ in range(len(factories.PARENT_NAMES)):
        body = factories.as_json(contract.ReferRequest, factories.referral_details())
        assert contract.ReferRequest().load(body)["children"]


def test_an_unknown_field_is_refused() -> None:
    assert faults_of({"shoe_size": 38}) == {"shoe_size": ["Unknown field."]}


@pytest.mark.parametrize(
    "field",
    ["parents", "children", "why_now", "concern", "secondary_care", "referrer", "family_agrees", "safe_contact", "language"],
)
def test_what_is_needed_is_named(field: str) -> None:
    body = factories.as_json(contract.ReferRequest, factories.referral_details())
    del body[field]
    with pytest.raises(ValidationError) as refused:
        contract.ReferRequest().load(body)
    assert list(refused.value.messages_dict) == [field]


def test_a_family_that_did_not_agree_is_not_referred() -> None:
    assert faults_of({"family_agrees": False})["family_agrees"] == ["Ask the family first: a referral needs their agreement."]


def test_a_referral_of_tomorrow_is_refused() -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert faults_of({"referred_on": tomorrow})["referred_on"] == ["Date of the referral: this must be today or in the past."]


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("1899-12-31", "1900 or later"),
        ("2999-01-01", "today or in the past"),
        ("2024-02-30", "real date"),
        ("yesterday", "real date"),
        (20240716, "real date"),
    ],
)
def test_a_birthday_that_can_not_be_is_refused(born: Any, words: str) -> None:
    child = {**factories.as_json(contract.ChildDetails, factories.child_details()), "birth_date": born}
    assert words in str(faults_of({"children": [child]})["children"])


@pytest.mark.parametrize("number", [0, 7])
def test_a_family_has_one_to_six_parents(number: int) -> None:
    parent = factories.as_json(contract.ParentDetails, factories.parent_details())
    assert "give 1 to 6" in str(faults_of({"parents": [parent] * number})["parents"])


@pytest.mark.parametrize("number", [0, 9])
def test_a_family_has_one_to_eight_children(number: int) -> None:
    child = factories.as_json(contract.ChildDetails, factories.child_details())
    assert "give 1 to 8" in str(faults_of({"children": [child] * number})["children"])


@pytest.mark.parametrize("channels", [[], ["pigeon"], ["phone", "fax"]])
def test_a_family_needs_a_safe_way_to_be_reached(channels: list[str]) -> None:
    assert "channels" in faults_of({"safe_contact": {"channels": channels}})["safe_contact"]


@pytest.mark.parametrize("phone", ["call me", "07700 900123x", "1", "+44 7700 900123 ext 5000000000"])
def test_a_phone_number_is_one(phone: str) -> None:
    parent = {**factories.as_json(contract.ParentDetails, factories.parent_details()), "phone": phone}
    assert "phone" in str(faults_of({"parents": [parent]})["parents"]).lower()


@pytest.mark.parametrize(
    ("written", "kept"),
    [("se155lx", "SE15 5LX"), (" SE1 4PT ", "SE1 4PT"), ("sw1a  1aa", "SW1A 1AA"), ("ZZ99 3VZ", "ZZ99 3VZ"), ("", None)],
)
def test_a_postcode_is_kept_in_one_way(written: str, kept: str | None) -> None:
    assert contract.Address().load({"postcode": written})["postcode"] == kept


@pytest.mark.parametrize("written", ["xxSE15 5LX", "GIR 0AAzzz", "SE15", "12345", "SE15 5CX"])
def test_a_postcode_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        contract.Address().load({"postcode": written})


@pytest.mark.parametrize("text", ["Finn\x00", "Finn\x1b[31m", "\ud800"])
def test_characters_that_are_none_are_refused(text: str) -> None:
    child = {**factories.as_json(contract.ChildDetails, factories.child_details()), "given_name": text}
    assert "children" in faults_of({"children": [child]})


def test_equal_names_compare_equal_however_their_accents_are_written() -> None:
    child = factories.as_json(contract.ChildDetails, factories.child_details())
    composed, combining = ({**child, "given_name": name} for name in ("Zo\u00eb", "Zoe\u0308"))
    assert contract.ChildDetails().load(composed) == contract.ChildDetails().load(combining)


@pytest.mark.parametrize("field", ["source", "may_be_told"])
def test_only_codes_of_the_set_are_let_through(field: str) -> None:
    referrer = {**factories.as_json(contract.Referrer, factories.referrer_details()), field: "Z9"}
    assert field in faults_of({"referrer": referrer})["referrer"]


def test_nobody_brings_identifiers_into_a_referral() -> None:
    child = {**factories.as_json(contract.ChildDetails, factories.child_details()), "id": "01a20751-a66f-716a-b86d-2577973bf288"}
    assert faults_of({"children": [child]}) == {"children": {0: {"id": ["Unknown field."]}}}


def test_what_is_left_out_has_its_default() -> None:
    body = factories.as_json(contract.ReferRequest, factories.referral_details())
    for name in ("urgency", "referred_on", "risks_to_visitors", "address"):
        body.pop(name, None)
    loaded = contract.ReferRequest().load(body)
    assert (loaded["urgency"], loaded["referred_on"], loaded["address"]) == ("routine", None, None)


def unlabelled(schema: Schema) -> list[str]:
    """Return the fields of a schema, and of those within it, that have no label."""
    found = [name for name, field in schema.fields.items() if not field.metadata.get("label")]
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            found += unlabelled(inner.schema)
    return found


@pytest.mark.parametrize("operation", contract.OPERATIONS, ids=lambda operation: operation.name)
def test_every_field_that_a_person_fills_in_has_a_label(operation: Operation) -> None:
    assert unlabelled(operation.request()) == []


def test_the_code_sets_are_whole_and_have_words() -> None:
    assert len(contract.SOURCES) == 38
    assert contract.SOURCES["A2"] == "Health visitor"
    assert len(contract.RELATIONSHIPS) == 22
    assert contract.RELATIONSHIPS["NBOR"] == "Neighbour"
    assert all(words for words in (*contract.SOURCES.values(), *contract.RELATIONSHIPS.values()))


def test_no_word_says_mother_where_it_means_parent() -> None:
    def words(schema: Any) -> list[str]:
        return [str(field.metadata.get(key, "")) for field in schema.fields.values() for key in ("label", "hint", "parent_label")]

    shown = " ".join(words(contract.ReferRequest()) + words(contract.ParentDetails()) + words(contract.ChildDetails()))
    assert "mother" not in shown.lower()
