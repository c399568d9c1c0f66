"""A sound site document to a `Site`, with everything resolved that a line leaves unsaid."""

import re
from collections.abc import Mapping
from typing import Any

from generator.catalogue import Catalogue, Cipher, Numbers
from generator.hosts import Pattern
from generator.problems import Place
from generator.source import Document
from generator.topology import (
    LOAD_BALANCER,
    Balanced,
    Dialled,
    Ends,
    EndsKind,
    Gateway,
    GatewayEnd,
    HostGroup,
    MustNot,
    Role,
    Segment,
    Site,
    Waiver,
)
from generator.validate import site_rules
from generator.validate.values import numbers

Data = Mapping[str, Any]


def values(document: Document, site_id: str, catalogue: Catalogue) -> Site:
    """Return the site of a document in which the rules found nothing wrong."""
    data: Data = document.data
    segments = {
        key: Segment(
            id=key,
            title=entry.get("title", key),
            networks=tuple(sorted(entry.get("networks", ()), key=_address)),
            zone=entry.get("zone", key),
            owner=entry.get("owner"),
            place=document.place(("segments", key)),
        )
        for key, entry in sorted(data["segments"].items())
    }
    groups = {
        key: _group(document, key, entry, segments) for key, entry in sorted(data["hosts"].items())
    }
    defaults = {o.id: o.default for o in catalogue.options.values() if o.default is not None}
    chosen = dict(sorted(data.get("options", {}).items()))
    changed, ciphers = _changes(data)
    return Site(
        id=site_id,
        title=data["title"],
        description=data.get("description"),
        release=data["release"],
        illustrative=data.get("illustrative", False),
        owner=data.get("owner"),
        features=frozenset(data.get("features", ())),
        options=defaults | chosen,
        chosen=chosen,
        numbers=dict(sorted(changed.items())),
        encryption=dict(sorted(ciphers.items())),
        segments=segments,
        groups=groups,
        gateways={
            key: _gateway(document, key, entry["ends"], groups, catalogue)
            for key, entry in sorted(data.get("gateways", {}).items())
        },
        balanced=_balanced(document, data, groups, catalogue),
        must_not=tuple(
            MustNot(
                key,
                _ends(entry["from"]),
                _ends(entry["to"]),
                tuple(sorted(entry.get("ports", ()))),
                entry["why"],
                document.place(("must_not", key)),
            )
            for key, entry in sorted(data.get("must_not", {}).items())
        ),
        waivers=_waivers(document, data),
        place=document.value_place(()),
        places=_places(document),
    )


def _places(document: Document) -> dict[str, Place]:
    """Return where the lines stand that are no entry of their own."""
    data: Data = document.data
    lines = {key: document.place((key,)) for key in sorted(data) if key in _LINES}
    for index, feature in enumerate(data.get("features", ())):
        lines[f"features.{feature}"] = document.place(("features", index))
    for section in ("options", "numbers", "encryption"):
        for key in data.get(section, {}):
            lines[f"{section}.{key}"] = document.place((section, key))
    return lines


_LINES = ("title", "description", "release", "illustrative", "owner")


def _group(document: Document, key: str, entry: Data, segments: Mapping[str, Segment]) -> HostGroup:
    name = Pattern(entry["name"]) if "name" in entry else None
    written = sorted(entry.get("addresses", ()), key=_address)
    addresses = tuple(Pattern(address) for address in written)
    patterns = [name] if name else list(addresses[:1])
    segment = segments[entry["segment"]]
    return HostGroup(
        id=key,
        name=name,
        addresses=addresses,
        network=entry.get("network"),
        people="network" in entry,
        size=entry.get("count", patterns[0].size if patterns else _people(entry)),
        segment=segment.id,
        zones=tuple(sorted(entry.get("zones", (segment.zone,)))),
        roles=_roles(document, key, entry),
        labels=dict(sorted(entry.get("labels", {}).items())),
        owner=entry.get("owner"),
        place=document.place(("hosts", key)),
    )


def _address(text: str) -> tuple[bool, list[int], str]:
    """Order addresses and networks by value, IPv4 before IPv6, as far as their text tells."""
    return ":" in text, [int(run) for run in re.findall(r"[0-9]+", text)], text


def _people(entry: Data) -> int:
    """Return the size of a group of which nothing is named: a network has many, a host is one."""
    return 2 if "network" in entry else 1


def _roles(document: Document, key: str, entry: Data) -> tuple[Role, ...]:
    changed = _changes(document.data, entry)
    roles = [
        Role(role, role, *changed, document.place(("hosts", key, "roles", index)))
        for index, role in enumerate(entry["roles"])
    ]
    for instance, more in entry.get("instances", {}).items():
        own = _changes(document.data, entry, more)
        place = document.place(("hosts", key, "instances", instance))
        roles.append(Role(instance, more["component"], *own, place))
    return tuple(sorted(roles, key=lambda role: role.id))


def _changes(*levels: Data) -> tuple[dict[str, Numbers], dict[str, Cipher]]:
    """Return what is changed of numbers and encryption; a nearer level wins."""
    changed: dict[str, Numbers] = {}
    ciphers: dict[str, Cipher] = {}
    for level in levels:
        changed |= {port: numbers(value) for port, value in level.get("numbers", {}).items()}
        ciphers |= level.get("encryption", {})
    return changed, ciphers


def _gateway(
    document: Document, key: str, ends: Data, groups: Mapping[str, HostGroup], catalogue: Catalogue
) -> Gateway:
    one, other = (
        GatewayEnd(
            zone=zone,
            group=end["group"],
            role=end.get("role") or _gateway_role(groups[end["group"]], catalogue),
            dialled={
                port: Dialled(
                    value.get("address"), numbers(value["number"]) if "number" in value else None
                )
                for port, value in sorted(end.get("dialled", {}).items())
            },
        )
        for zone, end in sorted(ends.items())
    )
    return Gateway(key, (one, other), document.place(("gateways", key)))


def _gateway_role(group: HostGroup, catalogue: Catalogue) -> str:
    able = site_rules.gateway_components(catalogue)
    return next(role.id for role in group.roles if role.component in able)


def _balanced(
    document: Document, data: Data, groups: Mapping[str, HostGroup], catalogue: Catalogue
) -> tuple[Balanced, ...]:
    found: list[Balanced] = []
    for balancer, entries in data.get("load_balancers", {}).items():
        site_numbers = _changes(data, data["hosts"][balancer])[0]
        for index, entry in enumerate(entries):
            port = catalogue.ports[entry["port"]]
            listens = site_numbers.get(port.id, port.numbers)
            found.append(
                Balanced(
                    balancer=balancer,
                    role=entry.get("role") or _balancer_role(groups[balancer]),
                    port=port.id,
                    groups=tuple(sorted(entry["groups"])),
                    listens=numbers(entry["listens"]) if "listens" in entry else listens,
                    forwards_to=entry.get("forwards_to", port.id),
                    tls=entry.get("tls"),
                    redirects_to=entry.get("redirects_to"),
                    place=document.place(("load_balancers", balancer, index)),
                )
            )
    return tuple(sorted(found, key=lambda b: (b.balancer, b.port, b.role, b.groups)))


def _balancer_role(group: HostGroup) -> str:
    roles = [role.id for role in group.roles if role.component == LOAD_BALANCER]
    return LOAD_BALANCER if LOAD_BALANCER in roles else roles[0]


def _ends(data: Mapping[EndsKind, str]) -> Ends:
    ((kind, name),) = data.items()
    return Ends(kind, name)


def _waivers(document: Document, data: Data) -> tuple[Waiver, ...]:
    found = [
        Waiver(
            rule=entry["rule"],
            what=entry["what"],
            reason=entry["reason"],
            owner=entry["owner"],
            expires=entry["expires"],
            place=document.place(("waivers", index)),
        )
        for index, entry in enumerate(data.get("waivers", ()))
    ]
    return tuple(sorted(found, key=lambda w: (w.rule, w.what)))
