"""What the gateway answers about people of a borough: load, act, return."""

from typing import Any
from uuid import UUID

from chassis.database import Page
from chassis.errors import Conflict
from chassis.ids import new_id
from gateway.boroughs.models import Agency
from gateway.people.models import Invitation, Member, check_agency, hashed, tidy_email
from gateway.people.tokens import InvitationTokens
from gateway.repository import Work


class PeopleDesk:
    """Memberships and invitations of one borough at a time; its methods are named as the operations are."""

    def __init__(self, tokens: InvitationTokens) -> None:
        self._tokens = tokens

    def me(self, work: Work) -> dict[str, Any]:
        """Return the caller's own membership."""
        return _with_agency(work, work.members.get(work.caller.member_id))

    def list_people(self, work: Work, after: str | None, limit: int, **wanted: Any) -> Page[dict[str, Any]]:
        """Return a page of the borough's members by name."""
        page = work.members.listed(after, limit, **wanted)
        agencies = work.agencies.of({member.agency_id for member in page.items if member.agency_id})
        return Page([_member(member, agencies) for member in page.items], page.next)

    def change_member(self, work: Work, member_id: UUID, version: int, roles: list[str], agency_id: UUID | None) -> dict[str, Any]:
        """Give a member other roles or another agency.

        Raises:
            NotFound, Stale, Invalid: as `Member.change`.
            Conflict: nobody would be left to administer the borough.
        """
        member = work.members.get(member_id, for_update=True)
        if "administrator" not in roles:
            _keep_an_administrator(work, member)
        member.change(version=version, roles=roles, agency=work.agencies.named(agency_id))
        work.saw(subject_id=member.id, roles=roles)
        work.session.flush()
        return _with_agency(work, member)

    def end_membership(self, work: Work, member_id: UUID, version: int) -> dict[str, Any]:
        """End a membership: from the next request on, the person has no access to the borough.

        Raises:
            NotFound, Stale: as `Member.end`.
            Conflict: nobody would be left to administer the borough.
        """
        member = work.members.get(member_id, for_update=True)
        _keep_an_administrator(work, member)
        member.end(version=version, now=work.now)
        work.saw(subject_id=member.id)
        work.session.flush()
        return _with_agency(work, member)

    def list_invitations(self, work: Work, after: str | None, limit: int) -> Page[dict[str, Any]]:
        """Return a page of invitations, newest first."""
        page = work.invitations.listed(after, limit)
        agencies = work.agencies.of({invitation.agency_id for invitation in page.items if invitation.agency_id})
        return Page([invitation_answer(invitation, agencies) for invitation in page.items], page.next)

    def invite(self, work: Work, name: str, email: str, roles: list[str], agency_id: UUID | None) -> dict[str, Any]:
        """Invite somebody.

        Raises:
            NotFound: no such agency.
            Invalid: the roles need an agency of another kind.
        """
        agency = work.agencies.named(agency_id)
        check_agency(roles, agency)
        invitation = self.invited(work, name, email, roles, agency)
        return invitation_answer(invitation, {agency.id: agency} if agency else {})

    def withdraw_invitation(self, work: Work, invitation_id: UUID) -> dict[str, Any]:
        """Take an invitation back; raises NotFound, or Conflict where it was accepted."""
        invitation = work.invitations.get(invitation_id, for_update=True)
        invitation.withdraw()
        agency = work.agencies.named(invitation.agency_id)
        return invitation_answer(invitation, {agency.id: agency} if agency else {})

    def invited(self, work: Work, name: str, email: str, roles: list[str], agency: Agency | None) -> Invitation:
        """Add an invitation and return it."""
        identity = new_id()
        invitation = work.invitations.add(
            Invitation(
                id=identity,
                token_hash=hashed(self._tokens.token(identity)),
                name=name,
                email=tidy_email(email),
                roles=sorted(set(roles)),
                agency_id=agency.id if agency else None,
                expires_at=Invitation.lasts_until(),
                accepted_at=None,
                withdrawn_at=None,
            )
        )
        work.saw(subject_id=identity, roles=invitation.roles)
        return invitation

    def with_link(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return an invitation's answer with the address to send to the person."""
        token = self._tokens.token(UUID(answer["id"]))
        return {**answer, "token": token, "link": self._tokens.link(token)}


def _keep_an_administrator(work: Work, leaving: Member) -> None:
    administrators = work.members.administrators()
    if [administrator.id for administrator in administrators] == [leaving.id]:
        raise Conflict("This is the borough's only administrator. Make somebody else one first.")


def _with_agency(work: Work, member: Member) -> dict[str, Any]:
    return _member(member, work.agencies.of({member.agency_id} if member.agency_id else set()))


def _member(member: Member, agencies: dict[UUID, Agency]) -> dict[str, Any]:
    told = ("id", "version", "person_id", "name", "email", "roles", "joined_at", "left_at")
    agency = agencies.get(member.agency_id) if member.agency_id else None
    return {**{name: getattr(member, name) for name in told}, "agency": agency}


def invitation_answer(invitation: Invitation, agencies: dict[UUID, Agency]) -> dict[str, Any]:
    """Return what is told of an invitation: never its token."""
    told = ("id", "name", "email", "roles", "agency_id", "state", "expires_at")
    agency = agencies.get(invitation.agency_id) if invitation.agency_id else None
    return {**{name: getattr(invitation, name) for name in told}, "agency_name": agency.name if agency else None}
