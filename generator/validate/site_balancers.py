"""The rules about load balancers: what they stand in front of, and in which role."""

from collections.abc import Iterator
from typing import Any

from generator.catalogue import Catalogue, Port
from generator.problems import Problem, quoted
from generator.source import Path
from generator.topology import LOAD_BALANCER
from generator.validate.context import Context, components_of
from generator.validate.values import numbers


def problems(context: Context, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield everything that is wrong with load balancers."""
    hosts = context.section("hosts")
    taken: dict[tuple[str, str], str] = {}
    for balancer, entries in context.section("load_balancers").items():
        at: Path = ("load_balancers", balancer)
        yield from context.unknown(at, balancer, context.names("hosts"), "host group")
        components = components_of(hosts[balancer]) if balancer in hosts else {}
        roles = sorted(role for role, c in components.items() if c == LOAD_BALANCER)
        if balancer in hosts and not roles:
            yield context.problem(at, f"{quoted(balancer)} does not have the role {LOAD_BALANCER}")
        usual = LOAD_BALANCER if LOAD_BALANCER in roles else next(iter(roles), LOAD_BALANCER)
        seen: set[tuple[str, str]] = set()
        for index, entry in enumerate(entries):
            path: Path = (*at, index)
            if roles and "role" in entry:
                yield from context.unknown(
                    (*path, "role"), entry["role"], roles, f"{LOAD_BALANCER} role"
                )
            # A flow is known by its roles, never by a number: two entries need two roles.
            key = (entry["port"], entry.get("role", usual))
            if key in seen:
                yield context.problem(
                    path,
                    f"takes {entry['port']} over once more: name all groups in one entry, or give "
                    "this one a role of its own, an instance of the load balancer",
                )
            else:
                yield from _taken(context, path, entry, balancer, taken)
            seen.add(key)
            yield from _balanced(context, catalogue, path, entry, hosts)


def _taken(
    context: Context,
    path: Path,
    entry: dict[str, Any],
    balancer: str,
    taken: dict[tuple[str, str], str],
) -> Iterator[Problem]:
    """A listener has one load balancer in its place, for each of its ports."""
    for index, group in enumerate(entry["groups"]):
        key = (entry["port"], group)
        if key in taken:
            yield context.problem(
                (*path, "groups", index),
                f"{entry['port']} of {quoted(group)} is behind {quoted(taken[key])} already",
            )
        taken.setdefault(key, balancer)


def _balanced(
    context: Context,
    catalogue: Catalogue,
    path: Path,
    entry: dict[str, Any],
    hosts: dict[str, Any],
) -> Iterator[Problem]:
    for key in ("port", "forwards_to", "redirects_to"):
        if key in entry:
            yield from context.unknown((*path, key), entry[key], catalogue.ports, "port")
    if "redirects_to" in entry and "forwards_to" in entry:
        yield context.problem((*path, "redirects_to"), "redirects or forwards, not both")
    behind = entry.get("forwards_to", entry["port"])
    for key in ("port", "forwards_to"):
        port = catalogue.ports.get(entry.get(key, ""))
        if port is not None and port.scope == "loopback":
            yield context.problem((*path, key), f"{port.id} is on loopback: it never leaves a host")
    yield from _alike(context, catalogue, path, entry)
    for index, group in enumerate(entry["groups"]):
        here: Path = (*path, "groups", index)
        yield from context.unknown(here, group, context.names("hosts"), "host group")
        if group in hosts and behind in catalogue.ports:
            listener = catalogue.ports[behind].listener
            if listener not in components_of(hosts[group]).values():
                yield context.problem(
                    here, f"{quoted(group)} runs no {listener}: nothing to forward to"
                )
    if behind in catalogue.ports:
        known = [group for group in entry["groups"] if group in hosts]
        yield from _one_number(context, catalogue.ports[behind], (*path, "groups"), known)


def _alike(
    context: Context, catalogue: Catalogue, path: Path, entry: dict[str, Any]
) -> Iterator[Problem]:
    """What is taken over and what is behind are alike, but for number and encryption."""
    before = catalogue.ports.get(entry["port"])
    behind = catalogue.ports.get(entry.get("forwards_to", entry["port"]))
    if before is None or behind is None:
        return
    here: Path = (*path, "forwards_to")
    if before.transport != behind.transport or len(before.numbers) != len(behind.numbers):
        yield context.problem(
            here,
            f"{behind.id} is {behind.numbers}/{behind.transport}, "
            f"{before.id} is {before.numbers}/{before.transport}: as many, and alike",
        )
    elif entry.get("tls") == "passes" and before is not behind:
        yield context.problem(here, "what passes through goes to the same port, not to another")
    if "listens" in entry and len(before.numbers) > 1:
        yield context.problem((*path, "listens"), f"{before.id} is a range: it keeps its numbers")


def _one_number(context: Context, port: Port, path: Path, groups: list[str]) -> Iterator[Problem]:
    hosts = context.section("hosts")
    found: dict[Any, str] = {}
    for group in groups:
        for number in _listening(context, hosts[group], port):
            found.setdefault(port.numbers if number is None else numbers(number), group)
    if len(found) > 1:
        (one, first), (other, second) = list(found.items())[:2]
        yield context.problem(
            path,
            f"{quoted(first)} listens on {one}, {quoted(second)} on {other}: "
            "one entry has one number behind it",
        )


def _listening(context: Context, entry: dict[str, Any], port: Port) -> Iterator[Any]:
    """Yield on which number each role listens for a port, None for the usual one."""
    everywhere = context.section("numbers").get(port.id)
    own = entry.get("numbers", {}).get(port.id, everywhere)
    if port.listener in entry["roles"]:
        yield own
    for more in entry.get("instances", {}).values():
        if more["component"] == port.listener:
            yield more.get("numbers", {}).get(port.id, own)
