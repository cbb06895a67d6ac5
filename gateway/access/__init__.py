"""Who may do what: roles and permissions, sign-in sessions, caller tokens, protection of forms."""
