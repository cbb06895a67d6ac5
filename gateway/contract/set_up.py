"""What is left before a borough can take its first referral, as far as the gateway knows."""

from chassis.contract import Operation
from chassis.schemas import Contract, Nothing, moment, whole


class SetUp(Contract):
    """People and decisions; venues and groups are the sessions service's own.

    ``camhs`` and ``adult_mental_health`` count present practitioners of each side, ``*_invited`` open invitations.
    """

    camhs = whole("Practitioners of CAMHS", ge=0, le=1_000_000)
    camhs_invited = whole("Invited", ge=0, le=1_000_000)
    adult_mental_health = whole("Practitioners of the adult mental health team", ge=0, le=1_000_000)
    adult_mental_health_invited = whole("Invited", ge=0, le=1_000_000)
    policy_reviewed_at = moment("Policy reviewed", required=False)
    public_page_checked_at = moment("Public page checked", required=False)


GET_SET_UP = Operation("gateway", "get_set_up", "boroughs.manage", Nothing, SetUp)

OPERATIONS: tuple[Operation, ...] = (GET_SET_UP,)
