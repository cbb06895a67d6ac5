"""How a view answers: a page, or the way to the next one."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from chassis.ids import new_id
from gateway.pages import chrome
from gateway.pages.done import DONE

_STATIC = Path(__file__).parent.parent / "static"


def page(template: str, *, title: str, tab: str = "", status: int = 200, **values: Any) -> Response:
    """Return a page; ``title`` is its heading and, without a ``tab``, its name in the browser.

    Browsers keep the names of pages in their history, on machines that people share: where the heading names somebody,
    ``tab`` says what kind of page it is.
    """
    done = DONE.get(request.args.get("done", ""), "")
    html = render_template(template, title=title, tab=tab, chrome=chrome.chrome(), done=done, **values)
    response = make_response(html, status)
    response.cache_control.no_store = True
    return response


def here(endpoint: str, **values: Any) -> str:
    """Return the address of a page of ours; the borough is the one of this request unless another is given."""
    if "borough" not in values and request.view_args and "borough" in request.view_args:
        values["borough"] = request.view_args["borough"]
    address = f"pages.{endpoint}"
    return url_for(address, **values)


def same_page(**changes: Any) -> str:
    """Return the address of this page with other answers in its query, in one order whatever was chosen first; None takes one away."""
    args: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {}), **changes}
    args.pop("done", None)
    return url_for(request.endpoint or "", **{name: value for name, value in sorted(args.items()) if value is not None})


def onward(endpoint: str, done: str = "", anchor: str = "", **values: Any) -> AnyResponse:
    """Send the browser to a page by GET, which says what was ``done`` there."""
    if done:
        values["done"] = done
    return redirect(here(endpoint, _anchor=anchor or None, **values), 303)


@cache
def _manifest() -> dict[str, str]:
    made: dict[str, str] = json.loads((_STATIC / "manifest.json").read_text(encoding="utf-8"))
    return made


def asset(name: str) -> str:
    """Return the address of a stylesheet, script, picture or typeface: its name holds a hash of what is in it.

    Raises:
        KeyError: the build made no such file.
    """
    return url_for("static", filename=_manifest()[name])


def new_key() -> str:
    """Return a fresh idempotency key for a form of one button."""
    return str(new_id())


def furnish(app: Flask) -> None:
    """Give the templates what they call."""
    app.jinja_env.globals.update(here=here, same_page=same_page, asset=asset, new_key=new_key)
