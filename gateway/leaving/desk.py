"""What operators do with a borough that leaves: note its archive, have it erased, have that certified."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from chassis.database.trail import Sight
from chassis.errors import Conflict, Invalid, NotFound
from chassis.signing import public_of
from chassis.tenancy import BOROUGH_ERASED
from gateway.access.local import Local
from gateway.access.operating import operator_in
from gateway.contract.leaving import ERASE_LEAVING, NOTE_ARCHIVE
from gateway.leaving.certificate import FORMAT, SAYS, sign
from gateway.leaving.models import Departure
from gateway.leaving.repository import Departures, Leaving
from gateway.people.models import real_now
from gateway.people.repository import Identity
from gateway.repository import Work

log = structlog.get_logger(__name__)

Counts = Mapping[str, Mapping[str, int]]


class LeavingDesk:
    """Boroughs on their way out. Everything here can be done again: what was done already is left as it is."""

    def __init__(self, departures: Departures, identity: Identity, local: Local, signing_key: str) -> None:
        self.departures, self._identity, self._local, self._key = departures, identity, local, signing_key

    def note_export(self, borough_id: UUID, *, by: str, **made: Any) -> Departure:
        """Keep that an archive was made of a borough.

        Raises:
            NotFound: no such borough.
            Conflict: it is not suspended, or was resumed since, so the archive may lack something; or it is being erased.
        """
        borough = self._here(borough_id)
        if borough.suspended_at is None or made["made_at"] < borough.suspended_at:
            raise Conflict("The archive may lack something: suspend the borough first, then export it.")
        values = {
            "slug": borough.slug, "name": borough.name, "gss_code": borough.gss_code, "manifest_checksum": made["manifest_checksum"],
            "exported_at": made["made_at"], "exported_by": by, "rows": dict(made["rows"]),
        }  # fmt: skip
        with self.departures.opened() as session:
            departure = self.departures.note(session, borough_id, values)
            if departure.state != "exported":
                raise Conflict("This borough is being erased.")
        log.info("borough.exported", borough=str(borough_id))
        return departure

    def note_archive(self, key: str, values: Mapping[str, Any]) -> None:
        """Keep in the borough's audit trail that an archive of it was made. Raises NotFound: no such borough."""
        self._here(values["borough_id"])
        self._local.answer(NOTE_ARCHIVE, operator_in(values["borough_id"]), key, values)

    def request_erasure(self, borough_id: UUID, *, slug: str, slug_again: str, manifest_checksum: str, by: str) -> Departure:
        """Erase a borough that was exported; every service that hears of it does the same.

        Raises:
            NotFound: no such borough, and none that was being erased.
            Conflict: it was not exported, or is not suspended, or was resumed since the export.
            Invalid: the name was not typed twice as it is, or the checksum is another archive's.
        """
        with self.departures.opened() as session:
            departure = self.departures.find(session, borough_id, for_update=True)
            if departure is None:
                self._here(borough_id)
                raise Conflict("Export the borough first, and keep the archive safe.")
            _check_typed(departure, slug, slug_again, manifest_checksum)
            if departure.state == "exported":
                self._check_still(departure)
                departure.begin_erasure(by, real_now())
        self._erase(borough_id)
        return departure

    def certify(self, borough_id: UUID, *, left: Counts, audit_erased: Counts) -> Departure:
        """Certify that nothing of a borough is left.

        Args:
            borough_id: which.
            left: rows counted in every database, by service and table.
            audit_erased: entries of the audit trail that were erased, likewise.

        Raises:
            NotFound: nobody asked for the borough's erasure.
            Conflict: something is left, or a service was not counted.
        """
        with self.departures.opened() as session:
            departure = self.departures.find(session, borough_id, for_update=True)
            if departure is None or departure.state == "exported":
                raise NotFound
            if departure.state == "erasing":
                self._check_nothing_left(departure, left)
                departure.erased(real_now(), lambda at: self._signed(departure, left, audit_erased, at))
                log.info("borough.erasure_certified", borough=str(borough_id))
        return departure

    @property
    def public_key(self) -> str:
        """Return the key that certificates are verified with."""
        return public_of(self._key)

    def _here(self, borough_id: UUID) -> Leaving:
        borough = self.departures.borough(borough_id)
        if borough is None:
            raise NotFound
        return borough

    def _check_still(self, departure: Departure) -> None:
        borough = self._here(departure.borough_id)
        if borough.suspended_at is None or departure.exported_at < borough.suspended_at:
            raise Conflict("The borough was at work since it was exported: suspend it and export it again.")

    def _erase(self, borough_id: UUID) -> None:
        """Erase what the gateway has: first people who are nowhere else, so that it can be repeated if it is cut short."""
        if self.departures.borough(borough_id) is None:
            return
        self._identity.forget_people_of(borough_id)
        self._local.answer(ERASE_LEAVING, operator_in(borough_id), None, {"borough_id": borough_id})

    def _check_nothing_left(self, departure: Departure, left: Counts) -> None:
        uncounted = departure.rows.keys() - left.keys()
        if uncounted or self.departures.borough(departure.borough_id) is not None:
            raise Conflict(f"Not every service was counted: {', '.join(sorted(uncounted)) or 'the gateway'}.")
        found = [f"{service} {table} ({rows})" for service, tables in left.items() for table, rows in tables.items() if rows]
        if found:
            raise Conflict(f"Something is left: {', '.join(sorted(found))}.")

    def _signed(self, departure: Departure, left: Counts, audit_erased: Counts, at: str) -> tuple[dict[str, Any], str]:
        certificate = {
            "format": FORMAT,
            "borough": {
                "id": str(departure.borough_id), "slug": departure.slug, "name": departure.name, "gss_code": departure.gss_code,
            },
            "archive": {"manifest_checksum": departure.manifest_checksum, "exported_at": departure.exported_at.isoformat(),
                        "exported_by": departure.exported_by, "rows": departure.rows},
            "erasure": {"asked_for_at": departure.requested_at and departure.requested_at.isoformat(),
                        "asked_for_by": departure.requested_by, "certified_at": at, "audit_entries_erased": audit_erased,
                        "rows_left": left},
            "says": SAYS,
        }  # fmt: skip
        return certificate, sign(certificate, self._key)


def _check_typed(departure: Departure, slug: str, slug_again: str, manifest_checksum: str) -> None:
    faults = {}
    if slug != departure.slug:
        faults["slug"] = ["Name of the borough in addresses: this is not the name of this borough."]
    if slug_again != slug:
        faults["slug_again"] = ["The same name again: this is another name than above."]
    if manifest_checksum != departure.manifest_checksum:
        faults["manifest_checksum"] = ["Checksum of the archive's manifest: this is not the newest archive of this borough."]
    if faults:
        raise Invalid(faults=faults)


class ErasingDesk:
    """What concerns the leaving within the borough; its methods are named as the operations are."""

    def note_archive(self, work: Work, borough_id: UUID, by: str, *, running: bool, **made: Any) -> None:
        """Note that everything of the borough was read into an archive, and who says that they did it."""
        facts = {"archive": made["manifest_checksum"], "made_at": made["made_at"].isoformat(), "at_work": running}
        work.trail.sights.append(Sight(subject_id=borough_id, facts=facts, words={"by": by}))

    def erase_leaving(self, work: Work, borough_id: UUID) -> None:
        """Erase the borough of the work, and tell every service to.

        Raises:
            NotFound: no such borough.
            Conflict: it is at work again.
        """
        borough = work.boroughs.this(for_update=True)
        if not borough.suspended:
            raise Conflict("The borough is at work again: suspend it and export it again.")
        work.publish(BOROUGH_ERASED(borough.id, borough.version + 1, borough_id=borough.id))
        work.saw(subject_id=borough_id)
        work.boroughs.erase()
