"""Fewer boxes for a drawing that has little room: those that say the same become one."""

from dataclasses import replace

from generator.drawing.model import Change, Drawing, Node

MOST_TITLES = 4
"""Boxes that one box names; more are counted."""


def together(drawing: Drawing) -> Drawing:
    """Return the drawing with one box for all that stand in one place and have the same arrows."""
    arrows: dict[str, set[tuple[str, str, str]]] = {node.id: set() for node in drawing.nodes}
    for edge in drawing.edges:
        arrows[edge.tail].add(("to", edge.head, edge.label))
        arrows[edge.head].add(("from", edge.tail, edge.label))
    alike: dict[tuple[str, Change, frozenset[tuple[str, str, str]]], list[Node]] = {}
    for node in drawing.nodes:
        alike.setdefault((node.group, node.change, frozenset(arrows[node.id])), []).append(node)
    stands_for = {node.id: some[0].id for some in alike.values() for node in some}
    nodes = tuple(sorted(_one_for(some) for some in alike.values()))
    edges = {
        replace(edge, tail=stands_for[edge.tail], head=stands_for[edge.head], id="", tooltip="")
        for edge in drawing.edges
    }
    return replace(drawing, nodes=nodes, edges=tuple(sorted(edges)))


def _one_for(some: list[Node]) -> Node:
    if len(some) == 1:
        return some[0]
    titles = [node.title for node in some[:MOST_TITLES]]
    more = f" and {len(some) - MOST_TITLES} more" if len(some) > MOST_TITLES else ""
    details = dict.fromkeys(node.detail for node in some)
    detail = next(iter(details)) if len(details) == 1 else f"{len(some)} groups"
    return replace(some[0], title=", ".join(titles) + more, detail=detail)
