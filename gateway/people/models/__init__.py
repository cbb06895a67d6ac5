"""People, their memberships of boroughs, invitations, and sign-in. A file for each."""

from gateway.people.models.identity import Attempts, Person, hashed, real_now, tidy_email
from gateway.people.models.invitations import INVITATION_DAYS, Invitation
from gateway.people.models.mails import Mail
from gateway.people.models.members import Member, check_agency
from gateway.people.models.resets import RESET_LIFE, Reset
from gateway.people.models.sign_ins import IDLE, LONGEST, SignIn

__all__ = [
    "IDLE",
    "INVITATION_DAYS",
    "LONGEST",
    "RESET_LIFE",
    "Attempts",
    "Invitation",
    "Mail",
    "Member",
    "Person",
    "Reset",
    "SignIn",
    "check_agency",
    "hashed",
    "real_now",
    "tidy_email",
]
