"""Filling the registry with families, in SQL, as fast as PostgreSQL writes: in minutes what people would refer in years.

What is made is what the service would have written: a referral for each family, a record of those that were accepted, and the keys that all
of them are found by. One referral that went through the service is the pattern: columns that are not named here are as in its rows.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg2.extras import execute_values

from services.referrals.models import RULES
from tests.load.registry import names

ZIPF = "least({many}, floor(exp(random() * ln({many} + 1))))::int"
"""The number of a name: the first is the commonest, the n-th an n-th as common."""

_PEOPLE = """
CREATE UNLOGGED TABLE bench_family AS
SELECT f.n, gen_random_uuid() AS id, gen_random_uuid() AS referral_id, b.id AS borough_id, {surname} AS surname,
       CASE WHEN s < 0.05 THEN 'received' WHEN s < 0.06 THEN 'needs_information' WHEN s < 0.12 THEN 'declined' ELSE 'accepted' END status,
       now() - f.n * interval '900 days' / {families} AS at, 'SE' || 1 + (r * 28)::int AS district,
       floor(random() * 10) || substr('ABDEFGHJLNPQRSTUWXYZ', 1 + floor(random() * 20)::int, 1)
       || substr('ABDEFGHJLNPQRSTUWXYZ', 1 + floor(random() * 20)::int, 1) AS inward, random() < 0.1 AS urgent
FROM (SELECT n, random() AS s, random() AS r, 1 + floor({boroughs} * random() ^ 1.3)::int AS borough
      FROM generate_series(1, {families}) n) f
JOIN bench_borough b ON b.n = f.borough;
CREATE UNLOGGED TABLE bench_person AS
SELECT p.*, CASE WHEN check_digit IN (10) THEN NULL ELSE nine || (check_digit % 11)::text END AS nhs_number FROM (
  SELECT f.n AS family, side, place, gen_random_uuid() AS id, {given} AS given,
         CASE WHEN random() < 0.8 THEN f.surname ELSE {surname} END AS surname,
         CASE side WHEN 'parent' THEN (now() - interval '18 years' - random() * interval '27 years')::date
                   ELSE (now() - random() * interval '5 years')::date END AS born,
         CASE WHEN side = 'parent' THEN '07' || lpad(floor(random() * 1e9)::text, 9, '0') END AS phone, nine,
         11 - (substr(nine, 1, 1)::int * 10 + substr(nine, 2, 1)::int * 9 + substr(nine, 3, 1)::int * 8 + substr(nine, 4, 1)::int * 7
               + substr(nine, 5, 1)::int * 6 + substr(nine, 6, 1)::int * 5 + substr(nine, 7, 1)::int * 4 + substr(nine, 8, 1)::int * 3
               + substr(nine, 9, 1)::int * 2) % 11 AS check_digit
  FROM bench_family f
  CROSS JOIN LATERAL (SELECT 'parent' AS side, g AS place FROM generate_series(0, (random() < 0.4 AND f.n > 0)::int) g
                      UNION ALL SELECT 'child', g FROM generate_series(0, (random() * 1.2 + f.n * 0)::int) g) p
  CROSS JOIN LATERAL (SELECT (400000000 + floor(random() * 99999999 + f.n * 0))::bigint::text AS nine WHERE p.place >= 0) d
) p;
CREATE UNLOGGED TABLE bench_told AS
SELECT family, jsonb_agg(told ORDER BY place) FILTER (WHERE side = 'parent') AS parents,
       jsonb_agg(told ORDER BY place) FILTER (WHERE side = 'child') AS children,
       min(name) FILTER (WHERE side = 'parent' AND place = 0) AS parent, min(child) FILTER (WHERE side = 'child' AND place = 0) AS child,
       min(sort_name) FILTER (WHERE side = 'parent' AND place = 0) AS sort_name
FROM (SELECT p.family, p.side, p.place, g.name || ' ' || s.name AS name, g.name AS child, lower(s.name || ' ' || g.name) AS sort_name,
             (CASE p.side WHEN 'parent' THEN t.parent ELSE t.child END) || jsonb_build_object('id', p.id, 'given_name', g.name,
             'family_name', s.name, 'birth_date', p.born, 'nhs_number', p.nhs_number) || CASE WHEN p.phone IS NULL THEN '{{}}' ELSE
             jsonb_build_object('phone', p.phone, 'contact_points', jsonb_build_array(jsonb_build_object(
                 'kind', 'phone', 'value', p.phone, 'safe', true, 'note', NULL))) END AS told
      FROM bench_person p JOIN bench_given g ON g.n = p.given JOIN bench_surname s ON s.n = p.surname
      CROSS JOIN (SELECT family -> 'parents' -> 0 AS parent, family -> 'children' -> 0 AS child FROM referrals LIMIT 1) t) people
GROUP BY family;
CREATE UNIQUE INDEX ON bench_told (family);
CREATE UNIQUE INDEX ON bench_family (n);
ANALYZE bench_family, bench_person, bench_told;
"""
_KEYS = """
INSERT INTO person_keys (borough_id, family_id, person_id, kind, key)
SELECT f.borough_id, f.id, p.id, 'name', w.word FROM bench_person p JOIN bench_family f ON f.n = p.family
  JOIN bench_given_word w ON w.n = p.given
UNION SELECT f.borough_id, f.id, p.id, 'name', w.word FROM bench_person p JOIN bench_family f ON f.n = p.family
  JOIN bench_surname_word w ON w.n = p.surname;
INSERT INTO person_keys (borough_id, family_id, person_id, kind, key)
SELECT f.borough_id, f.id, p.id, x.kind, x.key FROM bench_person p JOIN bench_family f ON f.n = p.family
  JOIN bench_given_word g ON g.n = p.given AND g.first JOIN bench_surname_word s ON s.n = p.surname AND s.last
  CROSS JOIN LATERAL (VALUES ('sounds', g.sound || ' ' || s.sound), ('born', p.born::text), ('phone', substr(p.phone, 2)),
                             ('nhs', p.nhs_number)) x (kind, key) WHERE x.key IS NOT NULL;
INSERT INTO person_keys (borough_id, family_id, person_id, kind, key)
SELECT borough_id, id, id, 'postcode', district || inward FROM bench_family
UNION ALL SELECT borough_id, id, referral_id, 'reference', upper(lpad(to_hex(n), 8, '0')) FROM bench_family;
INSERT INTO name_words (borough_id, word, sound)
SELECT DISTINCT k.borough_id, k.key, w.sound FROM (SELECT DISTINCT borough_id, key FROM person_keys WHERE kind = 'name') k
  JOIN (SELECT word, sound FROM bench_given_word UNION SELECT word, sound FROM bench_surname_word) w ON w.word = k.key
ON CONFLICT DO NOTHING;
INSERT INTO key_rounds (borough_id, rules, after, done) SELECT id, {rules}, NULL, true FROM bench_borough
ON CONFLICT (borough_id) DO UPDATE SET rules = {rules}, done = true;
"""
_COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'"

_NAMED = "JOIN bench_given g ON g.n = p.given JOIN bench_surname s ON s.n = p.surname"
_NAME = "t.parent || ' and ' || t.child"
TABLES: Mapping[str, tuple[Mapping[str, str], str]] = {
    "boroughs": (
        {"borough_id": "b.id", "slug": "'bench-' || b.n"},
        "(SELECT * FROM bench_borough WHERE id NOT IN (SELECT borough_id FROM boroughs)) b",
    ),
    "referrals": (
        {
            "borough_id": "f.borough_id",
            "id": "f.referral_id",
            "family_id": "f.id",
            "status": "f.status",
            "reference": "upper(substr(lpad(to_hex(f.n), 8, '0'), 1, 4) || '-' || substr(lpad(to_hex(f.n), 8, '0'), 5, 4))",
            "family_name": _NAME,
            "family": (
                f"o.family || jsonb_build_object('name', {_NAME}, 'parents', t.parents, 'children', t.children, 'address', "
                "jsonb_build_object('line', f.n || ' Rye Lane', 'postcode', f.district || ' ' || f.inward), 'addresses', '[]'::jsonb)"
            ),
            "urgency": "CASE WHEN f.urgent THEN 'urgent' ELSE 'routine' END",
            "received_at": "f.at",
            "referred_on": "f.at::date",
            "created_at": "f.at",
            "changed_at": "f.at",
        },
        "bench_family f JOIN bench_told t ON t.family = f.n",
    ),
    "families": (
        {
            "borough_id": "f.borough_id",
            "id": "f.id",
            "name": _NAME,
            "sort_name": "t.sort_name",
            "address": "jsonb_build_object('line', f.n || ' Rye Lane', 'postcode', f.district || ' ' || f.inward)",
            "addresses": "'[]'::jsonb",
            "registered_at": "f.at",
            "created_at": "f.at",
            "changed_at": "f.at",
        },
        "bench_family f JOIN bench_told t ON t.family = f.n AND f.status = 'accepted'",
    ),
    **{
        table: (
            {
                "borough_id": "f.borough_id",
                "id": "p.id",
                "family_id": "f.id",
                "place": "p.place",
                "given_name": "g.name",
                "family_name": "s.name",
                "birth_date": "p.born",
                "nhs_number": "p.nhs_number",
                "relations": "'[]'::jsonb",
                "phone": "p.phone",
                "contact_points": "jsonb_build_array(jsonb_build_object('kind', 'phone', 'value', p.phone, 'safe', true, 'note', NULL))",
            },
            f"bench_person p JOIN bench_family f ON f.n = p.family AND f.status = 'accepted' AND p.side = '{side}' {_NAMED}",
        )
        for table, side in (("parents", "parent"), ("children", "child"))
    },
}
"""What is written into each table: columns that differ from the pattern, and the rows that they come from."""


def fill(cursor: Any, families: int, boroughs: Sequence[UUID]) -> float:
    """Fill the database of referrals; return the seconds that it took.

    Args:
        cursor: of a superuser, who is bound by no policy; in its own transactions.
        families: how many there are to be.
        boroughs: theirs; the first has one referral that was accepted, which is the pattern.
    """
    started = time.monotonic()
    cursor.execute("SET session_replication_role = replica; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'")
    _names(cursor, boroughs)
    counts = {"given": ZIPF.format(many=len(names.given_names())), "surname": ZIPF.format(many=len(names.family_names()))}
    cursor.execute(_PEOPLE.format(families=families, boroughs=len(boroughs), **counts))
    for table, (columns, source) in TABLES.items():
        _copied(cursor, table, columns, source)
    with _without_indexes(cursor, "person_keys"):
        cursor.execute(_KEYS.format(rules=RULES))
    cursor.execute("DROP TABLE bench_told, bench_given_word, bench_surname_word")
    cursor.execute("VACUUM (ANALYZE)")
    return time.monotonic() - started


def _names(cursor: Any, boroughs: Sequence[UUID]) -> None:
    """Write down the names, their words, and the boroughs."""
    for kind, every, mark in (("given", names.given_names(), "first"), ("surname", names.family_names(), "last")):
        cursor.execute(f"CREATE UNLOGGED TABLE bench_{kind} (n int PRIMARY KEY, name text)")
        execute_values(cursor, f"INSERT INTO bench_{kind} VALUES %s", list(enumerate(every, 1)))
        cursor.execute(f"CREATE UNLOGGED TABLE bench_{kind}_word (n int, word text, sound text, {mark} boolean)")
        execute_values(cursor, f"INSERT INTO bench_{kind}_word VALUES %s", list(_marked(names.words(every), last=mark == "last")))
    cursor.execute("CREATE UNLOGGED TABLE bench_borough (n int PRIMARY KEY, id uuid)")
    execute_values(cursor, "INSERT INTO bench_borough VALUES %s", [(n, str(one)) for n, one in enumerate(boroughs, 1)])
    cursor.execute("ANALYZE bench_given, bench_surname, bench_given_word, bench_surname_word, bench_borough")


def _marked(words: Sequence[tuple[int, str, str]], *, last: bool) -> Iterator[tuple[int, str, str, bool]]:
    """Yield each word with whether it is the one by which the name is heard: the first of a given, the last of a family name."""
    heard: dict[int, str] = {}
    for number, word, _ in words:
        if last and not (number in heard and word.startswith(heard[number])):
            heard[number] = word
        heard.setdefault(number, word)
    return ((number, word, sound, heard[number] == word) for number, word, sound in words)


def _copied(cursor: Any, table: str, changed: Mapping[str, str], source: str) -> None:
    """Write rows like the one that is there, with some columns changed."""
    cursor.execute(_COLUMNS, (table,))
    columns = [name for (name,) in cursor.fetchall()]
    told = ", ".join(changed.get(name, f"o.{name}") for name in columns)
    cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {told} FROM {source}, (SELECT * FROM {table} LIMIT 1) o")


@contextmanager
def _without_indexes(cursor: Any, table: str) -> Iterator[None]:
    """Write a table without its indexes, and make them again in one go: several times as fast."""
    cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p' AND conrelid = %s::regclass", (table,))
    ((key, definition),) = cursor.fetchall()
    cursor.execute("SELECT indexdef, indexname FROM pg_indexes WHERE tablename = %s AND indexname <> %s", (table, key))
    others = cursor.fetchall()
    cursor.execute("; ".join([f"ALTER TABLE {table} DROP CONSTRAINT {key}", *(f"DROP INDEX {name}" for _, name in others)]))
    yield
    cursor.execute("; ".join([f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition}", *(made for made, _ in others)]))
