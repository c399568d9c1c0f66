"""What differs between two sides: the catalogue's entries, and each site's entries and flows."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

from generator.catalogue import Catalogue
from generator.derive.flows import derive
from generator.derive.model import Derived, Flow
from generator.diff.catalogue_entries import catalogue_sections, top
from generator.diff.cause import causes, lines_of_ports
from generator.diff.entries import NO_RENAMES, compare_sections, differing
from generator.diff.facts import flow_facts, flow_id
from generator.diff.machines import by_machine
from generator.diff.model import Diff, EntryChange, Field, FlowChange, Renames, SiteDiff, SiteKind
from generator.diff.policy_entries import compare_policies
from generator.diff.rename import alike, catalogue_renames, pairs, site_renames
from generator.diff.site_entries import site_sections
from generator.policy import Policy
from generator.topology import Site


@dataclass(frozen=True)
class Side:
    """One side: a catalogue, its sites and the policy, under the name that the user gave it."""

    name: str
    catalogue: Catalogue
    sites: tuple[Site, ...]
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True)
class Catalogues:
    """The catalogues of both sides, what is only called otherwise, and what differs."""

    before: Catalogue
    after: Catalogue
    names: Renames = NO_RENAMES
    changes: tuple[EntryChange, ...] = ()


def compare(before: Side, after: Side) -> Diff:
    """Return everything that differs.

    A site that both sides share as the very same value is not looked at, if the catalogues agree.
    """
    catalogues = compare_catalogues(before.catalogue, after.catalogue)
    old = {site.id: site for site in before.sites}
    new = {site.id: site for site in after.sites}
    moved = _moved(catalogues, old, new)
    was = {head: base for base, head in moved.items()}
    ids = sorted(new.keys() | (old.keys() - moved.keys()))
    found: list[SiteDiff] = []
    for key in ids:
        one, other = old.get(was.get(key, key)), new.get(key)
        if one is other and not catalogues.changes:
            continue
        site = _site(catalogues, one, other)
        if site is not None:
            found.append(site)
    return Diff(
        before=before.name,
        after=after.name,
        top=top(after.catalogue),
        catalogue=(*catalogues.changes, *compare_policies(before.policy, after.policy)),
        sites=tuple(found),
        same=len(ids) - len(found),
    )


def compare_catalogues(before: Catalogue, after: Catalogue) -> Catalogues:
    """Return two catalogues with the entries that differ."""
    if before is after:
        return Catalogues(before, after)
    names = catalogue_renames(before, after)
    changes = compare_sections(
        catalogue_sections(before, names),
        catalogue_sections(after, NO_RENAMES),
        {"components": names.components, "ports": names.ports},
    )
    return Catalogues(before, after, names, changes)


def _moved(
    catalogues: Catalogues, old: Mapping[str, Site], new: Mapping[str, Site]
) -> dict[str, str]:
    """Return the sites whose file is called otherwise, and says the same or much of it."""

    def says(catalogue: Catalogue, site: Site, names: Renames) -> Hashable:
        return frozenset(
            (section, key, frozenset(entry.says.items()))
            for section, entries in site_sections(catalogue, site, names).items()
            for key, entry in entries.items()
        )

    gone, come = old.keys() - new.keys(), new.keys() - old.keys()
    same = pairs(
        {key: says(catalogues.before, old[key], catalogues.names) for key in gone},
        {key: says(catalogues.after, new[key], NO_RENAMES) for key in come},
    )
    return same | alike(
        {key: _own(old[key]) for key in gone - same.keys()},
        {key: _own(new[key]) for key in come - set(same.values())},
    )


def _own(site: Site) -> frozenset[Hashable]:
    """Return what tells a site from others, whatever else of it changed."""
    segments = {(key, one.networks) for key, one in site.segments.items()}
    groups = {(key, one.shown_addresses) for key, one in site.groups.items()}
    return frozenset[Hashable](segments | groups)


def _site(catalogues: Catalogues, old: Site | None, new: Site | None) -> SiteDiff | None:
    before = derive(catalogues.before, old) if old is not None else None
    after = derive(catalogues.after, new) if new is not None else None
    if before is not None and after is not None:
        return compare_sites(catalogues, before, after)
    there = after or before
    assert there is not None  # noqa: S101 - it is on one side at least
    kind: SiteKind = "removed" if after is None else "added"
    lines = lines_of_ports(catalogues.after, after.site) if after is not None else {}
    return SiteDiff(there.site.id, kind, None, before, after, NO_RENAMES, (), (), lines)


def compare_sites(catalogues: Catalogues, before: Derived, after: Derived) -> SiteDiff | None:
    """Return what differs between a site before and after, or None if nothing does."""
    names = site_renames(before.site, after.site, catalogues.names)
    entries = compare_sections(
        site_sections(catalogues.before, before.site, names),
        site_sections(catalogues.after, after.site, NO_RENAMES),
        {
            "segments": names.segments,
            "hosts": names.groups,
            "gateways": names.gateways,
            "must_not": names.must_not,
        },
    )
    entries += _other_names(before, after, names)
    flows = by_machine(before, after, names, compare_flows(before, after, names))
    was = before.site.id if before.site.id != after.site.id else None
    if not (flows or entries or was):
        return None
    every = (*entries, *catalogues.changes)
    both = (catalogues.before, catalogues.after)
    return SiteDiff(
        id=after.site.id,
        kind="renamed" if was else "changed",
        was=was,
        derived_before=before,
        derived_after=after,
        renames=names,
        entries=entries,
        flows=tuple(
            replace(flow, causes=causes(both, before, after, flow, every)) for flow in flows
        ),
    )


def _other_names(before: Derived, after: Derived, names: Renames) -> tuple[EntryChange, ...]:
    """Return the renames of what is no entry of its own: zones, and roles of a host group."""
    found: list[EntryChange] = []
    for old, new in names.zones.items():
        places = [
            next((s.place for s in site.segments.values() if s.zone == zone), site.place)
            for site, zone in ((before.site, old), (after.site, new))
        ]
        found.append(EntryChange("zones", new, "renamed", old, (), *places))
    for (group, old), new in names.roles.items():
        head = after.site.groups[names.groups.get(group, group)]
        places = [
            next(role.place for role in one.roles if role.id == name)
            for one, name in ((before.site.groups[group], old), (head, new))
        ]
        key = f"{head.id}.{new}"
        found.append(EntryChange("roles", key, "renamed", f"{group}.{old}", (), *places))
    return tuple(found)


def compare_flows(before: Derived, after: Derived, names: Renames) -> tuple[FlowChange, ...]:
    """Return the flows that came, went or changed, in the order of flows."""
    old = {flow_id(flow, names): flow for flow in before.flows}
    new = {flow.id: flow for flow in after.flows}
    found = [
        change
        for key in old.keys() | new.keys()
        if (change := _flow(before, after, old.get(key), new.get(key), names)) is not None
    ]
    return tuple(sorted(found, key=lambda change: (change.flow.sort_key, change.kind)))


def _flow(
    before: Derived, after: Derived, old: Flow | None, new: Flow | None, names: Renames
) -> FlowChange | None:
    fields: tuple[Field, ...] = ()
    if old is not None and new is not None:
        fields = differing(
            flow_facts(before.site, old, names), flow_facts(after.site, new, NO_RENAMES)
        )
        if not fields:
            return None
    return FlowChange(
        kind="added" if old is None else "removed" if new is None else "changed",
        before=old,
        after=new,
        fields=fields,
        segments_before=_segments(before, old, names) if old else None,
        segments_after=_segments(after, new, NO_RENAMES) if new else None,
    )


def _segments(derived: Derived, flow: Flow, names: Renames) -> tuple[str, str]:
    start, end = (derived.site.groups[one.group].segment for one in (flow.initiator, flow.listener))
    return names.segments.get(start, start), names.segments.get(end, end)
