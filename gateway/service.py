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
from gateway.notices.desk import tell_administrators
from gateway.people.mail import Postbox, Sender, transport_of
from gateway.repository import Work
from gateway.runtime import Runtime
from services.referrals.contract import GLASS_BROKEN


def _address(settings: Settings) -> tuple[str, int]:
    return (settings.gateway.host, settings.gateway.port) if settings.gateway else ("127.0.0.1", 0)


class GatewayService(Sealed):
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

    @steadily(seconds=1)
    def write_security_notes(self) -> None:
        """Write what was noted of sign-ins and access into the audit trails of the boroughs concerned."""
        SecurityNotes(self.work.opened).write()

    @steadily(seconds=2)
    def send_mails(self) -> None:
        """Send the mails that are due; the processes of the gateway share them out."""
        settings: Settings = self.work.container.config["settings"]
        Sender(Postbox(self.work.opened), transport_of(settings.gateway.mail_url) if settings.gateway else None).send_waiting()
