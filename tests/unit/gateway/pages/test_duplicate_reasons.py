"""Why two families may be one, as a list of pairs says it."""

from gateway.pages.duplicates import found

SAME = [
    {"code": "child.born.same", "points": 90, "about": "Leo Gordon"},
    {"code": "parent.given.same", "points": 60, "about": "Grace Gordon"},
    {"code": "parent.born.different", "points": -40, "about": "Grace Gordon"},
    {"code": "address.home", "points": 30, "about": None},
    {"code": "phone", "points": 20, "about": None},
]


def test_the_three_weightiest_that_speak_for_it_are_named_each_with_whom_it_is_about() -> None:
    assert [(one.words, one.about) for one in found.reasons(SAME)] == [
        ("Date of birth is the same", "Leo Gordon"),
        ("First name is the same", "Grace Gordon"),
        ("They live at the same address", ""),
    ]


def test_where_nobody_is_named_it_says_whether_the_parent_or_the_child() -> None:
    unnamed = [{**one, "about": None} for one in SAME]
    assert [one.words for one in found.reasons(unnamed)] == [
        "The child's date of birth is the same",
        "The parent's first name is the same",
        "They live at the same address",
    ]


def test_what_speaks_against_it_is_not_among_them() -> None:
    assert {one.sign for one in found.reasons(SAME)} == {"\u2713"}
    assert found.reasons([SAME[2]]) == []
