"""The entries of a site as plain fields, without places."""

from collections.abc import Callable, Mapping
from typing import Any

from generator.catalogue import Catalogue
from generator.derive.model import End
from generator.diff.entries import Entry, Sections
from generator.diff.facts import role_name
from generator.diff.model import Renames, Value
from generator.topology import LOAD_BALANCER, Balanced, Ends, Gateway, HostGroup, MustNot, Site


def site_sections(catalogue: Catalogue, site: Site, names: Renames) -> Sections:
    """Return all entries of a site, ids as they are called after."""
    ports = _namer(names.ports)
    lines = {
        "title": site.title,
        "description": site.description,
        "release": site.release,
        "illustrative": site.illustrative,
        "owner": site.owner,
    }
    found: dict[str, dict[str, Entry]] = {
        "site": {key: _line(site, key, value) for key, value in lines.items() if value is not None},
        "features": {key: _line(site, f"features.{key}", True) for key in sorted(site.features)},
        "options": {
            key: Entry(
                {"choice": value},
                site.places.get(f"options.{key}", catalogue.options[key].place),
            )
            for key, value in site.options.items()
        },
        "numbers": {
            ports(key): _line(site, f"numbers.{key}", str(value))
            for key, value in site.numbers.items()
        },
        "encryption": {
            ports(key): _line(site, f"encryption.{key}", value)
            for key, value in site.encryption.items()
        },
        "segments": {},
        "hosts": {},
        "gateways": {},
        "load_balancers": {},
        "must_not": {},
        "waivers": {},
    }
    for segment in site.segments.values():
        says: dict[str, Value] = {
            "title": None if segment.title == segment.id else segment.title,
            "networks": segment.networks,
            "zone": names.zones.get(segment.zone, segment.zone),
            "owner": segment.owner,
        }
        found["segments"][names.segments.get(segment.id, segment.id)] = Entry(says, segment.place)
    for group in site.groups.values():
        key = names.groups.get(group.id, group.id)
        found["hosts"][key] = Entry(group_says(site, group, names), group.place)
    for gateway in site.gateways.values():
        key = names.gateways.get(gateway.id, gateway.id)
        found["gateways"][key] = Entry(gateway_says(gateway, names), gateway.place)
    for balanced in site.balanced:
        key = balanced_key(balanced, names)
        found["load_balancers"][key] = Entry(_balanced(balanced, names), balanced.place)
    for forbidden in site.must_not:
        key = names.must_not.get(forbidden.id, forbidden.id)
        found["must_not"][key] = Entry(assertion_says(forbidden, names), forbidden.place)
    for waiver in site.waivers:
        says = {"reason": waiver.reason, "owner": waiver.owner, "expires": waiver.expires}
        found["waivers"][f"{waiver.rule}: {waiver.what}"] = Entry(says, waiver.place)
    return found


def _line(site: Site, name: str, value: Value) -> Entry:
    return Entry({"value": value}, site.places.get(name, site.place))


def group_says(site: Site, group: HostGroup, names: Renames) -> dict[str, Value]:
    """Return what an entry under `hosts` says; `size` is None of people."""
    says: dict[str, Value] = {
        "hosts": group.shown_hosts,
        "addresses": group.shown_addresses,
        "size": None if group.people else group.size,
        "segment": names.segments.get(group.segment, group.segment),
        "zones": tuple(sorted(names.zones.get(zone, zone) for zone in group.zones)),
        "owner": group.owner,
    }
    roles = []
    for role in group.roles:
        name = role_name(End(group.id, role.id), names)
        component = names.components.get(role.component, role.component)
        roles.append(name if name == component else f"{name} ({component})")
        changes: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
            ("numbers", role.numbers, site.numbers),
            ("encryption", role.encryption, site.encryption),
        )
        for kind, own, everywhere in changes:
            for port, value in own.items():
                if everywhere.get(port) != value:
                    says[f"{kind}.{name}.{names.ports.get(port, port)}"] = str(value)
    says["roles"] = tuple(sorted(roles))
    says |= {f"labels.{key}": value for key, value in group.labels.items()}
    return says


def gateway_says(gateway: Gateway, names: Renames) -> dict[str, Value]:
    """Return what an entry under `gateways` says."""
    says: dict[str, Value] = {}
    for end in gateway.ends:
        zone = names.zones.get(end.zone, end.zone)
        says[f"{zone}.group"] = names.groups.get(end.group, end.group)
        says[f"{zone}.role"] = role_name(End(end.group, end.role), names)
        for port, dialled in end.dialled.items():
            at = f"{zone}.dialled.{names.ports.get(port, port)}"
            says[f"{at}.address"] = dialled.address
            says[f"{at}.number"] = str(dialled.numbers) if dialled.numbers else None
    return says


def balanced_key(balanced: Balanced, names: Renames) -> str:
    """Name an entry of a load balancer: by its port, and by its role if that is not the usual."""
    port = names.ports.get(balanced.port, balanced.port)
    role = role_name(End(balanced.balancer, balanced.role), names)
    group = names.groups.get(balanced.balancer, balanced.balancer)
    return f"{group}.{port}" if role == LOAD_BALANCER else f"{group}.{role}.{port}"


def assertion_says(forbidden: MustNot, names: Renames) -> dict[str, Value]:
    """Return what an entry under `must_not` says."""
    return {
        "from": _ends(forbidden.initiators, names),
        "to": _ends(forbidden.listeners, names),
        "ports": tuple(sorted(names.ports.get(port, port) for port in forbidden.ports)),
        "why": forbidden.why,
    }


def _balanced(balanced: Balanced, names: Renames) -> dict[str, Value]:
    redirects = balanced.redirects_to
    return {
        "groups": tuple(sorted(names.groups.get(one, one) for one in balanced.groups)),
        "listens": str(balanced.listens),
        "forwards_to": names.ports.get(balanced.forwards_to, balanced.forwards_to),
        "tls": balanced.tls,
        "redirects_to": names.ports.get(redirects, redirects) if redirects else None,
    }


def _ends(ends: Ends, names: Renames) -> str:
    known = {"group": names.groups, "segment": names.segments, "zone": names.zones}[ends.kind]
    return f"{ends.kind} {known.get(ends.id, ends.id)}"


def _namer(known: Mapping[str, str]) -> Callable[[str], str]:
    return lambda name: known.get(name, name)
