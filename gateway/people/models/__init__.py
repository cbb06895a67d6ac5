"""People, their memberships of boroughs, invitations, and sign-in. A file for each."""

from gateway.people.models.identity import Attempts, Person, SignIn, hashed, real_now, tidy_email
from gateway.people.models.invitations import INVITATION_DAYS, Invitation
from gateway.people.models.members import Member, check_agency

__all__ = ["INVITATION_DAYS", "Attempts", "Invitation", "Member", "Person", "SignIn", "check_agency", "hashed", "real_now", "tidy_email"]
