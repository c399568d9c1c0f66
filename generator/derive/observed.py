"""Flows as documented, held against what check scripts saw. The standard library only.

An observation of an address or a number that is dialled no more says nothing about a flow as it is
now, and does not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from generator.catalogue import Catalogue
from generator.derive.forbidden import Forbidden, forbidden
from generator.derive.machines import machines
from generator.derive.model import Derived, Flow
from generator.hosts import Pattern
from generator.observed import AS_DOCUMENTED, SAYS_NOTHING, Observation
from generator.topology import HostGroup

State = Literal["otherwise", "partly", "cannot-test", "observed", "never"]
STATES: tuple[State, ...] = ("otherwise", "partly", "cannot-test", "observed", "never")
"""What is wrong comes first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A flow, or a forbidden one, and what was seen of it.

    `well` are the hosts that found all of it as documented, of `size` that start it. `dates` are
    the days of the oldest and the newest run that count, or none.
    """

    flow: Flow | Forbidden
    state: State
    size: int
    well: tuple[str, ...]
    wrong: tuple[Observation, ...]
    untested: tuple[Observation, ...]
    dates: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Seeing:
    """All flows of a site with what was seen of them, and how many observations are outdated."""

    flows: tuple[Seen, ...]
    outdated: int

    def of(self, state: State) -> tuple[Seen, ...]:
        """Return the flows in a state."""
        return tuple(one for one in self.flows if one.state == state)


def seeing(catalogue: Catalogue, derived: Derived, observations: Iterable[Observation]) -> Seeing:
    """Return each flow of a site, then each forbidden one, with what was seen of it."""
    by_flow: dict[str, list[Observation]] = {}
    for one in observations:
        by_flow.setdefault(one.flow, []).append(one)
    everything: list[Flow | Forbidden] = [*derived.flows, *forbidden(catalogue, derived)]
    found: list[Seen] = []
    counted = 0
    for flow in everything:
        start = derived.site.groups[_start(flow)]
        some = by_flow.get(flow.id, ())
        if not some:  # a group of many machines costs nothing until one of them has been there
            found.append(Seen(flow, "never", _size(start), (), (), (), None))
            continue
        dialled = _Dialled(derived, flow)
        valid = [now for one in some if (now := dialled.now(one)) is not None]
        counted += len(valid)
        found.append(_seen(flow, dialled, valid))
    return Seeing(tuple(found), sum(map(len, by_flow.values())) - counted)


def _start(flow: Flow | Forbidden) -> str:
    return flow.initiator.group if isinstance(flow, Flow) else flow.initiator


def _size(group: HostGroup) -> int:
    return 1 if group.people else group.size


class _Dialled:
    """What the hosts of a flow's initiator are to dial."""

    def __init__(self, derived: Derived, flow: Flow | Forbidden) -> None:
        groups = derived.site.groups
        start = groups[_start(flow)]
        end = groups[flow.listener.group if isinstance(flow, Flow) else flow.listener]
        addresses = flow.addresses if isinstance(flow, Flow) else end.shown_addresses
        first, _, last = str(flow.numbers).partition("-")
        self.group = start
        self.numbers = {str(number) for number in range(int(first), int(last or first) + 1)}
        self.addresses = {one for text in addresses for one in Pattern(text)}
        self.own = self._own(start) if start.id == end.id else {}
        known = [machine.name for machine in machines(start)]
        self.hosts = frozenset(known) if start.people or _named(start) else None

    @staticmethod
    def _own(group: HostGroup) -> dict[str, frozenset[str]]:
        return {machine.name: frozenset(machine.addresses) for machine in machines(group)}

    def now(self, one: Observation) -> Observation | None:
        """Return what of an observation is still of this flow, or None."""
        if self.hosts is not None and one.host not in self.hosts:
            return None
        to = tuple(target for target in one.to if self._holds(*target.rsplit(" ", 1)))
        return one._replace(to=to) if to else None

    def _holds(self, address: str, number: str) -> bool:
        return number in self.numbers and (not self.addresses or address in self.addresses)

    def all_of_it(self, host: str, seen: Iterable[str]) -> bool:
        """Tell whether a host dialled everything that it is to dial."""
        if not self.addresses:  # names only: whatever they stand for
            return {target.rsplit(" ", 1)[1] for target in seen} == self.numbers
        wanted = self.addresses - self.own.get(host, frozenset()) or self.addresses
        return len(set(seen)) == len(wanted) * len(self.numbers)


def _named(group: HostGroup) -> bool:
    return group.size == 1 or bool(group.shown_hosts or group.shown_addresses)


def _seen(flow: Flow | Forbidden, dialled: _Dialled, valid: list[Observation]) -> Seen:
    hosts: dict[str, list[Observation]] = {}
    for one in valid:
        hosts.setdefault(one.host, []).append(one)
    well = tuple(
        host
        for host, some in sorted(hosts.items())
        if all(one.outcome in AS_DOCUMENTED for one in some)
        and dialled.all_of_it(host, (target for one in some for target in one.to))
    )
    wrong = tuple(o for o in valid if o.outcome not in (*AS_DOCUMENTED, SAYS_NOTHING))
    untested = tuple(o for o in valid if o.outcome == SAYS_NOTHING)
    size = _size(dialled.group)
    days = sorted(one.at[:10] for one in valid)
    return Seen(
        flow=flow,
        state=_state(valid, wrong, untested, len(well) >= size),
        size=size,
        well=well,
        wrong=wrong,
        untested=untested,
        dates=(days[0], days[-1]) if days else None,
    )


def _state(
    valid: list[Observation],
    wrong: tuple[Observation, ...],
    untested: tuple[Observation, ...],
    complete: bool,
) -> State:
    if not valid:
        return "never"
    if wrong:
        return "otherwise"
    if complete:
        return "observed"
    return "cannot-test" if len(untested) == len(valid) else "partly"
