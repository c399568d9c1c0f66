"""The rules about names and addresses: patterns, networks, nobody twice."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from generator.catalogue import Catalogue
from generator.hosts import Pattern, wrong
from generator.problems import Problem, quoted
from generator.source import Path
from generator.validate import site_twice
from generator.validate.context import Context
from generator.validate.site_twice import Written

Network = IPv4Network | IPv6Network


def problems(context: Context, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield everything that is wrong with names, addresses and networks."""
    networks: dict[str, list[Network]] = {}
    for key, segment in context.section("segments").items():
        networks[key] = []
        for index, text in enumerate(segment.get("networks", ())):
            network, found = _network(context, ("segments", key, "networks", index), text)
            yield from found
            networks[key] += [network] if network else []
    written: list[Written] = []
    for key, entry in context.section("hosts").items():
        path: Path = ("hosts", key)
        yield from _one_way(context, path, entry)
        if "network" in entry:
            network, found = _network(context, (*path, "network"), entry["network"])
            yield from found
            around = networks.get(entry["segment"])
            if network and around and not any(_inside(network, each) for each in around):
                yield context.problem(
                    (*path, "network"), f"{network} is in no network of segment {entry['segment']}"
                )
        yield from _patterns(context, path, entry, networks.get(entry["segment"], []), written)
    yield from site_twice.problems(context, written)


def _one_way(context: Context, path: Path, entry: dict[str, Any]) -> Iterator[Problem]:
    """A group is named hosts, or a network, or a count: not two of them."""
    named = "name" in entry or "addresses" in entry
    ways = [
        way
        for way, given in (
            ("name or addresses", named),
            ("network", "network" in entry),
            ("count", "count" in entry),
        )
        if given
    ]
    if len(ways) > 1:
        yield context.problem(
            path, f"has {' and '.join(ways)}: one of them says how many there are"
        )


def _network(context: Context, path: Path, text: str) -> tuple[Network | None, list[Problem]]:
    try:
        return ip_network(text), []
    except ValueError:
        pass
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        return None, [context.problem(path, f"{quoted(text)} is no network")]
    return None, [context.problem(path, f"{text} has host bits set; did you mean {meant}?")]


def _inside(inner: Network, outer: Network) -> bool:
    return (
        inner.version == outer.version
        and inner.network_address in outer
        and inner.broadcast_address in outer
    )


def _patterns(
    context: Context,
    path: Path,
    entry: dict[str, Any],
    around: list[Network],
    sound: list[Written],
) -> Iterator[Problem]:
    """Check a group's names and addresses; add those that can be expanded to the sound ones."""
    sizes: set[int] = set()
    written: list[tuple[Path, str]] = []
    if "name" in entry:
        written.append(((*path, "name"), entry["name"]))
    addresses = entry.get("addresses", ())
    written += [((*path, "addresses", index), text) for index, text in enumerate(addresses)]
    for place, text in written:
        fault = wrong(text)
        if fault is not None:
            yield context.problem(place, f"{quoted(text)}: {fault}")
            continue
        pattern = Pattern(text)
        size = pattern.size
        if sizes and size not in sizes:
            yield context.problem(place, f"{text} is {size}, but {min(sizes)} are named above")
        sizes.add(size)
        one = Written.of(place, pattern)
        if place[2] == "addresses":
            yield from _addresses(context, one, around, entry["segment"])
        sound.append(one)


def _addresses(
    context: Context, written: Written, around: list[Network], segment: str
) -> Iterator[Problem]:
    if written.version is None:
        ends = written.pattern.ends
        text = next((end for end in ends if not _is_address(end)), ends[0])
        yield context.problem(written.path, f"{quoted(text)} is no address")
        return
    # Between two addresses of a network lie only addresses of that network.
    ((low, high),) = written.bounds
    if around and not any(
        written.version == network.version
        and int(network.network_address) <= low
        and high <= int(network.broadcast_address)
        for network in around
    ):
        addresses = [ip_address(end) for end in written.pattern.ends]
        outside = next((a for a in addresses if not any(a in n for n in around)), addresses[1])
        yield context.problem(written.path, f"{outside} is in no network of segment {segment}")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
