"""Whose account at a provider is whose: linked by an invitation, or by the person themselves once they are signed in."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import structlog

from chassis.caller import Caller
from chassis.database import Database, open_work
from chassis.errors import Conflict, NotFound
from gateway.access.second_factor import lacks_one
from gateway.access.visitor import Visitor
from gateway.boroughs.models import Borough
from gateway.people.joining import join
from gateway.people.mail import letters
from gateway.people.models import Invitation, Person
from gateway.people.repository import Identity
from gateway.people.single_sign_on.locking_out import require_a_way_in
from gateway.people.single_sign_on.models import SignOn
from gateway.people.single_sign_on.repository import SignOns
from gateway.repository import Work

log = structlog.get_logger(__name__)

_TAKEN = "This account is linked to somebody else in this borough. Sign out of it at your organisation, then use your own."


class AccountsDesk:
    """Links accounts, and takes links away. An equal mail address never links one: it proves nothing."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity
        self._sign_ons = SignOns(database)

    def of(self, visitor: Visitor) -> list[Any]:
        """Return what the person's boroughs have, see `SignOns.of_person`; where a provider vouches for them, that borough alone."""
        every = self._sign_ons.of_person(visitor.person_id)
        return [one for one in every if visitor.provider_id in {None, one.edition}]

    def invitation(self, token: str) -> tuple[Invitation, Borough]:
        """Return an open invitation and its borough.

        Raises:
            NotFound: it can't be used any more.
        """
        found = self._identity.invitation(token)
        if found is None or found[0].state != "open":
            raise NotFound("This invitation was used, taken back, or is too old. Ask your borough administrator for a new one.")
        return found

    def joined(self, token: str, sign_on: SignOn, account: bytes, visitor: Visitor | None) -> Person:
        """Accept an invitation: its person is a member now, and the account is theirs, in one commit.

        Raises:
            NotFound: the invitation can't be used any more, or is another borough's.
            Conflict: the account is somebody else's, or the person has to show first that they have an account here.
            BoroughSuspended: nobody joins the borough for now.
        """
        invitation, borough = self.invitation(token)
        if borough.borough_id != sign_on.borough_id:
            raise NotFound
        borough.require_working()
        person = self._invited(invitation, self._sign_ons.holder_of(sign_on.borough_id, account), visitor)
        with self._work(borough.borough_id, "gateway.accept_invitation") as work:
            join(work, token, person)
            work.linked_accounts.link(person.id, account, "invitation")
        log.info("account.linked", borough_id=str(borough.borough_id), person_id=str(person.id))
        return person

    def _invited(self, invitation: Invitation, holder: UUID | None, visitor: Visitor | None) -> Person:
        """Return the person whom an invitation is for, made where they are new.

        Whoever is known here shows that it is them: by being signed in by their own means, or by an account that was linked before.
        """
        person = self._identity.person(invitation.email)
        if holder is not None and (person is None or holder != person.id):
            raise Conflict(_TAKEN)
        if person is None:
            return self._identity.add_person(invitation.email, invitation.name, None)
        here = visitor is not None and visitor.provider_id is None and visitor.person_id == person.id and not lacks_one(visitor)
        if here or holder == person.id or self._has_nothing(person):
            return person
        raise Conflict(
            "You have an account here already. Sign in with it first, then open the invitation again in the same window: "
            "that shows that it is yours."
        )

    def _has_nothing(self, person: Person) -> bool:
        """Tell whether nobody can come in as this person, nor to anything: a joining that was cut short leaves them so."""
        return person.password_hash is None and not self._identity.boroughs_of(person.id)

    def link(self, sign_on: SignOn, account: bytes, visitor: Visitor) -> None:
        """Link an account to whoever is signed in by their own means; they are told by mail.

        Raises:
            OwnMeansNeeded: a provider vouches for them.
            NotFound: they are no member of the borough any more.
            Conflict: the account is somebody else's.
        """
        visitor.require_own_means()
        with self._work(sign_on.borough_id, "gateway.link_account") as work:
            if work.members.of_person(visitor.person_id) is None:
                raise NotFound
            if work.linked_accounts.holder(account) not in {None, visitor.person_id}:
                raise Conflict(_TAKEN)
            linked = work.linked_accounts.link(visitor.person_id, account, "account")
            work.saw(subject_id=linked.id, person_id=str(visitor.person_id))
            letter = letters.account_linked(sign_on.label, work.boroughs.this().name)
            work.post.put(to=visitor.email, subject=letter.subject, text=letter.text, kind="account_linked")
        log.info("account.linked", borough_id=str(sign_on.borough_id), person_id=str(visitor.person_id))

    def unlink(self, slug: str, visitor: Visitor) -> None:
        """Take the link of whoever is signed in by their own means away; sessions that stand on it end, and they are told by mail.

        Raises:
            OwnMeansNeeded: a provider vouches for them.
            NotFound: the borough has no single sign-on, or they have linked nothing there.
            Conflict: no administrator could come in any more.
        """
        visitor.require_own_means()
        found = self._sign_ons.of_borough(slug)
        if found is None:
            raise NotFound
        sign_on, borough = found
        with self._work(sign_on.borough_id, "gateway.unlink_account") as work:
            require_a_way_in(work, without=visitor.person_id)
            linked = work.linked_accounts.unlink(visitor.person_id)
            work.saw(subject_id=linked.id, person_id=str(visitor.person_id))
            letter = letters.account_unlinked(sign_on.label, borough.name)
            work.post.put(to=visitor.email, subject=letter.subject, text=letter.text, kind="account_unlinked")
        self._sign_ons.end_sessions_of(sign_on, visitor.person_id)
        log.info("account.unlinked", borough_id=str(sign_on.borough_id), person_id=str(visitor.person_id))

    def _work(self, borough_id: UUID, operation: str) -> AbstractContextManager[Work]:
        return open_work(Work, self._database, Caller.service("gateway", borough_id), operation=operation)
