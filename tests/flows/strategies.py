"""Sites made at random, sound by construction: what may be written in `data/sites/<id>.yaml`."""

import random
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from generator.derive.flows import derive
from generator.derive.model import Derived
from generator.load import load
from generator.topology import LOAD_BALANCER

from ..conftest import DATA
from .sites import Data, reading

CATALOGUE = load(DATA).catalogue

ZONES = ("default", "emea", "plant")
RELEASES = ("10.0", "2024.06.0", "2025.12.0")
MOST_HOSTS = 3

OFTEN = ("cd-server", "agent", "agent", "web-server", "repository-server")
"""Roles that make most of the flows; every other one comes up as well."""


@dataclass(frozen=True)
class Made:
    """A site as data, and what follows from it."""

    data: Data
    derived: Derived


@st.composite
def sites(draw: st.DrawFn, most_groups: int = 7) -> Made:
    data = draw(site_data(most_groups))
    site, problems = reading(data, CATALOGUE)
    assert site is not None, problems
    return Made(data, derive(CATALOGUE, site))


@st.composite
def site_data(draw: st.DrawFn, most_groups: int) -> Data:
    zones = ZONES[: draw(st.integers(1, 3))]
    segments: Data = {}
    for index in range(draw(st.integers(len(zones), 5))):
        zone = zones[index] if index < len(zones) else draw(st.sampled_from(zones))
        segments[f"s{index}"] = {"zone": zone, "networks": [f"10.{index}.0.0/16"]}
    data: Data = {
        "schema": 1,
        "title": "Made",
        "release": draw(st.sampled_from(RELEASES)),
        "features": draw(_some(sorted(CATALOGUE.features))),
        "options": {
            option.id: draw(st.sampled_from([choice.id for choice in option.choices]))
            for option in CATALOGUE.options.values()
            if draw(st.booleans())
        },
        "segments": segments,
        "hosts": {},
    }
    for index in range(draw(st.integers(2, most_groups))):
        data["hosts"][f"g{index}"] = draw(host_group(data, index))
    for index in range(len(zones)):  # an agent in each zone, so that there can be gateways
        if draw(st.booleans()):
            data["hosts"][f"gw{index}"] = {"segment": f"s{index}", "roles": ["agent"]}
    if draw(st.booleans()):
        data["numbers"] = draw(_numbers(20000))
    _gateways(draw, data, zones)
    if draw(st.booleans()):
        _load_balancer(draw, data)
    return data


def _some(names: list[str], least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True, min_size=least, max_size=len(names))


def _numbers(base: int) -> st.SearchStrategy[Data]:
    """Change a few ports to numbers that no port has by itself."""
    ports = sorted(CATALOGUE.ports)

    def number(port: str) -> int | str:
        first, length = base + 10 * ports.index(port), len(CATALOGUE.ports[port].numbers)
        return first if length == 1 else f"{first}-{first + length - 1}"

    names = st.lists(st.sampled_from(ports), unique=True, min_size=1, max_size=4)
    return names.map(lambda some: {port: number(port) for port in some})


@st.composite
def host_group(draw: st.DrawFn, data: Data, index: int) -> Data:
    """Make a group: one machine, a range, a count of unnamed ones, or people."""
    segment = draw(st.sampled_from(sorted(data["segments"])))
    zones = sorted({entry["zone"] for entry in data["segments"].values()})
    group: Data = {"segment": segment}
    net = f"10.{segment[1:]}"
    if draw(st.integers(0, 5)) == 0:
        people = sorted(c.id for c in CATALOGUE.components.values() if c.kind == "person")
        group["roles"] = draw(_some(people, 1))
        group["network"] = f"{net}.{200 + index % 50}.0/24"
        if draw(st.booleans()):
            group["zones"] = draw(_some(zones, 1))
        return group
    others = sorted(
        c.id for c in CATALOGUE.components.values() if c.kind != "person" and c.id != LOAD_BALANCER
    )
    chosen = [
        CATALOGUE.ports[port].listener
        for option, taken in data["options"].items()
        for choice in CATALOGUE.options[option].choices
        for port in choice.ports
        if choice.id == taken
    ]
    often = st.sampled_from((*OFTEN, *chosen))
    roles = st.lists(often | st.sampled_from(others), min_size=1, max_size=3, unique=True)
    group["roles"] = draw(roles)
    size = draw(st.integers(1, MOST_HOSTS))
    kind = draw(st.sampled_from(("name", "addresses", "count")))
    if kind == "count":
        group["count"] = size
    else:
        group["addresses"] = [f"{net}.{index}.[1:{size}]" if size > 1 else f"{net}.{index}.1"]
        if draw(st.booleans()) and "networks" not in data["segments"][segment]:
            group["addresses"].append(f"2001:db8:{index}::[1:{size}]")
        if kind == "name":
            group["name"] = f"h{index}n[01:0{size}].example.com" if size > 1 else f"h{index}n01"
    if draw(st.integers(0, 4)) == 0:
        group["zones"] = [draw(st.sampled_from(zones))]
    if draw(st.integers(0, 2)) == 0:
        group["numbers"] = draw(_numbers(30000))
    if "agent" in group["roles"] and draw(st.integers(0, 3)) == 0:
        group["instances"] = {
            "second": {"component": "agent", "numbers": {"agent-https": 40000 + index}}
        }
    return group


def zone_of(data: Data, group: str) -> str:
    entry = data["hosts"][group]
    zone: str = entry.get("zones", [data["segments"][entry["segment"]]["zone"]])[0]
    return zone


def _gateways(draw: st.DrawFn, data: Data, zones: tuple[str, ...]) -> None:
    """Join zones to a chain, where both sides have an agent."""
    agents = {
        zone: [
            key
            for key, entry in sorted(data["hosts"].items())
            if "agent" in entry["roles"] and zone_of(data, key) == zone
        ]
        for zone in zones
    }
    data["gateways"] = {}
    for one, other in pairwise(zones):
        if agents[one] and agents[other] and draw(st.integers(0, 4)) > 0:
            ends: Data = {}
            for zone in (one, other):
                group = draw(st.sampled_from(agents[zone]))
                ends[zone] = {"group": group, "role": "agent"}
                if draw(st.booleans()):
                    number = draw(st.none() | st.integers(50000, 50009))
                    ends[zone]["dialled"] = {
                        draw(st.sampled_from(("agent-https", "agent-stomp"))): {
                            "address": "198.51.100.5",
                            **({"number": number} if number else {}),
                        }
                    }
            data["gateways"][f"{one}-{other}"] = {"ends": ends}


def _load_balancer(draw: st.DrawFn, data: Data) -> None:
    """Put a load balancer in front of something that runs."""
    running: dict[str, list[str]] = {}
    for key, group in sorted(data["hosts"].items()):
        for role in group["roles"]:
            running.setdefault(role, []).append(key)
    ports = [
        port.id
        for port in CATALOGUE.ports.values()
        if port.listener in running and port.scope == "network"
    ]
    if not ports:
        return
    segment = draw(st.sampled_from(sorted(data["segments"])))
    data["hosts"]["lb"] = {"segment": segment, "roles": [LOAD_BALANCER]}
    if draw(st.integers(0, 3)) == 0:
        data["hosts"]["lb"]["roles"].append("agent")
    entries: list[Data] = []
    for port in draw(st.lists(st.sampled_from(sorted(ports)), unique=True, max_size=3, min_size=1)):
        listener = CATALOGUE.ports[port].listener
        groups = draw(
            st.lists(st.sampled_from(running[listener]), unique=True, min_size=1, max_size=2)
        )
        entry: Data = {"port": port, "groups": groups}
        if draw(st.booleans()) and len(CATALOGUE.ports[port].numbers) == 1:
            entry["listens"] = 60000 + len(entries)
        own = CATALOGUE.ports[port]
        same = [
            other.id
            for other in (CATALOGUE.ports[p] for p in ports)
            if other.listener == listener
            and (other.transport, len(other.numbers)) == (own.transport, len(own.numbers))
        ]
        how = draw(st.sampled_from(("forwards_to", "redirects_to", None)))
        if how is not None:
            entry[how] = draw(st.sampled_from(sorted(same)))
        entries.append(entry)
    data["load_balancers"] = {"lb": entries}
    site, problems = reading(data, CATALOGUE)
    # The one thing that is not sound by construction: all behind an entry share a number.
    assume(site is not None or not all("one number behind it" in p for p in problems))


def shuffled(data: Any, order: random.Random) -> Any:
    """Write the same in another order: the keys of mappings, the entries of lists."""
    if isinstance(data, dict):
        return {key: shuffled(data[key], order) for key in order.sample(list(data), len(data))}
    if isinstance(data, list):
        return [shuffled(entry, order) for entry in order.sample(data, len(data))]
    return data
