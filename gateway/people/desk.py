"""What the gateway answers about people of a borough: load, act, return."""

from typing import Any
from uuid import UUID

from chassis.database import Page
from chassis.errors import Conflict, Forbidden, NotFound
from chassis.ids import new_id
from gateway.access.roles import permissions_of
from gateway.access.second_factor import reads_families
from gateway.boroughs.models import Agency
from gateway.people.mail import letters
from gateway.people.models import Invitation, Member, SignIn, check_agency, hashed, tidy_email
from gateway.people.repository import Identity
from gateway.people.single_sign_on.locking_out import require_a_way_in
from gateway.people.tokens import InvitationTokens
from gateway.repository import Work


class PeopleDesk:
    """Memberships and invitations of one borough at a time; its methods are named as the operations are."""

    def __init__(self, tokens: InvitationTokens, identity: Identity) -> None:
        self._tokens = tokens
        self._identity = identity

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
            Conflict: nobody would be left to administer the borough, or somebody would read families by their own hand.
            Forbidden: another administrator was quicker, and whoever asks is none any more.
        """
        administrators = _administrators(work)
        member = work.members.get(member_id, for_update=True)
        if "administrator" not in roles:
            _keep_one(administrators, member)
            require_a_way_in(work, without=member.person_id)
        agency = work.agencies.joined(agency_id)
        if member.person_id == work.caller.person_id:
            _require_another(work, member, roles, agency)
        member.change(version=version, roles=roles, agency=agency)
        work.saw(subject_id=member.id, roles=roles)
        work.session.flush()
        return _with_agency(work, member)

    def end_membership(self, work: Work, member_id: UUID, version: int) -> dict[str, Any]:
        """End a membership: from the next request on, the person has no access to the borough.

        Raises:
            NotFound, Stale: as `Member.end`.
            Conflict: nobody would be left to administer the borough.
            Forbidden: as `change_member`.
        """
        administrators = _administrators(work)
        member = work.members.get(member_id, for_update=True)
        _keep_one(administrators, member)
        require_a_way_in(work, without=member.person_id)
        member.end(version=version, now=work.now)
        work.saw(subject_id=member.id)
        work.session.flush()
        return _with_agency(work, member)

    def list_invitations(self, work: Work, after: str | None, limit: int, *, waiting: bool) -> Page[dict[str, Any]]:
        """Return a page of invitations, newest first."""
        page = work.invitations.listed(after, limit, waiting=waiting)
        agencies = work.agencies.of({invitation.agency_id for invitation in page.items if invitation.agency_id})
        return Page([invitation_answer(invitation, agencies) for invitation in page.items], page.next)

    def invite(self, work: Work, name: str, email: str, roles: list[str], agency_id: UUID | None) -> dict[str, Any]:
        """Invite somebody.

        Raises:
            NotFound: no such agency.
            Invalid: the roles need an agency of another kind.
            Conflict: an invitation to this address is open: a second link would outlive the first one's being taken back. Or it is
                one's own, and to a role that reads families.
        """
        agency = work.agencies.joined(agency_id)
        check_agency(roles, agency)
        own = work.members.of_person(work.caller.person_id)
        if own is not None and own.email == tidy_email(email):
            _require_another(work, own, roles, agency)
        if work.invitations.is_open_to(email):
            raise Conflict("There is an open invitation to this address. Send that one again, or take it back first.")
        invitation = self.invited(work, name, email, roles, agency)
        return invitation_answer(invitation, {agency.id: agency} if agency else {})

    def withdraw_invitation(self, work: Work, invitation_id: UUID) -> dict[str, Any]:
        """Take an invitation back; raises NotFound, or Conflict where it was accepted."""
        invitation = work.invitations.get(invitation_id, for_update=True)
        invitation.withdraw()
        agency = work.agencies.named(invitation.agency_id)
        return invitation_answer(invitation, {agency.id: agency} if agency else {})

    def resend_invitation(self, work: Work, invitation_id: UUID) -> dict[str, Any]:
        """Send an invitation again, with a new link that ends the old one.

        Raises:
            NotFound: no such invitation.
            Conflict: as `Invitation.send_again`.
        """
        invitation = work.invitations.get(invitation_id, for_update=True)
        invitation.send_again(hashed(self._tokens.token(invitation.id, invitation.edition + 1)))
        work.saw(subject_id=invitation.id, edition=invitation.edition)
        self._post(work, invitation)
        agency = work.agencies.named(invitation.agency_id)
        return invitation_answer(invitation, {agency.id: agency} if agency else {})

    def list_member_sessions(self, work: Work, member_id: UUID) -> dict[str, Any]:
        """Return the sessions of a member; raises NotFound."""
        member = work.members.present(member_id)
        work.saw(subject_id=member.id)
        return {"items": [told(session) for session in self._identity.sessions_of(member.person_id)]}

    def end_member_session(self, work: Work, member_id: UUID, session_id: UUID) -> dict[str, Any]:
        """End one session of a member; return those that go on. Raises NotFound where there is no such member or session."""
        member = work.members.present(member_id)
        if not self._identity.end_session_of(member.person_id, session_id):
            raise NotFound
        work.note_security()
        return self.list_member_sessions(work, member_id)

    def end_member_sessions(self, work: Work, member_id: UUID) -> dict[str, Any]:
        """End every session of a member; raises NotFound."""
        self._identity.end_sessions_of(work.members.present(member_id).person_id)
        work.note_security()
        return self.list_member_sessions(work, member_id)

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
                edition=1,
            )
        )
        work.saw(subject_id=identity, roles=invitation.roles)
        self._post(work, invitation)
        return invitation

    def _post(self, work: Work, invitation: Invitation) -> None:
        """Put the mail with the present link in."""
        borough = work.boroughs.this()
        link = self._tokens.link(self._tokens.token(invitation.id, invitation.edition))
        letter = letters.invitation(name=invitation.name, borough=borough.name, programme=borough.programme_name, link=link)
        work.post.put(to=invitation.email, subject=letter.subject, text=letter.text, kind="invitation")

    def with_link(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return an invitation's answer with the address to send to the person."""
        token = self._tokens.token(UUID(answer["id"]), answer["edition"])
        return {**answer, "token": token, "link": self._tokens.link(token)}


def _administrators(work: Work) -> list[Member]:
    """Return the administrators, locked in one order before anything else: two who remove each other come one after the other.

    Raises:
        Forbidden: the second of those two, who is none any more by now.
    """
    administrators = work.members.administrators()
    if work.caller.kind == "member" and work.caller.member_id not in {administrator.id for administrator in administrators}:
        raise Forbidden(permission="people.manage")
    return administrators


def _keep_one(administrators: list[Member], leaving: Member) -> None:
    if [administrator.id for administrator in administrators] == [leaving.id]:
        raise Conflict("This is the borough's only administrator. Make somebody else one first.")


def _require_another(work: Work, own: Member, roles: list[str], agency: Agency | None) -> None:
    """Let a change of one's own membership pass that opens nothing of families that was closed before.

    Raises:
        Conflict: it does. An administrator reads no family: who is to do both gets the second role from somebody else.
    """
    present = work.agencies.named(own.agency_id)
    before = permissions_of(own.roles, present.kind if present else "")
    if reads_families(permissions_of(roles, agency.kind if agency else "") - before):
        raise Conflict("Another administrator must give you this: nobody lets themselves read families.")


def _with_agency(work: Work, member: Member) -> dict[str, Any]:
    return _member(member, work.agencies.of({member.agency_id} if member.agency_id else set()))


def _member(member: Member, agencies: dict[UUID, Agency]) -> dict[str, Any]:
    told = ("id", "version", "person_id", "name", "email", "roles", "joined_at", "left_at")
    agency = agencies.get(member.agency_id) if member.agency_id else None
    return {**{name: getattr(member, name) for name in told}, "agency": agency}


def told(session: SignIn) -> dict[str, Any]:
    """Return what an administrator is told of a session: not the address, which may be somebody's home."""
    names = ("id", "method", "browser", "seen_at", "ends_at")
    kept = {name: getattr(session, name) for name in names}
    return {**kept, "began_at": session.created_at, "second_factor": session.second_factor_at is not None}


def invitation_answer(invitation: Invitation, agencies: dict[UUID, Agency]) -> dict[str, Any]:
    """Return what is told of an invitation: never its token."""
    told = ("id", "name", "email", "roles", "agency_id", "state", "expires_at", "edition")
    agency = agencies.get(invitation.agency_id) if invitation.agency_id else None
    return {**{name: getattr(invitation, name) for name in told}, "agency_name": agency.name if agency else None}
