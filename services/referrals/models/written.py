"""From the answers of a draft to what a referral is made from."""

from collections.abc import Mapping
from typing import Any, Final

from chassis.schemas import instance_of
from services.referrals import contract

NOT_ASKED: Final = "not_asked"
"""The code of a family that nobody has asked yet."""


def request_of(answers: Mapping[str, Any], email: str | None) -> dict[str, Any]:
    """Return what `Referral.from_request` takes, from the loaded whole of a professional's draft.

    Of a family that nobody has asked, its referrer hears that it arrived and no more, whatever they chose: only the family can allow that.

    Args:
        answers: a loaded `ProfessionalReferral`.
        email: where the referrer is written to; none that they typed counts. Without one they get no mail.
    """
    told = "nothing" if answers["agrees"] == NOT_ASKED else answers["may_be_told"]
    referrer = {**answers["referrer"], "may_be_told": told, "email": email}
    agreed = {**{name: answers[name] for name in ("family_knows", "agrees", "share_with")}, "may_be_told": told}
    intake = {name: answers[name] for name in ("came_by", "taken_by", "received_on") if name in answers}
    return {
        **answers,
        "referrer": referrer,
        "parents": with_needs(with_relations(answers["parents"], answers["relations"], len(answers["children"])), answers["access_needs"]),
        "agreement": agreed,
        "intake": intake,
        "referred_on": intake.get("received_on"),
    }


def with_relations(parents: list[dict[str, Any]], pairs: list[dict[str, Any]], children: int) -> list[dict[str, Any]]:
    """Return the parents with what each is to each child; a pair that names nobody, because somebody was taken out, is left out."""
    return [
        {
            **parent,
            "relations": [
                {"child": pair["child"], "relation": pair["relation"], "parental_responsibility": pair["parental_responsibility"]}
                for pair in pairs
                if pair["parent"] == place and pair["child"] < children
            ]
            or parent.get("relations", []),
        }
        for place, parent in enumerate(parents)
    ]


def with_needs(parents: list[dict[str, Any]], needs: str | None) -> list[dict[str, Any]]:
    """Return the parents, the first with what the family was said to need to take part, beside what was said of that parent."""
    if not needs:
        return parents
    first = parents[0]
    return [{**first, "access_needs": "\n".join(filter(None, [first.get("access_needs"), needs]))[:1000]}, *parents[1:]]


def agreement_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the family agreed to, as it is kept; a referral that came in one piece, as from another system, has an agreement."""
    told = request["referrer"]["may_be_told"]
    agreed = request.get("agreement") or {"family_knows": True, "agrees": "yes", "share_with": [], "may_be_told": told}
    return dict(instance_of(contract.Agreement).dump(agreed))
