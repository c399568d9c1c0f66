"""Flows from machine to machine: what of a flow that differs the other side has as well.

A firewall knows addresses, not host groups. What flows of other groups let through already need
not be opened; what they still need must not be closed.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.derive.model import Derived, End, Flow
from generator.diff.addresses import beyond, initiator_shift, listener_shift, seen
from generator.diff.entries import NO_RENAMES
from generator.diff.facts import role_name
from generator.diff.model import ALL, FlowChange, Left, Renames

_Block = tuple[tuple[str, ...], tuple[str, ...]]
"""Initiators and listeners, as patterns and networks: each of the first dials each of the last."""

_Key = Callable[["_Side", Flow], Hashable]


@dataclass(frozen=True, eq=False)
class _Side:
    """One side of a site; `names` are from its ids to those of after."""

    derived: Derived
    names: Renames

    def block(self, flow: Flow) -> _Block:
        """Return who dials whom, as firewalls see it; on a host itself, who does."""
        start = self._machines(flow.initiator, ())
        if flow.scope != "network":
            return start, ("itself",)
        return start, self._machines(flow.listener, seen(flow))

    def _machines(self, end: End, dialled: tuple[str, ...]) -> tuple[str, ...]:
        group = self.derived.site.groups[end.group]
        unnamed = f"{group.size} hosts of {self.names.groups.get(group.id, group.id)}"
        return dialled or group.shown_addresses or group.shown_hosts or (unnamed,)

    def passing(self, flow: Flow) -> tuple[Hashable, ...]:
        """Return all else that a firewall asks for."""
        groups = self.derived.site.groups
        own = groups[flow.listener.group].shown_addresses
        segments = (groups[end.group].segment for end in (flow.initiator, flow.listener))
        return (
            tuple(self.names.segments.get(one, one) for one in segments),
            flow.scope,
            flow.port.transport,
            flow.numbers,
            flow.listens.numbers if flow.listens else None,
            None if flow.addresses == own else flow.addresses,
        )

    def used(self, flow: Flow) -> tuple[Hashable, ...]:
        """Return all that a flow says, whichever groups are at its ends."""
        return (
            *self.passing(flow),
            self.names.ports.get(flow.port.id, flow.port.id),
            role_name(flow.initiator, self.names),
            role_name(flow.listener, self.names),
            flow.encryption,
            flow.requirement,
        )


def by_machine(
    before: Derived, after: Derived, names: Renames, changes: Sequence[FlowChange]
) -> tuple[FlowChange, ...]:
    """Return the changes with what of them firewalls see come and go."""
    if not any(map(_matters, changes)):
        return tuple(changes)
    old, new = _Side(before, names), _Side(after, NO_RENAMES)
    passing = {side: _blocks(side, _Side.passing) for side in (old, new)}
    used = {side: _blocks(side, _Side.used) for side in (old, new)}

    def left(flow: Flow | None, own: _Side, other: _Side) -> Left:
        if flow is None:
            return ALL
        return _left(
            block := own.block(flow), _without(block, passing[other].get(own.passing(flow), ()))
        )

    def carried(change: FlowChange) -> bool:
        if change.kind == "changed":
            return False
        own, other = (new, old) if change.kind == "added" else (old, new)
        known = used[other].get(own.used(change.flow), ())
        return not _without(own.block(change.flow), known)

    return tuple(
        replace(
            change,
            came=left(change.after, new, old),
            went=left(change.before, old, new),
            carried=carried(change),
        )
        if _matters(change)
        else change
        for change in changes
    )


def _matters(change: FlowChange) -> bool:
    """Tell whether a firewall may be asked for anything."""
    return (
        change.kind != "changed"
        or change.opens
        or change.closes
        or bool(initiator_shift(change) or listener_shift(change))
    )


def _blocks(side: _Side, key: _Key) -> Mapping[Hashable, Sequence[_Block]]:
    found: dict[Hashable, list[_Block]] = {}
    for flow in side.derived.flows:
        found.setdefault(key(side, flow), []).append(side.block(flow))
    return found


def _without(block: _Block, others: Iterable[_Block]) -> list[_Block]:
    """Return what no other block has of a block. No machine dials itself."""
    left = [block]
    for other in others:
        left = [part for one in left for part in _outside(one, other)]
    return [one for one in left if not _one_machine(one)]


def _outside(block: _Block, other: _Block) -> Iterator[_Block]:
    starts = beyond(block[0], other[0])
    if starts:
        yield starts, block[1]
    both = beyond(block[0], starts)
    ends = beyond(block[1], other[1])
    if both and ends:
        yield both, ends


def _one_machine(block: _Block) -> bool:
    return block[0] == block[1] and len(block[0]) == 1 and not set("[/") & set(block[0][0])


def _left(block: _Block, parts: Sequence[_Block]) -> Left:
    starts, ends = (beyond(tuple(o for part in parts for o in part[i]), ()) for i in (0, 1))
    return Left(
        nothing=not parts,
        initiators=starts if beyond(block[0], starts) else (),
        listeners=ends if beyond(block[1], ends) else (),
        in_part=bool(parts and _without((starts, ends), parts)),
    )
