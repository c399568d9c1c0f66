"""Addresses that went from one host group to another with the same flows.

A firewall lets them through already: there is nothing to open for them, and nothing to close.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from generator.diff.addresses import Shift, beyond, initiator_shift, listener_shift
from generator.diff.model import FlowChange, SiteDiff

Ends = tuple[Shift, Shift]
"""What came and went at the initiator's end, and at the listener's."""

_Way = tuple[str, tuple[str, str], str, str, tuple[str, ...]]
"""One end of a flow, as a firewall sees what is at the other: segments, number and addresses."""


def shifts(site: SiteDiff, changes: Sequence[FlowChange]) -> Mapping[tuple[str, str], Ends]:
    """Return what came and went at both ends of each change, by its kind and id."""
    own: dict[tuple[str, str], Ends] = {
        (one.kind, one.id): (initiator_shift(one), listener_shift(one)) for one in changes
    }
    if not any(start or end for start, end in own.values()):
        return own
    got: dict[_Way, list[str]] = {}
    lost: dict[_Way, list[str]] = {}
    for change in changes:
        for way, shift, every in _ways(site, change, own[change.kind, change.id]):
            got.setdefault(way, []).extend(every if change.kind == "added" else shift.came)
            lost.setdefault(way, []).extend(every if change.kind == "removed" else shift.went)
    found = dict(own)
    for change in changes:
        if change.kind == "changed":
            ends = list(own[change.kind, change.id])
            for way, shift, _ in _ways(site, change, own[change.kind, change.id]):
                ends[way[0] == "to"] = replace(
                    shift,
                    came=beyond(shift.came, tuple(lost[way])),
                    went=beyond(shift.went, tuple(got[way])),
                )
            found[change.kind, change.id] = (ends[0], ends[1])
    return found


def _ways(
    site: SiteDiff, change: FlowChange, ends: Ends
) -> Iterator[tuple[_Way, Shift, tuple[str, ...]]]:
    """Yield each end at which others may stand, the other end being the same as before."""
    flow = change.flow
    moves = change.kind == "changed" and (change.opens or change.closes)
    if moves or flow.scope != "network":
        return
    start, end = _initiators(site, change), flow.addresses
    seen = (change.segments, flow.port.transport, str(flow.numbers))
    if not ends[1]:
        yield ("from", *seen, end or _unnamed(site, change, flow.listener.group)), ends[0], start
    if not ends[0]:
        yield ("to", *seen, start or _unnamed(site, change, flow.initiator.group)), ends[1], end


def _initiators(site: SiteDiff, change: FlowChange) -> tuple[str, ...]:
    side = site.derived_after if change.after else site.derived_before
    assert side is not None  # noqa: S101 - the flow is of that side
    return side.site.groups[change.flow.initiator.group].shown_addresses


def _unnamed(site: SiteDiff, change: FlowChange, group: str) -> tuple[str, ...]:
    """Stand for hosts without addresses, as they are called after: no others are taken for them."""
    return ("", group if change.after else site.renames.groups.get(group, group))
