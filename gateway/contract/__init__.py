"""What the gateway itself answers: boroughs, agencies, people, invitations, sign-in. A file for each.

These are operations like those of the services, but they are carried out in the gateway's own process.
"""

from chassis.contract import Operation
from gateway.contract import agencies, boroughs, invitations, people
from gateway.contract.agencies import ADD_AGENCY, LIST_AGENCIES, Agency, NewAgency
from gateway.contract.boroughs import (
    CHANGE_BOROUGH,
    ERASE_BOROUGH,
    GET_BOROUGH,
    LIST_BOROUGHS,
    ONBOARD,
    RESERVED_SLUGS,
    Borough,
    BoroughRequest,
    ChangeBoroughRequest,
    NewAdministrator,
    Onboarded,
    OnboardRequest,
)
from gateway.contract.invitations import (
    INVITATION_STATES,
    INVITE,
    LIST_INVITATIONS,
    WITHDRAW_INVITATION,
    Invitation,
    InvitationRequest,
    InviteRequest,
)
from gateway.contract.people import (
    CHANGE_MEMBER,
    END_MEMBERSHIP,
    LIST_PEOPLE,
    ME,
    ChangeMemberRequest,
    EndMembershipRequest,
    ListPeopleRequest,
    Member,
    MemberRequest,
)
from gateway.contract.policy import Policy
from gateway.contract.sign_in import (
    PASSWORD_LENGTH,
    AcceptInvitationRequest,
    InvitationAccepted,
    InvitationShown,
    Membership,
    SignedIn,
    SignInRequest,
)

OPERATIONS: tuple[Operation, ...] = (*boroughs.OPERATIONS, *agencies.OPERATIONS, *people.OPERATIONS, *invitations.OPERATIONS)

__all__ = [
    "ADD_AGENCY",
    "CHANGE_BOROUGH",
    "CHANGE_MEMBER",
    "END_MEMBERSHIP",
    "ERASE_BOROUGH",
    "GET_BOROUGH",
    "INVITATION_STATES",
    "INVITE",
    "LIST_AGENCIES",
    "LIST_BOROUGHS",
    "LIST_INVITATIONS",
    "LIST_PEOPLE",
    "ME",
    "ONBOARD",
    "OPERATIONS",
    "PASSWORD_LENGTH",
    "RESERVED_SLUGS",
    "WITHDRAW_INVITATION",
    "AcceptInvitationRequest",
    "Agency",
    "Borough",
    "BoroughRequest",
    "ChangeBoroughRequest",
    "ChangeMemberRequest",
    "EndMembershipRequest",
    "Invitation",
    "InvitationAccepted",
    "InvitationRequest",
    "InvitationShown",
    "InviteRequest",
    "ListPeopleRequest",
    "Member",
    "MemberRequest",
    "Membership",
    "NewAdministrator",
    "NewAgency",
    "OnboardRequest",
    "Onboarded",
    "Policy",
    "SignInRequest",
    "SignedIn",
]
