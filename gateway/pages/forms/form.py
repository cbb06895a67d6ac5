"""A form of a contract schema."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from chassis.errors import Invalid, StayPlayError
from chassis.ids import new_id
from gateway.pages.forms.faults import by_name
from gateway.pages.forms.names import ADD, KEY, NOT_ANSWERS, REMOVE, joined
from gateway.pages.forms.reading import Posted, Values, indexes, read, renumber, written
from gateway.pages.forms.widgets import Shown, Widget

Choices = Mapping[str, Mapping[str, str]]


class Form:
    """What is asked: a schema, without the fields that the page itself gives.

    Args:
        schema: the schema of a request, or one made from it with only some of its fields.
        given: names of fields that the view adds, such as the identifier in the address.
        choices: answers that depend on the moment, by the name of the field (groups, colleagues).
        labels: other words for this page, by the name of the field.
        order: names of the questions that the page asks first, where its order is not the schema's.
        within: start of every id, where a page holds several forms.
    """

    def __init__(
        self,
        schema: type[Schema] | Schema,
        *given: str,
        choices: Choices | None = None,
        labels: Mapping[str, str] | None = None,
        order: Sequence[str] = (),
        within: str = "",
    ) -> None:
        self.schema = schema if isinstance(schema, Schema) else schema()
        self.given = frozenset(given)
        self.choices: Choices = choices or {}
        self.labels = labels or {}
        self.order = order
        self.within = within

    def blank(self, **values: Any) -> "Filled":
        """Return the form with these answers in it, nothing judged."""
        return Filled(self, written(self.schema, values, self.given))

    def sent(self, posted: Posted) -> "Filled":
        """Return the form as a browser sent it."""
        return Filled(self, MultiDict(posted))


class Filled:
    """A form with answers.

    Attributes:
        posted: the answers by name, as typed.
        faults: messages by name, once judged.
        problem: an error about the whole form, for the summary.
        key: idempotency key; the same form sent twice does its work once.
    """

    def __init__(self, form: Form, posted: Posted) -> None:
        self.form = form
        self.posted = posted
        self.faults: dict[str, str] = {}
        self.problem: StayPlayError | None = None
        self.key = str(new_id())

    @property
    def widgets(self) -> dict[str, Widget]:
        """The questions by name."""
        form = self.form
        shown = Shown(self.posted, self.faults, form.choices, form.labels, form.given, form.within)
        found = {widget.name: widget for widget in shown.widgets(form.schema)}
        return {name: found[name] for name in dict.fromkeys([*form.order, *found]) if name in found}

    @property
    def links(self) -> list[tuple[str, str]]:
        """The id of each faulty question with what is wrong."""
        return [(joined(self.form.within, name), message) for name, message in self.faults.items()]

    @property
    def answers(self) -> Values:
        """The answers as the schema would load them, not judged."""
        return read(self.form.schema, self.posted, self.form.given)

    @property
    def in_error(self) -> bool:
        """Whether there is anything to put right."""
        return bool(self.faults) or self.problem is not None

    def resized(self) -> bool:
        """Add or take away an item where a button asked for it; tell whether one did."""
        if name := self.posted.get(ADD):
            places = indexes(self.posted, name) or [0]
            self.posted[joined(joined(name, max(places) + 1), "")] = ""
        if name := self.posted.get(REMOVE):
            for key in [key for key in self.posted if key.startswith(f"{name}-")]:
                del self.posted[key]
            renumber(self.posted, name.rsplit("-", 1)[0])
        return bool(self.posted.pop(ADD, None) or self.posted.pop(REMOVE, None) or False)

    def drop_empty(self, name: str) -> None:
        """Take the items of a list out in which nothing was answered, so that an empty one is no mistake."""
        for place in reversed(indexes(self.posted, name)):
            start = f"{joined(name, place)}-"
            keys = [key for key in self.posted if key.startswith(start)]
            if not any(text.strip() for key in keys for text in self.posted.getlist(key)):
                for key in keys:
                    del self.posted[key]
        renumber(self.posted, name)

    def checked(self, **given: Any) -> dict[str, Any] | None:
        """Return the answers with what the view gives, typed; None where some are wrong, and then ``faults`` says which."""
        try:
            loaded: dict[str, Any] = self.form.schema.load({**self.answers, **given})
        except ValidationError as wrong:
            self.blame(wrong.messages_dict)
            return None
        return loaded

    def blame(self, faults: Mapping[Any, Any]) -> None:
        """Say what is wrong, by field."""
        self.faults = by_name(self.form.schema, faults, self.form.order)

    def refuse(self, error: StayPlayError) -> None:
        """Take in an error of a call: faults of fields where it names them, else a problem of the whole."""
        if isinstance(error, Invalid) and error.faults:
            self.blame(error.faults)
        else:
            self.problem = error

    def forget(self, name: str) -> None:
        """Show a question without the answer that was sent, such as a code that is of no use a second time."""
        self.posted.pop(name, None)

    def kept(self) -> list[tuple[str, str]]:
        """Return every answer as name and text, to be carried through a page that does not ask them."""
        return [(name, text) for name, text in self.posted.items(multi=True) if name not in NOT_ANSWERS]

    def sent_key(self) -> str:
        """Return the idempotency key that the form carried."""
        return self.posted.get(KEY, "") or self.key
