"""The gateway as nameko runs it: pages and API on the event loop, one client for all calls, its events."""

from flask import Flask

from chassis.auditing.trail import Sealed
from chassis.contract import ReceivedEvent
from chassis.database.provider import WorkProvider
from chassis.events import on_event
from chassis.rpc import RpcCalls, RpcClient
from chassis.settings import Settings
from chassis.timers import steadily
from chassis.warming import WarmUp
from chassis.web import website
from chassis.working_days import load_holidays
from gateway.access.audit.security import SecurityNotes
from gateway.app import create_app
from gateway.boroughs.policy import Beginning
from gateway.letters import write_letter
from gateway.notices.desk import tell_administrators
from gateway.people.mail import Postbox, Sender, transport_of
from gateway.records.desk import ErasesMails
from gateway.repository import Work
from gateway.runtime import Runtime
from gateway.webhooks.desk import silence_system, tell_system
from gateway.webhooks.reach import WebhookReach
from gateway.webhooks.sender import WebhookSender
from gateway.webhooks.signing import WebhookSecrets
from services.referrals.contract import GLASS_BROKEN, MESSAGE_WANTED
from services.referrals.contract.telling import REFERRAL_SILENCED, REFERRAL_TOLD


def _address(settings: Settings) -> tuple[str, int]:
    return (settings.gateway.host, settings.gateway.port) if settings.gateway else ("127.0.0.1", 0)


class GatewayService(ErasesMails, Sealed):
    """The only part of the platform that people and other systems meet."""

    name = "gateway"
    work = WorkProvider(Work)
    calls: RpcClient = RpcCalls()
    holidays = WarmUp(load_holidays)

    @website(address=_address)
    def web(self) -> Flask:
        """Return the application that answers every request."""
        return create_app(Runtime.of(self.work.container.config["settings"], self.work.opened, self.calls))

    @steadily(seconds=30)
    def begin_policies(self) -> None:
        """Let the policies hold whose day has come."""
        Beginning(self.work.opened).begin_due()

    @on_event(GLASS_BROKEN)
    def hear_of_broken_glass(self, work: Work, event: ReceivedEvent) -> None:
        """Tell the borough's administrators at once."""
        settings: Settings = self.work.container.config["settings"]
        tell_administrators(work, event, settings.gateway.public_url if settings.gateway else "")

    @on_event(MESSAGE_WANTED)
    def hear_of_message(self, work: Work, event: ReceivedEvent) -> None:
        """Write the mail that the referrals service wants written."""
        settings: Settings = self.work.container.config["settings"]
        write_letter(work, self.work.opened, event, settings.gateway.public_url if settings.gateway else "")

    @on_event(REFERRAL_TOLD)
    def hear_what_to_tell(self, work: Work, event: ReceivedEvent) -> None:
        """Tell the system that referred, where it wants to be told by itself."""
        tell_system(work, event)

    @on_event(REFERRAL_SILENCED)
    def hear_what_not_to_tell(self, work: Work, event: ReceivedEvent) -> None:
        """Take back what a family does not want told any more."""
        silence_system(work, event)

    @steadily(seconds=2)
    def send_webhooks(self) -> None:
        """Tell systems what is due; the processes of the gateway share it out."""
        settings: Settings = self.work.container.config["settings"]
        if settings.gateway:
            reach = WebhookReach(local=not settings.gateway.is_secure)
            secrets = WebhookSecrets(settings.signing_key)
            WebhookSender(self.work.opened, secrets, reach, settings.gateway.public_url).send_due()

    @steadily(seconds=1)
    def write_security_notes(self) -> None:
        """Write what was noted of sign-ins and access into the audit trails of the boroughs concerned."""
        SecurityNotes(self.work.opened).write()

    @steadily(seconds=2)
    def send_mails(self) -> None:
        """Send the mails that are due; the processes of the gateway share them out."""
        settings: Settings = self.work.container.config["settings"]
        Sender(Postbox(self.work.opened), transport_of(settings.gateway.mail_url) if settings.gateway else None).send_waiting()
