"""The way from zone to zone: through which gateways, and over which hops."""

from collections import deque

from generator.catalogue import Port
from generator.derive.existence import ends_of
from generator.derive.model import Derived, End, Flow
from generator.topology import HostGroup, Site


def only_through(site: Site, one: HostGroup, other: HostGroup) -> str:
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
    site = derived.site
    gateways = {End(mine.group, mine.role) for _, mine, _ in ends_of(site)}
    ways: dict[str, tuple[str, ...]] = {start.id: ()}
    queue = deque([start.id])
    while queue:
        here = queue.popleft()
        for flow in derived.flows:
            there = flow.listener.group
            if flow.initiator.group != here or there in ways:
                continue
            way = (*ways[here], f"{there}:{flow.numbers}")
            if flow.port.id == port.id and (there == end.id or in_front(site, flow, end)):
                return way
            behind = flow.listens.ends if flow.listens else ()
            for through in (flow.listener, *behind):
                if through in gateways and through.group not in ways and _passes_on(flow):
                    ways[through.group] = way
                    queue.append(through.group)
    return ()


def _passes_on(flow: Flow) -> bool:
    """Tell whether requests for other ports travel on this one: the first that gateways share."""
    return any(i.reach == "from-gateway" for i in flow.port.initiators)


def in_front(site: Site, flow: Flow, group: HostGroup) -> bool:
    """Tell whether a flow goes to a load balancer that stands in a group's place."""
    return any(
        balanced.port == flow.port.id
        and group.id in balanced.groups
        and flow.listener == End(balanced.balancer, balanced.role)
        for balanced in site.balanced
    )
