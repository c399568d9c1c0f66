"""The JSON of check scripts to observations of a site: pure.

A document of other data is taken flow by flow: what the site does not have is left out, and said.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

from generator.derive.machines import Machine, machines
from generator.observed import SAYS_NOTHING, Observation
from generator.problems import did_you_mean, quoted, shown
from generator.topology import Site
from generator.validate.check_results import documents, odd, unsound
from generator.validate.observed import starts_at

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


@dataclass(frozen=True)
class Known:
    """What a site has: its flows' ids, those of what it forbids, and its machines."""

    site: Site
    flows: frozenset[str]
    by_name: Mapping[str, Machine] = field(init=False)
    by_address: Mapping[str, tuple[Machine, ...]] = field(init=False)

    def __post_init__(self) -> None:
        groups = [group for group in self.site.groups.values() if not group.people]
        everyone = [machine for group in groups for machine in machines(group)]
        addresses: dict[str, tuple[Machine, ...]] = {}
        for machine in everyone:
            for address in machine.addresses:
                addresses[address] = (*addresses.get(address, ()), machine)
        object.__setattr__(self, "by_name", {machine.name.lower(): machine for machine in everyone})
        object.__setattr__(self, "by_address", addresses)


@dataclass
class Taken:
    """What documents came to: observations by site, what is wrong, and what was left out.

    `left_out` counts results by the flow's id, or by what is said of their host; `lacking` says
    which hosts ran without an address that is documented for them.
    """

    observations: dict[str, list[Observation]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)


def take(
    files: Iterable[tuple[str, bytes]], sites: Mapping[str, Known], latest: str | None = None
) -> Taken:
    """Take the documents of all files, each by its name; several may stand in one file.

    A run that started after `latest` is refused: no later run could ever take its place.
    """
    taken = Taken()
    for name, content in files:
        for document, problem in documents(content):
            if problem is not None:
                taken.problems.append(f"{name}: {problem}")
                continue
            problems = unsound(document) or [
                *odd(document, latest),
                *_elsewhere(document, sites),
            ]
            taken.problems += [f"{name}: {problem}" for problem in problems]
            if not problems:
                _take(document, sites[document["site"]], taken)
    return taken


def _elsewhere(document: Mapping[str, Any], sites: Mapping[str, Known]) -> list[str]:
    """Report a run of no site here, or one that was forced: on one host, in another's name."""
    site, host = document["site"], document["host"]
    if site is None:
        return ["is of the script that knows no site; only a site's own results can be taken"]
    if site not in sites:
        return [f"no site {quoted(site)}{did_you_mean(site, sites)}"]
    known = sites[site]
    names = [known.by_name.get(name.lower()) for name in host["names"]]
    found = {machine for machine in names if machine is not None}
    found |= {one for address in host["addresses"] for one in known.by_address.get(address, ())}
    claimed = known.by_name.get(host["name"].lower())
    if claimed is None or claimed in found:
        return []
    where = ", ".join(sorted(machine.name for machine in found)) or _people(known, host)
    if not where:
        return []
    return [f"ran on {where} in the name of {claimed.name}: what it saw is not that host's"]


def _stranger(known: Known, host: Mapping[str, Any]) -> bool:
    """Tell whether a run has none of the names and addresses of the host in whose name it was.

    What `--as` says is not enough: anybody can say it anywhere.
    """
    claimed = known.by_name.get(host["name"].lower())
    if claimed is None:
        return False
    names = {name.lower() for name in host["names"]}
    short = claimed.name.split(".")[0].lower()  # of a host that does not know its domain
    at = {one for address in host["addresses"] for one in known.by_address.get(address, ())}
    return short not in names and claimed not in {*at, *map(known.by_name.get, names)}


def _lacking(known: Known, host: Mapping[str, Any]) -> set[str]:
    """Say which documented addresses a host does not have, as far as it could tell its own.

    Its answers are its own all the same; but a firewall that lets the documented address through
    does not let this one.
    """
    claimed = known.by_name.get(host["name"].lower())
    own = list(map(shown, host["addresses"]))
    if claimed is None or not own:
        return set()
    lost = [a for a in claimed.addresses if a not in own and not ip_address(a).is_loopback]
    if not lost:
        return set()
    return {f"{claimed.name} does not have {', '.join(lost)}; it has {', '.join(own)}"}


def _people(known: Known, host: Mapping[str, Any]) -> str:
    """Return the group of people in whose network a host is, if it is in one."""
    for group in known.site.groups.values():
        for address in host["addresses"]:
            try:
                if group.network and ip_address(address) in ip_network(group.network):
                    return group.id
            except ValueError:  # not an address: it leads nowhere
                continue
    return ""


def _take(document: Mapping[str, Any], known: Known, taken: Taken) -> None:
    """Add the observations of a sound document to those taken."""
    if _stranger(known, document["host"]):
        name = shown(document["host"]["name"])
        what = f"host {name}, which has no name or address of it where it ran"
        _leave_out(taken, what, len(document["results"]))
        return
    taken.lacking |= _lacking(known, document["host"])
    grouped: dict[tuple[str, str, str | None], list[str]] = {}
    for one in document["results"]:
        if one["flow"] not in known.flows:
            _leave_out(taken, shown(one["flow"]), 1)
            continue
        outcome = one["outcome"]
        why = one["reason"] if outcome == SAYS_NOTHING else None
        to = f"{one['address'] or one['to']} {one['number']}"
        grouped.setdefault((one["flow"], outcome, why), []).append(to)
    hosts: dict[str, str | None] = {}
    mine = taken.observations.setdefault(known.site.id, [])
    for (flow, outcome, why), dialled in grouped.items():
        group = starts_at(flow)
        if group not in hosts:
            hosts[group] = _host(known, group, document["host"])
        host = hosts[group]
        if host is None:
            _leave_out(taken, f"host {shown(document['host']['name'])} of {group}", len(dialled))
            continue
        targets = tuple(sorted(set(dialled)))
        reason = shown(why) if why and why.strip() else None
        mine.append(Observation(flow, host, document["started"], outcome, targets, reason))


def _leave_out(taken: Taken, what: str, count: int) -> None:
    taken.left_out[what] = taken.left_out.get(what, 0) + count


def _host(known: Known, group_id: str, host: Mapping[str, Any]) -> str | None:
    """Return what observations call the host that ran the check; None if the group has no such."""
    group = known.site.groups[group_id]
    if host["group"] != group_id:
        return None
    if group.people or group.size == 1:
        return machines(group)[0].name
    named = known.by_name.get(host["name"].lower())
    at = [one for address in host["addresses"] for one in known.by_address.get(address, ())]
    for machine in ([named] if named else []) + at:
        if machine.group == group_id:
            return machine.name
    if group.shown_hosts or group.shown_addresses:
        return None
    own = next((name for name in host["names"] if _HOST.fullmatch(name)), None)
    return own or group.id  # a pod and the like, which no data names
