"""Why a flow exists; and for one that does not, the first reason why not, and the way instead."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from generator.catalogue import Catalogue, Port
from generator.derive.existence import absence, ends_of, holds
from generator.derive.model import Derived, End, Flow
from generator.problems import did_you_mean, quoted
from generator.topology import HostGroup, Site


class UnknownError(Exception):
    """A name on the command line stands for nothing at this site; the message names the nearest."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The flows asked for, or none and the reason; `instead` is the way that there is."""

    flows: tuple[Flow, ...]
    reason: str | None
    instead: str | None


def explain(catalogue: Catalogue, derived: Derived, start: str, end: str, port: str) -> Answer:
    """Answer why `start` reaches `end` on a port (an id, or a number), or why not.

    Hosts are named by group, full name, first label or address. Raises UnknownError.
    """
    site = derived.site
    one, other = find_group(site, start), find_group(site, end)
    ports = find_ports(catalogue, port)
    flows = tuple(
        flow
        for flow in derived.flows
        if flow.initiator.group == one.id
        and other.id in {flow.listener.group, *_behind(flow)}
        and flow.port.id in ports
    )
    direct = tuple(flow for flow in flows if flow.listener.group == other.id)
    same = start == end or (one is other and one.size == 1)
    if direct and not (same and all(flow.scope == "network" for flow in direct)):
        return Answer(direct, None, None)
    if flows:
        balancer = flows[0].listener.group
        return Answer(
            (),
            f"{other.id} is behind load balancer {balancer}, which is dialled instead",
            f"{one.id} → {balancer}:{flows[0].numbers} → {other.id}:{_listens(flows[0])}",
        )
    if same:
        return Answer((), "same host: only loopback connections stay on one host", None)
    return _why_not(catalogue, derived, _Ends(start, one, end, other), list(ports.values()))


@dataclass(frozen=True, slots=True)
class _Ends:
    """Both ends with the names by which they were asked for."""

    start: str
    one: HostGroup
    end: str
    other: HostGroup


def _behind(flow: Flow) -> Iterator[str]:
    return (end.group for end in (flow.listens.ends if flow.listens else ()))


def _listens(flow: Flow) -> str:
    return str(flow.listens.numbers if flow.listens else flow.numbers)


def find_group(site: Site, name: str) -> HostGroup:
    """Return the host group that a name stands for: its id, a host's name or address."""
    if name in site.groups:
        return site.groups[name]
    for group in site.groups.values():
        for pattern in (*((group.name,) if group.name else ()), *group.addresses):
            for one in pattern:
                if name.lower() in (one.lower(), one.split(".")[0].lower()):
                    return group
    raise UnknownError(f"no host {quoted(name)} at {site.id}{did_you_mean(name, site.groups)}")


def find_ports(catalogue: Catalogue, name: str) -> dict[str, Port]:
    """Return the ports of an id, a number or a range, by id."""
    if name in catalogue.ports:
        return {name: catalogue.ports[name]}
    found = {
        port.id: port
        for port in catalogue.ports.values()
        if str(port.numbers) == name or (name.isdigit() and int(name) in port.numbers)
    }
    if not found:
        raise UnknownError(f"no port {quoted(name)}{did_you_mean(name, catalogue.ports)}")
    return found


def _why_not(catalogue: Catalogue, derived: Derived, ends: _Ends, ports: list[Port]) -> Answer:
    """Return the reason of the port that comes nearest to existing."""
    reasons = [_reason(catalogue, derived.site, ends, port) for port in ports]
    nearest = max(range(len(ports)), key=lambda index: reasons[index][0])
    depth, reason = reasons[nearest]
    away = not set(ends.one.zones) & set(ends.other.zones)
    way = route(derived, ends.one, ends.other, ports[nearest]) if away and depth == _REACH else ()
    shown = " → ".join((ends.start, *way)) if way else None
    return Answer((), reason, shown)


_EXISTS, _ROLES, _REACH = 1, 2, 3
"""How near a flow came to existing."""


def _reason(catalogue: Catalogue, site: Site, ends: _Ends, port: Port) -> tuple[int, str]:
    missing = absence(catalogue, site, port)
    if missing is not None:
        return 0, missing
    one, other = ends.one, _real(site, ends.other, port)
    if other.role(port.listener) is None:
        return _EXISTS, f"{ends.end} runs no {port.listener}, which listens on {port.id}"
    starting = [i for i in port.initiators if one.role(i.component)]
    if not starting:
        wanted = ", ".join(sorted({i.component for i in port.initiators})) or "nobody known"
        return _EXISTS, f"{ends.start} runs nothing that starts {port.id}, only: {wanted}"
    for initiator in starting:
        if not holds(catalogue, site, initiator.condition):
            return _ROLES, f"condition {initiator.condition} does not hold"
    shared = sorted(set(one.zones) & set(other.zones))
    if shared:
        return _REACH, (
            f"both are in zone {shared[0]}, where {port.id} goes only to or from a gateway's end"
        )
    return _REACH, f"{ends.start} reaches zone {'/'.join(other.zones)} {_only(site, one, other)}"


def _real(site: Site, group: HostGroup, port: Port) -> HostGroup:
    """Return the group behind a load balancer, where reach is judged."""
    for balanced in site.balanced:
        if (balanced.balancer, balanced.port) == (group.id, port.id):
            return site.groups[balanced.groups[0]]
    return group


def _only(site: Site, one: HostGroup, other: HostGroup) -> str:
    """Name the gateways between two zones, the nearest chain first; gateways are few."""
    zones: dict[str, tuple[str, ...]] = dict.fromkeys(one.zones, ())
    queue = deque(one.zones)
    while queue:
        here = queue.popleft()
        for gateway, mine, theirs in ends_of(site):
            if mine.zone == here and theirs.zone not in zones:
                zones[theirs.zone] = (*zones[here], gateway.id)
                queue.append(theirs.zone)
    ways = [zones[zone] for zone in other.zones if zone in zones]
    if not ways:
        return "through no gateway"
    names = min(ways, key=len)
    return f"only through gateway{'s' if len(names) > 1 else ''} {' and '.join(names)}"


def route(derived: Derived, start: HostGroup, end: HostGroup, port: Port) -> tuple[str, ...]:
    """Return the hops from a group through gateways to a port of another, nothing if none lead."""
    gateways = {End(mine.group, mine.role) for _, mine, _ in ends_of(derived.site)}
    ways: dict[str, tuple[str, ...]] = {start.id: ()}
    queue = deque([start.id])
    while queue:
        here = queue.popleft()
        for flow in derived.flows:
            there = flow.listener.group
            if flow.initiator.group != here or there in ways:
                continue
            way = (*ways[here], f"{there}:{flow.numbers}")
            if flow.port.id == port.id and end.id in {there, *_behind(flow)}:
                return way
            if flow.listener in gateways and _passes_on(flow):
                ways[there] = way
                queue.append(there)
    return ()


def _passes_on(flow: Flow) -> bool:
    """Tell whether requests for other ports travel on this one: the first that gateways share."""
    return any(i.reach == "from-gateway" for i in flow.port.initiators)
