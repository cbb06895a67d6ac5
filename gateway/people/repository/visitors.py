"""Who holds a token, and what they are in the borough of the address: asked at every request."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from gateway.access.visitor import Borough, Member, Visitor
from gateway.contract.colours import DEFAULT_ACCENT
from gateway.people.models import IDLE, SignIn, hashed, real_now
from gateway.people.repository.reaching import Found, Reaching, Statement
from gateway.people.repository.sessions import just_exchanged

SEEN_EVERY: Final = timedelta(minutes=1)

VISITOR: Final = Statement(
    "visitor",
    ("text", "bytea", "timestamptz", "timestamptz"),
    """
SELECT s.id AS session_id, s.seen_at, s.confirmed_at, s.second_factor_at, s.method, s.rotated_at, s.provider_id,
       s.second_factor_at IS NULL AND (
         EXISTS (SELECT FROM identity.authenticators f WHERE f.person_id = s.person_id AND f.confirmed_at IS NOT NULL)
         OR EXISTS (SELECT FROM identity.passkeys k WHERE k.person_id = s.person_id)) AS has_factor,
       p.id AS person_id, p.name AS person_name, p.email,
       b.borough_id, b.slug, b.name AS borough_name, b.programme_name, b.practice, b.policy, b.version AS borough_version,
       b.suspended_at, b.suspended_because, b.opened_at,
       m.id AS member_id, m.version AS member_version, m.roles, m.roles_changed_at, m.agency_id,
       a.name AS agency_name, a.kind AS agency_kind, g.edition AS sign_on, g.only AS only_sign_on,
       l.accent, l.logo_hash
FROM identity.sign_ins s
JOIN identity.people p ON p.id = s.person_id
LEFT JOIN members m
  ON m.borough_id = (SELECT named.borough_id FROM profiles named WHERE named.slug = $1) AND m.person_id = s.person_id AND m.left_at IS NULL
LEFT JOIN profiles b ON b.borough_id = m.borough_id AND b.id = m.borough_id
LEFT JOIN agencies a ON a.borough_id = m.borough_id AND a.id = m.agency_id
LEFT JOIN brandings l ON l.borough_id = b.borough_id AND l.id = b.borough_id
LEFT JOIN sign_ons g ON g.borough_id = b.borough_id AND g.id = b.borough_id AND g.enabled
WHERE s.token_hash = $2 AND s.ends_at > $3 AND s.seen_at > $4
""",
)
NAMED: Final = Statement(
    "borough_named",
    ("text",),
    """
SELECT b.borough_id, b.slug, b.name AS borough_name, b.programme_name, b.practice, b.policy, b.version AS borough_version,
       b.suspended_at, b.suspended_because, b.opened_at, NULL AS sign_on, false AS only_sign_on, l.accent, l.logo_hash
FROM profiles b
LEFT JOIN brandings l ON l.borough_id = b.borough_id AND l.id = b.borough_id
WHERE b.slug = $1
""",
)


class Visitors(Reaching):
    """Finds who asks."""

    def visitor(self, token: str, slug: str) -> Visitor | None:
        """Return who holds ``token``, with their membership of the borough ``slug``; None when it has ended or never was.

        One statement in one round trip; once a minute a second one notes that the session is in use, and a token
        that is not known is looked for among those just exchanged.
        """
        now = real_now()
        row = self._row(VISITOR, (slug, hashed(token), now, now - IDLE))
        if row is None:
            return self._former(token, slug, now)
        if now - row["seen_at"] >= SEEN_EVERY:
            self._note_use(row["session_id"], now)
        return _visitor(row)

    def borough_named(self, slug: str) -> Borough | None:
        """Return the borough with this name in addresses, for somebody who is nobody in it; None where there is none."""
        row = self._row(NAMED, (slug,))
        return _borough(row) if row else None

    def _former(self, token: str, slug: str, now: datetime) -> Visitor | None:
        """Return who held ``token`` until a moment ago: their session has another one now."""
        exchanged = select(SignIn.token_hash).where(just_exchanged(token, now))
        with self._session() as session:
            present = session.scalar(exchanged)
        row = self._row(VISITOR, (slug, bytes(present), now, now - IDLE)) if present is not None else None
        return _visitor(row, former=True) if row else None

    def _note_use(self, sign_in_id: UUID, now: datetime) -> None:
        with self._session() as session:
            session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.seen_at < now).values(seen_at=now))
            session.commit()


def _visitor(row: Found, *, former: bool = False) -> Visitor:
    """Return who asks; ``former`` where the token that came was exchanged a moment ago."""
    own = {
        name: row[name]
        for name in (
            "session_id",
            "person_id",
            "person_name",
            "email",
            "confirmed_at",
            "second_factor_at",
            "has_factor",
            "method",
            "provider_id",
        )
    }
    if row["borough_id"] is None:
        return Visitor(**own)
    changed = row["roles_changed_at"]
    outdated = changed is not None and changed >= row["rotated_at"] and not former
    return Visitor(**own, needs_new_token=outdated, borough=_borough(row), member=_member(row))


def _borough(row: Found) -> Borough:
    return Borough(
        row["borough_id"],
        row["slug"],
        row["borough_name"],
        row["programme_name"],
        row["practice"],
        row["policy"],
        row["borough_version"],
        accent=row["accent"] or DEFAULT_ACCENT,
        logo=row["logo_hash"] or "",
        sign_on=row["sign_on"],
        only_sign_on=bool(row["only_sign_on"]),
        suspended_at=row["suspended_at"],
        suspended_because=row["suspended_because"],
        opened_at=row["opened_at"],
    )


def _member(row: Found) -> Member:
    agency = (row["agency_id"], row["agency_name"], row["agency_kind"]) if row["agency_name"] else (None, "", "")
    return Member(row["member_id"], row["member_version"], tuple(row["roles"]), *agency)
