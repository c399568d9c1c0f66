"""The diagram of a difference: what came, what went and what is otherwise, with what stays."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from generator.catalogue import Catalogue
from generator.derive.model import Flow
from generator.diagrams.site import frames, group_node, segment_nodes, segment_of, zones
from generator.diff.compare import Catalogues
from generator.diff.flows import flow_changes, old_cipher, on_network, other_fields
from generator.diff.model import FlowChange, SiteDiff
from generator.drawing.look import CHANGES
from generator.drawing.model import SIGNS, Change, Drawing, Edge, Group, Node
from generator.topology import Site
from generator.words import CIPHERS

BUDGET = 40
"""Arrows of what differs, before host groups are folded into their segments."""

WITH_CONTEXT = 25
"""Arrows in all, up to which what stays is drawn, too."""

_SIGNS: dict[Change, str] = {"added": "+", "removed": "\N{MINUS SIGN}", "changed": "~", "same": ""}
_MOST_NUMBERS = 4


@dataclass(frozen=True, slots=True)
class DiffDrawing:
    """A drawing of a difference, with what it shows."""

    drawing: Drawing
    shows: str


@dataclass(frozen=True, slots=True)
class _Arrow:
    """One flow on the way to an arrow; its ends are host groups by their names of after."""

    tail: str
    head: str
    change: Change
    flow: Flow
    changed: FlowChange | None


def diff_drawing(catalogues: Catalogues, site: SiteDiff, *, context: bool = True) -> DiffDrawing:
    """Draw what differs at a site; with `context`, what stays between the same hosts, too.

    Where there are too many arrows, what stays is left out, then hosts are folded into segments.
    """
    differing = [_arrow(site, one) for one in flow_changes(site) if on_network(one)]
    groups = _nodes(catalogues, site)
    edges = _edges(differing, lambda group: group)
    if len(edges) > BUDGET:
        return _folded(catalogues, site, differing)
    shows = _count(differing)
    if context and edges:
        touched = {end for edge in edges for end in (edge.tail, edge.head)}
        staying = [a for a in _staying(site) if a.tail in touched and a.head in touched]
        both = tuple(sorted((*edges, *_edges(staying, lambda group: group))))
        if staying and len(both) <= WITH_CONTEXT:
            edges = both
            shows += ", and in grey what stays between the same hosts"
    drawing = _drawing(site, groups, _frames(site), edges)
    return DiffDrawing(_crossings_on_top(drawing) if context else drawing, shows)


def _folded(catalogues: Catalogues, site: SiteDiff, differing: list[_Arrow]) -> DiffDrawing:
    where = _segments(site)
    edges = _edges(differing, lambda group: f"in-{where[group]}")
    kept = tuple(sorted(edges, key=lambda edge: (edge.tail == edge.head, edge))[:BUDGET])
    nodes: dict[str, Node] = {}
    groups: dict[str, Group] = {}
    for catalogue, one in _sides(catalogues, site):
        nodes |= {node.id: node for node in segment_nodes(catalogue, one)}
        groups |= {group.id: group for group in zones(one)}
    shows = f"{_count(differing)}, folded by pair of segments"
    if len(kept) < len(edges):
        shows += f"; {len(edges) - len(kept)} more pairs are not drawn"
    drawing = _drawing(site, nodes, tuple(groups.values()), tuple(sorted(kept)))
    return DiffDrawing(drawing, shows)


def _drawing(
    site: SiteDiff, nodes: dict[str, Node], groups: tuple[Group, ...], edges: tuple[Edge, ...]
) -> Drawing:
    used = {end for edge in edges for end in (edge.tail, edge.head)}
    derived = site.derived_after or site.derived_before
    title = derived.site.title if derived else site.id
    shown = tuple(sorted(node for node in nodes.values() if node.id in used))
    return Drawing(f"{site.id}-diff", f"{title}: what differs", groups, shown, edges)


def _crossings_on_top(drawing: Drawing) -> Drawing:
    """Put the zones with a crossing that differs where they are seen first.

    Graphviz, drawing from left to right, stacks what nothing joins from the bottom up.
    """
    frame = {node.id: node.group for node in drawing.nodes}
    zone = {group.id: group.inside for group in drawing.groups}
    ends = [(frame[edge.tail], frame[edge.head]) for edge in drawing.edges if edge.heavy]
    first = {zone[one] for pair in ends if pair[0] != pair[1] for one in pair}
    groups = sorted(drawing.groups, key=lambda group: group.id in first)
    return replace(drawing, groups=tuple(groups))


def _arrow(site: SiteDiff, change: FlowChange) -> _Arrow:
    flow = change.flow
    names = site.renames.groups if change.after is None else {}
    tail, head = flow.initiator.group, flow.listener.group
    return _Arrow(names.get(tail, tail), names.get(head, head), change.kind, flow, change)


def _staying(site: SiteDiff) -> list[_Arrow]:
    if site.derived_before is None or site.derived_after is None:
        return []
    differ = {one.after.id for one in site.flows if one.after is not None and on_network(one)}
    return [
        _Arrow(flow.initiator.group, flow.listener.group, "same", flow, None)
        for flow in site.derived_after.flows
        if flow.scope == "network" and flow.id not in differ
    ]


def _sides(catalogues: Catalogues, site: SiteDiff) -> list[tuple[Catalogue, Site]]:
    """Return the site before and after, as far as it is there; later ones win."""
    before, after = site.derived_before, site.derived_after
    return [
        *([(catalogues.before, before.site)] if before else []),
        *([(catalogues.after, after.site)] if after else []),
    ]


def _nodes(catalogues: Catalogues, site: SiteDiff) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for index, (catalogue, one) in enumerate(_sides(catalogues, site)):
        old = index == 0 and site.derived_before is not None
        for group in one.groups.values():
            node = replace(group_node(catalogue, one, group), url="")
            id_ = site.renames.groups.get(group.id, group.id) if old else group.id
            was = found.get(id_)
            change: Change = "removed" if old else "" if was else "added"
            title = f"{_SIGNS[change]} {node.title}" if change else node.title
            found[id_] = replace(node, id=id_, title=title, change=change)
    if len(_sides(catalogues, site)) == 1:  # the whole site came or went: its arrows say so
        return {key: replace(node, title=node.title[2:], change="") for key, node in found.items()}
    return found


def _frames(site: SiteDiff) -> tuple[Group, ...]:
    found: dict[str, Group] = {}
    for derived in (site.derived_before, site.derived_after):
        if derived is not None:
            found |= {group.id: group for group in frames(derived.site)}
    outer = [group for group in found.values() if group.inside is None]
    inner = [group for group in found.values() if group.inside is not None]
    return (*sorted(outer, key=lambda g: g.id), *sorted(inner, key=lambda g: g.id))


def _segments(site: SiteDiff) -> dict[str, str]:
    found: dict[str, str] = {}
    if site.derived_before is not None:
        before = site.derived_before.site
        for group in before.groups:
            segment = segment_of(before, group)
            found[site.renames.groups.get(group, group)] = site.renames.segments.get(
                segment, segment
            )
    if site.derived_after is not None:
        after = site.derived_after.site
        found |= {group: segment_of(after, group) for group in after.groups}
    return found


def _edges(arrows: Iterable[_Arrow], end: Callable[[str], str]) -> tuple[Edge, ...]:
    merged: dict[tuple[str, str, Change, str, str], list[_Arrow]] = {}
    for arrow in arrows:
        ends, cipher = (end(arrow.tail), end(arrow.head)), arrow.flow.encryption
        key = (*ends, arrow.change, cipher, _tail_words(arrow))
        merged.setdefault(key, []).append(arrow)
    return tuple(
        sorted(
            _edge(key[0], key[1], str(index), together)
            for index, (key, together) in enumerate(sorted(merged.items(), key=lambda i: i[0]))
        )
    )


def _edge(tail: str, head: str, index: str, together: list[_Arrow]) -> Edge:
    first = together[0]
    shown = sorted({(arrow.flow.numbers, _number(arrow)) for arrow in together})
    numbers = [words for _, words in shown]
    more = f" and {len(numbers) - _MOST_NUMBERS} more" if len(numbers) > _MOST_NUMBERS else ""
    label = " ".join(
        part
        for part in (
            _SIGNS[first.change],
            " · ".join(numbers[:_MOST_NUMBERS]) + more,
            SIGNS[first.flow.encryption],
            _tail_words(first),
        )
        if part
    )
    what = ", ".join(
        sorted({f"{a.flow.numbers}/{a.flow.port.transport} {a.flow.port.title}" for a in together})
    )
    words = {"same": "unchanged", "": ""}.get(first.change, first.change)
    return Edge(
        id=f"{tail}--{head}--{first.change}-{index}",
        tail=tail,
        head=head,
        cipher=first.flow.encryption,
        line=CHANGES[first.change][1],
        label=label,
        tooltip=f"{words}: {tail} → {head}: {what} ({CIPHERS[first.flow.encryption]})",
        url="",
        heavy=first.change != "same",
        change=first.change,
    )


def _number(arrow: _Arrow) -> str:
    """Return the number, with what it was before, and the transport where it is not TCP alone."""
    flow = arrow.flow
    before = arrow.changed.before if arrow.changed is not None and arrow.changed.after else None
    was = before or flow
    if before and was.port.transport != flow.port.transport:
        return f"{flow.numbers}/{flow.port.transport} ← {was.numbers}/{was.port.transport}"
    shown = str(flow.numbers) if flow.port.transport == "tcp" else f"{flow.numbers}/udp"
    return f"{shown} ← {was.numbers}" if was.numbers != flow.numbers else shown


def _tail_words(arrow: _Arrow) -> str:
    """Return what else is otherwise than the number."""
    if arrow.changed is None or arrow.change != "changed":
        return ""
    old = old_cipher(arrow.changed)
    cipher = f"{'' if SIGNS[arrow.flow.encryption] else CIPHERS[arrow.flow.encryption]} ← "
    parts = [f"{cipher.strip()} {CIPHERS[old]}".strip()] if old else []
    others = other_fields(arrow.changed)
    return " ".join((*parts, *([f"({', '.join(others)})"] if others else [])))


def _count(arrows: list[_Arrow]) -> str:
    counts = {
        kind: sum(arrow.change == kind for arrow in arrows)
        for kind in ("added", "removed", "changed")
    }
    words = [f"{count} {kind}" for kind, count in counts.items() if count]
    return f"{', '.join(words) or 'no'} flow{'' if sum(counts.values()) == 1 else 's'}"
