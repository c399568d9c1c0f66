"""Flows as a document for programs: the published contract of `/schema/flows.json`."""

from typing import Any

from generator.derive.machines import expand
from generator.derive.model import Derived, End, Flow, Listener
from generator.topology import Site

SCHEMA = 1


def document(derived: Derived, *, machines: bool = False) -> dict[str, Any]:
    """Return the flows of a site; `machines` writes them machine by machine instead."""
    flows = machine_flows(derived) if machines else [flow(derived.site, f) for f in derived.flows]
    return {
        "schema": SCHEMA,
        "site": derived.site.id,
        "release": derived.site.release,
        "flows": flows,
    }


def flow(site: Site, one: Flow) -> dict[str, Any]:
    """Return one flow."""
    start, end = (site.groups[e.group].segment for e in (one.initiator, one.listener))
    return {
        "id": one.id,
        "port": one.port.id,
        "numbers": str(one.numbers),
        "transport": one.port.transport,
        "service": one.port.service,
        "from": _end(site, one.initiator),
        "to": {**_end(site, one.listener), "addresses": list(one.addresses)},
        "listens": None
        if one.listens is None
        else {
            "addresses": list(one.listens.addresses),
            "numbers": str(one.listens.numbers),
            "groups": [end.group for end in one.listens.ends],
        },
        "encryption": one.encryption,
        "requirement": one.requirement,
        "scope": one.scope,
        "crosses": None if start == end else [start, end],
        "why": "; ".join(dict.fromkeys(reason.why for reason in one.reasons)),
        "url": f"/ports/{one.port.numbers}/",
    }


def _end(site: Site, end: End) -> dict[str, Any]:
    group = site.groups[end.group]
    return {
        "group": group.id,
        "hosts": list(group.shown_hosts),
        "addresses": list(group.shown_addresses),
        "count": None if group.people else group.size,
        "role": end.role,
        "segment": group.segment,
        "zone": group.zones[0],
        "zones": list(group.zones),
    }


def machine_flows(derived: Derived) -> list[dict[str, Any]]:
    """Return every flow machine by machine."""
    segment = {group.id: group.segment for group in derived.site.groups.values()}
    return [
        {
            "id": one.id,
            "port": one.port,
            "numbers": one.numbers,
            "transport": one.transport,
            "from": {
                "host": one.initiator.name,
                "addresses": list(one.initiator.addresses),
                "segment": segment[one.initiator.group],
            },
            "to": {
                "host": one.listener.name,
                "address": one.address or None,
                "segment": segment[one.listener.group],
            },
            "scope": one.scope,
        }
        for one in expand(derived)
    ]


def listener(one: Listener) -> dict[str, Any]:
    """Return one listener."""
    return {
        "group": one.end.group,
        "role": one.end.role,
        "port": one.port,
        "numbers": str(one.numbers),
        "transport": one.transport,
        "scope": one.scope,
    }
