"""Why a flow exists; and for one that does not, the first reason why not, and the way instead."""

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from generator.catalogue import Catalogue, Port
from generator.derive.existence import absence, holds
from generator.derive.model import Derived, Flow
from generator.derive.routes import in_front, only_through, route
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
    one, other = find_host(site, start), find_host(site, end)
    ports = find_ports(catalogue, derived, port)
    flows = [
        flow
        for flow in derived.flows
        if flow.initiator.group == one.group.id and flow.port.id in ports
    ]
    direct = tuple(
        flow
        for flow in flows
        if flow.listener.group == other.group.id
        and not (one.apart(other) if flow.scope == "loopback" else one.same(other))
    )
    if direct:
        return Answer(direct, None, None)
    if one.same(other):
        return Answer((), "same host: only loopback connections stay on one host", None)
    for flow in flows:
        if in_front(site, flow, other.group):
            hops = [one.name, f"{flow.listener.group}:{flow.numbers}"]
            if flow.listens is not None:
                hops.append(f"{other.name}:{flow.listens.numbers}")
            return Answer(
                (),
                f"{other.name} is behind load balancer {flow.listener.group}, "
                "which is dialled instead",
                " → ".join(hops),
            )
    return _why_not(catalogue, derived, one, other, list(ports.values()))


@dataclass(frozen=True, slots=True)
class Host:
    """What a name on the command line stands for: a group, or one machine of it."""

    name: str
    group: HostGroup
    machine: int | None

    def same(self, other: "Host") -> bool:
        """Tell whether both are surely one machine."""
        return self.group is other.group and self.machine == other.machine is not None

    def apart(self, other: "Host") -> bool:
        """Tell whether both are surely two machines."""
        if self.group is not other.group:
            return True
        return None not in (self.machine, other.machine) and self.machine != other.machine


def find_host(site: Site, name: str) -> Host:
    """Return what a name stands for: a group's id, a host's name or its first label, an address.

    An address may be the one at which the other side of a gateway dials: it is what logs show.
    """
    if name in site.groups:
        group = site.groups[name]
        return Host(name, group, 0 if group.size == 1 and not group.people else None)
    wanted = name.lower()
    for group in site.groups.values():
        if _is_in(name, group.network):
            return Host(name, group, None)
        for pattern in (*((group.name,) if group.name else ()), *group.addresses):
            for machine, one in enumerate(pattern):
                if wanted in (one.lower(), one.split(".")[0].lower()):
                    return Host(name, group, machine)
    for gateway in site.gateways.values():
        for end in gateway.ends:
            if name in {dialled.address for dialled in end.dialled.values()}:
                group = site.groups[end.group]
                return Host(name, group, 0 if group.size == 1 else None)
    raise UnknownError(f"no host {quoted(name)} at {site.id}{did_you_mean(name, site.groups)}")


def _is_in(address: str, network: str | None) -> bool:
    try:
        return network is not None and ip_address(address) in ip_network(network)
    except ValueError:
        return False


def find_ports(catalogue: Catalogue, derived: Derived, name: str) -> dict[str, Port]:
    """Return the ports of an id, a number or a range, by id; a site's own numbers count as well."""
    if name in catalogue.ports:
        return {name: catalogue.ports[name]}
    numbers = [(port.id, port.numbers) for port in catalogue.ports.values()]
    numbers += [(flow.port.id, flow.numbers) for flow in derived.flows]
    numbers += [(listener.port, listener.numbers) for listener in derived.listeners]
    number = int(name) if re.fullmatch(r"[0-9]{1,5}", name) else -1
    found = {port for port, some in numbers if str(some) == name or number in some}
    if not found:
        raise UnknownError(f"no port {quoted(name)}{did_you_mean(name, catalogue.ports)}")
    return {port: catalogue.ports[port] for port in sorted(found)}


def _why_not(
    catalogue: Catalogue, derived: Derived, one: Host, other: Host, ports: list[Port]
) -> Answer:
    """Return the reason of the port that comes nearest to existing."""
    reasons = [_reason(catalogue, derived.site, one, other, port) for port in ports]
    nearest = max(range(len(ports)), key=lambda index: reasons[index][0])
    depth, reason = reasons[nearest]
    away = not set(one.group.zones) & set(other.group.zones)
    # Gateways pass on what the product's own parts ask of each other, nothing else.
    passes = catalogue.components[ports[nearest].listener].kind == "product"
    asks = away and passes and depth == _REACH
    way = route(derived, one.group, other.group, ports[nearest]) if asks else ()
    shown = " → ".join((one.name, *way)) if way else None
    return Answer((), reason, shown)


_EXISTS, _ROLES, _REACH = 1, 2, 3
"""How near a flow came to existing."""


def _reason(
    catalogue: Catalogue, site: Site, one: Host, other: Host, port: Port
) -> tuple[int, str]:
    missing = absence(catalogue, site, port)
    if missing is not None:
        return 0, missing
    listening = _real(site, other.group, port)
    if listening.role(port.listener) is None:
        return _EXISTS, f"{other.name} runs no {port.listener}, which listens on {port.id}"
    starting = [i for i in port.initiators if one.group.role(i.component)]
    if not starting:
        wanted = ", ".join(sorted({i.component for i in port.initiators})) or "nobody known"
        return _EXISTS, f"{one.name} runs nothing that starts {port.id}, only: {wanted}"
    holding = [i for i in starting if holds(catalogue, site, i.condition)]
    if not holding:
        return _ROLES, f"condition {starting[0].condition} does not hold"
    reaches = {i.reach for i in holding}
    if reaches == {"host"}:
        return _REACH, f"{port.id} is on loopback: it never leaves its host"
    shared = sorted(set(one.group.zones) & set(listening.zones))
    if not shared:
        zones = "/".join(listening.zones)
        return _REACH, f"{one.name} reaches zone {zones} {only_through(site, one.group, listening)}"
    if "zone" in reaches:
        stays = f"{one.name} is itself the load balancer in front of {other.name}"
        return _REACH, f"{stays}: nothing leaves it"
    return _REACH, _in_one_zone(catalogue, shared, port)


def _in_one_zone(catalogue: Catalogue, zones: list[str], port: Port) -> str:
    away = [zone for zone in zones if zone != catalogue.product.home_zone]
    if away:
        return f"both are in zone {away[0]}, where {port.id} goes only to or from a gateway's end"
    return f"both are in zone {zones[0]}, the home zone, where no gateway passes it on"


def _real(site: Site, group: HostGroup, port: Port) -> HostGroup:
    """Return the group behind a load balancer, where reach is judged."""
    for balanced in site.balanced:
        if (balanced.balancer, balanced.port) == (group.id, port.id):
            return site.groups[balanced.groups[0]]
    return group
