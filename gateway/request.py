"""Requests whose words are UTF-8 or nothing: what can't be read is refused, never kept half-read."""

from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

from chassis.errors import Unreadable

FORM = "application/x-www-form-urlencoded"


class StrictRequest(Request):
    """Flask's request, which would keep a byte that is no UTF-8 as the percent sign and two digits it was sent as."""

    @cached_property
    def args(self) -> ImmutableMultiDict[str, str]:
        """What stands behind the question mark. After a refusal it is empty, for the page that tells of it.

        Raises:
            Unreadable: it is not UTF-8.
        """
        try:
            return _pairs(self.query_string)
        except Unreadable:
            self.__dict__["args"] = ImmutableMultiDict()
            raise

    def _load_form_data(self) -> None:
        """Read the form; only where its words are UTF-8. Raises Unreadable when they are not."""
        if "form" not in self.__dict__ and self.mimetype == FORM:
            try:
                _pairs(self.get_data())
            except Unreadable:
                self.__dict__.update(form=ImmutableMultiDict(), files=ImmutableMultiDict())
                raise
        super()._load_form_data()


def _pairs(encoded: bytes) -> ImmutableMultiDict[str, str]:
    try:
        return ImmutableMultiDict(parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:  # it quotes what it choked on
        raise Unreadable from None
