"""The page docs/access.md, made from the tables that the code goes by."""

from collections.abc import Iterable, Sequence

from gateway.access import guard
from gateway.access.permissions import PERMISSIONS
from gateway.access.roles import OPERATOR, ROLES, permissions_of
from gateway.access.scopes import OF_EVERY_SYSTEM, SCOPES
from services.assessments.contract import AGENCY_KINDS, PARTS, READ, WRITE
from stayplay.access.needs import entries, operations, ways

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("administrator", "", "Administrator"),
    ("practitioner", "adult_mental_health", "Practitioner, adult mental health"),
    ("practitioner", "camhs", "Practitioner, CAMHS"),
    ("facilitator", "", "Facilitator"),
    ("referrer", "", "Referrer"),
    ("commissioner", "", "Commissioner"),
    ("records_lead", "", "Records lead"),
)
"""Role, kind of agency, words. A practitioner always belongs to one of the two kinds."""

_WORDS = {
    guard.EVERYBODY: "everybody",
    guard.SIGNED_IN: "anybody signed in",
    guard.HALF_SIGNED_IN: "anybody who gave a password, second factor or not",
    guard.OPERATORS: "operators",
    guard.PUBLIC: "anybody, in a borough that is open; a member as themselves",
    guard.BELONGING: "every member of the borough, and its systems",
}
_ABOUT = """\
# Who may do what

This page is made by `stayplay access` from the tables that the code goes by, and `make check` fails where it is not what they say.
Permissions are given in `gateway/access/roles.py`. They travel in the caller token that the gateway signs, and **each service checks them
again** where its unit of work opens (`chassis/database/work.py`), from the verified token and nothing else
(`tests/service/test_every_operation.py`). An address without a declared need is not served (`gateway/access/guard.py`), and
`tests/unit/stayplay/test_access.py` fails for an address, an operation or an event handler that has none.
"""
_HALVES = """\
The adult mental health team writes the parent's side, CAMHS the child's side, both the shared part and the decision. Both read the whole,
because both sign the same version, and nobody signs what they can't read. Nobody else reads or writes any of it: not facilitators, not
administrators, not operators. What a caller may not read is left out of every reply, and of an error that shows both versions, by one
module (`services/assessments/models/halves.py`), and is named in `left_out` (`tests/service/assessments/test_halves.py`).
"""
_LIMITS = """\
* A **facilitator** reads families as far as a group is run with them, and no clinical note (`tests/isolation/test_clinical_words.py`).
* An **administrator** reads no family. The audit trail shows them who did what to which family, never what a record says.
* A **referrer** sees of what they referred its status, and the outcome where the family agreed
  (`tests/service/referrals/test_own_status.py`).
* A **commissioner** reads nothing of any family; there are no reports yet.
* An **operator** comes with the operators' token and reads nothing of any family (`platform.operate` opens no operation about one).
* A **restricted family** is seen by named people only, whatever their role.
"""

_TOKENS = """\
A token belongs to one borough, holds some of these, and ends. It opens addresses of that borough's API and nothing else: no page, no
account, nothing of operators. None of them reads families, beyond what the system itself referred: a machine proves no second factor, and
the administrator who makes its token may read no family either
([why](decisions/0031-a-system-reads-no-family-but-those-it-referred.md)). The last one is every token's. Each service checks scopes as it
checks a role's permissions (`tests/service/gateway/systems/test_scopes.py`).

"""


def access_page() -> str:
    """Return the page."""
    parts = [
        _ABOUT,
        "## Roles\n",
        _roles(),
        "## The halves of a joint assessment\n",
        _HALVES,
        _halves(),
        "## What a role does not open\n",
        _LIMITS,
    ]
    parts += ["## Tokens of other systems\n", _systems(), "## Open to everybody\n", _open(), "## Every page\n", _addresses(api=False)]
    parts += [
        "## Every address of the API\n",
        _addresses(api=True),
        "## Every operation\n",
        _operations(),
        "## Every event handler\n",
        _events(),
    ]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _roles() -> str:
    held = [permissions_of([role], kind) for role, kind, _ in COLUMNS]
    rows = [[f"{words}<br>`{name}`", *("yes" if name in one else "" for one in held)] for name, words in PERMISSIONS.items()]
    return f"{', '.join(ROLES.values())}; and operators, who are no members of any borough.\n\n" + _table(
        ["", *(words for *_, words in COLUMNS)], rows
    )


def _halves() -> str:
    rows = []
    for part, words in PARTS.items():
        who = [
            ", ".join(AGENCY_KINDS[kind] for role, kind, _ in COLUMNS if kind and needed[part] in permissions_of([role], kind))
            for needed in (WRITE, READ)
        ]
        rows.append([words, *who])
    return _table(["", "Written by", "Read by"], rows)


def _systems() -> str:
    rows = [
        [f"`{name}`", words, " ".join(f"`{one.full_name}`" for one in operations() if one.permission == name)]
        for name, words in {**SCOPES, **OF_EVERY_SYSTEM}.items()
    ]
    return _TOKENS + _table(["Scope", "", "Opens"], rows)


def _open() -> str:
    rows = [[f"`{way.method} {way.address}`"] for way in ways() if way.need == guard.EVERYBODY]
    return "Nothing of anybody is behind these, or the address itself holds a secret that was sent to one person.\n\n" + _table(
        ["Address"], rows
    )


def _addresses(*, api: bool) -> str:
    found = [way for way in ways() if way.address.startswith("/api/") is api and way.need != guard.EVERYBODY]
    rows = [[f"`{way.method} {way.address}`", _words(way.need), "asks again" if way.asks_again else ""] for way in found]
    return _table(["Address", "Needs", ""], rows)


def _operations() -> str:
    rows = [[f"`{one.full_name}`", _words(one.permission), "changes" if one.changes else "reads"] for one in operations()]
    return f"`{OPERATOR}` is held by operators alone.\n\n" + _table(["Operation", "Needs", ""], rows)


def _events() -> str:
    rows = [
        [f"`{one.service}.{one.method}`", f"`{one.what}`".replace(" ", "` `"), one.needs or ""] for one in entries() if one.kind == "event"
    ]
    return (
        "An event is believed when it carries the signature of the service that its name begins with; the handler then works as the "
        "service itself, in the event's borough alone.\n\n" + _table(["Handler", "Hears", "Signed by"], rows)
    )


def _words(need: str | None) -> str:
    return _WORDS.get(need or "", f"`{need}`")
