"""How a borough shows itself: through the API, on its pages, and to strangers."""

import io
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import Image

from chassis.database import Database
from chassis.database.tenants import known_boroughs
from gateway.access import csrf
from tests.support.gateway import Borough, Gateway, Someone

FACE = {
    "programme_name": "Peckham Stay & Play", "accent": "#7a1f5c", "address": "1 Rye Lane\nLondon", "email": "hello@southwark.example",
    "phone": "020 7946 0000", "privacy_notice": "We keep your name.\n\nYou can ask us for it at any time.",
}  # fmt: skip
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>alert(1)</script></svg>'


@pytest.fixture
def borough(gateway: Gateway) -> Borough:
    return gateway.onboard()


@pytest.fixture
def boss(borough: Borough) -> Someone:
    return borough.administrator()


@pytest.fixture
def browser(gateway: Gateway, boss: Someone) -> FlaskClient:
    client = gateway.app.test_client()
    client.set_cookie("stayplay", boss.token)
    return client


@pytest.fixture
def stranger(gateway: Gateway) -> FlaskClient:
    return gateway.app.test_client()


def path(borough: Borough, more: str = "") -> str:
    return f"{borough.base}/branding{more}"


def dressed(borough: Borough, boss: Someone, **changed: Any) -> dict[str, Any]:
    version = boss.get(path(borough)).json["version"]
    answer = boss.post(path(borough), {"version": version, **FACE, **changed})
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def picture(colour: tuple[int, int, int] = (122, 31, 92)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), colour).save(out, "PNG")
    return out.getvalue()


def with_logo(borough: Borough, boss: Someone, raw: bytes | None = None) -> Any:
    version = boss.get(path(borough)).json["version"]
    return boss.post(path(borough, "/logo"), {"version": version, "logo": b64encode(raw or picture()).decode()})


def parsed(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def form(boss: Someone, **values: Any) -> dict[str, Any]:
    return {"csrf_token": csrf.token_for(boss.token), "form_key": uuid4().hex, **values}


def test_a_new_borough_has_the_products_colour_and_nothing_to_read(borough: Borough, boss: Someone) -> None:
    now = boss.get(path(borough)).json
    assert (now["accent"], now["address"], now["privacy_notice"], now["logo_hash"], now["checked_at"]) == ("#0f5c63", "", "", None, None)


def test_a_borough_may_come_with_a_colour(gateway: Gateway) -> None:
    dark = gateway.onboard(branding={"accent": "#7a1f5c"})
    assert dark.administrator().get(path(dark)).json["accent"] == "#7a1f5c"


def test_what_is_saved_is_what_is_shown(borough: Borough, boss: Someone) -> None:
    dressed(borough, boss)
    assert {name: boss.get(path(borough)).json[name] for name in FACE} == FACE


def test_the_programmes_name_is_told_to_every_service(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    before = boss.get(f"{borough.base}/borough").json["version"]
    dressed(borough, boss)
    assert boss.get(f"{borough.base}/borough").json["programme_name"] == FACE["programme_name"]
    assert copy_of(gateway.database, borough).programme_name == FACE["programme_name"]
    assert boss.get(f"{borough.base}/borough").json["version"] == before + 1


def copy_of(database: Database, borough: Borough) -> Any:
    with database.operating() as connection:
        return next(one for one in known_boroughs(connection) if one.slug == borough.slug)


def test_a_colour_that_words_cant_be_read_on_is_refused_with_the_reason(borough: Borough, boss: Someone) -> None:
    refused = boss.post(path(borough), {"version": 1, **FACE, "accent": "#ffcc00"})
    assert refused.status_code == 422
    assert "WCAG AA" in refused.json["faults"]["accent"][0]
    assert boss.get(path(borough)).json["accent"] == "#0f5c63"


def test_of_two_who_save_at_once_one_is_told_of_the_other(borough: Borough, boss: Someone) -> None:
    def save(name: str) -> int:
        status: int = boss.post(path(borough), {"version": 1, **FACE, "programme_name": name}).status_code
        return status

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(save, ["One Stay & Play", "Two Stay & Play"]))
    assert statuses == [200, 409]


def test_a_stale_save_that_only_renames_is_refused_too(borough: Borough, boss: Someone) -> None:
    """The name is kept with the borough, the version with the branding."""
    version = dressed(borough, boss)["version"]
    dressed(borough, boss, programme_name="Another Stay & Play")
    refused = boss.post(path(borough), {"version": version, **FACE})
    assert refused.status_code == 409
    assert refused.json["theirs"]["programme_name"] == "Another Stay & Play"


def test_only_an_administrator_changes_it(borough: Borough, boss: Someone) -> None:
    jo = borough.join(borough.invite(boss, "Jo Marsh", ["facilitator"], "childrens_centre"))
    assert jo.get(path(borough)).status_code == 200
    for more, body in (
        ("", {"version": 1, **FACE}),
        ("/logo", {"version": 1, "logo": "AAAA"}),
        ("/logo/remove", {"version": 1}),
        ("/check", {"version": 1}),
    ):
        assert jo.post(path(borough, more), body).status_code == 403, more


def test_another_boroughs_administrator_changes_nothing(gateway: Gateway, borough: Borough, boss: Someone) -> None:
    other = gateway.onboard().administrator()
    assert other.post(path(borough), {"version": 1, **FACE}).status_code == 404
    assert boss.get(path(borough)).json["version"] == 1


def test_a_logo_is_cleaned_and_served_under_its_hash(borough: Borough, boss: Someone, stranger: FlaskClient) -> None:
    now = with_logo(borough, boss, picture() + b"<script>").json
    served = stranger.get(f"/{borough.slug}/logo/{now['logo_hash']}")
    assert served.status_code == 200
    assert b"<script>" not in served.data
    headers = served.headers
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_svg_with_a_script_is_refused_and_the_old_logo_stays(borough: Borough, boss: Someone) -> None:
    before = with_logo(borough, boss).json
    refused = with_logo(borough, boss, SCRIPT)
    assert refused.status_code == 422
    assert "<script>" in refused.json["faults"]["logo"][0]
    assert boss.get(path(borough)).json["logo_hash"] == before["logo_hash"]


@pytest.mark.parametrize("logo", ["not base64!", "", "A" * 200_000])
def test_what_is_no_logo_at_all_is_refused(borough: Borough, boss: Someone, logo: str) -> None:
    assert boss.post(path(borough, "/logo"), {"version": 1, "logo": logo}).status_code == 422


def test_a_former_logo_is_gone(borough: Borough, boss: Someone, stranger: FlaskClient) -> None:
    former = with_logo(borough, boss).json["logo_hash"]
    present = with_logo(borough, boss, picture((0, 0, 0))).json
    assert stranger.get(f"/{borough.slug}/logo/{former}").status_code == 404
    boss.post(path(borough, "/logo/remove"), {"version": present["version"]})
    assert stranger.get(f"/{borough.slug}/logo/{present['logo_hash']}").status_code == 404


def test_a_logo_is_not_found_in_another_borough(gateway: Gateway, borough: Borough, boss: Someone, stranger: FlaskClient) -> None:
    logo = with_logo(borough, boss).json["logo_hash"]
    assert stranger.get(f"/{gateway.onboard().slug}/logo/{logo}").status_code == 404


def test_a_missing_logo_is_not_kept_for_ever(borough: Borough, stranger: FlaskClient) -> None:
    assert stranger.get(f"/{borough.slug}/logo/{'0' * 64}").headers["Cache-Control"] == "no-store"


def test_the_public_page_is_for_anybody_and_names_the_programme_alone(borough: Borough, boss: Someone, stranger: FlaskClient) -> None:
    dressed(borough, boss)
    answer = stranger.get(f"/{borough.slug}/about")
    page = parsed(answer)
    assert answer.status_code == 200
    assert page.title is not None
    assert page.title.get_text() == "Who we are - Peckham Stay & Play"
    text = page.get_text()
    for said in ("1 Rye Lane", "hello@southwark.example", "020 7946 0000", "We keep your name.", "Leave this page"):
        assert said in text
    assert "CAMHS" not in text
    assert "Ada Minister" not in text
    assert [words.get_text() for words in page.select(".card__words p")] == ["We keep your name.", "You can ask us for it at any time."]


def test_what_a_borough_writes_is_never_markup(borough: Borough, boss: Someone, stranger: FlaskClient) -> None:
    dressed(borough, boss, privacy_notice="<script>alert(1)</script>", address="<img src=x onerror=alert(1)>")
    page = parsed(stranger.get(f"/{borough.slug}/about"))
    assert page.select("main script, main img") == []
    assert "<script>alert(1)</script>" in page.get_text()


def test_the_public_page_of_an_empty_borough_says_so_kindly(borough: Borough, stranger: FlaskClient) -> None:
    assert "Nothing is written here yet" in parsed(stranger.get(f"/{borough.slug}/about")).get_text()


@pytest.mark.parametrize("page", ["about", f"logo/{'0' * 64}"])
def test_a_borough_that_is_not_there_has_no_public_page(stranger: FlaskClient, page: str) -> None:
    assert stranger.get(f"/nowhere/{page}").status_code == 404


def test_the_public_page_is_checked_until_it_changes(borough: Borough, boss: Someone) -> None:
    now = dressed(borough, boss)
    checked = boss.post(path(borough, "/check"), {"version": now["version"]}).json
    assert checked["checked_at"] is not None
    assert dressed(borough, boss, phone="")["checked_at"] is None
    assert boss.post(path(borough, "/check"), {"version": now["version"]}).status_code == 409


def test_a_new_logo_has_to_be_checked_again(borough: Borough, boss: Someone) -> None:
    now = boss.get(path(borough)).json
    boss.post(path(borough, "/check"), {"version": now["version"]})
    assert with_logo(borough, boss).json["checked_at"] is None


def test_the_form_shows_what_is_saved(borough: Borough, boss: Someone, browser: FlaskClient) -> None:
    dressed(borough, boss)
    page = parsed(browser.get(f"/{borough.slug}/branding"))
    assert page.select_one("input[name=accent]")["value"] == "#7a1f5c"  # type: ignore[index]  # it is there, or the test fails
    assert page.select_one("textarea[name=address]").get_text().strip() == FACE["address"]  # type: ignore[union-attr]  # as above


def test_a_form_is_saved_and_says_so(borough: Borough, boss: Someone, browser: FlaskClient) -> None:
    sent = browser.post(f"/{borough.slug}/branding", data=form(boss, version="1", **FACE))
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/{borough.slug}/branding?done=branding_saved")
    assert boss.get(path(borough)).json["accent"] == "#7a1f5c"


def test_without_script_a_preview_comes_after_a_submit_and_nothing_is_saved(borough: Borough, boss: Someone, browser: FlaskClient) -> None:
    answer = browser.post(f"/{borough.slug}/branding", data=form(boss, version="1", step="preview", **FACE))
    page = parsed(answer)
    assert answer.status_code == 200
    assert ".look{--accent:#7a1f5c}" in answer.get_data(as_text=True)
    assert page.select_one("[data-look-name]").get_text() == "Peckham Stay & Play"  # type: ignore[union-attr]  # as above
    assert "9.6 to 1" in page.select_one("[data-look-contrast]").get_text()  # type: ignore[union-attr]  # as above
    assert boss.get(path(borough)).json["version"] == 1


@pytest.mark.parametrize("accent", ["#ffcc00", "red} body {display:none"])
def test_a_preview_never_puts_on_a_colour_that_is_none(borough: Borough, boss: Someone, browser: FlaskClient, accent: str) -> None:
    answer = browser.post(f"/{borough.slug}/branding", data=form(boss, version="1", step="preview", **{**FACE, "accent": accent}))
    assert ".look{--accent:#0f5c63}" in answer.get_data(as_text=True)


def test_what_is_wrong_is_told_above_and_at_the_field(borough: Borough, boss: Someone, browser: FlaskClient) -> None:
    answer = browser.post(
        f"/{borough.slug}/branding", data=form(boss, version="1", **{**FACE, "accent": "#ffcc00", "address": "The clinic"})
    )
    page = parsed(answer)
    assert answer.status_code == 422
    assert [str(link["href"]) for link in page.select(".govuk-error-summary a")] == ["#accent", "#address"]
    assert "WCAG AA" in page.select_one("#accent-error").get_text()  # type: ignore[union-attr]  # as above
    assert "families read this" in page.select_one("#address-error").get_text()  # type: ignore[union-attr]  # as above


def test_a_stale_form_shows_both_versions(borough: Borough, boss: Someone, browser: FlaskClient) -> None:
    dressed(borough, boss)
    answer = browser.post(f"/{borough.slug}/branding", data=form(boss, version="1", **{**FACE, "phone": "020 7000 0000"}))
    text = parsed(answer).get_text()
    assert answer.status_code == 409
    assert "020 7000 0000" in text
    assert "020 7946 0000" in text


def test_a_logo_is_sent_from_the_page(borough: Borough, boss: Someone, browser: FlaskClient) -> None:
    data = form(boss, version="1", logo=(io.BytesIO(picture()), "logo.png"))
    sent = browser.post(f"/{borough.slug}/branding/logo", data=data, content_type="multipart/form-data")
    assert sent.headers["Location"].endswith("?done=logo_saved")
    shown = parsed(browser.get(f"/{borough.slug}/")).select_one("img.brand__logo")
    assert str(shown["src"]).startswith(f"/{borough.slug}/logo/")  # type: ignore[index]  # as above


@pytest.mark.parametrize(("raw", "said"), [(SCRIPT, "<script>"), (b"", "choose a file"), (b"x" * 150_000, "at most 100 kB")])
def test_a_logo_that_is_refused_says_why_on_the_page(borough: Borough, boss: Someone, browser: FlaskClient, raw: bytes, said: str) -> None:
    data = form(boss, version="1", logo=(io.BytesIO(raw), "logo.svg"))
    answer = browser.post(f"/{borough.slug}/branding/logo", data=data, content_type="multipart/form-data")
    page = parsed(answer)
    assert answer.status_code == 422
    assert said in page.select_one(".govuk-error-summary").get_text()  # type: ignore[union-attr]  # as above
    assert said in page.select_one("#logo-error").get_text()  # type: ignore[union-attr]  # as above


def test_a_stale_logo_is_not_taken(borough: Borough, boss: Someone, browser: FlaskClient) -> None:
    dressed(borough, boss)
    data = form(boss, version="1", logo=(io.BytesIO(picture()), "logo.png"))
    answer = browser.post(f"/{borough.slug}/branding/logo", data=data, content_type="multipart/form-data")
    assert "Choose the logo again" in parsed(answer).get_text()


def test_buttons_remove_the_logo_and_mark_the_page_as_checked(borough: Borough, boss: Someone, browser: FlaskClient) -> None:
    version = with_logo(borough, boss).json["version"]
    browser.post(f"/{borough.slug}/branding/logo/remove", data=form(boss, version=str(version)))
    browser.post(f"/{borough.slug}/branding/check", data=form(boss, version=str(version + 1)))
    now = boss.get(path(borough)).json
    assert now["logo_hash"] is None
    assert now["checked_at"] is not None
    assert "Checked as it is now" in parsed(browser.get(f"/{borough.slug}/branding")).get_text()


@pytest.mark.parametrize("where", ["", "/logo", "/logo/remove", "/check"])
def test_a_form_of_another_site_changes_nothing(borough: Borough, boss: Someone, browser: FlaskClient, where: str) -> None:
    sent = browser.post(f"/{borough.slug}/branding{where}", data={"version": "1", **FACE, "csrf_token": "forged"})
    assert sent.status_code == 403
    assert boss.get(path(borough)).json["version"] == 1
