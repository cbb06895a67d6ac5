"""People: memberships, invitations, sign-in and its sessions."""
