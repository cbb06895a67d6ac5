"""What an archive says of itself: whose it is, what it holds, and the checksum of every file in it."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from chassis.schemas import Contract, identifier, instance_of, many, moment, nested, text, whole, yes_no

FORMAT: Final = 1
NAME: Final = "manifest.json"
LARGEST: Final = 1_000_000
"""A manifest has at most this many bytes."""
_MOST: Final = 2**53
_SHA256: Final = validate.Regexp(r"[0-9a-f]{64}\Z", error="This is no SHA-256.")
PLACE: Final = r"[a-z]+/[a-z_]+\.(jsonl|csv)"
"""What the name of a file in an archive looks like: service, table, and how it is written."""


class BadArchive(Exception):
    """The file is no archive of ours, or not as it left; the message says what is wrong and quotes nothing of its rows."""


class BoroughOfArchive(Contract):
    """Whose the archive is."""

    id = identifier("Borough")
    slug = text("Name in addresses", max_length=63)
    name = text("Borough")
    gss_code = text("GSS code")
    programme_name = text("Name of the programme")
    practice = yes_no("Is it for practice?")
    suspended = yes_no("Was it suspended, so that nothing changed meanwhile?")


class FileOfArchive(Contract):
    """One file in it."""

    path = text("File", validate=validate.Regexp(PLACE + r"\Z", error="This is no name of a file in an archive."))
    rows = whole("Rows", ge=0, le=_MOST)
    size = whole("Bytes", ge=0, le=_MOST)
    sha256 = text("SHA-256", validate=_SHA256)


class Left(Contract):
    """Something that stayed behind, or is only to be looked at."""

    what = text("What")
    why = text("Why", max_length=1000)


class Manifest(Contract):
    """All of it."""

    format = whole("Format", ge=FORMAT, le=FORMAT)
    product = text("Product")
    version = text("Version")
    made_at = moment("Made")
    made_by = text("By")
    borough = nested(BoroughOfArchive, "Borough")
    revisions = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    files = many(FileOfArchive, "Files", at_most=2000)
    left_behind = many(Left, "What stayed behind", at_most=500)
    not_taken_in = many(Left, "What is only to be looked at", at_most=500)


def written(values: Mapping[str, Any]) -> bytes:
    """Return a manifest as the bytes that its checksum is of."""
    return json.dumps(instance_of(Manifest).dump(values), indent=2, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def read(raw: bytes) -> dict[str, Any]:
    """Return what a manifest says.

    Raises:
        BadArchive: it is none, or of a format that this version does not know.
    """
    try:
        values: dict[str, Any] = instance_of(Manifest).load(json.loads(raw.decode("utf-8")))
    except ValidationError as fault:
        raise BadArchive(f"its manifest is not one that this version can read: {', '.join(sorted(fault.messages_dict))}") from None
    except (ValueError, RecursionError, TypeError):
        raise BadArchive("its manifest can't be read") from None
    return values


def checksum(raw: bytes) -> str:
    """Return the checksum by which an archive is known: the SHA-256 of its manifest, which holds those of all its files."""
    return sha256(raw).hexdigest()
