"""Fields with their words: one description serves the call, the document, the form and the file.

Every factory returns a marshmallow field whose ``metadata`` holds what a person reads
(``label``, ``hint``, ``parent_label``), how it is asked (``widget``, ``choices``) and how far it may
travel (``sensitivity``: "", "personal", "clinical", "safety" or "internal").
"""

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing, validate

from chassis import clock

EARLIEST = date(1900, 1, 1)
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Characters that turn the direction of writing by force: phones put them around numbers, and left open they turn the rest of a page."""
_by_the_clock: ContextVar[bool] = ContextVar("stayplay_by_the_clock", default=True)


@contextmanager
def whatever_day_it_is() -> Iterator[None]:
    """Load what was kept: what is sent must fit the day that it is for whoever sends it, what is told may be of any other."""
    before = _by_the_clock.set(False)
    try:
        yield
    finally:
        _by_the_clock.reset(before)


class Contract(Schema):
    """The parent of every schema that crosses: an unknown field is refused."""

    class Meta:
        """Refuse what the schema does not name."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Refuse a field that crosses under another name than its own: `_serialize` counts on it.

        Raises:
            TypeError: it has another name.
        """
        if field_obj.attribute is not None or field_obj.data_key is not None or "." in field_name:
            raise TypeError(f"{type(self).__name__}.{field_name}: a field of a contract has one name")

    def _serialize(self, obj: Any, *, many: bool = False) -> Any:
        """Do as marshmallow does, which takes five calls a field to find its value: a list has hundreds."""
        if many or (hasattr(obj, "__getitem__") and not isinstance(obj, dict)):
            return super()._serialize(obj, many=many)
        kept = self.dict_class()
        for name, field in self.dump_fields.items():
            value = obj.get(name, missing) if isinstance(obj, dict) else getattr(obj, name, missing)
            shown = field.serialize(name, obj, self.get_attribute) if value is missing else field._serialize(value, name, obj)  # noqa: SLF001 - every field's
            if shown is not missing:
                kept[name] = shown
        return kept

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return a field's value; of a dictionary by key alone: its methods, such as ``items``, are no values of fields of their names."""
        return obj.get(attr, default) if isinstance(obj, Mapping) else super().get_attribute(obj, attr, default)


@cache
def instance_of(schema: type[Schema]) -> Schema:
    """Return the one instance of a schema: making one is slow, using one is safe from many threads."""
    return schema()


class Text(fields.String):
    """A string without outer blanks, control characters or forced changes of direction; NFC, so that equal names compare equal."""

    default_error_messages = {"control": "Remove the characters that can't be printed."}  # noqa: RUF012 - how marshmallow takes it

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        plain = super()._deserialize(value, attr, data, **kwargs).translate(_TURNS)
        text = unicodedata.normalize("NFC", plain).replace("\r\n", "\n").strip()
        if not text.isprintable() and any(unicodedata.category(each) in {"Cc", "Cs"} and each not in "\n\t" for each in text):
            raise self.make_error("control")
        return text


def whole_characters(value: str) -> None:
    """Let a text pass that can be written down: for secrets, which are kept as they were typed and not as `Text` has them.

    Raises:
        ValidationError: it holds half of a pair that stands for one character (JSON can say that, UTF-8 can't).
    """
    if any("\ud800" <= each <= "\udfff" for each in value):
        raise ValidationError("Remove the characters that can't be printed.")


class Moment(fields.AwareDateTime):
    """A moment: ISO 8601 with an offset, kept in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", default_timezone=None, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        moment = super()._deserialize(value, attr, data, **kwargs)
        return moment.astimezone(UTC)


class Day(fields.Date):
    """A calendar day, ISO 8601."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return super()._deserialize(value, attr, data, **kwargs)


def _described(label: str, widget: str, kwargs: dict[str, Any], *, required: bool = True, **words: Any) -> dict[str, Any]:
    """Return the arguments of a field: its words as metadata, and absence as None where it may be absent."""
    settings = dict(kwargs)
    settings["metadata"] = {"label": label, "widget": widget, **{key: word for key, word in words.items() if word}}
    settings["required"] = required
    if required:
        settings.setdefault("error_messages", {"required": f"{label}: this is needed."})
    else:
        settings.setdefault("allow_none", True)
        settings.setdefault("load_default", None)
    return settings


def text(
    label: str,
    *,
    required: bool = True,
    max_length: int = 200,
    multiline: bool = False,
    widget: str = "",
    hint: str = "",
    parent_label: str = "",
    sensitivity: str = "",
    **kwargs: Any,
) -> Text:
    """Describe a text of at most ``max_length`` characters; an optional one may be empty or absent."""
    settings = _described(
        label,
        widget or ("textarea" if multiline else "input"),
        kwargs,
        required=required,
        hint=hint,
        parent_label=parent_label,
        sensitivity=sensitivity,
    )
    too_long = f"{label}: use {max_length} characters or fewer."
    rules: list[validate.Validator] = [validate.Length(max=max_length, error=too_long)]
    if required:
        rules.append(validate.Length(min=1, error=f"{label}: this is needed."))
    extra = settings.pop("validate", None)
    return Text(validate=[*rules, *([extra] if extra else [])], **settings)


def email(label: str, *, required: bool = True, **kwargs: Any) -> Text:
    """Describe a mail address."""
    rule = validate.Regexp(r"\A([^\s@]+@[^\s@]+\.[^\s@]+)?\Z", error=f"{label}: enter an address like name@example.org.")
    return text(label, required=required, max_length=254, widget="email", validate=rule, **kwargs)


def choice(
    label: str,
    choices: Mapping[str, str],
    *,
    required: bool = True,
    hint: str = "",
    parent_label: str = "",
    sensitivity: str = "",
    **kwargs: Any,
) -> fields.String:
    """Describe one answer of several; ``choices`` maps codes to words."""
    settings = _described(
        label,
        "radios" if len(choices) <= 7 else "select",
        kwargs,
        required=required,
        hint=hint,
        parent_label=parent_label,
        sensitivity=sensitivity,
        choices=dict(choices),
    )
    return fields.String(validate=validate.OneOf(list(choices), error=f"{label}: choose one of the answers."), **settings)


def some_of(
    label: str, choices: Mapping[str, str], *, required: bool = True, hint: str = "", sensitivity: str = "", **kwargs: Any
) -> "fields.List[Any]":
    """Describe any number of answers of several."""
    settings = _described(label, "checkboxes", kwargs, required=required, hint=hint, sensitivity=sensitivity, choices=dict(choices))
    rules: list[validate.Validator] = [validate.ContainsOnly(list(choices), error=f"{label}: choose from the answers.")]
    if required:
        rules.append(validate.Length(min=1, error=f"{label}: choose at least one."))
    return fields.List(fields.String(), validate=rules, **settings)


def yes_no(label: str, *, required: bool = True, hint: str = "", parent_label: str = "", **kwargs: Any) -> fields.Boolean:
    """Describe a question answered yes or no."""
    settings = _described(label, "yes_no", kwargs, required=required, hint=hint, parent_label=parent_label)
    return fields.Boolean(**settings)


def whole(label: str, *, ge: int, le: int, required: bool = True, hint: str = "", sensitivity: str = "", **kwargs: Any) -> fields.Integer:
    """Describe a whole number from ``ge`` to ``le``."""
    settings = _described(label, "number", kwargs, required=required, hint=hint, sensitivity=sensitivity)
    rule = validate.Range(ge, le, error=f"{label}: enter a whole number from {ge} to {le}.")
    return fields.Integer(strict=True, validate=rule, **settings)


def exact(label: str, *, places: int = 2, required: bool = True, **kwargs: Any) -> fields.Decimal:
    """Describe a decimal number, exact to ``places``; a string on the wire."""
    return fields.Decimal(places=places, as_string=True, **_described(label, "input", kwargs, required=required))


def day(
    label: str,
    *,
    required: bool = True,
    not_future: bool = False,
    hint: str = "",
    parent_label: str = "",
    sensitivity: str = "",
    **kwargs: Any,
) -> Day:
    """Describe a calendar day, not before 1900 and, with ``not_future``, not after today in London."""

    def believable(value: date | None) -> None:
        if value is not None and value < EARLIEST:
            raise ValidationError(f"{label}: check the year. It must be 1900 or later.")
        if value is not None and not_future and _by_the_clock.get() and value > clock.today():
            raise ValidationError(f"{label}: this must be today or in the past.")

    settings = _described(label, "date", kwargs, required=required, hint=hint, parent_label=parent_label, sensitivity=sensitivity)
    settings.setdefault("error_messages", {})["invalid"] = f"{label}: enter a real date, for example 2024-07-16."
    return Day(validate=believable, **settings)


def moment(label: str, *, required: bool = True, hint: str = "", **kwargs: Any) -> Moment:
    """Describe a moment; it needs an offset, and is kept in UTC."""

    def believable(value: datetime | None) -> None:
        if value is not None and _by_the_clock.get() and not EARLIEST.year <= value.year <= clock.today().year + 5:
            raise ValidationError(f"{label}: check the year.")

    return Moment(validate=believable, **_described(label, "moment", kwargs, required=required, hint=hint))


def wall_time(label: str, *, required: bool = True, hint: str = "", **kwargs: Any) -> fields.Time:
    """Describe a time on the wall in London, such as 10:00."""
    settings = _described(label, "time", kwargs, required=required, hint=hint)
    settings.setdefault("error_messages", {})["invalid"] = f"{label}: enter a time like 10:00."
    return fields.Time(format="%H:%M", **settings)


def identifier(label: str = "Identifier", *, required: bool = True, **kwargs: Any) -> fields.UUID:
    """Describe an identifier (UUID)."""
    return fields.UUID(**_described(label, "hidden", kwargs, required=required))


def version() -> fields.Integer:
    """Describe the version that a change was made on; a stale one is refused."""
    return whole("Version", ge=1, le=2**31 - 1)


def nested(schema: type[Schema], label: str = "", *, required: bool = True, **kwargs: Any) -> fields.Nested:
    """Describe one thing within another."""
    return fields.Nested(schema, **_described(label, "group", kwargs, required=required))


def many(
    schema: type[Schema], label: str = "", *, at_least: int = 0, at_most: int = 100, required: bool = True, hint: str = "", **kwargs: Any
) -> "fields.List[Any]":
    """Describe a list of things within another, ``at_least`` to ``at_most`` of them."""
    number = str(at_most) if at_least == at_most else f"{at_least} to {at_most}"
    rule = validate.Length(at_least, at_most, error=f"{label or 'List'}: give {number}.")
    settings = _described(label, "list", kwargs, required=required, hint=hint)
    extra = settings.pop("validate", None)
    return fields.List(fields.Nested(schema), validate=[rule, *([extra] if extra else [])], **settings)


class PageRequest(Contract):
    """Which page of a list: what comes after a cursor, and how many."""

    after = text("Cursor", required=False, max_length=500)
    limit = whole("How many", ge=1, le=100, required=False, load_default=25, allow_none=False)


class Nothing(Contract):
    """No arguments, or no answer."""


def page_of(item: type[Schema]) -> type[Schema]:
    """Return the schema of a page of ``item``: the items, and the cursor of the next page or None."""
    return type(
        f"PageOf{item.__name__}",
        (Contract,),
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(allow_none=True, required=True),
            "total": fields.Integer(allow_none=True, load_default=None),
        },
    )


__all__ = [
    "EARLIEST",
    "Contract",
    "Day",
    "Moment",
    "Nothing",
    "PageRequest",
    "Text",
    "choice",
    "day",
    "email",
    "exact",
    "identifier",
    "instance_of",
    "many",
    "moment",
    "nested",
    "page_of",
    "some_of",
    "text",
    "version",
    "wall_time",
    "whole",
    "yes_no",
]
