"""The JSON of check scripts to observations of a site: pure; every value is checked on its way in.

A document of other data is taken flow by flow: what the site does not have is left out, and said.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

import jsonschema_rs

from generator.derive.machines import Machine, machines
from generator.observed import SAYS_NOTHING, Observation
from generator.problems import did_you_mean, quoted, shown
from generator.topology import Site
from generator.validate.observed import is_time, starts_at
from generator.validate.structure import schema_text

MOST_ERRORS = 5
"""Departures from the schema that are told of one document."""

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_DIALLED = re.compile(r"[A-Za-z0-9:][A-Za-z0-9._:%-]*")


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

    `left_out` counts results by the flow's id, or by what is said of their host.
    """

    observations: dict[str, list[Observation]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)


def take(
    files: Iterable[tuple[str, bytes]], sites: Mapping[str, Known], latest: str | None = None
) -> Taken:
    """Take the documents of all files, each by its name; several may stand in one file.

    A run that started after `latest` is refused: no later run could ever take its place.
    """
    taken = Taken()
    for name, content in files:
        for document, problem in _documents(content):
            if problem is not None:
                taken.problems.append(f"{name}: {problem}")
                continue
            problems = _wrong(document, sites, latest)
            taken.problems += [f"{name}: {problem}" for problem in problems]
            if not problems:
                _take(document, sites[document["site"]], taken)
    return taken


def _documents(content: bytes) -> Iterator[tuple[Any, str | None]]:
    """Yield each JSON document of a file, or what is wrong with the file."""
    try:
        # Windows PowerShell 5.1 writes UTF-16 where its output goes to a file.
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if wide else "utf-8-sig").strip()
    except UnicodeDecodeError:
        yield None, "is not UTF-8 text"
        return
    decoder = json.JSONDecoder()
    at = 0
    if not text:
        yield None, "is empty"
    while at < len(text):
        try:
            document, at = decoder.raw_decode(text, at)
        except ValueError as error:
            where = getattr(error, "pos", at)
            line = text.count("\n", 0, where) + 1
            yield None, f"is not JSON at line {line}; give what a check wrote with --format json"
            return
        except RecursionError:
            yield None, "is no check result: nested too deep"
            return
        yield document, None
        while at < len(text) and text[at].isspace():
            at += 1


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(schema_text("check-results")))


def _wrong(document: Any, sites: Mapping[str, Known], latest: str | None) -> list[str]:
    """Say what is wrong with a document as a whole."""
    if not isinstance(document, dict) or document.get("kind") != "check-results":
        return ["is no check result; give what a check wrote with --format json"]
    try:
        sound = _schema().is_valid(document)
        errors = [] if sound else list(_schema().iter_errors(document))
    except ValueError as error:  # nested too deep
        return [f"is no check result: {shown(error)}"]
    if errors:
        told = [
            f"{'.'.join(map(str, error.instance_path)) or 'the document'}: {_line(error.message)}"
            for error in errors[:MOST_ERRORS]
        ]
        more = len(errors) - MOST_ERRORS
        return [*told, f"and {more} more of this kind"] if more > 0 else told
    if document["site"] is None:
        return ["is of the script that knows no site; only a site's own results can be taken"]
    if document["site"] not in sites:
        near = did_you_mean(document["site"], sites)
        return [f"no site {quoted(document['site'])}{near}"]
    if not is_time(document["started"]):
        return [f"started: {quoted(document['started'])} is no time"]
    if latest is not None and document["started"] > latest:
        return [
            f"started: {quoted(document['started'])} is in the future: that host's clock is wrong"
        ]
    return [
        *_elsewhere(sites[document["site"]], document["host"]),
        *_odd(document["results"]),
    ]


def _line(message: str) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    return text if len(text) <= 160 else f"{text[:157]}..."


def _odd(results: list[dict[str, Any]]) -> list[str]:
    """Report what was dialled and is neither a name nor an address."""
    odd = {one["address"] or one["to"] for one in results}
    return [
        f"dialled {quoted(one)}: is neither a name nor an address"
        for one in sorted(odd)
        if not _DIALLED.fullmatch(one)
    ]


def _elsewhere(known: Known, host: Mapping[str, Any]) -> list[str]:
    """Report a run that was forced: on one documented host, in another's name."""
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
