"""What operators do with boroughs, from outside any of them: each act is carried out within one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.contract import Operation
from chassis.database import Page
from chassis.database.answers import fingerprint
from chassis.errors import Conflict
from chassis.ids import new_id
from chassis.rpc import wire
from gateway.access.local import Local
from gateway.access.operating import operator_in
from gateway.boroughs.desk import told
from gateway.contract import GET_ONBOARDED, ONBOARD, RELAX_SIGN_ON, RESUME_BOROUGH, SHOW_BOROUGH, SUSPEND_BOROUGH
from gateway.people.repository import Identity


class OperatorsDesk:
    """Where operators' requests are carried out; everything goes into the audit trail of the borough that it is about."""

    def __init__(self, local: Local, identity: Identity) -> None:
        self._local = local
        self._identity = identity

    def onboard(self, key: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Take a borough onto the platform, all of it or nothing; the very same description finds the borough that it made.

        Returns:
            See `gateway.contract.Onboarded`; ``already`` tells whether it was there.

        Raises:
            Conflict: another borough has this name in addresses.
        """
        described = fingerprint(ONBOARD.full_name, wire.arguments_to_json(ONBOARD, values))
        made = self._identity.borough_id(onboarded_with=key)
        found = self._onboarded_as(values["slug"], described) if made is None else None
        if found is not None:
            return found
        try:
            return self._answer(ONBOARD, made or new_id(), values, key)
        except Conflict:
            found = self._onboarded_as(values["slug"], described)
            if found is not None:
                return found
            raise Conflict("Another borough has this name in addresses. Choose another.", field="slug") from None

    def boroughs(self, after: str | None, limit: int, q: str | None = None, state: str | None = None) -> Page[dict[str, Any]]:
        """Return a page of all boroughs by slug: of a state, and with ``q`` in a name or the GSS code."""
        page = self._identity.boroughs(after, limit, q, state)
        return Page([told(borough) for borough in page.items], page.next)

    def show(self, borough_id: UUID) -> dict[str, Any]:
        """Return a borough as operators see it. Raises NotFound."""
        return self._answer(SHOW_BOROUGH, borough_id, {"borough_id": borough_id})

    def suspend(self, borough_id: UUID, reason: str, key: str) -> dict[str, Any]:
        """Let nothing be changed in a borough.

        Raises:
            NotFound: no such borough.
            InvalidTransition: it is suspended already.
        """
        return self._answer(SUSPEND_BOROUGH, borough_id, {"borough_id": borough_id, "reason": reason}, key)

    def resume(self, borough_id: UUID, reason: str, key: str) -> dict[str, Any]:
        """Let the work of a borough go on.

        Raises:
            NotFound: no such borough.
            InvalidTransition: it is not suspended.
        """
        return self._answer(RESUME_BOROUGH, borough_id, {"borough_id": borough_id, "reason": reason}, key)

    def relax_sign_on(self, borough_id: UUID, reason: str, key: str) -> dict[str, Any]:
        """Let people into a borough with their passwords again, whose provider of sign-in is gone.

        Raises:
            NotFound: no such borough, or it has no single sign-on.
            InvalidTransition: they are let in already.
        """
        return self._answer(RELAX_SIGN_ON, borough_id, {"borough_id": borough_id, "reason": reason}, key)

    def _onboarded_as(self, slug: str, described: str) -> dict[str, Any] | None:
        """Return the answer for a borough of this name that was described just so; None where there is no such."""
        found = self._identity.onboarded(slug)
        if found is None or found.onboarded_as != described:
            return None
        return self._answer(GET_ONBOARDED, found.borough_id, {})

    def _answer(self, operation: Operation, borough_id: UUID, values: Mapping[str, Any], key: str | None = None) -> dict[str, Any]:
        answer: dict[str, Any] = self._local.answer(operation, operator_in(borough_id), key, values)
        return answer
