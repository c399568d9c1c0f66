"""Diagrams of a site: host groups in segments in zones, parallel flows merged into one arrow."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from generator.catalogue import KINDS, Catalogue, Kind
from generator.derive.existence import ends_of
from generator.derive.model import Derived, Flow
from generator.diagrams.catalogue import EDGE_BUDGET
from generator.drawing.model import SIGNS, Drawing, Edge, Group, Line, Node
from generator.topology import HostGroup, Site
from generator.words import CIPHERS

MOST_EDGES = 90
"""Arrows that a drawing may have at all: layout explodes with edges."""


@dataclass(frozen=True)
class SiteDrawings:
    """The drawing of the site's page, and those a click away, each with what it shows."""

    default: Drawing
    shows: str
    others: tuple[tuple[str, Drawing], ...]


def site_drawings(catalogue: Catalogue, derived: Derived) -> SiteDrawings:
    """Return a site's drawings: crossings first, by segment where those are too many."""
    site = derived.site
    network = [flow for flow in derived.flows if flow.scope == "network"]
    crossing = [flow for flow in network if crosses(site, flow)]
    needed = [flow for flow in crossing if flow.requirement != "optional"]
    views = [
        _view(catalogue, site, "all", "every flow", network),
        _view(catalogue, site, "crossings", "all flows between segments", crossing),
        _view(catalogue, site, "needed", "flows between segments, without optional ones", needed),
        ("flows between segments, as a whole", _segments(catalogue, site, crossing)),
    ]
    within = [view for view in views if 0 < len(view[1].edges) <= EDGE_BUDGET]
    shows, default = within[0] if within else views[-1]
    default = replace(default, id=f"site-{site.id}")
    views += [
        _view(catalogue, site, f"segment-{one.id}", f"segment {one.id}", _of(network, site, one.id))
        for one in site.segments.values()
    ]
    roles = sorted({role.component for group in site.groups.values() for role in group.roles})
    views += [
        _view(
            catalogue,
            site,
            f"role-{component}",
            catalogue.components[component].title,
            _with_role(site, network, component),
        )
        for component in roles
    ]
    others = [
        (words, drawing)
        for words, drawing in views
        if words != shows and 0 < len(drawing.edges) <= MOST_EDGES
    ]
    return SiteDrawings(default, shows, tuple(others))


def crosses(site: Site, flow: Flow) -> bool:
    """Tell whether the ends of a flow are in different segments."""
    return segment_of(site, flow.initiator.group) != segment_of(site, flow.listener.group)


def segment_of(site: Site, group: str) -> str:
    """Return the segment that a host group is in."""
    return site.groups[group].segment


def _of(flows: Iterable[Flow], site: Site, segment: str) -> list[Flow]:
    return [
        flow
        for flow in flows
        if segment
        in (segment_of(site, flow.initiator.group), segment_of(site, flow.listener.group))
    ]


def _with_role(site: Site, flows: Iterable[Flow], component: str) -> list[Flow]:
    def runs(group: str, role: str) -> bool:
        return any(r.component == component for r in site.groups[group].roles if r.id == role)

    return [
        flow
        for flow in flows
        if runs(flow.initiator.group, flow.initiator.role)
        or runs(flow.listener.group, flow.listener.role)
    ]


def _view(
    catalogue: Catalogue, site: Site, name: str, words: str, flows: list[Flow]
) -> tuple[str, Drawing]:
    """Draw host groups and the flows between them; return it with what it shows."""
    edges = _edges(site, flows, lambda group: group)
    used = {end for edge in edges for end in (edge.tail, edge.head)}
    nodes = tuple(
        sorted(
            group_node(catalogue, site, group) for group in site.groups.values() if group.id in used
        )
    )
    title = f"{site.title}: {words}"
    return words, Drawing(f"site-{site.id}-{name}", title, frames(site), nodes, edges)


def _segments(catalogue: Catalogue, site: Site, flows: list[Flow]) -> Drawing:
    """Draw whole segments and the flows between them."""
    edges = _edges(site, flows, lambda group: f"in-{segment_of(site, group)}")
    title = f"{site.title}: flows between segments"
    nodes = segment_nodes(catalogue, site)
    return Drawing(f"site-{site.id}-segments", title, zones(site), nodes, edges)


def segment_nodes(catalogue: Catalogue, site: Site) -> tuple[Node, ...]:
    """Return a box for each whole segment."""
    nodes = []
    for segment in site.segments.values():
        groups = [group for group in site.groups.values() if group.segment == segment.id]
        hosts = sum(group.size for group in groups if not group.people)
        look: Kind = min((_look(catalogue, g) for g in groups), key=KINDS.index, default="external")
        detail = f"{hosts} hosts in {len(groups)} groups" if hosts else "people"
        url = f"../sites/{site.id}/index.html"
        nodes.append(
            Node(
                f"in-{segment.id}", segment.title, detail, look, f"zone-{segment.zone}", url, detail
            )
        )
    return tuple(sorted(nodes))


def zones(site: Site) -> tuple[Group, ...]:
    """Return a frame for each zone."""
    return tuple(Group(f"zone-{zone}", f"Zone {zone}", "zone") for zone in site.zones)


def frames(site: Site) -> tuple[Group, ...]:
    """Return a frame for each zone, and in it for each segment that has hosts of the zone."""
    pairs = sorted(
        {(zone, group.segment) for group in site.groups.values() for zone in group.zones[:1]}
    )
    segments = tuple(
        Group(
            f"{zone}-{segment}",
            " ".join((site.segments[segment].title, *site.segments[segment].networks)),
            "segment",
            inside=f"zone-{zone}",
        )
        for zone, segment in pairs
    )
    return (*zones(site), *segments)


def _look(catalogue: Catalogue, group: HostGroup) -> Kind:
    kinds = {catalogue.components[role.component].kind for role in group.roles}
    return "product" if "product" in kinds else "person" if "person" in kinds else "external"


def group_node(catalogue: Catalogue, site: Site, group: HostGroup) -> Node:
    """Return the box of a host group."""
    roles = " · ".join(catalogue.components[role.component].title for role in group.roles)
    gateway = any(mine.group == group.id for _, mine, _ in ends_of(site))
    count = "" if group.people or group.size == 1 else f" ×{group.size}"
    detail = f"{roles}{', gateway' if gateway else ''}{count}"
    shown = ", ".join((*group.shown_hosts, *group.shown_addresses)) or group.id
    return Node(
        id=group.id,
        title=group.id if group.size == 1 or group.name is None else str(group.name).split(".")[0],
        detail=detail,
        look=_look(catalogue, group),
        group=f"{group.zones[0]}-{group.segment}",
        url=f"../sites/{site.id}/index.html#host-{group.id}",
        tooltip=f"{shown}: {detail}",
    )


def _edges(site: Site, flows: Iterable[Flow], end: Callable[[str], str]) -> tuple[Edge, ...]:
    merged: dict[tuple[str, str, str, Line], list[Flow]] = {}
    for flow in flows:
        key = (
            end(flow.initiator.group),
            end(flow.listener.group),
            flow.encryption,
            _line(flow),
        )
        merged.setdefault(key, []).append(flow)
    return tuple(sorted(_edge(site, key[0], key[1], flows) for key, flows in merged.items()))


def _line(flow: Flow) -> Line:
    return "solid" if flow.requirement == "always" else "dashed"


def _edge(site: Site, tail: str, head: str, flows: list[Flow]) -> Edge:
    first = flows[0]
    shown = sorted({(flow.numbers, flow.port.transport) for flow in flows})
    numbers = " · ".join(str(n) if t == "tcp" else f"{n}/{t}" for n, t in shown)
    start, stop = (site.groups[e.group] for e in (first.initiator, first.listener))
    what = ", ".join(
        f"{numbers_}/{port.transport} {port.title}"
        for numbers_, port in sorted({(str(f.numbers), f.port) for f in flows}, key=lambda p: p[0])
    )
    return Edge(
        id=f"{tail}--{head}--{first.encryption}-{_line(first)}",
        tail=tail,
        head=head,
        cipher=first.encryption,
        line=_line(first),
        label=" ".join(part for part in (numbers, SIGNS[first.encryption]) if part),
        tooltip=f"{tail} → {head}: {what} ({CIPHERS[first.encryption]})",
        url=f"../sites/{site.id}/index.html#{crossing_anchor(start.segment, stop.segment)}",
        heavy=not set(start.zones) & set(stop.zones),
    )


def crossing_anchor(start: str, end: str) -> str:
    """Return the anchor of the flows from one segment to another, or within one."""
    return f"flows-within-{start}" if start == end else f"flows-{start}-to-{end}"
