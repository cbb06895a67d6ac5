"""What can go wrong with second factors, in words that a person can act on."""

from typing import ClassVar

from chassis.errors import Invalid, StayPlayError, register


@register
class SecondFactorNeeded(StayPlayError):
    """The session has not proved a second factor; ``facts["has_factor"]`` says whether the person has one to prove."""

    code, status, title = "second_factor_needed", 403, "A second step is needed"
    default_message = "Give a code of your authenticator app, or a recovery code: POST /api/v1/session/second-factor."
    SET_UP: ClassVar[str] = (
        "Your role needs a second factor, and you have none yet. Set one up: POST /api/v1/account/factors/authenticator, "
        "then /api/v1/account/factors/authenticator/confirm."
    )

    def __init__(self, message: str = "", *, has_factor: bool = True) -> None:
        super().__init__(message or ("" if has_factor else self.SET_UP), has_factor=has_factor)


@register
class WrongCode(Invalid):
    """The code is wrong, was used before, or is not of now: nothing tells which."""

    code, status, title = "wrong_code", 422, "There is a problem"
    default_message = "This code is not right, or was used before. Wait for the next one in your app, or use a recovery code."

    def __init__(self, message: str = "") -> None:
        super().__init__(message, faults={"code": ["Code: this is not right, or was used before. Wait for the next one."]})


@register
class WrongPasskey(StayPlayError):
    """What the browser sent is not from a passkey that is known here, or not the answer to what was asked."""

    code, status, title = "wrong_passkey", 422, "The passkey did not work"
    default_message = "Try again, or go on in another way."
