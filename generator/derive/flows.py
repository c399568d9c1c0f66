"""`derive`: all listeners and flows of a site.

A flow exists when one group has an initiator's role and another (or the same, between its members)
the listener's, the port exists at this site, and the reach allows it. Then a dialled address, or a
load balancer, takes the listener's place; what was replaced stays known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.catalogue import Catalogue, Port
from generator.derive.dialling import InPlace, dial, hops, in_place
from generator.derive.existence import existing_ports, holds, is_gateway, numbers_of, reaches
from generator.derive.model import STRENGTH, Derived, End, Flow, Listener, Reason
from generator.topology import HostGroup, Role, Site
from generator.views import gateway_only


def derive(catalogue: Catalogue, site: Site) -> Derived:
    """Return all listeners and flows of a site."""
    roles = _roles(site)
    ends = {
        component: tuple(one for one in some if is_gateway(site, *one))
        for component, some in roles.items()
    }
    ports = tuple(existing_ports(catalogue, site))
    balancers = in_place(catalogue, site)
    found: dict[str, Flow] = {}
    for port in ports:
        for reach, real in _flows(catalogue, site, roles, ends, port):
            flow = dial(catalogue, site, balancers, reach, real)
            known = found.get(flow.id)
            found[flow.id] = _merge(known, flow) if known else flow
    for hop in hops(catalogue, site, tuple(found.values())):
        known = found.get(hop.id)
        found[hop.id] = _merge(known, hop) if known else hop
    return Derived(
        site=site,
        listeners=_listeners(catalogue, site, ports, roles, balancers),
        flows=tuple(
            sorted(
                (flow for flow in found.values() if not _to_itself(site, flow)),
                key=lambda flow: flow.sort_key,
            )
        ),
    )


def _to_itself(site: Site, flow: Flow) -> bool:
    """Tell whether a load balancer made a flow one of a single machine to itself."""
    alone = flow.initiator.group == flow.listener.group and flow.scope == "network"
    return alone and site.groups[flow.listener.group].size == 1


LOOPBACK = ("127.0.0.1",)
"""What is dialled on a host itself."""

Roles = Mapping[str, tuple[tuple[HostGroup, Role], ...]]
"""Who runs a component, by component."""


def _roles(site: Site) -> Roles:
    found: dict[str, tuple[tuple[HostGroup, Role], ...]] = {}
    for group in site.groups.values():
        for role in group.roles:
            found[role.component] = (*found.get(role.component, ()), (group, role))
    return found


def _flows(
    catalogue: Catalogue, site: Site, roles: Roles, ends: Roles, port: Port
) -> Iterator[tuple[str, Flow]]:
    """Yield the flows to a port between real ends, each with its reach.

    `ends` are those of the roles that end a gateway.
    """
    for initiator in port.initiators:
        if not holds(catalogue, site, initiator.condition):
            continue
        starting = ends if initiator.reach in ("gateway", "from-gateway") else roles
        listening = ends if initiator.reach in ("gateway", "to-gateway") else roles
        for one in starting.get(initiator.component, ()):
            for other in listening.get(port.listener, ()):
                rule = reaches(catalogue, site, initiator.reach, one, other)
                if rule is None:
                    continue
                (from_group, from_role), (to_group, to_role) = one, other
                places = (initiator.place, from_role.place, to_role.place)
                yield (
                    initiator.reach,
                    Flow(
                        port=port,
                        initiator=End(from_group.id, from_role.id),
                        listener=End(to_group.id, to_role.id),
                        numbers=numbers_of(port, to_role),
                        addresses=LOOPBACK
                        if port.scope == "loopback"
                        else to_group.shown_addresses,
                        listens=None,
                        encryption=to_role.encryption.get(port.id, port.encryption.default),
                        requirement=initiator.requirement or port.requirement,
                        scope=port.scope,
                        reasons=(Reason(initiator.why, rule, places),),
                    ),
                )


def _merge(one: Flow, other: Flow) -> Flow:
    """Keep one flow for two reasons; the stronger requirement counts."""
    reasons = tuple(dict.fromkeys((*one.reasons, *other.reasons)))
    requirement = min(one.requirement, other.requirement, key=STRENGTH.index)
    return replace(one, reasons=reasons, requirement=requirement)


def _listeners(
    catalogue: Catalogue,
    site: Site,
    ports: tuple[Port, ...],
    roles: Roles,
    balancers: InPlace,
) -> tuple[Listener, ...]:
    found = [
        Listener(
            End(group.id, role.id), port.id, numbers_of(port, role), port.transport, port.scope
        )
        for port in ports
        for group, role in roles.get(port.listener, ())
        if not gateway_only(port) or is_gateway(site, group, role)
    ]
    for balanced in dict.fromkeys(balancers.values()):
        end = End(balanced.balancer, balanced.role)
        transport = catalogue.ports[balanced.port].transport
        found.append(Listener(end, balanced.port, balanced.listens, transport, "network"))
    return tuple(sorted(found, key=lambda one: (one.end, one.numbers, one.port)))
