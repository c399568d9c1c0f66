"""A host group split in two, or two joined: the same hosts with the same flows.

Only what is certain counts: the parts have every address of the whole, each once, and are alike in
all else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from generator.derive.model import Flow
from generator.diff.entries import NO_RENAMES
from generator.diff.facts import Facts, flow_facts, flow_id
from generator.diff.model import FlowChange, Renames, SiteDiff, Value
from generator.diff.site_entries import group_says
from generator.topology import HostGroup, Site

OWN = ("hosts", "addresses", "size")
"""What parts do not share."""

SAME = (
    "port", "numbers", "transport", "encryption", "requirement", "scope", "crosses", "dialled",
    "listens.numbers",
)  # fmt: skip
"""What a flow of a part has of the whole's."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Groups after by the group before that they are of (`split`), and the other way (`joined`)."""

    split: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def before(self) -> frozenset[str]:
        """The groups before that are only divided otherwise."""
        return frozenset(self.split).union(*self.joined.values())

    @property
    def after(self) -> frozenset[str]:
        """The groups after that are only divided otherwise."""
        return frozenset(self.joined).union(*self.split.values())


def find_parts(diff: SiteDiff) -> Parts:
    """Return the groups of a site that are only divided otherwise."""
    before, after = diff.derived_before, diff.derived_after
    if before is None or after is None:
        return Parts()
    touched = [entry for entry in diff.entries if entry.section == "hosts"]
    if len(touched) < 2:
        return Parts()
    old = {
        entry.id: (group_says(before.site, group, diff.renames), hosts_of(group))
        for entry in touched
        if (group := before.site.groups.get(entry.was or entry.id))
    }
    new = {
        entry.id: (group_says(after.site, group, NO_RENAMES), hosts_of(group))
        for entry in touched
        if (group := after.site.groups.get(entry.id))
    }
    return Parts(_divided(old, new), _divided(new, old))


Described = Mapping[str, tuple[Mapping[str, Value], frozenset[str]]]


def hosts_of(group: HostGroup) -> frozenset[str]:
    """Return every address of a group, or every name where it has none."""
    if group.people:
        return frozenset()
    patterns = group.addresses or ((group.name,) if group.name else ())
    return frozenset(one for pattern in patterns for one in pattern)


def _divided(wholes: Described, parts: Described) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, (says, hosts) in wholes.items():
        alike = {
            name: some
            for name, (other, some) in parts.items()
            if some and some < hosts and _rest(other) == _rest(says)
        }
        together = sum(map(len, alike.values()))
        if len(alike) > 1 and together == len(hosts):  # at a site nobody is named twice
            found[key] = tuple(sorted(alike))
    return found


def _rest(says: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in says.items() if name not in OWN}


def carried(diff: SiteDiff, parts: Parts) -> frozenset[str]:
    """Return the ids of flows that came or went only because groups are divided otherwise."""
    before, after = diff.derived_before, diff.derived_after
    if before is None or after is None or not (parts.split or parts.joined):
        return frozenset()
    old = {
        flow_id(flow, diff.renames): _seen(before.site, flow, diff.renames) for flow in before.flows
    }
    new = {flow.id: _seen(after.site, flow, NO_RENAMES) for flow in after.flows}
    # For what came, look among what was; and the other way round.
    wholes = {part: (whole,) for whole, some in parts.split.items() for part in some}
    ones = {part: (whole,) for whole, some in parts.joined.items() for part in some}
    found: set[str] = set()
    for change in diff.flows:
        here, there, ways = (
            (new, old, {**wholes, **parts.joined})
            if change.kind == "added"
            else (old, new, {**ones, **parts.split})
        )
        if change.kind != "changed" and _elsewhere(change, here, there, ways):
            found.add(change.id)
    return frozenset(found)


def _seen(site: Site, flow: Flow, names: Renames) -> Facts:
    """Return a flow's fields, and what is dialled if that is not the listener's own address."""
    own = site.groups[flow.listener.group].shown_addresses
    dialled = None if flow.addresses == own else flow.addresses
    return {**flow_facts(site, flow, names), "dialled": dialled}


def _elsewhere(
    change: FlowChange,
    here: Mapping[str, Mapping[str, Value]],
    there: Mapping[str, Mapping[str, Value]],
    ways: Mapping[str, tuple[str, ...]],
) -> bool:
    """Tell whether the other side has the same flow, by all groups that stand for this one's."""
    key = change.id
    facts = here.get(key)
    if facts is None:  # a rename as well: then nothing is guessed
        return False
    start, end = str(facts["from.group"]), str(facts["to.group"])
    if start not in ways and end not in ways:
        return False
    ids = {
        f"{facts['port']}:{one}.{facts['from.role']}>{other}.{facts['to.role']}"
        for one, other in product(ways.get(start, (start,)), ways.get(end, (end,)))
    }
    among = any if start == end else all
    return among(
        name in there and all(there[name][field] == facts[field] for field in SAME)
        for name in sorted(ids)
    )
