"""The borough's people: invitations and roles."""
