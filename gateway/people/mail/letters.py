"""What the mails to people who work here say: plain words, the programme's name, and no secret but the link."""

from typing import NamedTuple

from gateway.people.models import INVITATION_DAYS, RESET_LIFE


class Letter(NamedTuple):
    """Subject and text of a mail."""

    subject: str
    text: str


def invitation(*, name: str, borough: str, programme: str, link: str) -> Letter:
    """Invite somebody to work in a borough."""
    return Letter(
        f"You are invited to {programme}",
        f"Hello {name},\n\n"
        f"You are invited to work with {programme} in {borough}. Open this page to join:\n\n{link}\n\n"
        f"The link is for you alone. It works once, within {INVITATION_DAYS} days.\n"
        f"If you did not expect it, you need do nothing.\n",
    )


def reset(link: str) -> Letter:
    """Let somebody choose a new password."""
    minutes = int(RESET_LIFE.total_seconds() // 60)
    return Letter(
        "Choose a new password for Stay & Play",
        "Hello,\n\n"
        f"Somebody asked for a new password for this address. Open this page to choose one:\n\n{link}\n\n"
        f"The link works once, within {minutes} minutes.\n"
        "If it was not you, you need do nothing: your password is as it was.\n",
    )


def account_linked(label: str, borough: str) -> Letter:
    """Tell somebody that they can come into a borough with another account now."""
    return Letter(
        "An account was linked to yours at Stay & Play",
        "Hello,\n\n"
        f"You can sign in to {borough} with your {label} from now on. It was linked just now on your account page.\n"
        "If it was not you, tell your borough administrator at once, and change your password.\n",
    )


def account_unlinked(label: str, borough: str) -> Letter:
    """Tell somebody that an account opens a borough no more."""
    return Letter(
        "An account is no longer linked to yours at Stay & Play",
        "Hello,\n\n"
        f"Your {label} no longer opens {borough}. That was changed just now on your account page.\n"
        "If it was not you, tell your borough administrator at once, and change your password.\n",
    )


def password_changed() -> Letter:
    """Tell somebody that their password is another now."""
    return Letter(
        "Your password for Stay & Play was changed",
        "Hello,\n\n"
        "Your password was changed just now, and you were signed out everywhere else.\n"
        "If it was not you, choose a new one with 'Forgotten your password?' on the sign-in page, and tell your borough administrator.\n",
    )
