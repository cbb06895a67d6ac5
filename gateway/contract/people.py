"""Members of a borough."""

from marshmallow import fields, validate

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, PageRequest, choice, identifier, moment, nested, page_of, some_of, text, version
from gateway.access.roles import ROLES
from gateway.contract.agencies import Agency
from services.assessments.contract import AGENCY_KINDS


class ListPeopleRequest(PageRequest):
    """Whom to list."""

    role = choice("Role", ROLES, required=False)
    agency_kind = choice("Kind of agency", AGENCY_KINDS, required=False)
    member_id = fields.List(
        fields.UUID(),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=100, error="Members: name at most 100."),
        metadata={"label": "Members", "hint": "Only these, where any is named."},
    )


class MemberRequest(Contract):
    """Which member."""

    member_id = identifier("Member")


class Member(Contract):
    """A person's membership of the borough."""

    id = identifier("Member")
    version = version()
    person_id = identifier("Person")
    name = text("Name", sensitivity="personal")
    email = text("Email", max_length=254, sensitivity="personal")
    roles = some_of("Roles", ROLES)
    agency = nested(Agency, "Agency", required=False)
    joined_at = moment("Joined")
    left_at = moment("Left", required=False)


class ChangeMemberRequest(MemberRequest):
    """A member's roles and agency as they are to be from now on."""

    version = version()
    roles = some_of("Roles", ROLES)
    agency_id = identifier("Agency", required=False)


class EndMembershipRequest(MemberRequest):
    """A membership that ends now."""

    version = version()


ME = Operation("gateway", "me", "people.read_own", Nothing, Member)
LIST_PEOPLE = Operation("gateway", "list_people", "people.read", ListPeopleRequest, page_of(Member))
CHANGE_MEMBER = Operation("gateway", "change_member", "people.manage", ChangeMemberRequest, Member, changes=True)
END_MEMBERSHIP = Operation("gateway", "end_membership", "people.manage", EndMembershipRequest, Member, changes=True)

OPERATIONS: tuple[Operation, ...] = (ME, LIST_PEOPLE, CHANGE_MEMBER, END_MEMBERSHIP)
