"""Boroughs that leave: what operators tell of their export, and what is certified of their erasure."""

from typing import Final

from marshmallow import fields, validate

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, PageRequest, choice, identifier, moment, page_of, text, yes_no
from gateway.access.roles import OPERATOR
from gateway.contract.boroughs import BoroughRequest

DEPARTURE_STATES: Final = {
    "exported": "Exported",
    "erasing": "Being erased",
    "erased": "Erased",
}
"""How far a borough is on its way out."""

_CHECKSUM: Final = validate.Regexp(r"[0-9a-f]{64}\Z", error="Checksum: enter the 64 letters and digits that the export printed.")


def _counts() -> fields.Dict:
    """Describe numbers of rows by service and table."""
    number = fields.Integer(strict=True, validate=validate.Range(0, 2**53))
    return fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=number), required=True, metadata={"label": "Rows"}
    )


class ExportMade(Contract):
    """An archive that was made of a borough."""

    manifest_checksum = text("Checksum of the manifest", max_length=64, validate=_CHECKSUM)
    made_at = moment("Made")
    by = text("Your name", max_length=120)
    rows = _counts()


class NoteArchiveRequest(BoroughRequest):
    """That an archive was made of a borough: for its audit trail, also where it was at work meanwhile."""

    manifest_checksum = text("Checksum of the manifest", max_length=64, validate=_CHECKSUM)
    made_at = moment("Made")
    by = text("Your name", max_length=120)
    running = yes_no("Was the borough at work meanwhile?")


class EraseRequest(Contract):
    """The decision to erase a borough: its name in addresses is typed twice, and its archive named by its checksum."""

    manifest_checksum = text(
        "Checksum of the archive's manifest", max_length=64, hint="64 letters and digits; the export printed it", validate=_CHECKSUM
    )
    slug = text("Name of the borough in addresses", max_length=63, hint="For example, southwark")
    slug_again = text("The same name again", max_length=63)
    by = text("Your name", max_length=120, hint="It is on the certificate")


class ErasureDone(Contract):
    """What was counted in every database after the erasure."""

    left = _counts()
    audit_erased = _counts()


class Certified(Contract):
    """A certificate of erasure, and the gateway's signature over it."""

    certificate = fields.Dict(keys=fields.String(), required=True)
    signature = text("Signature (Ed25519, Base64)")
    public_key = text("Key that verifies it")


class Departure(Contract):
    """How far a borough is on its way out."""

    borough_id = identifier("Borough")
    slug = text("Name in addresses")
    name = text("Borough")
    gss_code = text("GSS code")
    state = choice("State", DEPARTURE_STATES)
    manifest_checksum = text("Checksum of the manifest")
    exported_at = moment("Exported")
    exported_by = text("Exported by")
    requested_at = moment("Erasure asked for", required=False)
    requested_by = text("Asked for by", required=False)
    erased_at = moment("Erased", required=False)
    rows = _counts()
    certified = yes_no("Is there a certificate?")


NOTE_ARCHIVE = Operation("gateway", "note_archive", OPERATOR, NoteArchiveRequest, Nothing, changes=True)
ERASE_LEAVING = Operation("gateway", "erase_leaving", OPERATOR, BoroughRequest, Nothing)
LIST_DEPARTURES = Operation("gateway", "list_departures", OPERATOR, PageRequest, page_of(Departure))

OPERATIONS: tuple[Operation, ...] = (NOTE_ARCHIVE, ERASE_LEAVING)
"""What is carried out in the borough; the rest concerns what outlives it."""
