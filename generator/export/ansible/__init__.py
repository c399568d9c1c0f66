"""`export ansible`: inventory, playbook and scripts that check a whole fleet, as text by name."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

from generator.catalogue import Catalogue
from generator.checker.script import POWERSHELL, script
from generator.derive.machines import Machine, machines
from generator.derive.model import Derived
from generator.problems import DataError, Problem, did_you_mean, quoted
from generator.topology import HostGroup

_SAFE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
"""A name that an inventory takes as it is: no port, no range, no template."""

LABELS = {"os": ("linux", "windows"), "fleet": ("include", "exclude")}
"""The labels of a host group that decide, and their values; the first is meant where none is."""

MOST = 120_000
"""Bytes of a script that Linux still takes in a command: it takes 131,072 of one argument."""


def fleet(catalogue: Catalogue, derived: Derived) -> tuple[tuple[HostGroup, ...], dict[str, str]]:
    """Return the host groups that are logged on to, and why each other one is left out.

    Raises DataError where a label that decides has another value than those that it can have.
    """
    problems: list[Problem] = []
    chosen: list[HostGroup] = []
    left_out: dict[str, str] = {}
    for group in derived.site.groups.values():
        problems += _wrong_labels(group)
        reason = _left_out(catalogue, group)
        if reason is None:
            chosen.append(group)
        else:
            left_out[group.id] = reason
    if problems:
        raise DataError(problems)
    return tuple(chosen), left_out


def _wrong_labels(group: HostGroup) -> Iterator[Problem]:
    for label, values in LABELS.items():
        value = group.labels.get(label, values[0])
        if value not in values:
            near = did_you_mean(value, values)
            says = f"{quoted(value)} is not one of {', '.join(values)}{near}"
            yield Problem(group.place, f"hosts.{group.id}.labels.{label}: {says}")


def _left_out(catalogue: Catalogue, group: HostGroup) -> str | None:
    """Say why nobody logs on to the hosts of a group, or return None."""
    if group.people:
        return "people"
    if group.labels.get("fleet") == "exclude":
        return "its label fleet"
    if not (group.shown_hosts or group.shown_addresses):
        return "no name and no address"
    known = (catalogue.components.get(role.component) for role in group.roles)
    own = any(component is not None and component.kind == "product" for component in known)
    if not own and group.labels.get("fleet") != "include":
        return "nothing of the product; the label fleet: include takes it in"
    return None


def documents(
    catalogue: Catalogue, derived: Derived, version: str, site_url: str = ""
) -> Mapping[str, str]:
    """Return every file by its name. Raises DataError if a label, or the script, cannot be used."""
    chosen, left_out = fleet(catalogue, derived)
    here = files("generator") / "export" / "ansible"
    check = script(catalogue, derived, version, site_url)
    if len(check.encode()) > MOST:
        says = f"its check script has {len(check.encode())} bytes; a command takes {MOST}"
        raise DataError([Problem(derived.site.place, says)])
    made = {name: (here / name).read_text("utf-8") for name in ("ansible.cfg", "playbook.yml")}
    made |= {"check.sh": check, "inventory.yml": _inventory(derived, chosen, left_out)}
    if any(_os(group) == "windows" for group in chosen):
        made["check.ps1"] = script(catalogue, derived, version, site_url, how=POWERSHELL)
    return made


def _os(group: HostGroup) -> str:
    return group.labels.get("os", LABELS["os"][0])


def _inventory(derived: Derived, chosen: Iterable[HostGroup], left_out: Mapping[str, str]) -> str:
    """Return the inventory: a line a host, then who is of which group, segment and zone."""
    site = derived.site
    hosts: dict[str, str] = {}
    members: dict[str, list[str]] = {"linux": [], "windows": []}
    for group in chosen:
        groups = [_os(group), f"group_{group.id}", f"segment_{group.segment}"]
        groups += [f"zone_{zone}" for zone in group.zones]
        for machine in machines(group):
            name, variables = _host(machine)
            hosts[name] = variables
            for one in groups:
                members.setdefault(one.replace("-", "_"), []).append(name)
    lines = [f"# The hosts of {site.id} that are checked; written by `portatlas export ansible`."]
    lines += [f"# Left out: {group}: {reason}" for group, reason in sorted(left_out.items())]
    lines += ["all:", "  vars:", f"    portatlas_site: {_word(site.id)}", "  hosts:"]
    lines += [f"    {_word(name)}: {variables}" for name, variables in sorted(hosts.items())]
    lines += ["  children:"]
    for group_name, names in sorted(members.items()):
        lines += [f"    {group_name}:", *(["      hosts:"] if names else [])]
        lines += [f"        {_word(name)}:" for name in sorted(names)]
    return "\n".join(lines) + "\n"


def _host(machine: Machine) -> tuple[str, str]:
    """Return what the inventory calls a machine, and its variables.

    It is logged on to by its name, as people do; by its address where it has none.
    """
    if _SAFE.fullmatch(machine.name) and machine.name not in machine.addresses:
        return machine.name, "{}"
    variables = {"ansible_host": machine.name, "check_as": machine.name}
    return f"{machine.group}-{machine.number}", json.dumps(variables)


def _word(value: str) -> str:
    return json.dumps(value)
