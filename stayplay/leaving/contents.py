"""What of every service goes into an archive: the one list of what is withheld, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from chassis.archive.contents import EVIDENCE, LEFT_BEHIND, Carried, carried
from stayplay.roster import PACKAGES, store


@dataclass(frozen=True, slots=True)
class Withheld:
    """A column that stays behind.

    Attributes:
        arrives_as: SQL expression that stands for it in the other installation.
        why: for people who read the manifest.
    """

    arrives_as: str
    why: str


_FRESH_BYTES: Final = "sha256(uuid_send(gen_random_uuid()))"

_OFF: Final = "single sign-on arrives switched off, or nobody could come in: without its secret nobody could, and no account is linked"

WITHHELD: Final[Mapping[str, Mapping[str, Mapping[str, Withheld]]]] = {
    "referrals": {
        "questions": {"digest": Withheld(_FRESH_BYTES, "links to questions work where they were mailed; ask again what has no answer")},
    },
    "gateway": {
        "invitations": {"token_hash": Withheld(_FRESH_BYTES, "links of invitations work where they were made; send new ones")},
        "sign_ons": {
            "secret": Withheld("NULL", "the secret is the provider's and this installation's; enter it anew"),
            "enabled": Withheld("false", _OFF),
            "only": Withheld("false", _OFF),
            "checked_at": Withheld("NULL", _OFF),
        },
    },
}
"""By service, table and column."""

STAYS: Final[Mapping[str, Mapping[str, str]]] = {
    "referrals": {
        "imports": "a waiting list under review is sent anew; what was imported is among the referrals",
        "import_rows": "as imports",
        "drafts": "referrals that somebody is still writing: what opens them is in their browser and in links to this installation",
    },
    "gateway": {
        "linked_accounts": "which account is whose is proved anew by each person, with an invitation",
        "webhooks": "a webhook belongs to a system whose token stays behind, and is signed with the key of this installation",
        "webhook_deliveries": "as webhooks; they name nobody",
        "system_tokens": "tokens of other systems work where they were made; make new ones",
    },
}
"""Tables of boroughs that stay behind, by service, each with the reason."""

NOT_KEYED: Final[Mapping[str, Mapping[str, str]]] = {
    "gateway": {"mails": "mails on their way to people; what was sent is forgotten at once"},
}
"""Tables that name a borough and are no borough's own: they stay behind, and go with the borough."""

NO_SECRET: Final[Mapping[str, str]] = {
    "audit.hash": "chains one entry to the next",
    "audit.salt": "keeps details that were erased from being guessed; of no use without them",
    "audit.details_digest": "chains details without showing them",
    "audit_seals.hash": "which entry was sealed",
    "person_keys.key": "what somebody is found by, worked out from the family's record",
    "brandings.logo": "everybody sees it",
    "brandings.logo_hash": "names the logo in addresses",
}
"""Columns that look as if they held a secret and do not, each with the reason."""

PEOPLE: Final = ("id", "email", "name", "created_at")
"""What is carried of the people who belong to the borough: never a password, a factor or a session."""
PEOPLE_PLACE: Final = "gateway/people"
_NO_PASSWORDS: Final = (
    "passwords, second factors, passkeys and sessions are never exported: each person chooses new ones by a link sent to them"
)


@dataclass(frozen=True)
class Part:
    """One service in an archive."""

    service: str

    @cached_property
    def tables(self) -> list[Carried]:
        """The tables that are carried, in an order in which rows can be written."""
        withheld = {
            table: {column: one.arrives_as for column, one in columns.items()} for table, columns in WITHHELD.get(self.service, {}).items()
        }
        stays = STAYS.get(self.service, {})
        return [one for one in self._all(withheld) if one.name not in stays]

    @property
    def every(self) -> list[Carried]:
        """Every table that can hold rows of a borough, also those that stay behind; the chassis's passing ones apart."""
        return self._all({})

    def _all(self, withheld: Mapping[str, Mapping[str, str]]) -> list[Carried]:
        return carried(store(self.service), withheld)

    @property
    def taken_in(self) -> list[Carried]:
        """Those that another installation takes in."""
        return [one for one in self.tables if not one.evidence]

    def place(self, one: Carried) -> str:
        """Return where a table is in an archive."""
        return f"{self.service}/{one.name}"


PARTS: Final = tuple(Part(service) for service in PACKAGES)
"""Every service; the gateway last, for a borough can be reached only once it is there."""


def left_behind() -> list[dict[str, str]]:
    """Return everything that stays behind, with its reason."""
    chassis = [(f"{name} of every service", why) for name, why in LEFT_BEHIND.items()]
    tables = [(f"{service}/{table}", why) for named in (STAYS, NOT_KEYED) for service, whys in named.items() for table, why in whys.items()]
    columns = [
        (f"{service}/{table}, column {column}", one.why)
        for service, of in WITHHELD.items()
        for table, named in of.items()
        for column, one in named.items()
    ]
    return [{"what": what, "why": why} for what, why in (*chassis, *tables, *columns, ("people's secrets", _NO_PASSWORDS))]


def not_taken_in() -> list[dict[str, str]]:
    """Return what is in an archive only to be looked at, with its reason."""
    return [{"what": f"{name} of every service", "why": why} for name, why in EVIDENCE.items()]


def expected_files() -> set[str]:
    """Return the name of every file that an archive of this version has beside its manifest."""
    places = [PEOPLE_PLACE, *(part.place(one) for part in PARTS for one in part.tables)]
    return {f"{place}.{ending}" for place in places for ending in ("jsonl", "csv")}
