"""What can go wrong in assessments beside the errors that every service has."""

from chassis.errors import StayPlayError, register


@register
class TwoAgenciesNeeded(StayPlayError):
    """Visits and signatures need CAMHS and the adult mental health team: two people of two agencies."""

    code, status, title = "two_agencies_needed", 409, "Two agencies are needed"
    default_message = "One person from CAMHS and one from the adult mental health team are needed. Ask the other agency."


@register
class DecisionNeeded(StayPlayError):
    """Nothing is decided in this version, so there is nothing to sign."""

    code, status, title = "decision_needed", 409, "There is no decision yet"
    default_message = "Write the decision and the reason for it, then sign."


@register
class VisitNeeded(StayPlayError):
    """The joint visit has not been done, so nothing can be signed."""

    code, status, title = "visit_needed", 409, "The joint visit has not been done"
    default_message = "Arrange the visit, and mark it as done afterwards. Then both agencies can sign."


@register
class UnsafeVisit(StayPlayError):
    """The family did not say that somebody may come to their home; ``facts`` hold ``safe``, ``times`` and ``avoid``."""

    code, status, title = "unsafe_visit", 409, "A visit is not safe for this family"
    default_message = (
        "The family did not say that a visit to their home is safe. Ask them in a way that is; "
        "if they agree, add visits to how they may be reached, then arrange this one."
    )


@register
class AlreadySigned(StayPlayError):
    """This person signed this version before."""

    code, status, title = "already_signed", 409, "You have signed this version"
    default_message = "There is nothing more for you to do until the other agency signs or somebody edits it."
