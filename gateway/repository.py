"""The gateway's unit of work in one borough, and its queries there."""

from datetime import date
from functools import cached_property
from uuid import UUID

from chassis import clock
from chassis.database import Page, Repository, UnitOfWork
from chassis.database.tenants import Borough as Known
from chassis.database.tenants import erase_borough, keep_borough
from chassis.errors import NotFound
from gateway.boroughs.models import Agency, Borough
from gateway.boroughs.repository import Acceptances, Belonging, Policies
from gateway.branding.repository import Brandings
from gateway.notices.repository import Notices
from gateway.people.mail import Post
from gateway.people.models import Invitation, Member, hashed, real_now
from gateway.people.single_sign_on.repository import LinkedAccounts, OwnSignOn
from gateway.people.systems.repository import SystemTokens
from gateway.webhooks.repository import Deliveries, Webhooks


class Boroughs(Repository[Borough]):
    """The borough of the work; there is never another."""

    model = Borough

    def this(self, *, for_update: bool = False) -> Borough:
        """Return the borough. Raises NotFound where it was erased or never onboarded."""
        return self.get(self.borough_id, for_update=for_update)

    def keep_copy(self, borough: Borough) -> None:
        """Keep what the chassis needs to know of a borough, as every service does."""
        keep_borough(
            self.work,
            Known(
                borough_id=borough.borough_id,
                slug=borough.slug,
                name=borough.name,
                programme_name=borough.programme_name,
                practice=borough.practice,
                policy=borough.policy,
                sequence=borough.version,
                suspended=borough.suspended,
                opened=borough.opened,
            ),
        )

    def erase(self) -> None:
        """Delete everything that the gateway holds of the borough."""
        erase_borough(self.work)


class Agencies(Repository[Agency]):
    """The borough's agencies."""

    model = Agency

    def listed(self, after: str | None, limit: int, *, retired: bool) -> Page[Agency]:
        """Return a page by name; the retired ones only where asked for."""
        rows = self.rows() if retired else self.rows().where(Agency.retired_at.is_(None))
        return self.page(rows, Agency.name, after, limit)

    def named(self, identity: UUID | None) -> Agency | None:
        """Return an agency, or None where none is named. Raises NotFound for one that isn't the borough's."""
        return self.get(identity) if identity else None

    def joined(self, identity: UUID | None) -> Agency | None:
        """Return an agency that somebody is about to belong to, locked, or None where none is named.

        Raises:
            NotFound: it isn't the borough's.
            Conflict: it is retired.
        """
        agency = self.get(identity, for_update=True) if identity else None
        if agency is not None:
            agency.require_present()
        return agency

    def of(self, identities: set[UUID]) -> dict[UUID, Agency]:
        """Return several by id."""
        return {agency.id: agency for agency in self.all(self.rows().where(Agency.id.in_(identities)))} if identities else {}


class Members(Repository[Member]):
    """The borough's memberships."""

    model = Member

    def listed(
        self, after: str | None, limit: int, *, role: str | None, agency_kind: str | None, member_id: list[UUID] | None
    ) -> Page[Member]:
        """Return a page of present members by name: of a role, of a kind of agency, of those named, where these are given."""
        rows = self.rows().where(Member.left_at.is_(None))
        if role:
            rows = rows.where(Member.roles.contains([role]))
        if agency_kind:
            rows = rows.join(Agency, (Agency.borough_id == Member.borough_id) & (Agency.id == Member.agency_id))
            rows = rows.where(Agency.kind == agency_kind)
        if member_id is not None:
            rows = rows.where(Member.id.in_(member_id))
        return self.page(rows, Member.name, after, limit)

    def present(self, member_id: UUID) -> Member:
        """Return a member who has not left. Raises NotFound."""
        member = self.get(member_id)
        if member.left_at is not None:
            raise NotFound
        return member

    def of_person(self, person_id: UUID) -> Member | None:
        """Return a person's present membership."""
        return self.first(self.rows().where(Member.person_id == person_id, Member.left_at.is_(None)))

    def administering(self) -> list[Member]:
        """Return the present administrators, to tell them something."""
        rows = self.rows().where(Member.left_at.is_(None), Member.roles.contains(["administrator"]))
        return self.all(rows.order_by(Member.id))

    def administrators(self) -> list[Member]:
        """Return the present administrators, locked, so that two can't both be the last to go."""
        rows = self.rows().where(Member.left_at.is_(None), Member.roles.contains(["administrator"]))
        return self.all(rows.order_by(Member.id).with_for_update())


class Invitations(Repository[Invitation]):
    """The borough's invitations."""

    model = Invitation

    def listed(self, after: str | None, limit: int, *, waiting: bool) -> Page[Invitation]:
        """Return a page, newest first; only what nobody has answered or taken back, where that is asked for."""
        rows = self.rows()
        if waiting:
            rows = rows.where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        return self.page(rows, Invitation.created_at, after, limit, newest_first=True)

    def first_administrator(self) -> Invitation:
        """Return the invitation that the borough came with. Raises NotFound where it was erased or never onboarded."""
        found = self.first(self.rows().where(Invitation.roles.contains(["administrator"])).order_by(Invitation.id))
        if found is None:
            raise NotFound
        return found

    def is_open_to(self, email: str) -> bool:
        """Tell whether an address has an invitation that it could still accept."""
        sent = self.rows().where(Invitation.email == email, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
        return self.first(sent.where(Invitation.expires_at > real_now())) is not None

    def by_token(self, token: str) -> Invitation:
        """Return the invitation of a token, locked. Raises NotFound where there is none."""
        found = self.first(self.rows().where(Invitation.token_hash == hashed(token)).with_for_update())
        if found is None:
            raise NotFound
        return found


class Work(UnitOfWork):
    """The gateway's unit of work in one borough.

    Attributes:
        key, fingerprint: idempotency key of the change that is made, and what tells it from others.
    """

    key: str = ""
    fingerprint: str = ""

    @property
    def today(self) -> date:
        """The day in London."""
        return clock.london(self.now).date()

    @cached_property
    def policies(self) -> Policies:
        """The versions of its policy."""
        return Policies(self)

    @cached_property
    def acceptances(self) -> Acceptances:
        """Who accepted its terms."""
        return Acceptances(self)

    @cached_property
    def belonging(self) -> Belonging:
        """Who belongs to its agencies."""
        return Belonging(self)

    @cached_property
    def boroughs(self) -> Boroughs:
        """The borough itself."""
        return Boroughs(self)

    @cached_property
    def agencies(self) -> Agencies:
        """Its agencies."""
        return Agencies(self)

    @cached_property
    def brandings(self) -> Brandings:
        """How it shows itself."""
        return Brandings(self)

    @cached_property
    def members(self) -> Members:
        """Its memberships."""
        return Members(self)

    @cached_property
    def invitations(self) -> Invitations:
        """Its invitations."""
        return Invitations(self)

    @cached_property
    def notices(self) -> Notices:
        """What its administrators were told at once."""
        return Notices(self)

    @cached_property
    def post(self) -> Post:
        """Where mails are put that leave once this work is committed."""
        return Post(self.session, self.borough_id)

    @cached_property
    def sign_ons(self) -> OwnSignOn:
        """Its single sign-on."""
        return OwnSignOn(self)

    @cached_property
    def linked_accounts(self) -> LinkedAccounts:
        """Which account at its provider is whose."""
        return LinkedAccounts(self)

    @cached_property
    def system_tokens(self) -> SystemTokens:
        """The systems that may use its API."""
        return SystemTokens(self)

    @cached_property
    def webhooks(self) -> Webhooks:
        """Where its systems want to be told."""
        return Webhooks(self)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What its systems were told, or are to be."""
        return Deliveries(self)
