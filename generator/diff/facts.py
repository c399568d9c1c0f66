"""What a flow says, as named fields: everything that the published contract has of it."""

from collections.abc import Mapping

from generator.derive.model import End, Flow
from generator.diff.model import Renames, Value
from generator.topology import Site

Facts = Mapping[str, Value]


def flow_facts(site: Site, flow: Flow, names: Renames) -> Facts:
    """Return the fields of a flow, `names` applied to every id in them.

    Names are those of `flows --format json`, dotted. Lists whose order follows ids are sorted, so
    that a renamed group changes nothing in them.
    """
    start = site.groups[flow.initiator.group]
    end = site.groups[flow.listener.group]
    behind = flow.listens
    facts: dict[str, Value] = {
        "port": names.ports.get(flow.port.id, flow.port.id),
        "numbers": str(flow.numbers),
        "transport": flow.port.transport,
        "service": flow.port.service,
        **_end(site, flow.initiator, names, "from"),
        **_end(site, flow.listener, names, "to"),
        "to.addresses": tuple(flow.addresses),
        "listens.addresses": tuple(sorted(behind.addresses)) if behind else None,
        "listens.numbers": str(behind.numbers) if behind else None,
        "listens.groups": tuple(sorted(names.groups.get(e.group, e.group) for e in behind.ends))
        if behind
        else None,
        "encryption": flow.encryption,
        "requirement": flow.requirement,
        "scope": flow.scope,
        "crosses": None
        if start.segment == end.segment
        else tuple(names.segments.get(s, s) for s in (start.segment, end.segment)),
        "why": "; ".join(dict.fromkeys(reason.why for reason in flow.reasons)),
        "url": f"/ports/{flow.port.numbers}/",
    }
    return facts


def _end(site: Site, end: End, names: Renames, side: str) -> Facts:
    group = site.groups[end.group]
    zones = tuple(sorted(names.zones.get(zone, zone) for zone in group.zones))
    return {
        f"{side}.group": names.groups.get(group.id, group.id),
        f"{side}.hosts": group.shown_hosts,
        f"{side}.addresses": group.shown_addresses,
        f"{side}.count": None if group.people else group.size,
        f"{side}.role": role_name(end, names),
        f"{side}.segment": names.segments.get(group.segment, group.segment),
        f"{side}.zone": zones[0],
        f"{side}.zones": zones,
    }


def role_name(end: End, names: Renames) -> str:
    """Return the role of an end as it is called after."""
    own = names.roles.get((end.group, end.role))
    return own or names.components.get(end.role, end.role)


def flow_id(flow: Flow, names: Renames) -> str:
    """Return the id that a flow would have with the names of after."""
    port = names.ports.get(flow.port.id, flow.port.id)
    start, end = (
        End(names.groups.get(one.group, one.group), role_name(one, names))
        for one in (flow.initiator, flow.listener)
    )
    return f"{port}:{start}>{end}"
