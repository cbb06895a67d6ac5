"""A borough leaves: exported whole, taken in elsewhere just as it was, erased here, and the one beside it never notices.

Two boroughs live the journey, and one person belongs to both. Then every row of every table is compared, by raw SQL as the
administrator of the databases, past everything that the product itself would do.
"""

import io
import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zipfile import ZipFile

import psycopg2
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from psycopg2 import sql

from chassis.archive.connection import transaction
from stayplay.cli import main
from stayplay.client import Client, Refused
from stayplay.demo import partners
from stayplay.journey import Borough, FamilyJourney, until
from stayplay.journey.family import referral
from stayplay.leaving.contents import STAYS, WITHHELD, expected_files
from stayplay.leaving.places import Places
from stayplay.roster import PACKAGES, store
from tests.support.elsewhere import another, made_once
from tests.support.merged import merge_twice
from tests.support.platform import Platform

pytestmark = pytest.mark.timeout(300)
"""Whichever test comes first waits until five processes have started, beside whatever else the machine does."""
HERE_ONLY = {"answers", "inbox", "outbox", "audit_seals", "mails"}
"""Tables of which nothing is taken in: `stayplay.leaving.contents` says why."""
ARCHIVED = "gateway.note_archive"
"""What the trail calls it that the archive was made: noted when it is, so no archive has its own."""
EMPTY = {"gateway": {"restrictions", "mails"}}
"""Tables of which no row can be: the gateway restricts no family, and a mail that was sent is forgotten, as here where none leaves."""
BY = "Olu Operator"
Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Story:
    """What happened, step by step; each test looks at one part of it.

    Attributes:
        leaving, staying: the two boroughs.
        archive: of the one that leaves; ``checksum`` is its manifest's.
        before: every row of both boroughs by service, before anything was done.
        elsewhere: settings of the other installation.
    """

    platform: Platform
    leaving: FamilyJourney
    staying: FamilyJourney
    archive: Path
    elsewhere: Mapping[str, str]
    certificate: Path
    before: dict[str, dict[str, Rows]] = field(default_factory=dict)
    arrived: dict[str, Rows] = field(default_factory=dict)
    checksum: str = ""
    said: dict[str, Result] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The borough that leaves."""
        return self.leaving.borough.id

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.leaving.borough.slug

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> Result:
        """Run a command as operators do, here or in the other installation."""
        settings = {**self.platform.env, **(env or {})}
        return CliRunner(env=settings).invoke(main, ["borough", *arguments])


@pytest.fixture(scope="module")
def journeys(platform: Platform) -> list[FamilyJourney]:
    """What was lived in the borough that leaves and in the one that stays: no test of it is among those below, which take it further."""
    return lived(platform)


@pytest.fixture(scope="module")
def made_ready() -> Iterator[Path]:
    """The data of another installation that was just made, and stands still: made once, copied for whoever needs one."""
    with made_once() as data:
        yield data


@pytest.fixture(scope="module")
def story(platform: Platform, journeys: list[FamilyJourney], made_ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("leaving")
    leaving, staying = journeys
    with another(made_ready) as elsewhere:
        told = Story(platform, leaving, staying, folder / "archive.zip", elsewhere, folder / "certificate.json")
        happen(told)
        yield told


def happen(story: Story) -> None:
    """Live the whole story once, in its order."""
    story.said["too early"] = story.run("export", story.slug, "--to", str(story.archive), "--by", BY, "--wait", "0")
    operator = Client(story.platform.url, token=story.platform.operator_token)
    operator.post(f"/api/v1/operator/boroughs/{story.id}/suspend", {"reason": "The borough leaves"})
    story.said["export"] = story.run("export", story.slug, "--to", str(story.archive), "--by", BY)
    assert story.said["export"].exit_code == 0, story.said["export"].output
    story.checksum = story.said["export"].output.split()[-1]
    story.before = {name: everything(story.platform.env, journey.borough.id) for name, journey in both(story).items()}
    story.said["import"] = story.run("import", str(story.archive), "--checksum", story.checksum, env=story.elsewhere)
    assert story.said["import"].exit_code == 0, story.said["import"].output
    story.arrived = everything(story.elsewhere, story.id)
    story.said["again"] = story.run("import", str(story.archive), "--checksum", story.checksum, env=story.elsewhere)
    story.said["erase"] = erased(story, story.slug, story.slug)


def erased(story: Story, *typed: str) -> Result:
    arguments = ("--checksum", story.checksum, "--by", BY, "--to", str(story.certificate), "--typed", *typed)
    return story.run("erase", story.slug, *arguments)


def both(story: Story) -> dict[str, FamilyJourney]:
    return {"leaving": story.leaving, "staying": story.staying}


def lived(platform: Platform) -> list[FamilyJourney]:
    operator = Client(platform.url, token=platform.operator_token)
    names = (("Southwark", "Doyle"), ("Lambeth", "Brennan"))
    journeys = [FamilyJourney(Borough(operator, name, f"leave-{uuid4().hex[:6]}", "E09000028"), surname) for name, surname in names]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(walk, journeys))
    join_both(*journeys)
    dress(journeys[0].borough)
    hide(journeys[0])
    merge_twice(journeys[0].borough)
    partner(journeys[0])
    keep(journeys[0].borough)
    fill(platform, journeys[0].borough)
    return journeys


def walk(journey: FamilyJourney) -> None:
    for _, step in journey.steps():
        step()
    journey.borough.dated(None)


def join_both(leaving: FamilyJourney, staying: FamilyJourney) -> None:
    """Let the facilitator of one borough work in the other too, with the same account."""
    known = leaving.borough.members["facilitator"]
    body = {
        "name": known.name,
        "email": known.email,
        "roles": ["facilitator"],
        "agency_id": staying.borough.agencies["childrens_centre"]["id"],
    }
    invitation = staying.borough["administrator"].post(f"{staying.borough.base}/invitations", body)
    staying.borough.operator.with_token("").post(f"/api/v1/invitations/{invitation['token']}", {"password": leaving.borough.password})


def dress(borough: Borough) -> None:
    """Give the borough a face, with bytes in it."""
    from base64 import b64encode

    picture = io.BytesIO()
    Image.new("RGB", (40, 20), (122, 31, 92)).save(picture, "PNG")
    administrator, path = borough["administrator"], f"{borough.base}/branding"
    now = administrator.get(path)
    face = {"programme_name": "Peckham Stay & Play", "accent": "#7a1f5c", "address": "1 Rye Lane\nLondon", "phone": "+44 20 7946 0000"}
    now = administrator.post(path, {"version": now["version"], **face})
    administrator.post(f"{path}/logo", {"version": now["version"], "logo": b64encode(picture.getvalue()).decode()})


def partner(journey: FamilyJourney) -> None:
    """Let a waiting list be under review, a system be told, and the family agree to something."""
    today = date.today()
    partners.waiting_list(journey.borough, today)
    partners.system_that_is_told(journey.borough, today)
    partners.consents(journey.borough, journey.seen["family_id"], today)


def hide(journey: FamilyJourney) -> None:
    """Restrict the family to one practitioner, whose colleague opens it in need: from now on no list has it, and the archive must."""
    path = f"{journey.borough.base}/families/{journey.seen['family_id']}"
    journey.borough["camhs"].post(f"{path}/restrict", {"reason": "domestic_abuse", "people": []})
    journey.borough["camhs_too"].post(f"{path}/break-glass", {"reason": "She rings and is in danger, and Ruth is away this week."})


def keep(borough: Borough) -> None:
    """Let somebody ask what is held of a family that is held, and have another family erased."""
    borough.invite("records", "Rhea Cords", "records_lead", "camhs")
    lead, families = borough["records"], [taken_on(borough, surname) for surname in ("Kept", "Gone")]
    kept, gone = (f"{borough.base}/families/{family_id}/records" for family_id in families)
    asked = {"kind": "access", "asked_by": "Sinead", "asked_as": "self", "identity_checked": "known", "received_on": "2026-11-01"}
    request = lead.post(f"{kept}/requests", asked)
    lead.post(f"{borough.base}/records/requests/{request['id']}/pack")
    lead.post(f"{kept}/hold", {"because": "claim", "reason": "Her solicitor wrote."})
    erasure = lead.post(f"{gone}/erase", {"because": "asked", "confirm": "ERASE"})
    path = f"{borough.base}/records/erasures/{erasure['id']}"
    until("the family is erased", lambda: lead.get(path)["state"] == "done" or None)


def taken_on(borough: Borough, surname: str) -> str:
    """Refer a family and accept it; return its id, once every service has heard of it."""
    base, camhs = borough.base, borough["camhs"]
    referred = borough["referrer"].post(f"{base}/referrals", referral(surname, date.today() - timedelta(days=3)))
    accepted = camhs.post(f"{base}/referrals/{referred['id']}/accept", {"version": referred["version"], "reason": "Fits."})
    family_id = str(accepted["family_id"])
    path = f"{base}/families/{family_id}/records"
    until("its clocks run", lambda: len(borough["records"].get(path)["people"]) >= 2 or None)
    return family_id


def fill(platform: Platform, borough: Borough) -> None:
    """Do what no family's journey does, so that every table of a borough has a row: what is not lived through is not proved."""
    administrator, base = borough["administrator"], borough.base
    told = administrator.get(f"{base}/policy")
    later = {"version": told["version"], "effective_on": (date.today() + timedelta(days=30)).isoformat(), "reason": "A larger hall"}
    administrator.post(f"{base}/policy", {**told["current"]["policy"], **later, "group_capacity": 12})
    borough["referrer"].post(f"{base}/drafts", {"kind": "professional"})
    asked = borough["referrer"].post(f"{base}/referrals", referral("Asked", date.today() - timedelta(days=3)))
    borough["camhs"].post(f"{base}/referrals/{asked['id']}/ask", {"version": asked["version"], "reason": "Who else lives there?"})
    administrator.post(f"{base}/systems", {"name": "Health visiting record", "scopes": ["referrals.refer"]})
    provider = {"label": "Council account", "issuer": "https://login.example.org", "client_id": "stayplay", "client_secret": "hush hush"}
    administrator.post(f"{base}/sign-on", {"version": 0, **provider, "trusts_factor": False})
    person = borough.members["camhs"].person_id
    rows = [_ROW.format(borough=borough.id, **{name: words.format(person=person) for name, words in row.items()}) for row in BY_OTHER_WAYS]
    in_use = f"UPDATE sign_ons SET enabled = true, \"only\" = true, checked_at = now() WHERE borough_id = '{borough.id}'"
    run_as_administrator(platform.env, "gateway", *rows, in_use)
    run_as_administrator(platform.env, "assessments", _DISAGREED.format(borough=borough.id))
    run_as_administrator(platform.env, "referrals", _KEYED.format(borough=borough.id))
    for service in PACKAGES:
        run_as_administrator(platform.env, service, _SEAL.format(borough=borough.id))


_KEYS = "borough_id, id, created_at, changed_at"
_ROW = f"INSERT INTO {{table}} ({_KEYS}, {{columns}}) VALUES ('{{borough}}', gen_random_uuid(), now(), now(), {{values}})"
_SEAL = "INSERT INTO audit_seals SELECT borough_id, number, hash, now(), 'x' FROM audit WHERE borough_id = '{borough}' AND number = 1"
_KEYED = "INSERT INTO key_rounds (borough_id, rules, done) VALUES ('{borough}', 1, true) ON CONFLICT DO NOTHING"
_DISAGREED = (
    f"INSERT INTO disagreements ({_KEYS}, assessment_id, version, person_id, person_name, agency_name, reason, at) "
    "SELECT borough_id, gen_random_uuid(), now(), now(), id, 1, id, 'Ruth Osei', 'CAMHS', 'Mateo slept', now() "
    "FROM assessments WHERE borough_id = '{borough}'"
)
BY_OTHER_WAYS = (
    {"table": "linked_accounts", "columns": "person_id, account, linked_by", "values": "'{person}', 'x', 'invitation'"},
    {
        "table": "acceptances",
        "columns": "document, edition, digest, name, role, accepted_on",
        "values": "'terms', '1', 'x', 'Dawn Hartley', 'Head', '2026-01-12'",
    },
)
"""What takes a provider of sign-in, a borough that is no practice one, or minutes: written as PostgreSQL has it."""


@contextmanager
def administering(env: Mapping[str, str], service: str) -> Iterator[Any]:
    """Read a database as its administrator, whom no policy binds."""
    url = urlsplit(env["POSTGRES_ADMIN_URL"])._replace(path=f"/{store(service).database}").geturl()
    connection = psycopg2.connect(url, options="-c timezone=UTC")
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def tables(cursor: Any) -> list[str]:
    """Return every table that has a borough in it, as PostgreSQL's own catalogue says."""
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'borough_id' AND NOT a.attisdropped "
        "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    return [name for (name,) in cursor.fetchall()]


def everything(env: Mapping[str, str], borough_id: str) -> dict[str, Rows]:
    """Return every row of a borough, of every table of every service."""
    found: dict[str, Rows] = {}
    for service in PACKAGES:
        with administering(env, service) as cursor:
            found[service] = {name: rows(cursor, name, borough_id) for name in tables(cursor)}
    return found


def rows(cursor: Any, table: str, borough_id: str) -> list[dict[str, Any]]:
    statement = sql.SQL("SELECT row_to_json(r)::text FROM {} AS r WHERE borough_id = %s ORDER BY 1").format(sql.Identifier(table))
    cursor.execute(statement, (borough_id,))
    return [json.loads(line) for (line,) in cursor.fetchall()]


def compared(service: str, found: Rows) -> Rows:
    """Return the rows that are to be the same in both installations."""
    withheld = WITHHELD.get(service, {})
    left = HERE_ONLY | STAYS.get(service, {}).keys()
    return {
        table: sorted(({name: value for name, value in row.items() if name not in withheld.get(table, {})} for row in of), key=json.dumps)
        for table, of in found.items()
        if table not in left
    }


def entries_of(env: Mapping[str, str], borough_id: str) -> set[tuple[str, str]]:
    """Return the entries of a borough's audit trail, each by its service and id."""
    return {(service, entry["id"]) for service, found in everything(env, borough_id).items() for entry in found["audit"]}


def people(env: Mapping[str, str], *emails: str) -> dict[str, tuple[Any, ...]]:
    with administering(env, "gateway") as cursor:
        cursor.execute("SELECT email, id, name, created_at, password_hash FROM identity.people WHERE email = ANY(%s)", (list(emails),))
        return {row[0]: row[1:] for row in cursor.fetchall()}


def emails_of(journey: FamilyJourney) -> list[str]:
    return [member.email for member in journey.borough.members.values()]


@pytest.mark.parametrize("service", list(PACKAGES))
def test_every_table_of_a_borough_is_lived_through_here(platform: Platform, journeys: list[FamilyJourney], service: str) -> None:
    """A new table has to have a row in this story: only then its way out, in and away is proved."""
    found = everything(platform.env, journeys[0].borough.id)[service]
    assert {table for table, rows in found.items() if not rows} - EMPTY.get(service, set()) == set()


def test_a_borough_at_work_is_not_exported(story: Story) -> None:
    said = story.said["too early"]
    assert said.exit_code == 1
    assert "suspend it first" in said.output


@pytest.mark.parametrize("service", list(PACKAGES))
def test_every_row_of_every_table_arrives_as_it_left(story: Story, service: str) -> None:
    left, arrived = compared(service, story.before["leaving"][service]), compared(service, story.arrived[service])
    left["audit"] = [entry for entry in left["audit"] if entry["operation"] != ARCHIVED]
    assert left.keys() == arrived.keys()
    for table, there in left.items():
        assert arrived[table] == there, table
    assert left["audit"]
    assert sum(map(bool, left.values())) >= 5


def test_single_sign_on_arrives_switched_off(story: Story) -> None:
    """Without its secret and without linked accounts nobody could come in, if it were the only way."""
    (left,), (arrived,) = story.before["leaving"]["gateway"]["sign_ons"], story.arrived["gateway"]["sign_ons"]
    assert (left["enabled"], left["only"]) == (True, True)
    assert (arrived["enabled"], arrived["only"], arrived["checked_at"], arrived["secret"]) == (False, False, None, None)
    assert arrived["issuer"] == left["issuer"]


def test_that_the_archive_was_made_is_in_the_trail_that_stays_here(story: Story) -> None:
    (noted,) = [entry for entry in story.before["leaving"]["gateway"]["audit"] if entry["operation"] == ARCHIVED]
    assert noted["facts"]["archive"] == story.checksum
    assert BY in json.dumps(noted["changes"])
    assert ARCHIVED not in {entry["operation"] for entry in story.arrived["gateway"]["audit"]}


def test_a_restricted_family_is_in_the_archive(story: Story) -> None:
    assert story.before["leaving"]["referrals"]["family_restrictions"]
    restricted = {row["id"] for row in story.before["leaving"]["referrals"]["family_restrictions"]}
    assert restricted <= {row["id"] for row in story.arrived["referrals"]["families"]}
    assert story.arrived["outreach"]["restrictions"][0]["in_force"]


def test_what_stays_behind_does_not_arrive(story: Story) -> None:
    for service, found in story.arrived.items():
        for table in HERE_ONLY & found.keys():
            assert found[table] == [], f"{service} {table}"


def test_no_link_of_an_invitation_works_in_the_other_installation(story: Story) -> None:
    left = {row["id"]: row["token_hash"] for row in story.before["leaving"]["gateway"]["invitations"]}
    arrived = {row["id"]: row["token_hash"] for row in story.arrived["gateway"]["invitations"]}
    assert left.keys() == arrived.keys()
    assert not set(left.values()) & set(arrived.values())


def test_people_arrive_without_their_passwords(story: Story) -> None:
    emails = emails_of(story.leaving)
    arrived = people(story.elsewhere, *emails)
    assert set(arrived) == set(emails)
    assert {hashed for *_, hashed in arrived.values()} == {None}
    assert {name for _, name, *_ in arrived.values()} == {member.name for member in story.leaving.borough.members.values()}


def test_the_chain_of_the_audit_trail_is_whole_in_the_other_installation(story: Story) -> None:
    settings = {**story.platform.env, **story.elsewhere}
    verified = CliRunner(env=settings).invoke(main, ["audit", "verify", "--borough", story.slug])
    assert verified.exit_code == 0, verified.output
    assert "whole" in verified.output


def test_nothing_of_the_other_borough_is_in_the_archive(story: Story) -> None:
    staying = story.staying.borough
    foreign = [staying.id, staying.slug, "Brennan", staying.members["camhs"].email, staying.members["camhs"].person_id]
    with ZipFile(story.archive) as package:
        for name in package.namelist():
            text = package.read(name).decode()
            assert [word for word in foreign if word in text] == [], name


def test_the_archive_has_every_file_and_no_other(story: Story) -> None:
    with ZipFile(story.archive) as package:
        assert set(package.namelist()) == {"manifest.json", *expected_files()}
        said = json.loads(package.read("manifest.json"))
    assert said["borough"]["id"] == story.id
    assert said["made_by"] == BY
    assert said["revisions"].keys() == PACKAGES.keys()
    assert any("passwords" in one["why"] for one in said["left_behind"])


def test_no_secret_of_anybody_is_in_the_archive(story: Story) -> None:
    with ZipFile(story.archive) as package:
        whole = b"".join(package.read(name) for name in package.namelist())
    assert b"argon2" not in whole
    assert b'"token_hash":' not in whole
    assert b"password_hash" not in whole


def test_the_same_archive_again_changes_nothing(story: Story) -> None:
    assert story.said["again"].exit_code == 0
    assert "nothing was done" in story.said["again"].output
    assert everything(story.elsewhere, story.id) == story.arrived


def test_the_erasure_says_what_it_did(story: Story) -> None:
    assert story.said["erase"].exit_code == 0, story.said["erase"].output
    assert "Nothing is left" in story.said["erase"].output


@pytest.mark.parametrize("service", list(PACKAGES))
def test_nothing_is_left_of_the_erased_borough_but_a_mark(story: Story, service: str) -> None:
    left = {table: found for table, found in everything(story.platform.env, story.id)[service].items() if found}
    assert left.keys() <= {"boroughs", "inbox", "outbox"}
    (mark,) = left["boroughs"]
    assert (mark["slug"], mark["name"], mark["programme_name"], mark["policy"]) == ("", "", "", {})
    assert [row["envelope"] for row in left.get("inbox", [])] == [None] * len(left.get("inbox", []))
    assert {row["type"] for row in left.get("outbox", [])} <= {"gateway.borough.erased"}


@pytest.mark.parametrize("service", list(PACKAGES))
def test_the_other_borough_keeps_every_row(story: Story, service: str) -> None:
    now = everything(story.platform.env, story.staying.borough.id)[service]
    for table, there in story.before["staying"][service].items():
        if table not in HERE_ONLY | {"audit"}:
            assert now[table] == there, table
    kept = {row["id"] for row in now["audit"]}
    assert {row["id"] for row in story.before["staying"][service]["audit"]} <= kept


def test_people_of_the_erased_borough_are_gone_but_for_who_works_elsewhere(story: Story) -> None:
    left = people(story.platform.env, *emails_of(story.leaving))
    assert list(left) == [story.leaving.borough.members["facilitator"].email]


def test_who_works_in_both_still_works_in_the_other(story: Story) -> None:
    known = story.leaving.borough.members["facilitator"]
    client = story.staying.borough.operator.with_token("").signed_in(known.email, story.leaving.borough.password)
    assert client.get(f"{story.staying.borough.base}/me")["roles"] == ["facilitator"]
    with pytest.raises(Refused) as refused:
        client.get(f"{story.leaving.borough.base}/me")
    assert refused.value.status == 404


def test_nobody_else_of_the_erased_borough_can_sign_in(story: Story) -> None:
    known = story.leaving.borough.members["camhs"]
    with pytest.raises(Refused) as refused:
        story.staying.borough.operator.with_token("").signed_in(known.email, story.leaving.borough.password)
    assert refused.value.status == 401


def test_the_certificate_is_genuine_and_says_what_was_erased(story: Story) -> None:
    verified = story.run("verify-certificate", str(story.certificate))
    assert verified.exit_code == 0, verified.output
    assert "Genuine: Southwark was erased" in verified.output
    said = json.loads(story.certificate.read_text())["certificate"]
    assert said["archive"]["manifest_checksum"] == story.checksum
    assert said["archive"]["rows"]["referrals"]["families"] == len(story.before["leaving"]["referrals"]["families"])
    assert said["erasure"]["asked_for_by"] == BY
    assert all(entries["audit"] > 0 for entries in said["erasure"]["audit_entries_erased"].values())
    assert {count for tables in said["erasure"]["rows_left"].values() for count in tables.values()} == {0}


def test_the_certificate_names_nobody_of_the_borough(story: Story) -> None:
    text = story.certificate.read_text()
    names = [member.name for member in story.leaving.borough.members.values()]
    assert [word for word in (*names, "Doyle", "Sinead", "Finn") if word in text] == []


@pytest.mark.parametrize("change", [("Southwark", "Lambeth"), ('"audit": ', '"audit": 1'), (BY, "Eve")])
def test_a_certificate_that_was_changed_is_not_genuine(story: Story, tmp_path: Path, change: tuple[str, str]) -> None:
    changed = tmp_path / "changed.json"
    changed.write_text(story.certificate.read_text().replace(*change))
    refused = story.run("verify-certificate", str(changed))
    assert refused.exit_code == 1
    assert "NOT GENUINE" in refused.output


def test_a_certificate_of_another_gateway_is_not_genuine(story: Story) -> None:
    refused = story.run("verify-certificate", str(story.certificate), "--public-key", story.platform.env["REFERRALS_PUBLIC_KEY"])
    assert "NOT GENUINE" in refused.output


def test_erasing_again_gives_the_same_certificate(story: Story, tmp_path: Path) -> None:
    first = story.certificate.read_text()
    other = Story(**{**story.__dict__, "certificate": tmp_path / "again.json"})
    again = erased(other, story.slug, story.slug)
    assert again.exit_code == 0, again.output
    assert (tmp_path / "again.json").read_text() == first


def test_an_erased_borough_does_not_come_back_where_it_was_erased(story: Story) -> None:
    refused = story.run("import", str(story.archive), "--checksum", story.checksum)
    assert refused.exit_code == 1
    assert "erased here" in refused.output


def test_an_archive_with_another_checksum_is_refused_before_anything_is_read(story: Story) -> None:
    refused = story.run("import", str(story.archive), "--checksum", "0" * 64, env=story.elsewhere)
    assert refused.exit_code == 1
    assert "another archive" in refused.output


def test_the_trail_of_an_erased_practice_borough_is_swept_away_and_no_other(story: Story) -> None:
    practice = Borough(story.staying.borough.operator, "Practice", f"sweep-{uuid4().hex[:6]}", "E09000028")
    practice.onboard()
    practice.erase()
    end = time.monotonic() + 15
    while everything(story.platform.env, practice.id)["outreach"]["boroughs"][0]["slug"] and time.monotonic() < end:
        time.sleep(0.2)
    assert everything(story.platform.env, practice.id)["gateway"]["audit"]
    others = entries_of(story.platform.env, story.staying.borough.id)
    swept = story.run("sweep")
    assert swept.exit_code == 0, swept.output
    assert practice.id in swept.output
    assert all(found["audit"] == [] for found in everything(story.platform.env, practice.id).values())
    assert others <= entries_of(story.platform.env, story.staying.borough.id)  # the gateway writes down who signed in a moment later


@pytest.mark.parametrize("service", list(PACKAGES))
def test_the_owner_of_the_tables_can_not_erase_the_trail_of_a_borough_that_is_there(story: Story, service: str) -> None:
    """PostgreSQL sees to it, whatever a command does."""
    borough_id = story.staying.borough.id
    with transaction(Places(story.platform.env).owner(service), UUID(borough_id)) as connection, connection.cursor() as cursor:
        for table in ("audit", "audit_seals"):
            cursor.execute(sql.SQL("DELETE FROM {} WHERE borough_id = %s").format(sql.Identifier(table)), (borough_id,))
            assert cursor.rowcount == 0
        cursor.execute("SELECT count(*) FROM audit")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM boroughs")
        assert cursor.fetchone() == (0,)


@pytest.fixture
def empty_installation(made_ready: Path) -> Iterator[dict[str, str]]:
    with another(made_ready) as env:
        yield env


def run_as_administrator(env: Mapping[str, str], service: str, *statements: str) -> None:
    with administering(env, service) as cursor:
        for statement in statements:
            cursor.execute(statement)
        cursor.connection.commit()


def test_whoever_is_known_elsewhere_by_another_id_keeps_that_account(story: Story, empty_installation: dict[str, str]) -> None:
    referrer, known = story.leaving.borough.members["referrer"], str(uuid4())
    row = f"'{known}', '{referrer.email}', 'H. Vance', 'x', now()"
    add = f"INSERT INTO identity.people (id, email, name, password_hash, created_at) VALUES ({row})"
    run_as_administrator(empty_installation, "gateway", add)
    for _ in range(2):
        said = story.run("import", str(story.archive), "--checksum", story.checksum, env=empty_installation)
        assert said.exit_code == 0, said.output
    arrived = everything(empty_installation, story.id)
    member = next(row for row in arrived["gateway"]["members"] if row["email"] == referrer.email)
    assert member["person_id"] == known
    assert known in json.dumps(arrived["referrals"]["referrals"])
    assert referrer.person_id not in json.dumps(arrived["referrals"]["referrals"])
    assert people(empty_installation, referrer.email)[referrer.email][1] == "H. Vance"
    wrote = {row["person_id"] for row in arrived["referrals"]["audit"] if row["person_name"] == referrer.name}
    assert wrote == {referrer.person_id}, "what the audit trail says stays word for word"


def test_where_one_service_refuses_nothing_arrives_anywhere(story: Story, empty_installation: dict[str, str]) -> None:
    run_as_administrator(empty_installation, "gateway", "ALTER TABLE members ADD CONSTRAINT nobody CHECK (name <> 'Jo Marsh')")
    refused = story.run("import", str(story.archive), "--checksum", story.checksum, env=empty_installation)
    assert refused.exit_code == 1
    assert "members: the database refused a row (CheckViolation, nobody)" in refused.output
    assert "Jo Marsh" not in refused.output.split("Error:")[1]
    assert all(not found for tables in everything(empty_installation, story.id).values() for found in tables.values())
    assert people(empty_installation, *emails_of(story.leaving)) == {}


def test_an_import_that_was_cut_short_goes_on_where_it_stopped(story: Story, empty_installation: dict[str, str]) -> None:
    story.run("import", str(story.archive), "--checksum", story.checksum, env=empty_installation)
    whole = everything(empty_installation, story.id)
    for service in ("outreach", "gateway"):  # as if the machine had stopped between two commits
        names = ", ".join(table for table in whole[service])
        run_as_administrator(empty_installation, service, f"TRUNCATE {names} CASCADE")
    again = story.run("import", str(story.archive), "--checksum", story.checksum, env=empty_installation)
    assert again.exit_code == 0, again.output
    assert "sessions: is here already" in again.output
    assert compared("outreach", everything(empty_installation, story.id)["outreach"]) == compared("outreach", whole["outreach"])


def test_a_borough_that_is_at_work_elsewhere_is_not_written_over(story: Story, empty_installation: dict[str, str]) -> None:
    story.run("import", str(story.archive), "--checksum", story.checksum, env=empty_installation)
    run_as_administrator(empty_installation, "referrals", "UPDATE families SET name = 'Somebody else'")
    refused = story.run("import", str(story.archive), "--checksum", story.checksum, env=empty_installation)
    assert refused.exit_code == 1
    assert "referrals has rows of this borough" in refused.output


def test_a_name_in_addresses_that_is_taken_refuses_the_archive(story: Story, empty_installation: dict[str, str]) -> None:
    other = f"INSERT INTO boroughs (borough_id, slug, name, programme_name) VALUES (gen_random_uuid(), '{story.slug}', 'Other', 'Other')"
    run_as_administrator(empty_installation, "gateway", other)
    refused = story.run("import", str(story.archive), "--checksum", story.checksum, env=empty_installation)
    assert refused.exit_code == 1
    assert f"another borough has the name {story.slug}" in refused.output


def test_tables_of_another_version_refuse_the_archive(story: Story, empty_installation: dict[str, str]) -> None:
    run_as_administrator(empty_installation, "sessions", "UPDATE alembic_version SET version_num = '9999'")
    refused = story.run("import", str(story.archive), "--checksum", story.checksum, env=empty_installation)
    assert refused.exit_code == 1
    assert "and 9999 here" in refused.output


def test_no_process_is_troubled_by_late_events_of_the_erased_borough(story: Story) -> None:
    """The broker may hold events of it still; nothing comes back."""
    time.sleep(1)
    for service, found in everything(story.platform.env, story.id).items():
        assert {table for table, there in found.items() if there} <= {"boroughs", "inbox", "outbox"}, service
