"""Ids that changed while what they name stayed: one rename, not a removal and an addition.

Only what is certain counts: exactly one entry that went says what exactly one that came says, or is
of the same hosts with the same components; of sites, shares half of the groups and segments. Of a
group split in two, or two that are alike, nothing is guessed.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace

from generator.catalogue import Catalogue
from generator.diff.catalogue_entries import catalogue_sections
from generator.diff.entries import NO_RENAMES, Sections
from generator.diff.model import Renames, Value
from generator.diff.site_entries import assertion_says, gateway_says, group_says
from generator.topology import HostGroup, Segment, Site


def catalogue_renames(before: Catalogue, after: Catalogue) -> Renames:
    """Return the components and ports of a catalogue that are only called otherwise."""
    names = NO_RENAMES
    new = catalogue_sections(after, NO_RENAMES)
    components = pairs(
        _signed(catalogue_sections(before, names), "components"), _signed(new, "components")
    )
    names = replace(names, components=components)
    ports = pairs(_signed(catalogue_sections(before, names), "ports"), _signed(new, "ports"))
    return replace(names, ports=ports)


def _signed(sections: Sections, section: str) -> dict[str, Hashable]:
    return {key: _frozen(entry.says) for key, entry in sections[section].items()}


def _frozen(says: Mapping[str, Value]) -> Hashable:
    return frozenset(says.items())


def pairs(before: Mapping[str, Hashable], after: Mapping[str, Hashable]) -> dict[str, str]:
    """Return which id that went is which that came, by what the two entries say."""
    gone = _alone((key, before[key]) for key in before.keys() - after.keys())
    come = _alone((key, after[key]) for key in after.keys() - before.keys())
    return {
        gone[says]: come[says] for says in sorted(gone.keys() & come.keys(), key=gone.__getitem__)
    }


def alike(
    before: Mapping[str, frozenset[Hashable]], after: Mapping[str, frozenset[Hashable]]
) -> dict[str, str]:
    """Return which id that went is which that came: they share half of all that both say.

    Neither may share as much with any other.
    """
    both = [
        (old, new)
        for old, says in before.items()
        for new, other in after.items()
        if says & other and 2 * len(says & other) >= len(says | other)
    ]
    olds, news = Counter(old for old, _ in both), Counter(new for _, new in both)
    return {old: new for old, new in sorted(both) if olds[old] == news[new] == 1}


def _alone(entries: Iterable[tuple[str, Hashable]]) -> dict[Hashable, str]:
    """Return the ids by what their entries say, where no two say the same."""
    found: dict[Hashable, list[str]] = {}
    for key, says in entries:
        found.setdefault(says, []).append(key)
    return {says: keys[0] for says, keys in found.items() if len(keys) == 1}


def site_renames(before: Site, after: Site, names: Renames) -> Renames:
    """Return what of a site is only called otherwise; `names` are the catalogue's renames."""
    names = replace(names, segments=_segments(before, after))
    names = replace(names, zones=_zones(before, after, names))
    names = replace(names, groups=_groups(before, after, names))
    names = replace(names, roles=_roles(before, after, names))
    gateways = pairs(
        {key: _frozen(gateway_says(one, names)) for key, one in before.gateways.items()},
        {key: _frozen(gateway_says(one, NO_RENAMES)) for key, one in after.gateways.items()},
    )
    assertions = pairs(
        {one.id: _frozen(assertion_says(one, names)) for one in before.must_not},
        {one.id: _frozen(assertion_says(one, NO_RENAMES)) for one in after.must_not},
    )
    return replace(names, gateways=gateways, must_not=assertions)


def _segments(before: Site, after: Site) -> dict[str, str]:
    """Pair segments of the same title and networks in which the groups that stayed are the same."""
    both = set(before.zones) & set(after.zones)
    stayed = before.groups.keys() & after.groups.keys()

    def says(site: Site, segment: Segment) -> Hashable:
        title = None if segment.title == segment.id else segment.title
        zone = segment.zone if segment.zone in both else None
        groups = frozenset(key for key in stayed if site.groups[key].segment == segment.id)
        return title, segment.networks, zone, groups

    return pairs(
        {key: says(before, one) for key, one in before.segments.items()},
        {key: says(after, one) for key, one in after.segments.items()},
    )


def _zones(before: Site, after: Site, names: Renames) -> dict[str, str]:
    """Pair zones of the same segments and the same groups."""
    stayed = before.groups.keys() & after.groups.keys()

    def says(site: Site, zone: str, segments: Mapping[str, str]) -> Hashable:
        inside = frozenset(
            segments.get(one.id, one.id) for one in site.segments.values() if one.zone == zone
        )
        return inside, frozenset(key for key in stayed if zone in site.groups[key].zones)

    return pairs(
        {zone: says(before, zone, names.segments) for zone in before.zones},
        {zone: says(after, zone, {}) for zone in after.zones},
    )


def _groups(before: Site, after: Site, names: Renames) -> dict[str, str]:
    """Pair groups that say the same, then those of the same hosts with the same components."""
    same = pairs(
        {key: _frozen(group_says(before, one, names)) for key, one in before.groups.items()},
        {key: _frozen(group_says(after, one, NO_RENAMES)) for key, one in after.groups.items()},
    )
    gone = {k: one for k, one in before.groups.items() if k not in (*same, *after.groups)}
    come = {k: one for k, one in after.groups.items() if k not in (*same.values(), *before.groups)}
    for hosts in (_addresses, _names):
        found = pairs(
            {k: s for k, one in gone.items() if (s := _stands(one, hosts(one), names))},
            {k: s for k, one in come.items() if (s := _stands(one, hosts(one), NO_RENAMES))},
        )
        same |= found
        gone = {k: one for k, one in gone.items() if k not in found}
        come = {k: one for k, one in come.items() if k not in found.values()}
    return same


def _addresses(group: HostGroup) -> tuple[str, ...]:
    return group.shown_addresses


def _names(group: HostGroup) -> tuple[str, ...]:
    return (str(group.name),) if group.name else ()


def _stands(group: HostGroup, hosts: tuple[str, ...], names: Renames) -> Hashable | None:
    """Return which hosts run which components, None where no host is named."""
    components = (names.components.get(r.component, r.component) for r in group.roles)
    return (hosts, tuple(sorted(components))) if hosts else None


def _roles(before: Site, after: Site, names: Renames) -> dict[tuple[str, str], str]:
    """Pair the instances of a component on one host group that have the same numbers."""
    found: dict[tuple[str, str], str] = {}
    for key, group in before.groups.items():
        other = after.groups.get(names.groups.get(key, key))
        if other is not None:
            same = pairs(_instances(group, names), _instances(other, NO_RENAMES))
            found |= {(key, role): new for role, new in same.items()}
    return found


def _instances(group: HostGroup, names: Renames) -> dict[str, Hashable]:
    """Return what each role of a group says; one that has the component's id is never another."""
    return {
        role.id: (
            names.components.get(role.component, role.component),
            role.id == role.component,
            frozenset((names.ports.get(p, p), str(n)) for p, n in role.numbers.items()),
            frozenset((names.ports.get(p, p), c) for p, c in role.encryption.items()),
        )
        for role in group.roles
    }
