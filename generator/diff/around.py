"""What stands around a flow's change: the flows that came and went with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.catalogue import Cipher
from generator.derive.model import Flow
from generator.diff.model import ALL, EntryChange, FlowChange, SiteDiff

PROTECTION: Mapping[Cipher, int] = {"none": 0, "unknown": 1, "ssh": 2, "tls": 2}
"""How well traffic is protected; what nobody knows is better than clear text, and not by much."""


@dataclass(frozen=True)
class Around:
    """What stands around a flow's change at its site.

    `turned` and `replaced` are the flows that went, by the id of the one that came for them;
    `redialled` are the flows that came where their initiator dialled another listener before.
    """

    site: SiteDiff
    entries: Mapping[tuple[str, str], EntryChange]
    turned: Mapping[str, FlowChange] = field(default_factory=dict)
    replaced: Mapping[str, FlowChange] = field(default_factory=dict)
    redialled: frozenset[str] = frozenset()


def around(site: SiteDiff) -> Around:
    """Look at all flows that came and went, for those that belong together."""
    gone = [one for one in site.flows if one.kind == "removed" and not one.carried]
    turned: dict[str, FlowChange] = {}
    replaced: dict[str, FlowChange] = {}
    redialled: set[str] = set()
    claimed: set[str] = set()  # each flow that went was turned round once
    for change in site.flows:
        if change.kind != "added" or change.carried:
            continue
        new = change.flow
        for other in gone:
            old = other.flow
            back = _groups(site, old) == _groups(site, new)[::-1]
            alike = old.port.id == new.port.id or _dials_alike(old, new)
            if back and alike and change.id not in turned and other.id not in claimed:
                turned[change.id] = other
                claimed.add(other.id)
            weaker = PROTECTION[new.encryption] < PROTECTION[old.encryption]
            if weaker and _groups(site, old) == _groups(site, new) and _instead(change, other):
                replaced.setdefault(change.id, other)
            whole = other.went == ALL  # else its listeners are in other groups, and dialled still
            if whole and old.port.id == new.port.id and _starts(site, old, new):
                redialled.add(change.id)
    entries = {(entry.section, entry.id): entry for entry in site.entries}
    return Around(site, entries, turned, replaced, frozenset(redialled))


def _groups(site: SiteDiff, flow: Flow) -> tuple[str, str]:
    names = site.renames.groups
    start, end = flow.initiator.group, flow.listener.group
    return names.get(start, start), names.get(end, end)


SWITCHES = ("options", "load_balancers")
"""Sections of which one entry takes a flow away and puts another in its place."""


def _instead(new: FlowChange, old: FlowChange) -> bool:
    """Tell whether one line of the data took the old flow away and made the new one."""
    return any(
        one is other and one.section in SWITCHES for one in new.causes for other in old.causes
    )


def _starts(site: SiteDiff, old: Flow, new: Flow) -> bool:
    """Tell whether both are started by the same role of the same group."""
    group = _groups(site, old)[0]
    return (group, old.initiator.role) == (new.initiator.group, new.initiator.role)


def _dials_alike(one: Flow, other: Flow) -> bool:
    return (one.numbers, one.port.transport) == (other.numbers, other.port.transport)


def moved(change: FlowChange, at: Around) -> bool:
    """Tell whether an end is elsewhere; where its addresses stay, the segment is only called so."""
    was, now, after = change.segments_before, change.segments_after, at.site.derived_after
    if was is None or now is None or after is None:
        return False
    start = after.site.groups[change.flow.initiator.group].shown_addresses
    ends = (("from.addresses", start), ("to.addresses", change.flow.addresses))
    return any(
        old != new and (change.field(name) is not None or not addresses)
        for old, new, (name, addresses) in zip(was, now, ends, strict=True)
    )
