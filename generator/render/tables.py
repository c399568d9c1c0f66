"""Port tables, one shape for every page: what a component serves, what it starts, all ports."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from generator import words
from generator.catalogue import Catalogue, Numbers, Port
from generator.markdown import code, data, link, relative, table, text
from generator.views import Connection

T = TypeVar("T")


def port_page(numbers: Numbers) -> str:
    """Return the path of the page of a number or range."""
    return f"ports/{numbers}/index.md"


def component_page(component: str) -> str:
    """Return the path of a component's page."""
    return f"components/{component}/index.md"


def port_link(page: str, port: Port) -> str:
    """Link a port's numbers, from a page, to the port's own section."""
    return link(str(port.numbers), relative(page, f"{port_page(port.numbers)}#{port.id}"))


def component_link(catalogue: Catalogue, page: str, component: str) -> str:
    """Link a component's title, from a page."""
    title = text(catalogue.components[component].title)
    return link(title, relative(page, component_page(component)))


def listening(
    catalogue: Catalogue, page: str, ports: Iterable[Port], *, listener: bool
) -> list[str]:
    """Return the table of ports with everybody who connects to them."""
    columns: list[tuple[str, Callable[[Port], str]]] = [
        ("Port", lambda port: port_link(page, port)),
        ("Transport", lambda port: port.transport),
        ("Service", lambda port: text(port.service)),
        ("What it is", lambda port: text(port.title)),
        ("Listener", lambda port: component_link(catalogue, page, port.listener)),
        ("Initiators", lambda port: _initiators(catalogue, page, port)),
        (
            "Encryption",
            lambda port: data(port.encryption.default, words.encryption(port.encryption)),
        ),
        ("Requirement", lambda port: data(port.requirement, words.REQUIREMENTS[port.requirement])),
        ("Scope", lambda port: port.scope),
        ("Exists", lambda port: _exists(catalogue, port)),
        ("Confidence", lambda port: words.CONFIDENCES[words.confidence(port)]),
    ]
    if not listener:
        columns = [column for column in columns if column[0] != "Listener"]
    return _columns(columns, ports)


def _initiators(catalogue: Catalogue, page: str, port: Port) -> str:
    """Return who connects, each once, with a requirement of its own where it has one."""
    found: dict[str, str] = {}
    for initiator in sorted(port.initiators, key=lambda i: (i.component, i.reach)):
        shown = component_link(catalogue, page, initiator.component)
        own = words.own(catalogue, initiator)
        if own:
            shown += f" ({text(own)})"
        if initiator.requirement:
            shown = data(initiator.requirement, shown)
        found.setdefault(initiator.component, shown)
    return ", ".join(found.values()) or "nobody known"


def _exists(catalogue: Catalogue, port: Port) -> str:
    shown = text(words.exists(catalogue, port)) or "everywhere"
    if not (port.since or port.until):
        return shown
    return data(f"{port.since or ''}/{port.until or ''}", shown)


def starting(catalogue: Catalogue, page: str, connections: Iterable[Connection]) -> list[str]:
    """Return the table of connections that one initiator opens, with their reasons."""
    columns: list[tuple[str, Callable[[Connection], str]]] = [
        ("Listener", lambda c: component_link(catalogue, page, c.port.listener)),
        ("Port", lambda c: port_link(page, c.port)),
        ("Transport", lambda c: c.port.transport),
        ("Service", lambda c: text(c.port.service)),
        ("Why", lambda c: text(c.initiator.why)),
        ("Between", lambda c: words.REACHES[c.initiator.reach]),
        (
            "Encryption",
            lambda c: data(c.port.encryption.default, words.encryption(c.port.encryption)),
        ),
        ("Requirement", lambda c: words.REQUIREMENTS[c.requirement]),
        ("Exists", lambda c: text(words.when(catalogue, c)) or "everywhere"),
    ]
    return _columns(columns, connections)


def initiating(catalogue: Catalogue, page: str, port: Port) -> list[str]:
    """Return the table of everybody who connects to one port, with their reasons."""
    connections = sorted(
        (Connection(port, initiator) for initiator in port.initiators),
        key=lambda c: (list(words.REACHES).index(c.initiator.reach), c.sort_key),
    )
    columns: list[tuple[str, Callable[[Connection], str]]] = [
        ("Initiator", lambda c: component_link(catalogue, page, c.initiator.component)),
        ("Listener", lambda c: component_link(catalogue, page, port.listener)),
        ("Why", lambda c: text(c.initiator.why)),
        ("Between", lambda c: words.REACHES[c.initiator.reach]),
        ("Requirement", lambda c: words.REQUIREMENTS[c.requirement]),
        ("Exists", lambda c: text(words.when(catalogue, c)) or "everywhere"),
    ]
    return _columns(columns, connections)


def _columns(columns: list[tuple[str, Callable[[T], str]]], entries: Iterable[T]) -> list[str]:
    """Return a table whose columns say how each of them shows an entry."""
    rows = [[cell(entry) for _, cell in columns] for entry in entries]
    return table([heading for heading, _ in columns], rows)


def changes(port: Port) -> list[str]:
    """Return the table of settings by which a port is changed."""
    return table(
        ["Where", "Name", "Remark"],
        [
            [words.CHANGES[change.kind], code(change.name), text(change.note or "")]
            for change in port.change
        ],
    )
