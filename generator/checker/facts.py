"""A site's hosts, listeners and flows as the lines of data in its check script.

Groups stay groups, and what differs in its initiator only shares a line, so that the script grows
with the site's description and not with its machines.
"""

from collections.abc import Iterator

from generator.catalogue import Catalogue
from generator.checker.shell import line, text
from generator.derive.model import STRENGTH, Derived, End, Flow
from generator.topology import Ends, HostGroup, Site


def facts(catalogue: Catalogue, derived: Derived) -> list[str]:
    """Return one line a fact, each a call of the script's function `fact`, sorted by value."""
    return [f"fact {one}" for one in _facts(catalogue, derived)]


def _facts(catalogue: Catalogue, derived: Derived) -> Iterator[str]:
    site = derived.site
    for group in site.groups.values():
        yield _host(group)
    serving: dict[tuple[str, ...], list[End]] = {}
    for one in derived.listeners:
        title = text(catalogue.ports[one.port].title)
        what: tuple[str, ...] = (one.port, title, str(one.numbers), one.transport, one.scope)
        serving.setdefault(what, []).append(one.end)
    for served, ends in sorted(serving.items()):
        yield line("serves", *served, _serving(ends))
    together: dict[tuple[str, ...], list[Flow]] = {}
    for flow in derived.flows:
        together.setdefault(_same(derived, flow), []).append(flow)
    for same, flows in together.items():
        *shared, behind, dials = same
        yield _short("flow", *shared, " ".join(_ends(flows)), behind, dials)
    yield from _never(catalogue, derived)


def _short(*values: str) -> str:
    """Return a line without the empty words at its end."""
    kept = list(values)
    while not kept[-1]:
        kept.pop()
    return line(*kept)


def _serving(ends: list[End]) -> str:
    roles = sorted({end.role for end in ends})
    groups = {role: sorted(end.group for end in ends if end.role == role) for role in roles}
    return " ".join(f"{role}: {' '.join(groups[role])}" for role in roles)


def _host(group: HostGroup) -> str:
    name = str(group.name) if group.name else ""
    addresses = " ".join(map(str, group.addresses))
    size = "" if group.size == 1 else str(group.size)
    return _short("host", group.id, name, addresses, size, group.network or "")


def _same(derived: Derived, flow: Flow) -> tuple[str, ...]:
    """Return what a line says of all its flows alike."""
    own = derived.site.groups[flow.listener.group].shown_addresses
    dials = "" if flow.addresses == own else " ".join(flow.addresses)
    behind = ""
    if flow.listens is not None:
        groups = ", ".join(dict.fromkeys(end.group for end in flow.listens.ends))
        behind = f"{groups} on {flow.listens.numbers}"
    return (
        flow.port.id,
        str(flow.numbers),
        flow.port.transport,
        flow.scope,
        flow.encryption,
        behind,
        dials,
    )


def _ends(flows: list[Flow]) -> Iterator[str]:
    """Yield each listener, its initiators behind it, and before them their requirement.

    They are `always` required until another word says so.
    """
    for listener in sorted({flow.listener for flow in flows}):
        yield f">{listener}"
        for need in STRENGTH:
            mine = [f for f in flows if (f.listener, f.requirement) == (listener, need)]
            if mine and need != "always":
                yield f"{need}:"
            yield from sorted(str(flow.initiator) for flow in mine)


def _never(catalogue: Catalogue, derived: Derived) -> Iterator[str]:
    """Yield what `must_not` forbids: each port that it names, or all that the listeners serve."""
    site = derived.site
    for rule in sorted(site.must_not, key=lambda one: one.id):
        for start in _members(site, rule.initiators):
            for end in _members(site, rule.listeners):
                if start.id == end.id or end.people:
                    continue
                for port, numbers in _served(catalogue, derived, end, rule.ports):
                    transport = catalogue.ports[port].transport
                    yield line(
                        "never", port, numbers, transport, start.id, end.id, rule.id, text(rule.why)
                    )


def _members(site: Site, ends: Ends) -> list[HostGroup]:
    return [
        group
        for group in site.groups.values()
        if ends.id
        in {"group": (group.id,), "segment": (group.segment,), "zone": group.zones}[ends.kind]
    ]


def _served(
    catalogue: Catalogue, derived: Derived, group: HostGroup, ports: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Return ports and numbers to try at a group: what it serves, else the catalogue's number."""
    found = {
        (one.port, str(one.numbers))
        for one in derived.listeners
        if one.end.group == group.id
        and one.scope == "network"
        and one.port in (ports or [one.port])
    }
    served = {port for port, _ in found}
    missing = [port for port in ports if port not in served]
    return sorted(found | {(port, str(catalogue.ports[port].numbers)) for port in missing})
