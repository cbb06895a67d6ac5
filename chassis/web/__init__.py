"""Serving HTTP on the event loop: bounded bodies, bounded patience, a graceful stop."""

from chassis.web.entrypoint import Website, website
from chassis.web.limits import BODY_BYTES, Limited
from chassis.web.server import HttpServer

__all__ = ["BODY_BYTES", "HttpServer", "Limited", "Website", "website"]
