"""Mail addresses and names of people who work here: one way to write each, and none that only looks like another's."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError, fields, validate

from chassis.later import Later
from chassis.schemas import Text, text

if TYPE_CHECKING:
    from confusable_homoglyphs import confusables
else:
    confusables = Later("confusable_homoglyphs.confusables")

LONGEST: Final = 254
_NO_LINKS: Final = ("://", "www.")


class Lookalike(ValueError):
    """An address with letters that look like those of another alphabet."""


def checked_email(written: str) -> str:
    """Return a mail address the one way it is kept: small letters, its domain as the network writes it (``xn--`` where needed).

    The part before the @ must be plain ASCII, since hardly any mail server takes another, and so nothing in it can pass for
    something else. A domain may be of any alphabet, but not of several, nor of letters that look like Latin ones (UTS 39).

    Raises:
        Lookalike: its domain could be taken for another.
        ValueError: it is no mail address.
    """
    try:
        found = validate_email(written.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as wrong:
        raise ValueError("no mail address") from wrong
    if any(_deceives(label) for label in found.domain.split(".")):
        raise Lookalike
    return f"{found.local_part}@{found.ascii_domain}".casefold()


def tidy_email(written: str) -> str:
    """Return a mail address the one way it is kept; what is no address only gets small letters, and finds nobody."""
    try:
        return checked_email(written)
    except ValueError:
        return written.strip().casefold()


def _deceives(label: str) -> bool:
    if label.isascii():
        return False
    return bool(confusables.is_mixed_script(label) or confusables.is_confusable(label, preferred_aliases=["latin"]))


class _Address(Text):
    """A text that is kept as `checked_email` returns it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        written = super()._deserialize(value, attr, data, **kwargs)
        label = self.metadata["label"]
        try:
            return checked_email(written)
        except Lookalike:
            raise ValidationError(f"{label}: some letters only look like those of another alphabet. Type the address anew.") from None
        except ValueError:
            raise ValidationError(f"{label}: enter an address like name@example.org.") from None


def work_email(label: str) -> fields.String:
    """Describe the mail address of somebody who works here; loaded as `checked_email` returns it."""
    return _Address(
        required=True,
        validate=validate.Length(max=LONGEST, error=f"{label}: use {LONGEST} characters or fewer."),
        metadata={"label": label, "widget": "email", "sensitivity": "personal"},
        error_messages={"required": f"{label}: this is needed."},
    )


def person_name(label: str, *, required: bool = True) -> Text:
    """Describe the name of somebody who works here: one line without addresses, since mails begin with it."""

    def one_line(value: str | None) -> None:
        if value and (set(value) & set("\n\t") or any(part in value.casefold() for part in _NO_LINKS)):
            raise ValidationError(f"{label}: enter only the name.")

    return text(label, required=required, max_length=120, sensitivity="personal", validate=one_line)
