"""What is dialled instead of the real listener: a gateway's dialled address, a load balancer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.catalogue import Catalogue, Cipher
from generator.derive.existence import absence, ends_of, numbers_of
from generator.derive.model import STRENGTH, End, Flow, Listens, Reason
from generator.topology import Balanced, HostGroup, Role, Site

WEAKEST: tuple[Cipher, ...] = ("none", "unknown", "ssh", "tls")
"""What a reader must know of first."""

InPlace = Mapping[tuple[str, str], Balanced]
"""What stands in a listener's place, by port and host group."""


def in_place(catalogue: Catalogue, site: Site) -> InPlace:
    """Return the load balancers whose ports, before and behind, exist at a site."""
    return {
        (balanced.port, group): balanced
        for balanced in site.balanced
        for group in balanced.groups
        if _works(catalogue, site, balanced)
    }


def _works(catalogue: Catalogue, site: Site, balanced: Balanced) -> bool:
    ports = (catalogue.ports[name] for name in (balanced.port, balanced.forwards_to))
    return all(absence(catalogue, site, port) is None for port in ports)


def dial(catalogue: Catalogue, site: Site, balancers: InPlace, reach: str, flow: Flow) -> Flow:
    """Return the flow as its initiator dials it.

    A load balancer stands in front of the listener; a dialled address, in front of either.
    """
    balanced = balancers.get((flow.port.id, flow.listener.group))
    seen = flow if balanced is None else _balanced(catalogue, site, flow, balanced)
    return _dialled(site, flow, seen) if reach == "gateway" else seen


def _dialled(site: Site, flow: Flow, seen: Flow) -> Flow:
    for gateway, mine, theirs in ends_of(site):
        ends = (End(mine.group, mine.role), End(theirs.group, theirs.role))
        dialled = theirs.dialled.get(flow.port.id)
        if ends == (flow.initiator, flow.listener) and dialled is not None:
            reason = seen.reasons[0]
            return replace(
                seen,
                numbers=dialled.numbers or seen.numbers,
                addresses=(dialled.address,) if dialled.address else seen.addresses,
                listens=seen.listens or Listens((flow.listener,), flow.addresses, flow.numbers),
                reasons=(replace(reason, places=(*reason.places, gateway.place)),),
            )
    return seen


def _balanced(catalogue: Catalogue, site: Site, flow: Flow, balanced: Balanced) -> Flow:
    """Put a load balancer in the listener's place."""
    balancer = site.groups[balanced.balancer]
    listens = None
    if balanced.redirects_to is None:
        ends = tuple(_backends(catalogue, site, balanced))
        behind = catalogue.ports[balanced.forwards_to]
        addresses = [a for end in ends for a in site.groups[end[0].id].shown_addresses]
        listens = Listens(
            tuple(End(group.id, role.id) for group, role in ends),
            tuple(addresses),
            numbers_of(behind, ends[0][1]),
        )
    reason = flow.reasons[0]
    return replace(
        flow,
        listener=End(balancer.id, balanced.role),
        numbers=balanced.listens,
        addresses=balancer.shown_addresses,
        listens=listens,
        encryption=_before(catalogue, site, flow, balanced),
        reasons=(replace(reason, places=(*reason.places, balanced.place)),),
    )


def _before(catalogue: Catalogue, site: Site, flow: Flow, balanced: Balanced) -> Cipher:
    """Return how traffic is protected up to a load balancer.

    Where TLS ends there, it is the balancer's own; else the weakest of what stands behind it.
    """
    if balanced.tls == "ends":
        role = next(r for r in site.groups[balanced.balancer].roles if r.id == balanced.role)
        return role.encryption.get(flow.port.id, flow.port.encryption.default)
    behind = {
        role.encryption.get(flow.port.id, flow.port.encryption.default)
        for _, role in _backends(catalogue, site, balanced)
    }
    return min(behind, key=WEAKEST.index, default=flow.encryption)


def _backends(
    catalogue: Catalogue, site: Site, balanced: Balanced
) -> Iterator[tuple[HostGroup, Role]]:
    listener = catalogue.ports[balanced.forwards_to].listener
    for name in balanced.groups:
        group = site.groups[name]
        for role in group.roles:
            if role.component == listener:
                yield group, role


def hops(catalogue: Catalogue, site: Site, flows: tuple[Flow, ...]) -> Iterator[Flow]:
    """Yield what load balancers themselves start, for each port that somebody dials on them."""
    for balanced in site.balanced:
        balancer = site.groups[balanced.balancer]
        end = End(balancer.id, balanced.role)
        dialling = [flow for flow in flows if (flow.listener, flow.port.id) == (end, balanced.port)]
        if not dialling or balanced.redirects_to is not None:
            continue
        behind = catalogue.ports[balanced.forwards_to]
        for group, role in _backends(catalogue, site, balanced):
            yield Flow(
                port=behind,
                initiator=end,
                listener=End(group.id, role.id),
                numbers=numbers_of(behind, role),
                addresses=group.shown_addresses,
                listens=None,
                encryption=role.encryption.get(behind.id, behind.encryption.default),
                requirement=min((f.requirement for f in dialling), key=STRENGTH.index),
                scope="network",
                reasons=(
                    Reason(
                        f"forwards what is dialled on {balanced.listens}",
                        f"load balancer {balancer.id}: "
                        f"{balanced.listens} → {numbers_of(behind, role)}",
                        (balanced.place, role.place),
                    ),
                ),
            )
