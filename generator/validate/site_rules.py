"""The rules of a site document that its structure alone cannot say: names, and what goes together.

Rules about names and addresses of hosts are in `site_hosts`, those about load balancers in
`site_balancers`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from generator.catalogue import Catalogue, Numbers, Port
from generator.problems import Problem, quoted
from generator.source import Document, Path
from generator.validate import site_balancers, site_hosts
from generator.validate.context import Context, components_of
from generator.validate.values import numbers


def problems(document: Document, catalogue: Catalogue, unsound: frozenset[Path]) -> list[Problem]:
    """Return everything that breaks a rule, of the entries whose structure is sound."""
    context = Context(document, unsound)
    return [
        *_choices(context, catalogue),
        *_changes(context, catalogue, ()),
        *_hosts(context, catalogue),
        *site_hosts.problems(context, catalogue),
        *_gateways(context, catalogue),
        *site_balancers.problems(context, catalogue),
        *_must_not(context, catalogue),
        *_waivers(context),
    ]


def zones(context: Context) -> frozenset[str] | None:
    """Return the zones that segments are in, sound or not: one mistake, one line."""
    if context.names("segments") is None:
        return None
    entries = context.document.data["segments"]
    return frozenset(
        str(entry.get("zone", key)) if isinstance(entry, dict) else key
        for key, entry in entries.items()
    )


def gateway_components(catalogue: Catalogue) -> frozenset[str]:
    """Return the components that can be the end of a gateway."""
    return frozenset(
        port.listener
        for port in catalogue.ports.values()
        if any(initiator.reach == "gateway" for initiator in port.initiators)
    )


def _choices(context: Context, catalogue: Catalogue) -> Iterator[Problem]:
    for index, feature in enumerate(context.get("features", [])):
        yield from context.unknown(("features", index), feature, catalogue.features, "feature")
    for option, choice in context.section("options").items():
        path: Path = ("options", option)
        yield from context.unknown(path, option, catalogue.options, "option")
        if option in catalogue.options:
            choices = [choice.id for choice in catalogue.options[option].choices]
            yield from context.unknown(path, choice, choices, f"choice of {option}")


def _changes(context: Context, catalogue: Catalogue, path: Path) -> Iterator[Problem]:
    """Check changed numbers and encryption: of the site, of a group, of an instance."""
    level = context.document.data if path == () else _at(context, path)
    if not isinstance(level, dict):
        return
    for section in ("numbers", "encryption"):
        if path == () and (section,) in context.unsound:
            continue
        entries = level.get(section, {})
        for port in entries if isinstance(entries, dict) else ():
            here: Path = (*path, section, port)
            yield from context.unknown(here, port, catalogue.ports, "port")
            if section == "numbers" and port in catalogue.ports and here[:2] not in context.unsound:
                yield from _changed(context, catalogue.ports[port], here, numbers(entries[port]))


def _changed(context: Context, port: Port, path: Path, changed: Numbers) -> Iterator[Problem]:
    usual = port.numbers
    if changed.last > 65535:
        yield context.problem(path, f"{changed.last} must be at most 65535")
    elif changed.last < changed.first:
        yield context.problem(path, f"{changed} falls: write the lower number first")
    elif len(changed) != len(usual):
        wanted = "one number" if len(usual) == 1 else f"{len(usual)} numbers"
        yield context.problem(path, f"{changed} must be {wanted}, as {usual} is")


def _at(context: Context, path: Path) -> Any:
    value = context.document.data
    for step in path:
        value = value[step]
    return value


def _hosts(context: Context, catalogue: Catalogue) -> Iterator[Problem]:
    segments = context.names("segments")
    known_zones = zones(context)
    for key, entry in context.section("hosts").items():
        path: Path = ("hosts", key)
        yield from context.unknown((*path, "segment"), entry["segment"], segments, "segment")
        for index, zone in enumerate(entry.get("zones", ())):
            yield from context.unknown((*path, "zones", index), zone, known_zones, "zone")
        for index, role in enumerate(entry["roles"]):
            here: Path = (*path, "roles", index)
            yield from context.unknown(here, role, catalogue.components, "component")
        for instance, more in entry.get("instances", {}).items():
            here = (*path, "instances", instance)
            yield from context.unknown(
                (*here, "component"), more["component"], catalogue.components, "component"
            )
            if instance in catalogue.components:
                yield context.problem(here, "is the id of a component: give it one of its own")
            yield from _changes(context, catalogue, here)
        yield from _changes(context, catalogue, path)
        yield from _people(context, catalogue, path, entry)


def _people(
    context: Context, catalogue: Catalogue, path: Path, entry: dict[str, Any]
) -> Iterator[Problem]:
    """People come from networks, and nothing else does; all else is in exactly one zone."""
    kinds = {
        role: catalogue.components[component].kind
        for role, component in components_of(entry).items()
        if component in catalogue.components
    }
    people = sorted(role for role, kind in kinds.items() if kind == "person")
    others = sorted(role for role, kind in kinds.items() if kind != "person")
    if people and others:
        yield context.problem(
            (*path, "roles"),
            f"{quoted(people[0])} is a person, {quoted(others[0])} is not: make two groups",
        )
    elif people and "network" not in entry:
        yield context.problem(
            (*path, "roles"), f"{quoted(people[0])} is a person: give the group a network, no host"
        )
    elif others and "network" in entry:
        yield context.problem(
            (*path, "network"), f"people come from a network, {quoted(others[0])} runs on hosts"
        )
    if any(kind != "person" for kind in kinds.values()) and len(entry.get("zones", ())) > 1:
        yield context.problem((*path, "zones"), "only people may be in several zones")


def _gateways(context: Context, catalogue: Catalogue) -> Iterator[Problem]:
    hosts = context.section("hosts")
    segments = context.section("segments")
    able = gateway_components(catalogue)
    carried = [
        p.id for p in catalogue.ports.values() if any(i.reach == "gateway" for i in p.initiators)
    ]
    known_zones = zones(context)
    for key, gateway in context.section("gateways").items():
        for zone, end in sorted(gateway["ends"].items()):
            path: Path = ("gateways", key, "ends", zone)
            yield from context.unknown(path, zone, known_zones, "zone")
            group = end["group"]
            names = context.names("hosts")
            yield from context.unknown((*path, "group"), group, names, "host group")
            for port in end.get("dialled", {}):
                here: Path = (*path, "dialled", port)
                yield from context.unknown(here, port, catalogue.ports, "port")
                if port in catalogue.ports and port not in carried:
                    yield context.problem(
                        here, f"no gateway carries {port}, only {', '.join(sorted(carried))}"
                    )
            if group not in hosts:
                continue
            entry = hosts[group]
            segment = segments.get(entry["segment"], {})
            own = entry.get("zones", [segment.get("zone", entry["segment"])])
            if zone not in own and zone in (known_zones or ()):
                yield context.problem(
                    (*path, "group"), f"{quoted(group)} is in zone {', '.join(own)}, not {zone}"
                )
            roles = [role for role, c in components_of(entry).items() if c in able]
            yield from _gateway_role(context, path, end, group, roles)


def _gateway_role(
    context: Context, path: Path, end: dict[str, Any], group: str, roles: list[str]
) -> Iterator[Problem]:
    if not roles:
        yield context.problem(
            (*path, "group"), f"{quoted(group)} runs nothing that can be a gateway"
        )
    elif "role" in end:
        yield from context.unknown((*path, "role"), end["role"], roles, "gateway role")
    elif len(roles) > 1:
        yield context.problem(path, f"name the role: {' or '.join(sorted(roles))}")


def _must_not(context: Context, catalogue: Catalogue) -> Iterator[Problem]:
    known: dict[str, Iterable[str] | None] = {
        "group": context.names("hosts"),
        "segment": context.names("segments"),
        "zone": zones(context),
    }
    what = {"group": "host group", "segment": "segment", "zone": "zone"}
    for key, entry in context.section("must_not").items():
        for side in ("from", "to"):
            ((kind, name),) = entry[side].items()
            path: Path = ("must_not", key, side, kind)
            yield from context.unknown(path, name, known[kind], what[kind])
        for index, port in enumerate(entry.get("ports", ())):
            path = ("must_not", key, "ports", index)
            yield from context.unknown(path, port, catalogue.ports, "port")


def _waivers(context: Context) -> Iterator[Problem]:
    for index, waiver in enumerate(context.get("waivers", [])):
        try:
            date.fromisoformat(waiver["expires"])
        except ValueError:
            message = f"{quoted(waiver['expires'])} is no day of the calendar"
            yield context.problem(("waivers", index, "expires"), message)
