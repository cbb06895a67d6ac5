"""The unit of work of referrals and its repositories: the only code here that queries."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from chassis.database import UnitOfWork
from chassis.database.records import Records
from chassis.database.restrictions import Restrictions
from chassis.database.tenants import Borough, this_borough
from chassis.errors import NotOpen
from services.referrals.models import Terms
from services.referrals.models.records.clock import USUAL_YEARS
from services.referrals.repository.board import Board, Questions
from services.referrals.repository.consents import Consents, SharingDecisions
from services.referrals.repository.drafts import Drafts
from services.referrals.repository.families import Families
from services.referrals.repository.importing import ImportRows, Imports
from services.referrals.repository.key_rounds import KeyRounds
from services.referrals.repository.keys import Keys
from services.referrals.repository.matching import Matches
from services.referrals.repository.merging import Merges
from services.referrals.repository.records import Clocks, Controls, Erasures, Packs, SubjectRequests
from services.referrals.repository.referrals import Referrals, Waiting
from services.referrals.repository.restrictions import FamilyRestrictions
from services.referrals.repository.searching import Search

__all__ = ["OLDEST_CHILD_MONTHS", "Waiting", "Work"]

OLDEST_CHILD_MONTHS = 60
"""The age, in months, up to which a child may be referred where the borough's policy does not say."""

FIRST_CONTACT_DAYS = 5
"""The working days that a referral may wait where the borough's policy does not say."""


class Work(UnitOfWork):
    """One transaction of referrals in one borough."""

    @cached_property
    def referrals(self) -> Referrals:
        """The borough's referrals."""
        return Referrals(self)

    @cached_property
    def drafts(self) -> Drafts:
        """Referrals that are being written."""
        return Drafts(self)

    @cached_property
    def board(self) -> Board:
        """The borough's triage board."""
        return Board(self)

    @cached_property
    def questions(self) -> Questions:
        """The borough's questions to referrers."""
        return Questions(self)

    @cached_property
    def consents(self) -> Consents:
        """What its families agreed to."""
        return Consents(self)

    @cached_property
    def sharing_decisions(self) -> SharingDecisions:
        """What was shared of them, and what was not."""
        return SharingDecisions(self)

    @cached_property
    def imports(self) -> Imports:
        """The borough's waiting lists that came as files."""
        return Imports(self)

    @cached_property
    def import_rows(self) -> ImportRows:
        """Their rows."""
        return ImportRows(self)

    @cached_property
    def families(self) -> Families:
        """The borough's family registry."""
        return Families(self)

    @cached_property
    def keys(self) -> Keys:
        """What the borough's families are found by; written by itself."""
        return Keys(self)

    @cached_property
    def search(self) -> Search:
        """Finding families as people look for them."""
        return Search(self)

    @cached_property
    def key_rounds(self) -> KeyRounds:
        """How far families that were there before are keyed."""
        return KeyRounds(self)

    @cached_property
    def matches(self) -> Matches:
        """Pairs of families that may be one."""
        return Matches(self)

    @cached_property
    def merges(self) -> Merges:
        """Families that became one."""
        return Merges(self)

    @cached_property
    def restricted(self) -> FamilyRestrictions:
        """Who may see restricted families, with the reasons."""
        return FamilyRestrictions(self)

    @cached_property
    def subject_requests(self) -> SubjectRequests:
        """What people ask about their data."""
        return SubjectRequests(self)

    @cached_property
    def packs(self) -> Packs:
        """What is gathered and given out."""
        return Packs(self)

    @cached_property
    def controls(self) -> Controls:
        """Legal holds, and restrictions of processing."""
        return Controls(self)

    @cached_property
    def clocks(self) -> Clocks:
        """Until when each person's record is kept."""
        return Clocks(self)

    @cached_property
    def erasures(self) -> Erasures:
        """What was erased, or is on its way."""
        return Erasures(self)

    @cached_property
    def records(self) -> Records:
        """Which records are held, may not be used, or were erased."""
        return Records(self)

    @property
    def retention_years(self) -> int:
        """Years for which the borough's policy keeps a record after the last contact. Raises NotReady."""
        return int(self.policy.get("retention_years", USUAL_YEARS))

    @cached_property
    def restrictions(self) -> Restrictions:
        """What row-level security goes by."""
        return Restrictions(self)

    def commit(self) -> bool:
        """Write everything, the search keys of what changed too, and commit; see `UnitOfWork.commit`."""
        self.session.flush()
        self.keys.write()
        return super().commit()

    @cached_property
    def borough(self) -> Borough:
        """The borough, as it was told last.

        Raises:
            NotReady: the news of the borough has not arrived here yet.
        """
        return this_borough(self)

    @property
    def policy(self) -> Mapping[str, Any]:
        """What the borough decides for itself. Raises NotReady."""
        return self.borough.policy

    def require_open(self) -> None:
        """Let families be referred to the borough.

        Raises:
            NotReady: the news of the borough has not arrived here yet.
            NotOpen: it is still being set up.
        """
        if not self.borough.opened:
            raise NotOpen

    @property
    def oldest_child_months(self) -> int:
        """The age, in months, up to which the borough's policy lets a child be referred. Raises NotReady."""
        return int(self.policy.get("child_max_age_months", OLDEST_CHILD_MONTHS))

    @property
    def youngest_child_months(self) -> int:
        """The age, in months, from which on it does. Raises NotReady."""
        return int(self.policy.get("child_min_age_months", 0))

    @property
    def terms(self) -> Terms:
        """Who may come, by the borough's policy. Raises NotReady."""
        return Terms.of(self.policy, self.youngest_child_months, self.oldest_child_months)

    @property
    def first_contact_days(self) -> int:
        """The working days that the policy lets a referral wait. Raises NotReady."""
        return int(self.policy.get("first_contact_days", FIRST_CONTACT_DAYS))

    @property
    def most_told(self) -> str:
        """The most that the borough's policy lets any referrer be told: ``nothing``, ``outcome`` or ``status``. Raises NotReady."""
        return str(self.policy.get("referrers_told", "status"))
