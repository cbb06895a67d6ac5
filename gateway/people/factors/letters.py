"""What people are told by mail about their second factors: whoever did not do it must hear of it."""

from typing import Final

from gateway.people.mail.letters import Letter

_IF_NOT_YOU: Final = "If it was not you, tell your borough administrator at once and choose a new password.\n"


def changed(what: str) -> Letter:
    """Tell somebody what changed about how they sign in, in one sentence."""
    return Letter("How you sign in to Stay & Play has changed", f"Hello,\n\n{what}\n\n{_IF_NOT_YOU}")


APP_ADDED: Final = changed("An authenticator app was set up for your account.")
APP_REMOVED: Final = changed("The authenticator app was removed from your account.")
PASSKEY_ADDED: Final = changed("A passkey was added to your account.")
PASSKEY_REMOVED: Final = changed("A passkey was removed from your account.")
CODES_REPLACED: Final = changed("New recovery codes were made for your account. The old ones no longer work.")
CODE_USED: Final = changed("A recovery code was used to sign in to your account.")
PASSKEY_STOPPED: Final = changed(
    "One of your passkeys was stopped: its counter went back, which happens when a passkey was copied. Remove it, and add a new one."
)
RESET: Final = changed(
    "Your borough administrator has removed your second step, so that you can set up a new one. You were signed out everywhere. "
    "Sign in with your password to set it up."
)


def reset_of(name: str) -> Letter:
    """Tell an administrator that somebody who works with them lost their second step, and may set up another."""
    return Letter(
        "Somebody may set up a new second step",
        f"Hello,\n\n{name}, who works in your borough, was allowed to set up a new second step for signing in, by an administrator of a "
        "borough they work in.\n\nIf you know of it, you need do nothing. If it surprises you, speak with them, and sign them out "
        "everywhere on their page under People.\n",
    )
