"""Places and registers under any order of work: whatever people do, and when, the rules that must always hold do hold."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chassis.errors import InvalidTransition, Stale
from services.sessions.contract import MARKS, GroupFull, RegisterAlreadyClosed, RegisterIncomplete, SessionNotYet
from services.sessions.models import Expected, Family, Mark, Place, Register, Session, Spell
from tests.support.groups import TUESDAY, a_family, a_group, a_place, a_session, by, given

WEEK = timedelta(weeks=1)
FAMILIES = [a_family(), a_family("Luz", "Castillo", "Mateo"), a_family("Tola", "Adeyemi", "Kemi", "Sam")]
WHO = st.sampled_from(range(len(FAMILIES)))


class Year(RuleBasedStateMachine):
    """A group of two places, three families, and people who do everything that can be done, week after week."""

    @initialize()
    def begin(self) -> None:
        """Begin on the group's first Tuesday with three families who wait."""
        self.today, self.group = TUESDAY, a_group(capacity=2)
        self.places = [self._waiting(family) for family in FAMILIES]
        self.spells: list[Spell] = []
        self.marks: dict[date, dict[UUID, Mark]] = {}
        self.sessions: dict[date, Session] = {}
        self.ended_by_a_person: set[UUID] = set()
        self.kept: dict[date, set[UUID]] = {}

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        """Let days go by, as many as a year has in all."""
        if self.today < TUESDAY + 30 * WEEK:
            self.today += timedelta(days=days)

    @rule(who=WHO)
    def offer(self, who: int) -> None:
        """Offer a family a place."""
        place = self.places[who]
        taken = sum(other.status in {"offered", "active", "paused"} for other in self.places if other is not place)
        with suppress(InvalidTransition, GroupFull):
            place.offer(self.group, taken)

    @rule(who=WHO, weeks=st.integers(-3, 3))
    def start(self, who: int, weeks: int) -> None:
        """Start a place, perhaps in the past."""
        starts_on = max(self.today + weeks * WEEK, self.group.starts_on)
        with suppress(InvalidTransition, RegisterAlreadyClosed):
            self.spells.append(self.places[who].start(self.group, starts_on, today=self.today, last_closed=self._last_closed())[1])

    @rule(who=WHO)
    def pause(self, who: int) -> None:
        """Begin a break."""
        with suppress(InvalidTransition):
            self.places[who].pause(self.group, self._last_spell(who), today=self.today)

    @rule(who=WHO)
    def resume(self, who: int) -> None:
        """End a break."""
        with suppress(InvalidTransition):
            place, last = self.places[who], self._last_spell(who)
            spell = place.resume(self.group, last, today=self.today, last_closed=self._last_closed())[1]
            self.spells += [spell] if spell is not last else []

    @rule(who=WHO)
    def end(self, who: int) -> None:
        """Decide that a place ends."""
        with suppress(InvalidTransition):
            self.places[who].end(self.group, self._last_spell(who), "They moved to Leeds", today=self.today)
            self.ended_by_a_person.add(self.places[who].id)

    @rule(who=WHO)
    def come_again(self, who: int) -> None:
        """Put a family whose place ended on the list again."""
        with suppress(InvalidTransition):
            self.places[who] = self.places[who].again(at=by(on=self.today).at)

    @precondition(lambda self: self._meeting() is not None)
    @rule(marks=st.dictionaries(WHO, st.sampled_from(sorted(MARKS))), behind=st.integers(0, 2))
    def mark(self, marks: dict[int, str], behind: int) -> None:
        """Mark whoever is expected at the latest session, on a version that may be behind."""
        register = self._register()
        expected = {line.family_id for line in register.expected}
        told = [given(FAMILIES[who], mark) for who, mark in marks.items() if FAMILIES[who].id in expected]
        before = {family_id: mark.mark for family_id, mark in register.marks.items()}
        try:
            register.record(told, max(1, register.session.version - behind), by(on=self.today))
        except Stale:
            assert {family_id: mark.mark for family_id, mark in register.marks.items()} == before
        except InvalidTransition:
            assert register.session.closed_at
        self.marks[register.session.on] = dict(register.marks)

    @precondition(lambda self: self._meeting() is not None)
    @rule()
    def close(self) -> None:
        """Close the latest session's register."""
        register = self._register()
        with suppress(RegisterIncomplete, InvalidTransition, SessionNotYet):
            register.close(register.session.version, by(on=self.today))
            self.kept[register.session.on] = set(register.marks)

    @invariant()
    def no_closed_register_ever_lacks_a_family_or_changes(self) -> None:
        """Rule 5: every expected family has a mark, whatever is done to its place afterwards."""
        for on, kept in self.kept.items():
            assert self._expected_on(on) == kept == set(self.marks.get(on, {}))

    @invariant()
    def nobody_is_ended_but_by_a_person(self) -> None:
        """Rule 4."""
        for place in self.places:
            assert (place.status == "ended") == (place.id in self.ended_by_a_person)

    @invariant()
    def no_more_families_have_a_place_than_fit(self) -> None:
        """A break keeps the place."""
        assert sum(place.status in {"offered", "active", "paused"} for place in self.places) <= self.group.capacity

    @invariant()
    def a_family_is_expected_once_a_day_at_most(self) -> None:
        """Times in which a place counts never overlap."""
        for place in self.places:
            spells = sorted((spell for spell in self.spells if spell.place_id == place.id), key=lambda spell: spell.from_on)
            for earlier, later in pairwise(spells):
                assert earlier.until_on is not None
                assert earlier.until_on < later.from_on

    @invariant()
    def who_has_a_place_is_expected_and_who_has_not_is_not(self) -> None:
        """From tomorrow on, exactly the active places count."""
        far = self.today + 60 * WEEK
        active = {place.family_id for place in self.places if place.status == "active"}
        assert self._expected_on(far) == active

    def _waiting(self, family: Family) -> Place:
        place = a_place()
        place.family_id = family.id
        return place

    def _spells_on(self, on: date) -> Iterator[Spell]:
        return (spell for spell in self.spells if spell.from_on <= on and (spell.until_on is None or spell.until_on >= on))

    def _expected_on(self, on: date) -> set[UUID]:
        return {spell.family_id for spell in self._spells_on(on)}

    def _last_spell(self, who: int) -> Spell | None:
        mine = [spell for spell in self.spells if spell.place_id == self.places[who].id]
        return max(mine, key=lambda spell: spell.from_on, default=None)

    def _last_closed(self) -> date | None:
        return max((on for on, session in self.sessions.items() if session.closed_at), default=None)

    def _meeting(self) -> date | None:
        if not hasattr(self, "today"):
            return None
        return TUESDAY + (self.today - TUESDAY) // WEEK * WEEK

    def _register(self) -> Register:
        on = self._meeting()
        assert on is not None
        session = self.sessions.setdefault(on, a_session(self.group, on))
        families = {family.id: family for family in FAMILIES}
        lines = {spell.family_id: Expected(spell.family_id, spell.place_id, families[spell.family_id]) for spell in self._spells_on(on)}
        return Register(session, self.group, list(lines.values()), list(self.marks.get(on, {}).values()))


Year.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestYear = Year.TestCase
