"""Every page, in both boroughs, at both widths: a picture of it, nothing wider than the window, nothing that axe finds."""

from typing import NamedTuple

import pytest

from tests.browser.eyes import Eyes, looks_right


class Look(NamedTuple):
    """A page to look at: the name of its picture, who looks, where it is, and what it answers."""

    name: str
    who: str
    path: str
    status: int = 200


FULL = [
    Look("sign-in", "", "/sign-in"),
    Look("session-ended", "", "/sign-in?why=ended"),
    Look("sign-on-gone", "", "/sign-on/nowhere", 404),
    Look("boroughs", "camhs", "/boroughs?stay=1"),
    Look("forgotten-password", "", "/forgotten-password"),
    Look("forgotten-password-sent", "", "/forgotten-password/sent"),
    Look("new-password-gone", "", "/new-password/nothing", 404),
    Look("account", "facilitator", "/account"),
    Look("account-name", "facilitator", "/account/name"),
    Look("account-password", "facilitator", "/account/password"),
    Look("account-confirm", "facilitator", "/account/confirm?next=/account"),
    Look("today", "facilitator", "/borough/"),
    Look("today-practitioner", "adult", "/borough/"),
    Look("today-administrator", "administrator", "/borough/"),
    Look("referrals", "camhs", "/borough/referrals"),
    Look("referrals-all", "camhs", "/borough/referrals?status=all&sort=newest"),
    Look("referrals-urgent", "camhs", "/borough/referrals?only=urgent"),
    Look("referrals-late", "camhs", "/borough/referrals?only=late&sort=oldest"),
    Look("referrals-nobodys", "adult", "/borough/referrals?whose=nobodys&status=needs_information"),
    Look("referrals-own", "referrer", "/borough/referrals"),
    Look("referral", "camhs", "/borough/referrals/{referral}"),
    Look("referral-waiting", "camhs", "/borough/referrals/{other_referral}"),
    Look("refer", "referrer", "/borough/refer"),
    Look("refer-without-account", "", "/borough/refer"),
    Look("refer-staff", "camhs", "/borough/refer"),
    Look("refer-code", "", "/borough/refer/{draft}/code"),
    Look("refer-resume", "", "/borough/refer/resume/{draft}"),
    Look("refer-you", "referrer", "/borough/refer/{draft}/you"),
    Look("refer-parents", "referrer", "/borough/refer/{draft}/parents"),
    Look("refer-relations", "referrer", "/borough/refer/{draft}/relations"),
    Look("refer-contact", "referrer", "/borough/refer/{draft}/contact"),
    Look("refer-sharing", "referrer", "/borough/refer/{draft}/sharing"),
    Look("refer-later", "referrer", "/borough/refer/{draft}/later"),
    Look("refer-check", "referrer", "/borough/refer/{draft}/check"),
    Look("refer-sent", "referrer", "/borough/refer/sent/{sent_draft}"),
    Look("refer-copy", "referrer", "/borough/refer/sent/{sent_draft}/copy"),
    Look("imports", "camhs", "/borough/referrals/imports"),
    Look("import-columns", "camhs", "/borough/referrals/imports/columns"),
    Look("import", "camhs", "/borough/referrals/imports/{import}"),
    Look("import-faulty", "camhs", "/borough/referrals/imports/{import}?rows=faulty"),
    Look("sharing", "camhs", "/borough/families/{family}/sharing"),
    Look("sharing-log", "camhs", "/borough/families/{family}/sharing/add"),
    Look("consent-give", "camhs", "/borough/families/{family}/consents/add"),
    Look("consent-withdraw", "camhs", "/borough/families/{family}/consents/{consent}/withdraw"),
    Look("webhook", "administrator", "/borough/systems/{told_system}/webhook"),
    Look("webhook-none", "administrator", "/borough/systems/{system}/webhook"),
    Look("webhook-address", "administrator", "/borough/systems/{system}/webhook/address"),
    Look("assessments", "camhs", "/borough/assessments"),
    Look("assessment", "adult", "/borough/assessments/{assessment}"),
    Look("assessment-together", "adult", "/borough/assessments/{assessment}?part=together"),
    Look("assessment-visits", "adult", "/borough/assessments/{arranged}?part=visits"),
    Look("assessment-arranged", "camhs", "/borough/assessments/{arranged}"),
    Look("assessment-to-arrange", "camhs", "/borough/assessments/{to_arrange}"),
    Look("assessment-changes", "adult", "/borough/assessments/{assessment}/changes"),
    Look("assessment-edit", "camhs", "/borough/assessments/{assessment}/edit"),
    Look("visit", "camhs", "/borough/assessments/{to_arrange}/visit"),
    Look("groups", "facilitator", "/borough/groups"),
    Look("group", "facilitator", "/borough/groups/{group}"),
    Look("group-add", "administrator", "/borough/groups/add"),
    Look("venue-add", "administrator", "/borough/venues/add"),
    Look("place-offer", "facilitator", "/borough/families/{waiting}/place/offer"),
    Look("place-start", "facilitator", "/borough/families/{offered}/place/start"),
    Look("place-end", "facilitator", "/borough/families/{quiet}/place/end"),
    Look("register", "facilitator", "/borough/sessions/{session}/register"),
    Look("register-closed", "facilitator", "/borough/sessions/{closed_session}/register"),
    Look("register-read", "camhs", "/borough/sessions/{session}/register"),
    Look("outreach", "facilitator", "/borough/outreach"),
    Look("outreach-closed", "facilitator", "/borough/outreach?status=closed"),
    Look("case", "facilitator", "/borough/outreach/{case}"),
    Look("case-closed", "facilitator", "/borough/outreach/{closed_case}"),
    Look("contact", "facilitator", "/borough/families/{family}/contact"),
    Look("collect", "facilitator", "/borough/families/{family}/collect"),
    Look("collections", "facilitator", "/borough/collections"),
    Look("families", "facilitator", "/borough/families"),
    Look("family", "camhs", "/borough/families/{family}"),
    Look("family-details", "camhs", "/borough/families/{family}?part=details"),
    Look("family-narrowed", "camhs", "/borough/families/{family}?kind=outreach&kind=group&period=month"),
    Look("family-known", "camhs", "/borough/families/{known}"),
    Look("family-known-details", "camhs", "/borough/families/{known}?part=details"),
    Look("record-contact", "camhs", "/borough/families/{known}/record/contact"),
    Look("record-addresses", "camhs", "/borough/families/{known}/record/addresses"),
    Look("record-needs", "camhs", "/borough/families/{known}/record/needs"),
    Look("record-safety", "camhs", "/borough/families/{known}/record/safety"),
    Look("record-parent", "camhs", "/borough/families/{known}/record/people/{known_parent}"),
    Look("record-child", "camhs", "/borough/families/{known}/record/people/{known_child}"),
    Look("record-add-parent", "camhs", "/borough/families/{known}/record/parents/add"),
    Look("record-add-child", "camhs", "/borough/families/{known}/record/children/add"),
    Look("record-take-out", "camhs", "/borough/families/{known}/record/people/{known_parent}/take-out"),
    Look("family-attendance", "camhs", "/borough/families/{family}?part=attendance"),
    Look("families-restricted", "camhs", "/borough/families"),
    Look("duplicates", "camhs", "/borough/duplicates"),
    Look("duplicates-family", "camhs", "/borough/families/{twice}/duplicates"),
    Look("duplicates-referral", "camhs", "/borough/referrals/{twice_referral}"),
    Look("duplicates-merge", "camhs", "/borough/families/{twice}/merge/{twice_too}"),
    Look("duplicates-merges", "camhs", "/borough/families/{twice}/merges"),
    Look("family-restricted", "camhs", "/borough/families/{restricted}"),
    Look("family-broken-into", "camhs_too", "/borough/families/{restricted}"),
    Look("restricted-notice", "facilitator", "/borough/families/{restricted}", 403),
    Look("break-glass", "facilitator", "/borough/families/{restricted}/break-glass", 403),
    Look("restriction", "camhs", "/borough/families/{restricted}/restriction"),
    Look("restrict", "camhs", "/borough/families/{family}/restrict"),
    Look("restriction-change", "camhs", "/borough/families/{restricted}/restriction/change"),
    Look("restriction-lift", "camhs", "/borough/families/{restricted}/restriction/lift"),
    Look("notices", "administrator", "/borough/notices"),
    Look("people", "administrator", "/borough/people"),
    Look("people-of-a-role", "administrator", "/borough/people?role=facilitator"),
    Look("people-of-no-role", "administrator", "/borough/people?role=commissioner"),
    Look("invite", "administrator", "/borough/people/invite"),
    Look("member", "administrator", "/borough/people/{member}"),
    Look("member-sessions", "administrator", "/borough/people/{member}/sessions"),
    Look("systems", "administrator", "/borough/systems"),
    Look("system", "administrator", "/borough/systems/{system}"),
    Look("system-lost", "administrator", "/borough/systems/{lost_system}"),
    Look("system-add", "administrator", "/borough/systems/add"),
    Look("system-renew", "administrator", "/borough/systems/{system}/renew"),
    Look("system-withdraw", "administrator", "/borough/systems/{system}/withdraw"),
    Look("account-administrator", "administrator", "/account"),
    Look("audit", "administrator", "/borough/audit"),
    Look("audit-changes", "administrator", "/borough/audit?kind=change&family_id={family}"),
    Look("audit-fault", "administrator", "/borough/audit?since-day=31&since-month=2&since-year=2026", 422),
    Look("readers", "camhs", "/borough/families/{family}/readers"),
    Look("readers-changed", "camhs", "/borough/families/{family}/readers?kind=change"),
    Look("readers-list", "camhs", "/borough/families/{family}/readers/list"),
    Look("invitation", "", "/invitation/{invitation}"),
    Look("agency-add", "administrator", "/borough/agencies/add"),
    Look("branding", "administrator", "/borough/branding"),
    Look("sign-on-not-set-up", "administrator", "/borough/sign-on"),
    Look("about", "", "/borough/about"),
    Look("not-found", "camhs", "/borough/nothing/here", 404),
    Look("forbidden", "referrer", "/borough/people", 403),
    Look("invitation-gone", "", "/invitation/nothing", 404),
]
EMPTY = [
    Look("today-empty", "camhs", "/borough/"),
    Look("referrals-empty", "camhs", "/borough/referrals"),
    Look("referrals-mine-empty", "camhs", "/borough/referrals?whose=mine"),
    Look("referrals-own-empty", "referrer", "/borough/referrals"),
    Look("imports-empty", "camhs", "/borough/referrals/imports"),
    Look("assessments-empty", "camhs", "/borough/assessments"),
    Look("groups-empty", "facilitator", "/borough/groups"),
    Look("group-add-empty", "administrator", "/borough/groups/add"),
    Look("outreach-empty", "facilitator", "/borough/outreach"),
    Look("collections-empty", "facilitator", "/borough/collections"),
    Look("families-empty", "facilitator", "/borough/families"),
    Look("branding-empty", "administrator", "/borough/branding"),
    Look("about-empty", "", "/borough/about"),
    Look("notices-empty", "administrator", "/borough/notices"),
    Look("systems-empty", "administrator", "/borough/systems"),
]
EVERY = [*((look, False) for look in FULL), *((look, True) for look in EMPTY)]


@pytest.mark.parametrize(("look", "empty"), EVERY, ids=[look.name for look, _ in EVERY])
def test_page_looks_right(eyes: Eyes, look: Look, *, empty: bool) -> None:
    with eyes.page(look.who, empty=empty) as page:
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and "status of" not in said.text else None)
        answer = page.goto(eyes.address(look.path, empty=empty))
        assert answer is not None
        assert answer.status == look.status
        page.evaluate("document.fonts.ready")
        looks_right(page, look.name)
        assert complaints == []
