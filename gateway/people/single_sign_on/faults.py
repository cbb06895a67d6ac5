"""What can go wrong between us, a person and their provider, each with what to do."""

from chassis.errors import StayPlayError, register


@register
class ProviderAway(StayPlayError):
    """The provider can't be reached, is too slow, or does not answer as it must. ``facts["found"]`` is for administrators."""

    code, status, title = "provider_away", 503, "Your organisation's sign-in does not answer"
    default_message = (
        "Nothing is wrong with your account. Try again in a few minutes. If it goes on, tell your organisation's IT help desk."
    )

    def __init__(self, found: str = "", message: str = "") -> None:
        super().__init__(message, found=found)

    @property
    def found(self) -> str:
        """What was found, in words for the administrator who sets the provider up."""
        return str(self.facts["found"])


@register
class SignOnOver(StayPlayError):
    """The sign-in under way is too old, was finished before, or began in another browser."""

    code, status, title = "sign_on_over", 409, "Start signing in again"
    default_message = (
        "This took too long, was finished before, or began in another window. Nothing was changed. Start again from the sign-in page."
    )


@register
class SignOnRefused(StayPlayError):
    """The provider did not vouch for the person: they cancelled, or it refused."""

    code, status, title = "sign_on_refused", 403, "You were not signed in"
    default_message = "You did not finish signing in with your organisation's account, or it was refused there. You can try again."


@register
class Untrusted(StayPlayError):
    """What came in the provider's name does not prove who somebody is."""

    code, status, title = "sign_on_untrusted", 403, "You were not signed in"
    default_message = (
        "What your organisation's sign-in sent could not be trusted, so nothing was changed. Try again. If it happens again, tell your "
        "borough administrator."
    )


@register
class NotLinked(StayPlayError):
    """The provider knows the person, and this borough does not."""

    code, status, title = "not_linked", 403, "This account is not known here yet"
    default_message = (
        "Your organisation knows you, but nobody in this borough has linked this account. Ask your borough administrator for an "
        "invitation, open it and choose to join with this account. If you sign in with a password today, you can link it on your "
        "account page."
    )


@register
class NotConfirmed(StayPlayError):
    """The provider vouches for the person, and not for a moment just now."""

    code, status, title = "not_confirmed", 403, "It could not be confirmed that it is you"
    default_message = (
        "Your organisation's sign-in did not say that you signed in just now, or it was another account. Nothing was changed. "
        "Try again, or use your second step instead."
    )


@register
class OwnMeansNeeded(StayPlayError):
    """A session that a borough's provider vouches for asks for what belongs to the person in every borough."""

    code, status, title = "own_means_needed", 403, "Sign in another way to change this"
    default_message = (
        "You signed in with your organisation's account, which opens its own borough and nothing else. This belongs to you in every "
        "borough: sign in with your password or a passkey to change it. If you have no password, choose one with "
        "'Forgotten your password?' on the sign-in page."
    )


@register
class SignOnNeeded(StayPlayError):
    """The borough takes no session that began in this way."""

    code, status, title = "sign_on_needed", 403, "Sign in for this borough"
    default_message = "Sign in with your organisation's account to open this borough. Other boroughs stay as they are."
