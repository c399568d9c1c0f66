"""A host group split in two, or two joined: the same hosts with the same flows.

Only what is certain counts: the parts have every address of the whole, each once, and are alike in
all else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.diff.entries import NO_RENAMES
from generator.diff.model import SiteDiff, Value
from generator.diff.site_entries import group_says
from generator.topology import HostGroup

OWN = ("hosts", "addresses", "size")
"""What parts do not share."""


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
