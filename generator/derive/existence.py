"""Which ports exist at a site, and who may reach whom there."""

from collections.abc import Iterator

from generator.catalogue import Catalogue, Numbers, Port
from generator.releases import release_key
from generator.topology import Gateway, GatewayEnd, HostGroup, Role, Site
from generator.views import choice_of


def exists_in(port: Port, release: str) -> bool:
    """Tell whether a port exists in a product release."""
    key = release_key(release)
    starts = port.since is None or release_key(port.since) <= key
    return starts and (port.until is None or key < release_key(port.until))


def holds(catalogue: Catalogue, site: Site, condition: str | None) -> bool:
    """Tell whether a condition holds at a site; no condition always does."""
    if condition is None:
        return True
    wanted = catalogue.conditions[condition]
    return site.hosts_of(wanted.component) >= wanted.at_least


def absence(catalogue: Catalogue, site: Site, port: Port) -> str | None:
    """Return why a port does not exist at a site, or None if it does."""
    if not exists_in(port, site.release):
        return f"{port.id} does not exist in release {site.release}"
    chosen = choice_of(catalogue, port.id)
    if chosen and site.options.get(chosen[0].id) != chosen[1].id:
        taken = site.options.get(chosen[0].id, "nothing")
        return f"option {chosen[0].id} is {taken}, not {chosen[1].id}"
    if port.feature and port.feature not in site.features:
        return f"feature {port.feature} is off"
    if not holds(catalogue, site, port.condition):
        return f"condition {port.condition} does not hold"
    return None


def existing_ports(catalogue: Catalogue, site: Site) -> Iterator[Port]:
    """Yield the ports that exist at a site: by release, option, feature and condition."""
    return (port for port in catalogue.ports.values() if absence(catalogue, site, port) is None)


def numbers_of(port: Port, role: Role) -> Numbers:
    """Return the numbers on which a role listens for a port."""
    return role.numbers.get(port.id, port.numbers)


def ends_of(site: Site) -> Iterator[tuple[Gateway, GatewayEnd, GatewayEnd]]:
    """Yield each gateway twice: with its end and the other one."""
    for gateway in site.gateways.values():
        one, other = gateway.ends
        yield gateway, one, other
        yield gateway, other, one


def is_gateway(site: Site, group: HostGroup, role: Role) -> bool:
    """Tell whether a role on a group is an end of a gateway."""
    return any((end.group, end.role) == (group.id, role.id) for _, end, _ in ends_of(site))


def reaches(
    catalogue: Catalogue,
    site: Site,
    reach: str,
    one: tuple[HostGroup, Role],
    other: tuple[HostGroup, Role],
) -> str | None:
    """Return the rule by which a role of one group reaches a role of another, or None.

    Judged on the real ends, before a dialled address or a load balancer is put in.
    """
    (start, _), (end, _) = one, other
    if reach == "host":
        return "the same host, over loopback" if start is end else None
    if start is end and start.size < 2:
        return None
    if reach == "site":
        return "any two hosts of the site"
    if reach == "gateway":
        return _through_gateway(site, one, other)
    shared = [zone for zone in start.zones if zone in end.zones]
    if reach == "zone":
        return f"both are in zone {shared[0]}" if shared else None
    away = [zone for zone in shared if zone != catalogue.product.home_zone]
    gateway_end = other if reach == "to-gateway" else one
    if away and is_gateway(site, *gateway_end):
        return f"{gateway_end[0].id} is a gateway's end in zone {away[0]}"
    return None


def _through_gateway(
    site: Site, one: tuple[HostGroup, Role], other: tuple[HostGroup, Role]
) -> str | None:
    wanted = tuple((group.id, role.id) for group, role in (one, other))
    for gateway, mine, theirs in ends_of(site):
        if ((mine.group, mine.role), (theirs.group, theirs.role)) == wanted:
            return f"the two ends of gateway {gateway.id}"
    return None
