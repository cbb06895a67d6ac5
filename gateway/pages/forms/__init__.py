"""Forms made from contract schemas: shown, filled again, and told what is wrong with each answer."""

from gateway.pages.forms.form import Filled, Form
from gateway.pages.forms.widgets import Widget

__all__ = ["Filled", "Form", "Widget"]
