"""The pages put together: every part, and what their templates need."""

from pathlib import Path

from flask import Blueprint, Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from chassis import clock
from gateway.access import current
from gateway.pages import contact, operator, records, show, tones, words
from gateway.pages.account import views as account
from gateway.pages.agencies import views as agencies
from gateway.pages.asked import views as asked
from gateway.pages.assessments import views as assessments
from gateway.pages.audit import views as audit
from gateway.pages.branding import views as branding
from gateway.pages.duplicates import views as duplicates
from gateway.pages.factors import views as factors
from gateway.pages.family import views as family
from gateway.pages.groups import views as groups
from gateway.pages.imports import views as imports
from gateway.pages.invitation import views as invitation
from gateway.pages.join import views as join
from gateway.pages.notices import views as notices
from gateway.pages.outreach import views as outreach
from gateway.pages.password import views as password
from gateway.pages.people import views as people
from gateway.pages.policy import views as policy
from gateway.pages.problems.views import render_error
from gateway.pages.record import views as record
from gateway.pages.refer import views as refer
from gateway.pages.referrals import views as referrals
from gateway.pages.registers import views as registers
from gateway.pages.restricted import views as restricted
from gateway.pages.set_up import views as set_up
from gateway.pages.sharing import views as sharing
from gateway.pages.sign_in import views as sign_in
from gateway.pages.sign_on import views as sign_on
from gateway.pages.strangers import abuse
from gateway.pages.systems import views as systems
from gateway.pages.today import views as today
from gateway.pages.webhooks import views as webhooks
from services.referrals.contract import codes

PARTS = (
    operator,
    sign_in,
    invitation,
    password,
    account,
    factors,
    sign_on,
    today,
    imports,
    referrals,
    asked,
    refer,
    assessments,
    groups,
    registers,
    outreach,
    family,
    duplicates,
    record,
    sharing,
    restricted,
    records,
    join,
    notices,
    people,
    branding,
    agencies,
    policy,
    set_up,
    systems,
    webhooks,
    audit,
)


def register(app: Flask) -> None:
    """Add every page to the application, and what their templates call."""
    app.register_blueprint(blueprint())
    furnish(app)


def blueprint() -> Blueprint:
    """Return every page, as one blueprint named ``pages``."""
    every = Blueprint("pages", __name__)
    for module in PARTS:
        every.register_blueprint(module.part)
    return every


def furnish(app: Flask) -> None:
    """Give the application's templates their words, parts and macros."""
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(Path(__file__).parent),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.globals.update(
        tone_of=tones.tone_of, contact_words=contact.contact_words, may=current.may, me=_me, codes=codes, now=clock.now
    )
    show.furnish(app)
    abuse.furnish(app)


def _me() -> object:
    return current.visitor().person_id


__all__ = ["furnish", "register", "render_error"]
