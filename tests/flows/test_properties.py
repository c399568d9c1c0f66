"""What holds at every site, tried on sites made at random against the real catalogue."""

import ast
import json
import random
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generator.derive.explain import explain
from generator.derive.flows import derive
from generator.derive.machines import expand
from generator.derive.model import STRENGTH, Derived, End, Flow
from generator.diagrams.site import site_drawings
from generator.export import flows_json
from generator.export.tables import (
    COLUMNS,
    MACHINE_COLUMNS,
    machine_rows,
    rows,
    to_csv,
)
from generator.lint.run import lint
from generator.load import load
from generator.render.site_pages import page
from generator.topology import LOAD_BALANCER, Ends, Site

from ..conftest import DATA, ROOT
from . import strategies
from .sites import Data, derived, made
from .strategies import Made, shuffled

ATLAS = load(DATA)
CATALOGUE = ATLAS.catalogue
SITES = strategies.sites()
ID = re.compile(r"[a-z0-9-]+:[a-z0-9-]+\.[a-z0-9-]+>[a-z0-9-]+\.[a-z0-9-]+")


def as_json(some: Derived) -> str:
    return json.dumps(flows_json.document(some))


def component(site: Site, end: End) -> str:
    return next(role.component for role in site.groups[end.group].roles if role.id == end.role)


def real_ends(site: Site, flow: Flow) -> set[str]:
    """Return the groups that listen in the end, whatever is dialled."""
    if flow.listens is not None:
        return {end.group for end in flow.listens.ends}
    for balanced in site.balanced:
        if (End(balanced.balancer, balanced.role), balanced.port) == (flow.listener, flow.port.id):
            return set(balanced.groups)
    return {flow.listener.group}


# ---- order ----------------------------------------------------------------------------------


def outputs(some: Derived) -> list[str]:
    report = lint(CATALOGUE, some, "2026-11-23")
    drawings = site_drawings(CATALOGUE, some)
    return [
        as_json(some),
        json.dumps(flows_json.document(some, machines=True)),
        to_csv(COLUMNS, rows(some)),
        to_csv(MACHINE_COLUMNS, machine_rows(some)),
        page(ATLAS, some, report, drawings, None),
        repr(drawings),
        repr([(one.end, one.port, one.numbers) for one in some.listeners]),
        repr([(f.rule, f.what, f.message) for f in report.findings]),
    ]


@given(SITES, st.integers(0, 2**32))
@settings(max_examples=40)
def test_the_order_in_the_file_changes_no_output(one: Made, seed: int) -> None:
    other = shuffled(one.data, random.Random(seed))
    assert outputs(derived(other, CATALOGUE)) == outputs(one.derived)


def several() -> Data:
    """Return a site in which every list that may have several entries has."""
    return {
        "schema": 1,
        "title": "Several",
        "release": "2024.06.0",
        "features": ["file-transfer", "proxy-agents"],
        "options": {"database": "oracle", "mail": "smtps"},
        "segments": {
            "core": {"networks": ["10.0.0.0/16", "2001:db8::/32"], "zone": "default"},
            "far": {"networks": ["10.9.0.0/24", "10.10.0.0/24"]},
        },
        "hosts": {
            "lb": {"segment": "core", "roles": ["load-balancer", "agent"]},
            "cd-b": {
                "addresses": ["10.0.0.[1:2]", "2001:db8::[1:2]"],
                "segment": "core",
                "roles": ["cd-server", "agent", "web-server"],
            },
            "cd-a": {"addresses": ["10.0.0.9"], "segment": "core", "roles": ["cd-server"]},
            "users": {
                "network": "10.0.8.0/24",
                "segment": "core",
                "zones": ["far", "default"],
                "roles": ["ectool", "browser"],
            },
            "far": {"count": 2, "segment": "far", "roles": ["agent", "web-server"]},
        },
        "load_balancers": {
            "lb": [
                {"port": "cd-server-https", "groups": ["cd-b", "cd-a"]},
                {"port": "cd-server-http", "groups": ["cd-a", "cd-b"]},
            ]
        },
        "must_not": {
            "never": {
                "from": {"zone": "default"},
                "to": {"zone": "default"},
                "ports": ["cd-server-https", "cd-server-http"],
                "why": "it is so",
            },
            "nor": {"from": {"group": "lb"}, "to": {"group": "cd-a"}, "why": "it is so"},
        },
        "waivers": [
            {"rule": rule, "what": what, "reason": "so", "owner": "me", "expires": "2027-06-30"}
            for rule, what in (("beside", "x"), ("beside", "a"), ("odd-number", "zookeeper"))
        ],
    }


SORTED = [several(), *(yaml.safe_load(p.read_text("utf-8")) for p in (DATA / "sites").iterdir())]


@pytest.mark.parametrize("data", SORTED, ids=lambda data: str(data["title"]))
def test_a_site_may_be_written_backwards(data: Data) -> None:
    assert outputs(derived(backwards(data), CATALOGUE)) == outputs(derived(data, CATALOGUE))


def backwards(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: backwards(data[key]) for key in reversed(data)}
    return [backwards(entry) for entry in reversed(data)] if isinstance(data, list) else data


# ---- groups and machines --------------------------------------------------------------------


def split(data: Data, group: str, size: int) -> Data:
    """Write a group of several machines as that many groups of one, each with its own name."""
    data = deepcopy(data)
    entry = data["hosts"].pop(group)
    names = [f"{group}-{number}" for number in range(1, size + 1)]
    for number, name in enumerate(names, 1):
        single = {key: value for key, value in entry.items() if key != "count"}
        if "name" in entry:
            single["name"] = re.sub(r"\[01:\d+\]", f"{number:02}", entry["name"])
        if "addresses" in entry:
            single["addresses"] = [
                re.sub(r"\[1:\d+\]", str(number), text) for text in entry["addresses"]
            ]
        data["hosts"][name] = single
    for entries in data.get("load_balancers", {}).values():
        for balanced in entries:
            if group in balanced["groups"]:
                kept = [one for one in balanced["groups"] if one != group]
                balanced["groups"] = [*kept, *names]
    return data


def machine_level(some: Derived) -> list[tuple[str, ...]]:
    return sorted(
        {
            (f.port, f.initiator.name, f.listener.name, f.address, f.numbers, f.transport, f.scope)
            for f in expand(some)
        }
    )


@given(SITES, st.data())
@settings(max_examples=60)
def test_a_group_of_several_is_as_many_single_hosts(one: Made, data: st.DataObject) -> None:
    ends = {end.group for g in one.derived.site.gateways.values() for end in g.ends}
    ranges = [
        group.id
        for group in one.derived.site.groups.values()
        if group.size > 1 and not group.people and group.id not in ends
    ]
    assume(ranges)
    group = data.draw(st.sampled_from(ranges))
    size = one.derived.site.groups[group].size
    singles = derived(split(one.data, group, size), CATALOGUE)
    assert machine_level(singles) == machine_level(one.derived)


@given(SITES, st.data())
@settings(max_examples=60)
def test_another_host_changes_no_other_flow(one: Made, data: st.DataObject) -> None:
    """Unless it makes a condition true: that is what a condition is for."""
    more = deepcopy(one.data)
    more["hosts"]["added"] = data.draw(strategies.host_group(one.data, 99))
    after = derived(more, CATALOGUE)
    counts = [
        (condition, site.hosts_of(condition.component) >= condition.at_least)
        for site in (one.derived.site, after.site)
        for condition in CATALOGUE.conditions.values()
    ]
    assume(counts[: len(counts) // 2] == counts[len(counts) // 2 :])
    found = {flow.id: flow for flow in after.flows}
    for flow in one.derived.flows:
        assert flow.id in found
        now = found[flow.id]
        if component(one.derived.site, flow.initiator) == LOAD_BALANCER:
            # A load balancer forwards for whoever dials it: it may be needed more, never less.
            order = STRENGTH.index
            assert order(now.requirement) <= order(flow.requirement)
            now = replace(now, requirement=flow.requirement)
        assert flows_json.flow(after.site, now) == flows_json.flow(one.derived.site, flow)
    new = {flow_id for flow_id in found if "added." in flow_id}
    hops = {
        flow.id for flow in after.flows if component(after.site, flow.initiator) == LOAD_BALANCER
    }
    assert set(found) - {flow.id for flow in one.derived.flows} <= new | hops


# ---- zones ----------------------------------------------------------------------------------


@given(SITES)
@settings(max_examples=60)
def test_only_gateways_cross_zones(one: Made) -> None:
    site = one.derived.site
    pairs = {
        (mine.group, theirs.group)
        for gateway in site.gateways.values()
        for mine, theirs in (gateway.ends, gateway.ends[::-1])
    }
    for flow in one.derived.flows:
        if component(site, flow.initiator) == LOAD_BALANCER:
            continue  # it stands where it stands, and belongs to what is behind it
        start = flow.initiator.group
        reaches = {initiator.reach for initiator in flow.port.initiators}
        for end in real_ends(site, flow):
            shared = set(site.groups[start].zones) & set(site.groups[end].zones)
            if shared or "site" in reaches:
                break
            if (start, end) in pairs and "gateway" in reaches:
                break
        else:
            pytest.fail(f"{flow.id} crosses zones without a gateway")


@given(SITES)
@settings(max_examples=60)
def test_who_is_no_gateways_end_stays_in_its_zone(one: Made) -> None:
    """The same from the other side: without gateways no zone reaches another."""
    data = {**one.data, "gateways": {}}
    cut = derived(data, CATALOGUE)
    for flow in cut.flows:
        if LOAD_BALANCER in {component(cut.site, e) for e in (flow.initiator, flow.listener)}:
            continue
        zones = [set(cut.site.groups[e.group].zones) for e in (flow.initiator, flow.listener)]
        assert zones[0] & zones[1], flow.id
        assert not {r.rule for r in flow.reasons if "gateway" in r.rule}


# ---- explanations ---------------------------------------------------------------------------


@given(SITES)
@settings(max_examples=40)
def test_every_flow_is_explained(one: Made) -> None:
    for flow in one.derived.flows:
        answer = explain(
            CATALOGUE, one.derived, flow.initiator.group, flow.listener.group, flow.port.id
        )
        assert flow.id in {found.id for found in answer.flows}
        assert all(reason.why and reason.rule and reason.places for reason in flow.reasons)


@given(strategies.sites(most_groups=4))
@settings(max_examples=15)
def test_every_pair_without_a_flow_has_a_reason(one: Made) -> None:
    site = one.derived.site
    having = {(f.initiator.group, f.listener.group, f.port.id) for f in one.derived.flows}
    for start, end, port in product(site.groups, site.groups, CATALOGUE.ports):
        answer = explain(CATALOGUE, one.derived, start, end, port)
        if (start, end, port) in having:
            assert answer.flows
            assert answer.reason is None
        else:
            assert answer.flows == ()
            assert answer.reason
            assert answer.instead is None or answer.instead.startswith(f"{start} → ")


# ---- numbers --------------------------------------------------------------------------------


def said_numbers(some: Derived, port: str) -> Iterator[tuple[End, str]]:
    """Yield every number that a site's output gives for a port, with whose it is."""
    for one in some.listeners:
        if one.port == port:
            yield one.end, str(one.numbers)
    for flow in some.flows:
        if flow.port.id == port and flow.listens is None:
            yield flow.listener, str(flow.numbers)
        for balanced in some.site.balanced:
            behind = flow.listens and balanced.port == flow.port.id
            if behind and (balanced.balancer, balanced.role) == (
                flow.listener.group,
                flow.listener.role,
            ):
                if balanced.port == port:
                    yield flow.listener, str(flow.numbers)
                if balanced.forwards_to == port:
                    assert flow.listens is not None
                    yield flow.listens.ends[0], str(flow.listens.numbers)


@given(SITES, st.data())
@settings(max_examples=50)
def test_a_changed_number_leaves_nothing_of_the_old_one(one: Made, data: st.DataObject) -> None:
    used = sorted({flow.port.id for flow in one.derived.flows})
    assume(used)
    port = data.draw(st.sampled_from(used))
    usual = CATALOGUE.ports[port].numbers
    changed = deepcopy(one.data)
    first, last = 64000, 64000 + len(usual) - 1
    changed.setdefault("numbers", {})[port] = first if first == last else f"{first}-{last}"
    for entry in changed["hosts"].values():  # what a nearer level says would win
        for level in (entry, *entry.get("instances", {}).values()):
            level.get("numbers", {}).pop(port, None)
            level.get("encryption", {}).pop(port, None)
    after = derived(changed, CATALOGUE)
    named = {b.listens for b in after.site.balanced} | {
        dialled.numbers
        for gateway in after.site.gateways.values()
        for end in gateway.ends
        for dialled in end.dialled.values()
    }
    allowed = {f"{first}" if first == last else f"{first}-{last}", *map(str, named)}
    found = list(said_numbers(after, port))
    assert found
    assert {number for _, number in found} <= allowed
    assert str(usual) not in {number for _, number in found}
    for flow in after.flows:
        if flow.port.id == port:
            texts = [reason.rule for reason in flow.reasons] + [r.why for r in flow.reasons]
            assert not re.search(rf"(?<!\d){usual}(?!\d)", " ".join(texts))


@given(SITES)
@settings(max_examples=60)
def test_every_listener_that_is_dialled_exists(one: Made) -> None:
    site = one.derived.site
    listening = {(one.end, one.port, one.numbers, one.scope) for one in one.derived.listeners}
    for flow in one.derived.flows:
        if component(site, flow.listener) == LOAD_BALANCER:
            assert (flow.listener, flow.port.id, flow.numbers, "network") in listening
            if flow.listens is None:
                continue  # it redirects
            entry = next(
                b
                for b in site.balanced
                if (b.balancer, b.port) == (flow.listener.group, flow.port.id)
            )
            behind = entry.forwards_to
        else:
            behind = flow.port.id
        ends = flow.listens.ends if flow.listens else (flow.listener,)
        numbers = flow.listens.numbers if flow.listens else flow.numbers
        scope = flow.scope
        for end in ends:
            assert (end, behind, numbers, scope) in listening, flow.id


# ---- ids, hosts, loopback -------------------------------------------------------------------


@given(SITES)
@settings(max_examples=60)
def test_ids_are_unique_and_well_formed(one: Made) -> None:
    ids = [flow.id for flow in one.derived.flows]
    assert len(set(ids)) == len(ids)
    for flow in one.derived.flows:
        assert ID.fullmatch(flow.id)
        assert flow.id == f"{flow.port.id}:{flow.initiator}>{flow.listener}"


@given(SITES)
@settings(max_examples=60)
def test_loopback_stays_on_one_host_and_nothing_else_does(one: Made) -> None:
    for flow in one.derived.flows:
        assert (flow.scope == "loopback") <= (flow.initiator.group == flow.listener.group)
        if flow.scope == "network" and flow.initiator.group == flow.listener.group:
            assert one.derived.site.groups[flow.initiator.group].size > 1
    for machine in expand(one.derived):
        assert (machine.scope == "loopback") == (machine.initiator == machine.listener)


@given(SITES)
@settings(max_examples=40)
def test_every_flow_has_machines(one: Made) -> None:
    """No group-level flow stands for nothing, and no machine-level one is of no flow."""
    assert {one.id for one in expand(one.derived)} == {flow.id for flow in one.derived.flows}


@given(SITES, st.data())
@settings(max_examples=40)
def test_lint_says_so_when_a_forbidden_flow_exists(one: Made, data: st.DataObject) -> None:
    network = [flow for flow in one.derived.flows if flow.scope == "network"]
    assume(network)
    flow = data.draw(st.sampled_from(network))
    start, end = (one.derived.site.groups[e.group] for e in (flow.initiator, flow.listener))
    ends = [
        [Ends("group", g.id), Ends("segment", g.segment), Ends("zone", g.zones[-1])]
        for g in (start, end)
    ]
    forbidding = deepcopy(one.data)
    forbidding["must_not"] = {
        "never": {
            "from": _ends(data.draw(st.sampled_from(ends[0]))),
            "to": _ends(data.draw(st.sampled_from(ends[1]))),
            "ports": [flow.port.id],
            "why": "it is so",
        }
    }
    found = lint(CATALOGUE, derive(CATALOGUE, made(forbidding, CATALOGUE)))
    assert flow.id in {f.what for f in found.findings if f.rule == "must-not"}


def _ends(ends: Ends) -> dict[str, str]:
    return {ends.kind: ends.id}


# ---- the strategies reach what they are for -------------------------------------------------


def test_the_sites_have_something_of_everything() -> None:
    seen: set[str] = set()

    @given(SITES)
    @settings(max_examples=200, derandomize=True, deadline=None, database=None)
    def look(one: Made) -> None:
        site = one.derived.site
        seen.update(role.component for g in site.groups.values() for role in g.roles)
        seen.update(f"flow {flow.port.id}" for flow in one.derived.flows)
        seen.add(f"gateways {len(site.gateways)}")
        for flow in one.derived.flows:
            seen.update(reason.rule.split()[0] for reason in flow.reasons)
            if flow.listens is not None:
                seen.add("listens behind")
        if len(site.zones) == 3 and len(site.gateways) == 2:
            seen.add("chain")

    look()
    assert {component.id for component in CATALOGUE.components.values()} <= seen
    assert {"chain", "listens behind", "load", "gateways 0", "gateways 1", "gateways 2"} <= seen
    starting = {port.id for port in CATALOGUE.ports.values() if port.initiators}
    missing = starting - {one.removeprefix("flow ") for one in seen if one.startswith("flow ")}
    assert len(missing) <= 6, missing


# ---- standard library only ------------------------------------------------------------------

PURE = sorted(
    [
        *(ROOT / "generator" / "derive").glob("*.py"),
        *(ROOT / "generator" / f"{name}.py" for name in ("topology", "catalogue", "hosts")),
        *(ROOT / "generator" / f"{name}.py" for name in ("views", "problems", "releases")),
        ROOT / "generator" / "observed.py",
    ]
)


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.stem)
def test_derive_needs_the_standard_library_only(path: Path) -> None:
    ours = {
        ".".join(one.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for one in PURE
    }
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [str(node.module)]
        for name in names:
            assert name in ours or name.partition(".")[0] in sys.stdlib_module_names, name


def test_derive_reads_and_writes_nothing() -> None:
    """Nor does it look at the clock or at chance."""
    wanted: set[str] = set()
    for path in PURE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom | ast.Import):
                module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                wanted.add(str(module).partition(".")[0])
            if isinstance(node, ast.Name) and node.id in ("open", "print", "input"):
                pytest.fail(f"{path}: {node.id}")
    assert not wanted & {"os", "io", "pathlib", "random", "time", "datetime", "sys", "subprocess"}
