"""A family with an unmistakable word in every field, lived through every part of the platform; and a search for those words everywhere."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import uuid4

import psycopg2
from psycopg2 import extensions, sql

from stayplay.client import Client
from stayplay.journey import Borough, FamilyJourney, until
from stayplay.journey.family import first, referral
from tests.support.planted_again import once_more
from tests.support.platform import Platform
from tests.support.whole import Whole

PATIENCE: Final = 20
_COLUMNS: Final = """
    SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.oid, a.attnum
"""
_READABLE: Final = frozenset({"text", "character varying", "json", "jsonb", "bytea", "text[]", "character varying[]", '"char"', "name"})
_TABLE: Final = itemgetter(0, 1)


class Planted(FamilyJourney):
    """A family whose every word begins with ``mark``: what is left of it anywhere is found by that.

    Attributes:
        mark: letters that no other word has.
    """

    def __init__(self, platform: Whole | Platform, mark: str, beside: "Planted | None" = None) -> None:
        """Make one in a borough of its own, or in that of the family ``beside`` it, whose people are there already."""
        operator = Client(platform.url, token=platform.operator_token, patience=PATIENCE)
        borough = beside.borough if beside else Borough(operator, "Southwark", f"p-{uuid4().hex[:8]}", "E09000028")
        super().__init__(borough, f"{mark}surname".capitalize())
        self.mark = mark

    def word(self, what: str) -> str:
        """Return an unmistakable word."""
        return f"{self.mark}{what}"

    def live(self) -> None:
        """Let everything happen, on to the day on which the family is back; then what no journey does."""
        for _, step in self.steps()[:-1]:
            step()
        self.borough.dated(None)
        self.borough.invite("records", "Rhea Cords", "records_lead", "camhs")
        for member in self.borough.members.values():
            member.client.patience = PATIENCE
        self.be_on_record_again()
        for step in (self.look_for_them, self.restrict, self.open_a_case, self.ask_to_see, self.hold_and_lift, self.fail_halfway):
            step()

    def set_up(self) -> None:
        """Let there be a borough and its people; nothing more happens by itself."""
        self.borough.onboard()
        self.invite()
        self.borough.invite("records", "Rhea Cords", "records_lead", "camhs")

    def take_on(self) -> None:
        """Refer them and take them on, no more."""
        self.refer()
        self.accept()
        self.borough.dated(None)
        self.until_clocks_run()

    def until_clocks_run(self) -> None:
        """Wait until their record has a clock for everybody."""
        path = self._path(f"families/{self.seen['family_id']}/records")
        until("the clocks run", lambda: len(self.borough["records"].get(path)["people"]) >= 2 or None)

    @property
    def sought(self) -> str:
        """What is looked for everywhere."""
        return self.mark

    def refer(self) -> None:
        """Refer them, with a word in every field."""
        self._at(-12)
        body = planted_referral(self, self._day(-12))
        self.seen["referral"] = self.borough["referrer"].post(self._path("referrals"), body)
        self.seen["references"] = [self.seen["referral"]["reference"]]

    def be_on_record_again(self) -> None:
        """Come by a file, by a draft and by another system too, and be made one record."""
        once_more(self)

    def referral_of_system(self) -> dict[str, Any]:
        """Return what another system says of them, whose referrer may be told all and may be written to."""
        body = planted_referral(self, date.today())
        parent = {**body["parents"][0], "given_name": self.word("systemgiven")}
        referrer = {**body["referrer"], "may_be_told": "status", "email": f"{self.word('colleague')}@example.org"}
        return {**body, "parents": [parent], "referrer": referrer}

    def contact(self) -> None:
        """Take the case, and write down how it went."""
        path = self._path(f"outreach/cases/{self.seen['case']['id']}")
        facilitator = self.borough["facilitator"]
        facilitator.post(f"{path}/take", {"version": self.seen["case"]["version"]})
        facilitator.post(f"{path}/contacts", {"channel": "text", "outcome": "reached", "note": self.word("note")})

    def look_for_them(self) -> None:
        """Search by name, as people do."""
        for words in (self.surname, self.word("given")):
            self.borough["camhs"].post(self._path("families/search"), {"query": words})

    def restrict(self) -> None:
        """Restrict them, break the glass, and lift it: each with words."""
        path, camhs = self._path(f"families/{self.seen['family_id']}"), self.borough["camhs"]
        camhs.post(f"{path}/restrict", {"reason": "other", "people": [], "words": self.word("restricted")})
        self.borough["facilitator"].post(f"{path}/break-glass", {"reason": self.word("broken glass")})
        version = camhs.get(f"{path}/restriction")["version"]
        camhs.post(f"{path}/restriction/lift", {"version": version, "reason": self.word("lifted")})

    def open_a_case(self) -> None:
        """Open outreach with words, and close it with others."""
        facilitator, cases = self.borough["facilitator"], self._path("outreach/cases")
        words = {"family_id": self.seen["family_id"], "reason": "referrers_concern", "words": self.word("concern")}
        case = facilitator.post(cases, words)
        closed = {"version": case["version"], "because": "no_longer_needed", "words": self.word("closed")}
        facilitator.post(f"{cases}/{case['id']}/close", closed)

    def ask_to_see(self) -> None:
        """Ask for everything that is held, and have it gathered and frozen."""
        records, family = self.borough["records"], self.seen["family_id"]
        asked = {
            "kind": "access", "asked_by": self.word("asker"), "asked_as": "self", "identity_checked": "known",
            "received_on": date.today().isoformat(), "words": self.word("asked"),
        }  # fmt: skip
        request = records.post(self._path(f"families/{family}/records/requests"), asked)
        self.seen["request"] = request
        self.seen["pack"] = records.post(self._path(f"records/requests/{request['id']}/pack"))

    def hold_and_lift(self) -> None:
        """Put a hold on the record, and lift it."""
        records, family = self.borough["records"], self.seen["family_id"]
        hold = records.post(self._path(f"families/{family}/records/hold"), {"because": "claim", "reason": self.word("hold")})
        lifted = {"version": hold["version"], "reason": self.word("unheld")}
        records.post(self._path(f"records/controls/{hold['id']}/lift"), lifted)

    def fail_halfway(self) -> None:
        """Send what is refused: a refusal must not keep it either."""
        family = self.borough["camhs"].get(self._path(f"families/{self.seen['family_id']}"))
        names = ("language", "interpreter", "safe_contact", "address", "parents", "children")
        body = {**{name: family[name] for name in names}, "version": family["version"], "language": self.word("language")}
        self.borough["camhs"].post(self._path(f"families/{self.seen['family_id']}"), body)

    def hold(self) -> None:
        """Put a hold on the record."""
        path = self._path(f"families/{self.seen['family_id']}/records/hold")
        body = {"because": "claim", "reason": self.word("stop")}
        self.seen["hold_again"] = {"path": path, "body": body, "key": str(uuid4())}
        self.borough["records"].post(**self.seen["hold_again"])

    def lift_holds(self) -> None:
        """Lift every hold."""
        records, path = self.borough["records"], self._path(f"families/{self.seen['family_id']}/records")
        for one in records.get(path)["controls"]:
            if one["in_force"]:
                lifted = {"version": one["version"], "reason": self.word("go on")}
                records.post(self._path(f"records/controls/{one['id']}/lift"), lifted)

    def erase(self, **whom: str) -> dict[str, Any]:
        """Decide that they are erased; return the erasure."""
        body = {"because": "asked", "confirm": "ERASE", **whom}
        return self.borough["records"].post(self._path(f"families/{self.seen['family_id']}/records/erase"), body)

    def erasure(self, erasure_id: str) -> dict[str, Any]:
        """Return how far an erasure is."""
        return self.borough["records"].get(self._path(f"records/erasures/{erasure_id}"))

    def until_erased(self, erasure_id: str, state: str = "done") -> dict[str, Any]:
        """Wait until an erasure is in a state; return it."""
        return until(f"the erasure is {state}", lambda: first([one for one in [self.erasure(erasure_id)] if one["state"] == state]))

    def _write(self, shared: str) -> None:
        group = self.seen["group"]
        decision = {
            "outcome": "offer_place", "group_id": group["id"], "group_name": group["name"], "reason": self.word("decided"),
        }  # fmt: skip
        now = self._assessed()
        both = {"shared": f"{shared} {self.word('shared')}", "decision": decision}
        for who, side in {"adult": {"parent_side": self.word("parentside")}, "camhs": {"child_side": self.word("childside")}}.items():
            now = self.borough[who].post(self._assessment("edit"), {"version": now["version"], **both, **side})


def planted_referral(journey: Planted, on: date) -> dict[str, Any]:
    """Return a referral with a word in every field that takes one."""
    word, body = journey.word, referral(journey.surname, on)
    parent = {
        **body["parents"][0], "given_name": word("given").capitalize(), "email": f"{word('mail')}@example.org",
        "middle_names": word("middle"), "preferred_name": word("preferred"), "gp": word("doctor"), "access_needs": word("needs"),
    }  # fmt: skip
    other = {"given_name": word("other"), "family_name": word("otherfamily"), "relationship": "FTH"}
    born = (on - timedelta(days=850)).isoformat()
    child = {"given_name": word("child"), "family_name": journey.surname, "birth_date": born, "school_or_nursery": word("nursery")}
    safe = {"channels": ["text", "visit"], "times": word("times"), "avoid": word("avoid")}
    return {
        **body, "parents": [parent, other], "children": [child], "safe_contact": safe, "language": word("tongue"),
        "address": {"line": f"14 {word('street')} Lane", "postcode": "SE15 5BY"}, "why_now": word("whynow"), "concern": word("worry"),
        "risks_to_visitors": word("risk"),
    }  # fmt: skip


def places_of(word: str, admin_url: str, databases: dict[str, str]) -> list[str]:
    """Return every column of every table of every database in which a word stands, as a superuser reads them.

    Args:
        word: what to look for, whatever its capitals.
        admin_url: of a superuser.
        databases: the name of each service's database.
    """
    return [place for service, name in databases.items() for place in _places_in(word, service, admin_url, name)]


def _places_in(word: str, service: str, admin_url: str, database: str) -> Iterator[str]:
    with psycopg2.connect(extensions.make_dsn(admin_url, dbname=database)) as connection, connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        readable = [(schema, table, column, kind) for schema, table, column, kind in cursor.fetchall() if kind in _READABLE]
        for (schema, table), columns in groupby(sorted(readable, key=_TABLE), key=_TABLE):
            named = {column: kind for _, _, column, kind in columns}
            for column, number in _counts(cursor, sql.Identifier(schema, table), named, word).items():
                if number:
                    yield f"{service}.{table}.{column} ({number})"


def _counts(cursor: extensions.cursor, table: sql.Identifier, columns: dict[str, str], word: str) -> dict[str, int]:
    """Return in how many rows of a table a word stands, by column; each table is read once."""
    counts = [sql.SQL("count(*) FILTER (WHERE strpos(lower({}), %s) > 0)").format(_as_text(name, kind)) for name, kind in columns.items()]
    cursor.execute(sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(counts), table), [word.lower()] * len(columns))
    return dict(zip(columns, cursor.fetchone() or (), strict=True))


def _as_text(column: str, kind: str) -> sql.Composed:
    read = sql.SQL("encode({}, 'escape')") if kind == "bytea" else sql.SQL("{}::text")
    return read.format(sql.Identifier(column))
