"""Diagrams of the catalogue: an overview, and one for each component with its neighbours."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from generator.catalogue import KINDS, Catalogue, Component, Kind, Numbers, Port
from generator.drawing.model import SIGNS, Drawing, Edge, Group, Line, Node
from generator.views import Connection, components, connections, gateway_only, served_by, started_by
from generator.words import CIPHERS
from generator.words import KINDS as KIND_WORDS

EDGE_BUDGET = 25
"""Arrows in a default view; beyond it a diagram is a jungle."""

GATEWAY = "gateway"
"""Suffix of the node that stands for a component where it is a gateway's end."""

_KIND_TITLES: dict[Kind, str] = {
    "person": "People and tools",
    "external": "Services it connects to",
}


def overview(catalogue: Catalogue) -> Drawing:
    """Draw every component once, with what a fresh installation of today needs.

    Left out, and said beside the diagram: loopback, ports of past releases, and, while there are
    more arrows than the budget, optional ports.
    """
    current = [
        connection
        for connection in connections(catalogue)
        if connection.port.scope == "network" and connection.port.until is None
    ]
    drawing = _everything(catalogue, "overview", current)
    if len(drawing.edges) > EDGE_BUDGET:
        needed = [connection for connection in current if connection.requirement != "optional"]
        drawing = _everything(catalogue, "overview", needed)
    return drawing


def full(catalogue: Catalogue) -> Drawing:
    """Draw every network connection of every release."""
    every = [c for c in connections(catalogue) if c.port.scope == "network"]
    return replace(
        _everything(catalogue, "everything", every), title=f"{catalogue.product.title}: every port"
    )


def _everything(catalogue: Catalogue, name: str, drawn: list[Connection]) -> Drawing:
    def tail(connection: Connection) -> str:
        return _end(catalogue, connection.initiator.component, connection, starts=True)

    def head(connection: Connection) -> str:
        return _end(catalogue, connection.port.listener, connection, starts=False)

    edges = _edges(catalogue, drawn, tail, head)
    used = {end for edge in edges for end in (edge.tail, edge.head)}
    nodes: dict[str, Node] = {}
    for component in components(catalogue):
        for node in (_node(catalogue, component), _gateway_node(catalogue, component)):
            if node.id in used:
                nodes.setdefault(node.id, node)
    groups = tuple(
        Group(kind, _KIND_TITLES.get(kind, catalogue.product.title), kind) for kind in KINDS
    )
    title = f"{catalogue.product.title}: who connects to whom"
    drawn_nodes = tuple(sorted(nodes.values()))
    return Drawing(name, title, groups, drawn_nodes, edges, columns=frozenset({"external"}))


def component_diagram(catalogue: Catalogue, component: Component) -> Drawing:
    """Draw a component between those who connect to it and those it connects to."""
    served = [
        Connection(port, initiator)
        for port in served_by(catalogue, component.id)
        for initiator in port.initiators
    ]
    started = [
        connection
        for connection in started_by(catalogue, component.id)
        if connection.port.listener != component.id
    ]
    centre = replace(_node(catalogue, component, merge=False), group="itself")
    nodes = {centre.id: centre}

    def beside(prefix: str, other: str) -> str:
        node = _node(catalogue, catalogue.components[other], merge=False)
        title = f"{node.title} (another)" if other == component.id else node.title
        nodes[f"{prefix}-{other}"] = replace(
            node, id=f"{prefix}-{other}", group=prefix, title=title
        )
        return f"{prefix}-{other}"

    edges = _edges(
        catalogue,
        served,
        lambda connection: beside("from", _peer(connection)),
        lambda connection: centre.id,
    ) + _edges(
        catalogue,
        started,
        lambda connection: centre.id,
        lambda connection: beside("to", connection.port.listener),
    )
    groups = (
        Group("from", "Connects to it", "plain"),
        Group("itself", "", component.kind),
        Group("to", "It connects to", "plain"),
    )
    title = f"{component.title}: who connects to it, and what it connects to"
    return Drawing(component.id, title, groups, tuple(sorted(nodes.values())), edges)


def _peer(connection: Connection) -> str:
    return connection.initiator.component


def _end(catalogue: Catalogue, component: str, connection: Connection, *, starts: bool) -> str:
    """Return the node at one end: a component's own, its family's, or its gateway's."""
    reach = connection.initiator.reach
    at_gateway = reach in ("gateway", "from-gateway" if starts else "to-gateway")
    if at_gateway:
        return f"{component}-{GATEWAY}"
    return _family_id(catalogue.components[component])


def _family_id(component: Component) -> str:
    return f"family-{_slug(component.family)}" if component.family else component.id


def _slug(text: str) -> str:
    return "-".join(
        "".join(c if c.isalnum() and c.isascii() else " " for c in text.lower()).split()
    )


def _node(catalogue: Catalogue, component: Component, *, merge: bool = True) -> Node:
    url = f"../components/{component.id}/index.html"
    if merge and component.family:
        members = [c for c in components(catalogue) if c.family == component.family]
        return Node(
            id=_family_id(component),
            title=component.family,
            detail=f"one of {len(members)}" if len(members) > 1 else members[0].title,
            look=component.kind,
            group=component.kind,
            url="../components/index.html",
            tooltip=f"{component.family}: " + ", ".join(member.title for member in members),
        )
    listens = [port for port in served_by(catalogue, component.id) if not gateway_only(port)]
    return Node(
        id=component.id,
        title=component.title,
        detail=_detail(listens) or KIND_WORDS[component.kind],
        look=component.kind,
        group=component.kind,
        url=url,
        tooltip=component.description,
    )


def _gateway_node(catalogue: Catalogue, component: Component) -> Node:
    node = _node(catalogue, component, merge=False)
    gateways = ("gateway", "to-gateway")
    listens = [
        port
        for port in served_by(catalogue, component.id)
        if any(initiator.reach in gateways for initiator in port.initiators)
    ]
    return replace(
        node,
        id=f"{component.id}-{GATEWAY}",
        title=f"{component.title} as gateway",
        detail=_detail(listens),
        tooltip="Joins two zones: each end opens its own connections to the other.",
    )


def _detail(listens: Iterable[Port]) -> str:
    """Return what a node listens on today, the ports of past releases left out."""
    current = [port for port in listens if port.until is None]
    network = _numbers(port for port in current if port.scope == "network")
    local = _numbers(port for port in current if port.scope == "loopback" and port.initiators)
    loopback = f"{local} on loopback" if local else ""
    return ", ".join(part for part in (network, loopback) if part)


def _edges(
    catalogue: Catalogue,
    drawn: Iterable[Connection],
    tail: Callable[[Connection], str],
    head: Callable[[Connection], str],
) -> tuple[Edge, ...]:
    """Merge connections into arrows: same ends, same encryption, same line."""
    merged: dict[tuple[str, str, str, Line], list[Connection]] = {}
    for connection in drawn:
        cipher = connection.port.encryption.default
        key = (tail(connection), head(connection), cipher, _line(connection))
        merged.setdefault(key, []).append(connection)
    return tuple(
        sorted(_edge(catalogue, key[0], key[1], together) for key, together in merged.items())
    )


def _line(connection: Connection) -> Line:
    if connection.conditional:
        return "dotted"
    return "solid" if connection.requirement == "always" else "dashed"


def _edge(catalogue: Catalogue, tail: str, head: str, together: list[Connection]) -> Edge:
    first = together[0]
    ports = sorted({c.port.id: c.port for c in together}.values(), key=lambda p: p.sort_key)
    cipher = first.port.encryption.default
    label = " ".join(part for part in (_numbers(ports), SIGNS[cipher]) if part)
    initiators = {catalogue.components[c.initiator.component].title for c in together}
    listeners = {catalogue.components[c.port.listener].title for c in together}
    what = ", ".join(f"{port.numbers}/{port.transport} {port.title}" for port in ports)
    return Edge(
        id=f"{tail}--{head}--{cipher}-{_line(first)}",
        tail=tail,
        head=head,
        cipher=cipher,
        line=_line(first),
        label=label,
        tooltip=(
            f"{', '.join(sorted(initiators))} → {', '.join(sorted(listeners))}: {what} "
            f"({CIPHERS[cipher]})"
        ),
        url=f"../ports/{ports[0].numbers}/index.html"
        if len({port.numbers for port in ports}) == 1
        else f"../components/{first.port.listener}/index.html",
    )


def _numbers(ports: Iterable[Port]) -> str:
    """Return the numbers of ports in order, an alternative behind what it stands for."""
    ports = list(ports)
    ids: Mapping[str, Port] = {port.id: port for port in ports}
    parts: dict[str, Numbers | None] = {}
    for port in ports:
        instead = ids.get(port.alternative_to or "")
        if instead is not None and instead.transport == port.transport:
            continue
        alternatives = [p for p in ports if p.alternative_to == port.id]
        shown = " or ".join(str(p.numbers) for p in (port, *alternatives))
        parts[shown if port.transport == "tcp" else f"{shown}/{port.transport}"] = None
    return " · ".join(parts)
