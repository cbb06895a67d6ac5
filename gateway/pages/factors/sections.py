"""What the account page shows of second factors."""

from gateway.access.visitor import Visitor
from gateway.pages.account.sections import Row
from gateway.pages.show import here
from gateway.pages.words import count, day, moment
from gateway.people.factors.models import Authenticator
from gateway.runtime import runtime


def rows(visitor: Visitor) -> list[Row]:
    """Return a row for passkeys, one for the app, and one for recovery codes where there are any."""
    has = runtime().factors.codes.overview(visitor)
    app, passkeys, left = has["authenticator"], has["passkeys"], has["recovery_codes_left"]
    found = [
        Row("Passkeys", count(len(passkeys), "passkey").capitalize() if passkeys else "None yet", "Manage", here("factors.passkeys")),
        Row("Authenticator app", _app(app) if app else "Not set up", "Change" if app else "Set up", here("factors.set_up_app")),
    ]
    if app or passkeys:
        words = f"{count(left, 'code')} left" + (". Make new ones soon." if has["few_left"] else "")
        found.append(Row("Recovery codes", words.capitalize(), "Make new ones", here("factors.recovery_codes")))
    return found


def _app(app: Authenticator) -> str:
    return f"Set up {day(app.confirmed_at)}, last used {moment(app.used_at)}"
