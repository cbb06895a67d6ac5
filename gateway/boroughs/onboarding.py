"""How a borough comes onto the platform: all of it, in one transaction, or nothing."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chassis.ids import new_id
from chassis.tenancy import BOROUGH_ONBOARDED
from gateway.boroughs.desk import told
from gateway.boroughs.models import Acceptance, Agency, Borough, PolicyVersion
from gateway.boroughs.telling import tell
from gateway.branding.models import Branding
from gateway.contract.policy import kept_policy, whole_policy
from gateway.people.desk import PeopleDesk, invitation_answer
from gateway.repository import Work

_BEGAN_WITH: Final = "As it was onboarded"


class OnboardingDesk:
    """Where boroughs come in; its methods are named as the operations are."""

    def __init__(self, people: PeopleDesk) -> None:
        self._people = people

    def onboard(
        self,
        work: Work,
        *,
        agencies: list[dict[str, Any]],
        venues: list[dict[str, Any]],
        administrator: dict[str, Any],
        accepted: dict[str, Any] | None,
        policy: dict[str, Any] | None,
        branding: dict[str, Any] | None,
        **described: Any,
    ) -> dict[str, Any]:
        """Take the borough of the work onto the platform, with its agencies, and invite its administrator.

        Its venues belong to the sessions service, which makes them when it hears of the borough: their ids are given here, so
        that it makes each once however often it hears.

        Raises:
            Conflict: another borough has this name in addresses.
        """
        borough = work.boroughs.add(
            Borough.onboarded(
                work.borough_id,
                work.key,
                kept_policy(policy or whole_policy({})),
                now=work.now,
                onboarded_as=work.fingerprint,
                **described,
            )
        )
        self._furnish(work, borough, agencies, accepted)
        work.brandings.add(Branding.of_new_borough(borough.id, **(branding or {})))
        invitation = self._people.invited(work, administrator["name"], administrator["email"], ["administrator"], None)
        tell(work, borough, BOROUGH_ONBOARDED, begin_with={"sessions": {"venues": _named(venues)}})
        return {**told(borough), "invitation": invitation_answer(invitation, {}), "already": False}

    def get_onboarded(self, work: Work) -> dict[str, Any]:
        """Return the answer to the onboarding of the borough once more. Raises NotFound."""
        invitation = work.invitations.first_administrator()
        work.saw(subject_id=invitation.id)
        return {**told(work.boroughs.this()), "invitation": invitation_answer(invitation, {}), "already": True}

    def with_link(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to onboarding with the administrator's address to go to, while that works."""
        if answer["invitation"]["state"] != "open":
            return answer
        return {**answer, "invitation": self._people.with_link(answer["invitation"])}

    def _furnish(self, work: Work, borough: Borough, agencies: Iterable[Mapping[str, Any]], accepted: Mapping[str, Any] | None) -> None:
        for agency in agencies:
            work.agencies.add(Agency(**agency))
        for kind in ("terms", "data_processing") if accepted else ():
            work.acceptances.add(
                Acceptance.of(kind, accepted[kind], name=accepted["name"], role=accepted["role"], on=accepted["accepted_on"])  # type: ignore[index]  # there are none without
            )
        work.policies.add(
            PolicyVersion(
                number=1,
                policy=borough.policy,
                effective_on=work.today,
                reason=_BEGAN_WITH,
                by_id=work.caller.person_id,
                by_name=work.caller.person_name,
                applied_at=work.now,
            )
        )


def _named(venues: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**venue, "id": str(new_id())} for venue in venues]
