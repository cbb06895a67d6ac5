"""The second step of signing in: authenticator app, recovery codes, passkeys."""
