"""The web application: API under ``/api``, pages everywhere else."""

import time
from collections.abc import Iterable
from typing import Any

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from chassis import context, metrics
from chassis.context import Context
from chassis.errors import StayPlayError
from chassis.failures import something_wrong
from chassis.web import BODY_BYTES
from gateway import api, headers, languages, pages, problems
from gateway.access import csrf, current, guard
from gateway.access.audit import security
from gateway.request import StrictRequest
from gateway.runtime import NAME, Runtime

log = structlog.get_logger(__name__)

SLOW_SECONDS = 1.0
WERKZEUGS_LIMIT = 2 * BODY_BYTES
"""The server's own limit comes first: werkzeug cuts a body in chunks off at its limit without a word."""
CORRELATION_HEADER = "X-Correlation-Id"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def create_app(runtime: Runtime) -> Flask:
    """Return the application that answers on ``runtime``.

    ``gateway.pages`` gives it two functions: ``register(app)``, which adds blueprints, template functions and
    filters, and ``render_error(error)``, which returns the page for a `StayPlayError` (for `NotSignedIn` it leads
    to the sign-in page).
    """
    app = Flask("gateway", static_folder="static", static_url_path="/static")
    app.config.update(MAX_CONTENT_LENGTH=WERKZEUGS_LIMIT, MAX_FORM_MEMORY_SIZE=BODY_BYTES, MAX_FORM_PARTS=5000, PROPAGATE_EXCEPTIONS=False)
    app.request_class = StrictRequest
    app.extensions[NAME] = runtime
    app.extensions[security.EXTENSION] = runtime.security
    app.wsgi_app = Circumstances(_behind_proxies(app.wsgi_app, runtime.settings.proxies))  # type: ignore[method-assign]  # as Flask has it
    headers.install(app)
    app.after_request(_tell)
    app.before_request(_protect_forms)
    app.jinja_env.globals.update(csrf_token=csrf_token, current=current)
    languages.install(app)
    api.register(app)
    pages.register(app)
    app.register_error_handler(StayPlayError, _answer)
    app.register_error_handler(HTTPException, _answer_framework)
    app.register_error_handler(Exception, _answer_unexpected)
    guard.install(app)
    return app


def _behind_proxies(application: Any, proxies: int) -> Any:
    """Let the address of the client, scheme and host be what the trusted proxies say they are."""
    return ProxyFix(application, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else application


def csrf_token() -> str:
    """Return what every form of a signed-in page carries in the field ``csrf_token``; empty before sign-in."""
    token = current.session_token()
    return csrf.token_for(token) if token else ""


class Circumstances:
    """Gives each request a correlation id, which log lines and calls take along."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        correlation_id = context.correlation_id_from(environ.get("HTTP_X_CORRELATION_ID"))
        environ["stayplay.started"] = time.monotonic()
        with context.entered(Context(correlation_id, "gateway")):
            answer: Iterable[bytes] = self._application(environ, start_response)
            return answer


def _protect_forms() -> None:
    if not current.is_api() and request.endpoint not in csrf.NO_FORMS:
        csrf.check(request, current.session_token())


def _tell(response: Response) -> Response:
    """Count and log the request, by the name of its view: path and method are whatever somebody sent.

    A read that went well is only counted: there are many, and the audit trail has who read what.
    """
    seconds = time.monotonic() - request.environ["stayplay.started"]
    endpoint, method = request.endpoint or "none", request.method if request.method in METHODS else "other"
    response.headers[CORRELATION_HEADER] = context.current().correlation_id
    metrics.request_served(endpoint, method, response.status_code, seconds)
    if response.status_code >= 400 or method != "GET" or seconds > SLOW_SECONDS:
        log.info("request.answered", endpoint=endpoint, method=method, status=response.status_code, ms=round(seconds * 1000, 1))
    return response


def _answer(error: StayPlayError) -> Response:
    return problems.problem(error) if current.is_api() else pages.render_error(error)


def _answer_framework(error: HTTPException) -> Response | HTTPException:
    if error.code is not None and error.code < 400:
        return error
    return _answer(problems.typed(error))


def _answer_unexpected(error: Exception) -> Response:
    return _answer(something_wrong(error, request.endpoint or "none"))
