"""The blueprint that every page of operators is on."""

from typing import Final

from flask import Blueprint

part: Final = Blueprint("operator", __name__, url_prefix="/operator")
