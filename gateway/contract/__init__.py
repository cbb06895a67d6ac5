"""What the gateway itself answers: boroughs, agencies, people, invitations, sign-in. A file for each.

These are operations like those of the services, but they are carried out in the gateway's own process.
"""

from chassis.contract import Operation
from gateway.contract import agencies, boroughs, branding, invitations, people
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
from gateway.contract.branding import (
    CHANGE_BRANDING,
    CHANGE_LOGO,
    CHECK_PUBLIC_PAGE,
    GET_BRANDING,
    LOGO_BYTES,
    REMOVE_LOGO,
    Branding,
    BrandingVersion,
    ChangeBrandingRequest,
    ChangeLogoRequest,
    NewBranding,
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

OPERATIONS: tuple[Operation, ...] = (
    *boroughs.OPERATIONS,
    *agencies.OPERATIONS,
    *branding.OPERATIONS,
    *people.OPERATIONS,
    *invitations.OPERATIONS,
)

__all__ = [
    "ADD_AGENCY",
    "CHANGE_BOROUGH",
    "CHANGE_BRANDING",
    "CHANGE_LOGO",
    "CHANGE_MEMBER",
    "CHECK_PUBLIC_PAGE",
    "END_MEMBERSHIP",
    "ERASE_BOROUGH",
    "GET_BOROUGH",
    "GET_BRANDING",
    "INVITATION_STATES",
    "INVITE",
    "LIST_AGENCIES",
    "LIST_BOROUGHS",
    "LIST_INVITATIONS",
    "LIST_PEOPLE",
    "LOGO_BYTES",
    "ME",
    "ONBOARD",
    "OPERATIONS",
    "PASSWORD_LENGTH",
    "REMOVE_LOGO",
    "RESERVED_SLUGS",
    "WITHDRAW_INVITATION",
    "AcceptInvitationRequest",
    "Agency",
    "Borough",
    "BoroughRequest",
    "Branding",
    "BrandingVersion",
    "ChangeBoroughRequest",
    "ChangeBrandingRequest",
    "ChangeLogoRequest",
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
    "NewBranding",
    "OnboardRequest",
    "Onboarded",
    "Policy",
    "SignInRequest",
    "SignedIn",
]
