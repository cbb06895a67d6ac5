"""After everything that the other modules tried: the other borough is as it was, and nothing was said of it anywhere.

pytest runs this module last of its folder, by its name.
"""

from collections.abc import Mapping

import pytest

from chassis.ids import new_id
from stayplay.roster import PACKAGES
from tests.support.isolation.answers import Answer, Asker
from tests.support.isolation.described import well
from tests.support.isolation.requests import Operation, Place, Request
from tests.support.isolation.side_by_side import MAY_NOT_AT_ALL, NOBODY, OF_ONE_PERSON, SideBySide, measured
from tests.support.isolation.telling import tell

pytestmark = pytest.mark.timeout(300)

WITHOUT_ROWS: Mapping[str, str] = {
    "gateway.public.restrictions": "the gateway keeps no family",
    "gateway.public.linked_accounts": "only of a borough with a provider of its own",
    "gateway.public.sign_ons": "only of a borough with a provider of its own",
    "gateway.identity.departures": "only of a borough that is leaving",
    "gateway.public.acceptances": "only of a borough that was onboarded with its terms accepted",
    **{f"{service}.public.audit_seals": "made once in a while by a timer" for service in PACKAGES},
    "gateway.public.inbox": "the gateway listens to nobody",
}
"""Tables in which the other borough has no row, each with the reason."""

SAID_ALIKE: Mapping[str, str] = {
    "POST /api/v1/{borough}/families/find-restricted ('body', 'reference')": "a family is told of only to those from whom it is hidden, "
    "which may be nobody here: tests/service/referrals/test_restricted.py",
    "POST /api/v1/{borough}/outreach/cases/{case_id}/contacts ('body', 'family_id')": "a case knows its family, whatever is sent",
    "POST /api/v1/{borough}/sessions/{session_id}/register ('body', 'marks', 0, 'people', 0)": "of a family come its own people: another "
    "family's are refused as nobody's are",
}
"""Where our own identifier is answered as an unknown one, each with the reason."""


def test_the_other_borough_has_rows_of_every_kind(boroughs: SideBySide) -> None:
    empty = set(boroughs.databases.tables()) - boroughs.theirs.rows.keys()
    assert empty <= set(WITHOUT_ROWS), (
        f"{sorted(empty - set(WITHOUT_ROWS))}: live through it in tests/support/isolation/neighbours.py, or say here why not"
    )


def test_everything_that_was_answered_so_far_is_as_the_document_describes_it(boroughs: SideBySide) -> None:
    """All that the modules before asked with valid requests, by whomever: its status, its type and every field."""
    answers = boroughs.described.answers
    tell(f"{answers.total()} answers held against the document, {well(answers)} of them of requests that did what they say")
    assert well(answers) > 500
    assert sorted(boroughs.described.undescribed) == []


def test_no_row_of_the_other_borough_changed(boroughs: SideBySide) -> None:
    assert boroughs.changed_there() == []
    tell(f"{sum(map(len, boroughs.theirs.rows.values()))} rows of {len(boroughs.theirs.rows)} tables are as they were")


def test_no_line_of_the_log_names_the_other_borough_or_anything_in_it(boroughs: SideBySide) -> None:
    told = [line for line in map(str, boroughs.lines) if Answer(0, (), line).leaks(boroughs.there.marks, boroughs.secret)]
    assert boroughs.lines, "nothing was logged at all"
    assert told == []


def test_nothing_that_is_measured_names_any_borough_or_anything_in_it(boroughs: SideBySide) -> None:
    scraped = measured()
    assert "stayplay_" in scraped
    for holdings, marks in ((boroughs.theirs, boroughs.there.marks), (boroughs.ours, boroughs.here.marks)):
        assert Answer(0, (), scraped).leaks(marks, holdings.ids) == set()


def test_somebody_s_mail_address_tells_no_other_borough_that_they_are_known(boroughs: SideBySide) -> None:
    """An administrator who invites somebody of another borough is told what they would be told of a stranger."""
    administrator = boroughs.askers["administrator"]
    invite = next(one for one in boroughs.operations if one.name == "POST /api/v1/{borough}/invitations")
    request = boroughs.made.request(invite)
    theirs = boroughs.there.borough.members["camhs"].email
    stranger = theirs.replace("camhs", "nobdy")
    answers = [administrator.ask(invite, request.having(("body", "email"), email)) for email in (theirs, stranger)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].shape() == answers[1].shape()


def test_our_own_identifier_is_answered_otherwise(boroughs: SideBySide) -> None:
    """The identifier decides: with one of our own the same request is answered in another way, so the others meant something.

    What an operation is about may end with it: those come last, and after them what changes who our people are. The operators'
    operations no member may use, whatever they name.
    """
    requests = {operation: boroughs.made.request(operation) for operation in boroughs.operations if "/operator/" not in operation.address}
    every = [(operation, request, place) for operation, request in requests.items() for place in request.ids()]
    places = [each for each in every if each[1].at(each[2]).of not in OF_ONE_PERSON]
    alike = {
        f"{operation.name} {place}"
        for operation, request, place in sorted(places, key=ends)
        if f"{operation.name} {place}" not in SAID_ALIKE
        and not any(told_apart(boroughs, operation, one, place) for one in boroughs.made.variants(request, place))
    }
    tell(f"our own identifier is told apart in {len(places) - len(alike) - len(SAID_ALIKE)} of {len(places)} places")
    assert alike == set(), "\n".join(sorted(alike))


def ends(each: tuple[Operation, Request, Place]) -> tuple[bool, bool, bool, int]:
    """Return how much may end with it, the most last: who people are, what an operation is about; what is named deep within comes first."""
    operation, request, place = each
    of_people = any(part in operation.address for part in ("/people/{member_id}", "/account/"))
    return of_people, operation.method != "GET", place == request.ids()[0], -len(place)


def test_every_place_that_is_said_to_answer_alike_is_there(boroughs: SideBySide) -> None:
    requests = {operation.name: boroughs.made.request(operation) for operation in boroughs.operations}
    places = {f"{name} {place}" for name, request in requests.items() for place in request.ids()}
    assert set(SAID_ALIKE) - places == set()


def told_apart(boroughs: SideBySide, operation: Operation, request: Request, place: Place) -> bool:
    boroughs.calm()
    for who, asker in boroughs.askers.items():
        if who == NOBODY:
            continue

        def ask(sent: str, asker: Asker = asker) -> Answer:
            return asker.ask(operation, boroughs.made.fresh(request.having(place, sent))).like(boroughs.known, sent)

        unknown = ask(str(new_id()))
        if unknown.status not in MAY_NOT_AT_ALL and ask(str(request.at(place))) != unknown:
            return True
    return False
