"""A system is told by webhook: signed, once a step, again when it fails, and nothing that its families no longer agree to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.caller import Caller
from chassis.contract import ReceivedEvent
from chassis.database import open_work
from gateway.repository import Work
from gateway.webhooks.desk import silence_system, tell_system
from gateway.webhooks.outbox import WebhookOutbox
from gateway.webhooks.reach import WebhookReach
from gateway.webhooks.sender import WebhookSender
from gateway.webhooks.signing import WebhookSecrets
from tests.support.gateway import Borough, Gateway, Someone
from tests.support.hooks import Receiver, receiver
from tests.support.mailing import change
from tests.support.pages import seen
from tests.support.systems import Made

REFERENCE = "R7K4-9QDM"


@pytest.fixture
def other_side() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_yet(gateway: Gateway) -> Iterator[None]:
    yield
    change(gateway.database, "DELETE FROM webhook_deliveries")


class Hook:
    """A system's webhook, set up by the administrator."""

    def __init__(self, given: Made, administrator: Someone, url: str) -> None:
        self.gateway, self.borough_id, self.acts_as = given.borough.gateway, UUID(given.borough.id), UUID(given.answer["acts_as"])
        self.path, self.administrator = f"{given.borough.base}/systems/{given.id}/webhook", administrator
        answer = administrator.post(self.path, {"url": url})
        assert answer.status_code == 200, answer.json
        self.secret = str(answer.json["secret"])

    @property
    def now(self) -> dict[str, Any]:
        found: dict[str, Any] = self.administrator.get(self.path).json
        return found

    @property
    def deliveries(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.administrator.get(f"{self.path}/deliveries").json["items"]
        return items

    def change(self, what: str, **values: Any) -> Any:
        return self.administrator.post(f"{self.path}/{what}", {"version": self.now["version"], **values})

    def hears(self, told: str = "accepted", *, step: UUID | None = None, referral: UUID | None = None, sequence: int = 2) -> UUID:
        """Let the gateway hear that a referral of this system stands elsewhere."""
        referral_id, now = referral or uuid4(), datetime.now(UTC)
        facts = {"referrer_id": self.acts_as, "reference": REFERENCE, "step_id": step or uuid4(), "told": told, "told_at": now}
        with self._work() as work:
            tell_system(work, self._event("told", referral_id, sequence, facts))
        return referral_id

    def is_silenced(self, referral_id: UUID, allowed: UUID, sequence: int) -> None:
        facts = {"referrer_id": self.acts_as, "reference": REFERENCE, "may_be_told": "nothing", "step_id": allowed}
        with self._work() as work:
            silence_system(work, self._event("silenced", referral_id, sequence, facts))

    def _event(self, what: str, referral_id: UUID, sequence: int, facts: dict[str, Any]) -> ReceivedEvent:
        kind = f"referrals.referral.{what}"
        return ReceivedEvent(uuid4(), kind, referral_id, sequence, self.borough_id, datetime.now(UTC), "test", facts)

    def _work(self) -> Any:
        return open_work(Work, self.gateway.database, Caller.service("gateway", self.borough_id))

    def send(self, within: float = 5.0) -> int:
        """Do one round, as every process of the gateway does every two seconds."""
        settings = self.gateway.settings
        reach = WebhookReach(local=True, within=within)
        return WebhookSender(self.gateway.database, WebhookSecrets(settings.signing_key), reach, "http://localhost").send_due()

    def alter(self, what: str) -> None:
        """Change rows behind the interface, as the borough's own role: the one that sends may change little."""
        with self.gateway.database.session(self.borough_id) as session:
            session.execute(text(what))
            session.commit()

    def later(self) -> None:
        """Let the time pass that what failed waits."""
        change(self.gateway.database, "UPDATE webhook_deliveries SET next_attempt_at = now() WHERE state = 'waiting'")
        change(self.gateway.database, "UPDATE webhooks SET rests_until = NULL")


@pytest.fixture
def hook(given: Made, administrator: Someone, other_side: Receiver) -> Hook:
    return Hook(given, administrator, other_side.url)


def test_what_arrives_is_signed_and_names_nobody(hook: Hook, other_side: Receiver) -> None:
    referral_id = hook.hears("accepted")
    assert hook.send() == 1
    (message,) = other_side.messages
    assert message.is_signed_with(hook.secret)
    assert not message.is_signed_with("whsec_" + "A" * 44)
    assert message.told["type"] == "referral.told"
    assert set(message.told["data"]) == {"referral_id", "reference", "told", "told_at"}
    assert (message.told["data"]["referral_id"], message.told["data"]["told"]) == (str(referral_id), "accepted")
    (delivery,) = hook.deliveries
    assert (delivery["state"], delivery["attempts"], delivery["last_outcome"]) == ("delivered", 1, "204")


def test_a_step_is_told_once_however_often_it_is_heard_of(hook: Hook, other_side: Receiver) -> None:
    step = uuid4()
    referral_id = hook.hears(step=step)
    hook.hears(step=step, referral=referral_id)
    assert [hook.send(), hook.send()] == [1, 0]
    assert len(other_side.messages) == 1


def test_the_secret_is_told_once_and_the_next_one_overlaps_with_it(hook: Hook, other_side: Receiver) -> None:
    assert "secret" not in hook.now
    assert hook.secret not in str(hook.now)
    rotated = hook.change("rotate").json
    assert rotated["secret"] != hook.secret
    hook.hears()
    hook.send()
    assert other_side.messages[-1].is_signed_with(hook.secret)
    assert other_side.messages[-1].is_signed_with(rotated["secret"])
    hook.alter("UPDATE webhooks SET former_until = now() - interval '1 second' WHERE edition = 2")
    hook.hears()
    hook.send()
    assert not other_side.messages[-1].is_signed_with(hook.secret)
    assert other_side.messages[-1].is_signed_with(rotated["secret"])


def test_an_address_is_changed_without_another_secret(hook: Hook, other_side: Receiver) -> None:
    with receiver() as another:
        answer = hook.administrator.post(hook.path, {"url": another.url, "version": hook.now["version"]}).json
        assert answer["secret"] is None
        hook.hears()
        hook.send()
        assert (len(another.messages), len(other_side.messages)) == (1, 0)
        assert another.messages[0].is_signed_with(hook.secret)


def test_two_administrators_who_set_an_address_at_once_hear_of_each_other(hook: Hook) -> None:
    assert hook.administrator.post(hook.path, {"url": "https://example.org/other"}).json["code"] == "conflict"
    version = hook.now["version"]
    assert hook.administrator.post(f"{hook.path}/rotate", {"version": version}).status_code == 200
    assert hook.administrator.post(f"{hook.path}/rotate", {"version": version}).json["code"] == "stale"


@pytest.mark.parametrize("status", [500, 404, 410, 302])
def test_what_is_not_taken_is_tried_again_later_under_the_same_number(hook: Hook, other_side: Receiver, status: int) -> None:
    other_side.status, other_side.location = status, "http://127.0.0.1:1/elsewhere" if status == 302 else ""
    hook.hears()
    assert hook.send() == 0
    (delivery,) = hook.deliveries
    assert (delivery["state"], delivery["last_outcome"]) == ("waiting", "redirected" if status == 302 else str(status))
    assert hook.now["failing_since"] is not None
    assert hook.send() == 0, "not before its time"
    other_side.status = 200
    hook.later()
    assert hook.send() == 1
    first, second = other_side.messages
    assert first.id == second.id
    assert second.is_signed_with(hook.secret)
    assert hook.now["failing_since"] is None


def test_a_slow_system_is_not_waited_for_and_keeps_nobody_else_waiting(hook: Hook, other_side: Receiver) -> None:
    other_side.seconds = 1.0
    for _ in range(3):
        hook.hears()
    assert hook.send(within=0.2) == 0
    assert sorted(delivery["last_outcome"] for delivery in hook.deliveries) == ["", "", "late"]


def test_a_system_that_is_away_is_tried_with_growing_delay(hook: Hook) -> None:
    hook.alter(f"UPDATE webhooks SET url = 'http://127.0.0.1:1/hook' WHERE acts_as = '{hook.acts_as}'")
    hook.hears()
    waits = []
    for _ in range(4):
        hook.send()
        (delivery,) = hook.deliveries
        waits.append(round((datetime.fromisoformat(delivery["next_attempt_at"]) - datetime.now(UTC)).total_seconds()))
        hook.later()
    assert delivery["last_outcome"] == "unreachable"
    assert [abs(wait - wanted) <= 1 for wait, wanted in zip(waits, (5, 20, 80, 320), strict=True)] == [True] * 4


def test_a_gateway_that_dies_half_way_leaves_it_to_another_once_its_claim_is_over(hook: Hook, other_side: Receiver) -> None:
    hook.hears()
    (claimed,) = WebhookOutbox(hook.gateway.database).claim(10)
    assert hook.send() == 0, "somebody has it in hand"
    hook.later()
    assert hook.send() == 1
    assert other_side.messages[0].id == str(claimed.delivery.id)


def test_two_processes_share_out_what_is_due(hook: Hook) -> None:
    for _ in range(3):
        hook.hears()
    claims = [WebhookOutbox(hook.gateway.database).claim(10) for _ in range(4)]
    assert [len(claim) for claim in claims] == [1, 1, 1, 0]
    assert len({due.delivery.id for claim in claims for due in claim}) == 3


def test_after_three_days_it_stops_and_the_administrators_are_told(hook: Hook, other_side: Receiver, southwark: Borough) -> None:
    other_side.status = 503
    hook.hears()
    hook.alter("UPDATE webhook_deliveries SET give_up_at = now()")
    hook.alter("UPDATE webhooks SET failing_since = now() - interval '73 hours' WHERE url LIKE '%127.0.0.1%'")
    hook.send()
    assert hook.now["state"] == "disabled"
    assert [delivery["state"] for delivery in hook.deliveries] == ["given_up"]
    with hook.gateway.database.platform_session() as session:
        told = (
            session.execute(text("SELECT text FROM mails WHERE kind = 'webhook' AND borough_id = :id"), {"id": southwark.id})
            .scalars()
            .all()
        )
    assert any("has not answered for three days" in mail for mail in told)
    notice = new_notice(hook, southwark)
    assert (notice["kind"], notice["system_id"], notice["family_id"], notice["person_name"]) == (
        "system_stopped", str(hook.acts_as), None, None
    )  # fmt: skip
    assert "has not answered for three days" in notice["reason"]
    hook.send()
    assert new_notice(hook, southwark) == notice, "it is told of once"
    hook.hears()
    assert len(hook.deliveries) == 1, "nothing more is kept for it"
    other_side.status = 200
    assert hook.administrator.post(f"{hook.path}/deliveries/{hook.deliveries[0]['id']}/retry").json["code"] == "invalid_transition"
    hook.change("switch", on=True)
    assert hook.administrator.post(f"{hook.path}/deliveries/{hook.deliveries[0]['id']}/retry").status_code == 200
    assert hook.send() == 1
    assert (hook.now["state"], hook.now["failing_since"]) == ("on", None)


def new_notice(hook: Hook, borough: Borough) -> dict[str, Any]:
    """Return the one notice about this system that nobody looked at."""
    items = hook.administrator.get(f"{borough.base}/notices", new="true").json["items"]
    (found,) = [one for one in items if one["system_id"] == str(hook.acts_as)]
    return dict(found)


def test_an_administrator_finds_what_was_stopped_among_the_notices_and_notes_what_came_of_it(
    hook: Hook, southwark: Borough, gateway: Gateway
) -> None:
    hook.alter("UPDATE webhooks SET failing_since = now() - interval '73 hours' WHERE url LIKE '%127.0.0.1%'")
    hook.send()
    notice = new_notice(hook, southwark)
    browser = gateway.app.test_client()
    browser.set_cookie("stayplay", hook.administrator.token)
    page = seen(browser.get(f"/{southwark.slug}/notices"))
    assert f"{notice['system_name']} no longer gets updates, since" in page.words
    assert "None" not in page.words
    (link,) = [one for one in page.all("main a.govuk-link") if str(hook.acts_as) in one["href"]]
    assert browser.get(link["href"]).status_code == 200
    looked = hook.administrator.post(f"{southwark.base}/notices/{notice['id']}/look-at", {"version": 1, "note": "Their certificate ended."})
    assert (looked.status_code, looked.json["note"]) == (200, "Their certificate ended.")
    assert "Their certificate ended." in seen(browser.get(f"/{southwark.slug}/notices")).words


def test_what_arrived_is_not_sent_again(hook: Hook) -> None:
    hook.hears()
    hook.send()
    assert hook.administrator.post(f"{hook.path}/deliveries/{hook.deliveries[0]['id']}/retry").json["code"] == "invalid_transition"


def test_nothing_is_sent_while_it_is_off_and_what_waited_is_sent_afterwards(hook: Hook, other_side: Receiver) -> None:
    hook.hears()
    hook.change("switch", on=False)
    hook.hears()
    assert hook.send() == 0
    hook.change("switch", on=True)
    assert hook.send() == 1
    assert len(other_side.messages) == 1


def test_a_system_whose_token_was_taken_back_is_told_nothing_more(
    hook: Hook, given: Made, administrator: Someone, other_side: Receiver
) -> None:
    hook.hears()
    assert administrator.post(f"{given.borough.base}/systems/{given.id}/withdraw").status_code == 200
    hook.hears()
    assert (hook.send(), other_side.messages, hook.now["state"]) == (0, [], "off")


def test_a_system_that_has_its_next_token_is_told_as_before(hook: Hook, given: Made, administrator: Someone, other_side: Receiver) -> None:
    assert administrator.post(f"{given.borough.base}/systems/{given.id}/renew", {"days": 30}).status_code == 201
    assert administrator.post(f"{given.borough.base}/systems/{given.id}/withdraw").status_code == 200
    hook.hears()
    assert (hook.send(), len(other_side.messages)) == (1, 1)


def test_what_a_family_no_longer_agrees_to_is_taken_back_before_it_leaves(hook: Hook, other_side: Receiver) -> None:
    other_side.status = 500
    received = uuid4()
    referral_id = hook.hears("received", step=received, sequence=1)
    hook.hears("accepted", referral=referral_id, sequence=2)
    hook.is_silenced(referral_id, received, sequence=3)
    hook.hears("declined", referral=referral_id, sequence=2)
    other_side.status = 200
    hook.later()
    hook.send()
    assert {message.told["data"]["told"] for message in other_side.messages} == {"received"}
    assert {delivery["state"] for delivery in hook.deliveries if delivery["told"] in {"accepted", "declined"}} == {"taken_back"}


def test_nobody_of_another_borough_sees_or_moves_anything_of_it(hook: Hook, neighbour: Someone, lambeth: Borough) -> None:
    hook.hears()
    theirs = hook.path.replace(hook.path.split("/")[3], lambeth.slug)
    assert neighbour.get(theirs).status_code == 404
    assert neighbour.get(f"{theirs}/deliveries").status_code == 404
    assert neighbour.post(f"{theirs}/deliveries/{hook.deliveries[0]['id']}/retry").status_code == 404
    assert neighbour.get(hook.path).status_code == 404


def test_a_system_may_not_look_at_or_change_where_it_is_told(hook: Hook, given: Made) -> None:
    assert given.system.get(hook.path).json["code"] == "scope_missing"
    assert given.system.post(hook.path, {"url": "https://example.org/"}).json["code"] == "scope_missing"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook", "ftp://example.org/", "https://", "https://user:secret@example.org/", "https://example.org/#part",
        "https://10.0.0.1/hook", "https://169.254.169.254/latest/meta-data", "https://[fd00::1]/", "https://192.168.1.1/", "javascript:1",
        "https://exa mple.org/", "https://example.org:0/", "https://[::ffff:10.0.0.1]/",
    ],
)  # fmt: skip
def test_only_https_to_the_internet_is_taken(given: Made, administrator: Someone, url: str) -> None:
    answer = administrator.post(f"{given.borough.base}/systems/{given.id}/webhook", {"url": url})
    assert answer.json["code"] == "invalid", answer.json
    assert list(answer.json["faults"]) == ["url"]


def test_a_name_that_leads_into_a_private_network_is_not_followed_there(other_side: Receiver) -> None:
    local = WebhookReach(local=False)
    port = other_side.url.split(":")[2].split("/")[0]
    assert local.send(f"https://localhost:{port}/hook", {}, b"{}") == "not_allowed"
    assert local.send(f"http://127.0.0.1:{port}/hook", {}, b"{}") == "not_allowed"
    assert other_side.messages == []


def test_what_was_settled_a_month_ago_is_forgotten(hook: Hook) -> None:
    hook.hears()
    hook.send()
    gone = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    change(hook.gateway.database, f"UPDATE webhook_deliveries SET settled_at = '{gone}'")
    hook.send()
    assert hook.deliveries == []


def test_what_administrators_do_with_it_is_in_the_trail_without_its_secret(hook: Hook, administrator: Someone, southwark: Borough) -> None:
    hook.change("rotate")
    items = administrator.get(f"{southwark.base}/audit", subject_id=str(hook.acts_as), limit=100).json["items"]
    assert {"gateway.set_webhook", "gateway.rotate_webhook_secret"} <= {item["operation"] for item in items}
    assert hook.secret not in str(items)
