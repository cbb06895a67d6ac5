"""The pages people use: one folder a part of the product."""

from gateway.pages.site import register, render_error

__all__ = ["register", "render_error"]
