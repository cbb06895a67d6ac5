"""A borough's description in YAML is read strictly, and every fault names its line."""

import time
from pathlib import Path

import pytest

from gateway.contract import OnboardRequest
from stayplay.describing import DEEPEST, LARGEST, Faulty, described, read

GOOD = """\
slug: southwark
name: Southwark
gss_code: E09000028
programme_name: Southwark Stay & Play
agencies:
  - {name: CAMHS, kind: camhs}
  - name: Adult mental health team
    kind: adult_mental_health
venues:
  - name: 1st Place Children's Centre
    postcode: SE5 0RN
administrator:
  name: Ada Minister
  email: ada@southwark.example
accepted:
  name: Dawn Hartley
  role: Head of Early Help
  accepted_on: 2026-01-12
  terms: "1"
  data_processing: "1"
policy:
  quiet_from: 21:30
  missed_before_outreach: 3
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(Faulty) as refused:
        read(text).check(OnboardRequest())
    return [str(fault) for fault in refused.value.faults]


def test_a_good_description_is_read_whole() -> None:
    found = read(GOOD)
    found.check(OnboardRequest())
    assert found.values["agencies"][1] == {"name": "Adult mental health team", "kind": "adult_mental_health"}
    assert found.values["accepted"]["accepted_on"] == "2026-01-12"


def test_words_stay_words() -> None:
    found = read("name: no\nother: 20:00\nthird: 2026-01-12\nfourth: 0x10\nfifth: 1_000\n").values
    assert found == {"name": "no", "other": "20:00", "third": "2026-01-12", "fourth": "0x10", "fifth": "1_000"}


def test_numbers_truth_and_nothing_are_what_they_seem() -> None:
    found = read("whole: 12\nbelow: -3\nquoted: '12'\nyes_indeed: true\nnot_so: False\nnothing:\n").values
    assert found == {"whole": 12, "below": -3, "quoted": "12", "yes_indeed": True, "not_so": False, "nothing": None}


def test_every_fault_is_told_at_once_each_at_its_line() -> None:
    wrong = (
        GOOD.replace("slug: southwark", "slug: South wark")
        .replace("E09000028", "W06000015")
        .replace("kind: adult_mental_health", "kind: club")
        .replace("ada@southwark.example", "ada")
        .replace("missed_before_outreach: 3", "missed_before_outreach: many")
    )
    assert faults_of(wrong) == [
        "line 1: slug: Name in addresses: use small letters, digits and single hyphens.",
        "line 3: gss_code: GSS code: enter the code of an English authority, like E09000028.",
        "line 8: agencies, 2, kind: Kind of agency: choose one of the answers.",
        "line 14: administrator, email: Email: enter an address like name@example.org.",
        "line 23: policy, missed_before_outreach: Not a valid integer.",
    ]


def test_what_is_missing_is_told_at_the_line_of_what_it_is_missing_from() -> None:
    assert faults_of(
        GOOD.replace("    postcode: SE5 0RN\n", "").replace("  - name: 1st Place Children's Centre", "  - postcode: SE5 0RN")
    ) == ["line 10: venues, 1, name: Name of the venue: this is needed."]
    assert "line 1: administrator: Administrator: this is needed." in faults_of("slug: southwark\n")


def test_a_real_borough_needs_somebody_who_accepted_the_terms() -> None:
    without = GOOD[: GOOD.index("accepted:")] + GOOD[GOOD.index("policy:") :]
    assert faults_of(without)[0].startswith("line 1: accepted: Terms accepted: say who accepted them")
    read(without + "practice: true\n").check(OnboardRequest())


def test_a_name_that_is_not_known_is_told() -> None:
    assert faults_of(GOOD + "colour: blue\n") == ["line 24: colour: Unknown field."]


def test_two_agencies_of_one_name_are_told() -> None:
    twice = GOOD.replace("Adult mental health team", "camhs")
    assert faults_of(twice) == ["line 7: agencies, 2, name: Name of the agency: another agency has this name."]


def test_values_that_contradict_each_other_are_told() -> None:
    assert faults_of(GOOD + "  missed_before_escalation: 2\n")[0].startswith("line 24: policy, missed_before_escalation: ")


def test_the_same_name_twice_is_refused() -> None:
    assert faults_of("slug: a\nname: b\nslug: c\n") == ["line 3: slug: This name stands here twice."]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: &x [1, 2]\nb: *x\n", 1),
        ("a: 1\nb: *x\n", 2),
        ("a: &a [lol, lol]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n", 1),
    ],
)
def test_references_are_refused_where_they_stand(text: str, line: int) -> None:
    assert faults_of(text) == [f"line {line}: References (& and *) are not used here: write the value out."]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!python/name:os.system", "!mine", "!!binary", "!!set"])
def test_tags_are_refused_and_make_nothing(tag: str) -> None:
    assert faults_of(f"slug: southwark\nname: {tag} [x]\n") == ["line 2: name: Tags (!) are not used here."]


@pytest.mark.parametrize("text", ["- just\n- a list\n", "", "just words", "[]", "42"])
def test_what_does_not_name_values_is_refused(text: str) -> None:
    assert faults_of(text) == ["line 1: It must hold names with values, such as slug: southwark."]


@pytest.mark.parametrize("text", ["one: [unclosed", "a: b: c", "a:\n\t- tab", "slug: x\n---\nslug: y\n", "? [complex, key]\n: value\n"])
def test_what_is_no_yaml_that_describes_one_thing_is_refused(text: str) -> None:
    assert len(faults_of(text)) == 1


@pytest.mark.parametrize("text", ["[" * 5000, "{a: " * 5000, "a: " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)])
def test_what_nests_too_deep_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    assert "far more than the description of a borough" in faults_of(text)[0]
    assert time.process_time() - began < 1


def test_too_many_values_are_refused() -> None:
    assert "far more" in faults_of("a: [" + "1," * 5000 + "]")[0]


def test_wrong_types_everywhere_are_told_and_break_nothing() -> None:
    wrong = (
        "slug: [1]\nname: {a: b}\ngss_code: 9\nprogramme_name: true\nagencies: CAMHS\nvenues: {a: b}\n"
        "administrator: [x]\naccepted: no\npolicy: 3\n"
    )
    places = {fault.split(": ")[1].split(",")[0] for fault in faults_of(wrong)}
    assert places == {"slug", "name", "gss_code", "programme_name", "agencies", "venues", "administrator", "accepted", "policy"}


def test_lists_of_the_wrong_things_are_told() -> None:
    assert "agencies, 1" in faults_of(GOOD.replace("  - {name: CAMHS, kind: camhs}\n", "  - CAMHS\n"))[0]


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    file.write_text("a: " + "x" * (LARGEST + 10))
    with pytest.raises(Faulty, match="larger than 64 KiB"):
        described(file)
    with pytest.raises(Faulty, match="larger than 64 KiB"):
        described(Path("/dev/zero"))


def test_a_file_that_is_not_utf_8_is_refused_where_it_stops_being(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("slug: southwark\nname: Caf\xe9\n".encode("latin-1"))
    with pytest.raises(Faulty, match="line 2: It is not UTF-8"):
        described(file)


def test_control_characters_are_refused() -> None:
    assert faults_of("slug: south\x00wark\n")
    assert faults_of(GOOD.replace("name: Southwark", 'name: "South\\awark"'))
