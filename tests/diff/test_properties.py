"""What holds for the difference of any two sites."""

import copy
import random
import re
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from generator.derive.model import Derived, Flow
from generator.diff.addresses import initiator_shift, listener_shift, readdressed, seen
from generator.diff.compare import Catalogues, Side, compare, compare_sites
from generator.diff.entries import NO_RENAMES
from generator.diff.facts import flow_facts, flow_id
from generator.diff.judge import judge
from generator.diff.model import EntryChange, FlowChange, Renames, SiteDiff, Value
from generator.diff.passed_on import ends as asked_ends
from generator.export import flows_json
from generator.hosts import Pattern
from generator.topology import Site

from ..flows.sites import Data, derived, reading
from ..flows.strategies import CATALOGUE, Made, shuffled, site_data, sites

BOTH = Catalogues(CATALOGUE, CATALOGUE)
Flows = Mapping[str, Mapping[str, Value]]


@st.composite
def edited(draw: st.DrawFn) -> tuple[Derived, Derived]:
    """Make a site and what a pull request may make of it: renames, moves, options, hosts."""
    before: Data = draw(site_data(5))
    after = copy.deepcopy(before)
    for _ in range(draw(st.integers(0, 3))):
        draw(st.sampled_from(EDITS))(draw, after)
    sides = []
    for data in (before, after):
        site, _ = reading(data, CATALOGUE)
        assume(site is not None)
        sides.append(derived(data, CATALOGUE))
    one, other = sides
    return one, other


def _group(draw: st.DrawFn, data: Data) -> str:
    return str(draw(st.sampled_from(sorted(data["hosts"]))))


def rename_group(draw: st.DrawFn, data: Data) -> None:
    old = _group(draw, data)
    _rename(data, old, f"{old}-renamed", "hosts")


def rename_segment(draw: st.DrawFn, data: Data) -> None:
    old = draw(st.sampled_from(sorted(data["segments"])))
    _rename(data, old, f"{old}-renamed", "segments")


def _rename(data: Any, old: str, new: str, section: str) -> None:
    """Rename an id wherever it stands."""
    data[section][new] = data[section].pop(old)
    if section == "segments":
        for host in data["hosts"].values():
            host["segment"] = new if host["segment"] == old else host["segment"]
        return
    for gateway in data["gateways"].values():
        for end in gateway["ends"].values():
            end["group"] = new if end["group"] == old else end["group"]
    balancers = data.get("load_balancers", {})
    if old in balancers:
        balancers[new] = balancers.pop(old)
    for entries in balancers.values():
        for entry in entries:
            entry["groups"] = [new if name == old else name for name in entry["groups"]]


def move_group(draw: st.DrawFn, data: Data) -> None:
    group = data["hosts"][_group(draw, data)]
    for key in ("addresses", "name", "network"):
        group.pop(key, None)
    group["segment"] = draw(st.sampled_from(sorted(data["segments"])))


def grow_group(draw: st.DrawFn, data: Data) -> None:
    group = data["hosts"][_group(draw, data)]
    if "count" in group:
        group["count"] += 1


def readdress(draw: st.DrawFn, data: Data) -> None:
    """Give a group other addresses, or, where no name counts them, more of them."""
    group = data["hosts"][_group(draw, data)]
    addresses = group.get("addresses", [])
    if addresses and "name" not in group and draw(st.booleans()):
        addresses.append(addresses[0].rpartition(".")[0] + ".[11:14]")
    elif addresses:
        start, _, end = addresses[0].rpartition(".")
        addresses[0] = f"{start.rpartition('.')[0]}.99.{end}"


def ranges(group: Data) -> list[re.Match[str]]:
    """Return the ranges of addresses of a group of several hosts."""
    found = [re.fullmatch(r"(.*)\[1:(\d)]", one) for one in group.get("addresses", [])]
    return [one for one in found if one] if all(found) else []


def move_host(draw: st.DrawFn, data: Data) -> None:
    """Take a host out of a group of several, into a new one; perhaps that is all that is left."""
    several = [name for name, group in sorted(data["hosts"].items()) if ranges(group)]
    if not several:
        return
    name = draw(st.sampled_from(several))
    group = data["hosts"][name]
    found = ranges(group)
    group.pop("name", None)
    alone = copy.deepcopy(group)
    last = int(found[0][2])
    heads = [one[1] for one in found]
    alone["addresses"] = [f"{head}{last}" for head in heads]
    rest = "1" if last == 2 else f"[1:{last - 1}]"
    group["addresses"] = [f"{head}{rest}" for head in heads]
    if draw(st.booleans()):
        alone["owner"] = "others"
    data["hosts"]["moved-out"] = alone
    if draw(st.integers(0, 3)) == 0:
        del data["hosts"][name]


def drop_group(draw: st.DrawFn, data: Data) -> None:
    if len(data["hosts"]) > 1:
        del data["hosts"][_group(draw, data)]


def add_group(draw: st.DrawFn, data: Data) -> None:
    segment = draw(st.sampled_from(sorted(data["segments"])))
    role = draw(st.sampled_from(["agent", "cd-server", "file-server", "directory-server"]))
    data["hosts"]["extra"] = {"segment": segment, "roles": [role]}


def choose(draw: st.DrawFn, data: Data) -> None:
    option = CATALOGUE.options[draw(st.sampled_from(sorted(CATALOGUE.options)))]
    data["options"][option.id] = draw(st.sampled_from([choice.id for choice in option.choices]))


def renumber(draw: st.DrawFn, data: Data) -> None:
    port = draw(st.sampled_from(["agent-https", "cd-server-https", "directory-ldaps"]))
    data.setdefault("numbers", {})[port] = draw(st.sampled_from([61001, 61002]))


def protect(draw: st.DrawFn, data: Data) -> None:
    port = draw(st.sampled_from(["agent-https", "directory-ldap"]))
    data.setdefault("encryption", {})[port] = draw(st.sampled_from(["tls", "none"]))


EDITS = (
    rename_group,
    rename_segment,
    move_group,
    grow_group,
    readdress,
    move_host,
    drop_group,
    add_group,
    choose,
    renumber,
    protect,
)

pairs = edited() | st.tuples(sites(4), sites(4)).map(lambda two: (two[0].derived, two[1].derived))


def facts(one: Derived) -> Flows:
    return {flow.id: flow_facts(one.site, flow, NO_RENAMES) for flow in one.flows}


def applied(found: SiteDiff | None, before: Derived) -> Flows:
    """Return the flows of before with a difference applied to them."""
    if found is None:
        return facts(before)
    names = found.renames
    flows = {
        flow_id(flow, names): dict(flow_facts(before.site, flow, names)) for flow in before.flows
    }
    for change in found.flows:
        if change.after is None:
            assert change.before is not None
            del flows[flow_id(change.before, names)]
            continue
        if change.before is None:
            assert change.id not in flows
            assert found.derived_after is not None
            flows[change.id] = dict(flow_facts(found.derived_after.site, change.after, NO_RENAMES))
        for field in change.fields:
            assert flows[change.id][field.name] == field.before
            flows[change.id][field.name] = field.after
    return flows


@given(pairs)
def test_applied_to_before_it_makes_after(pair: tuple[Derived, Derived]) -> None:
    before, after = pair
    assert applied(compare_sites(BOTH, before, after), before) == facts(after)


Mirrored = tuple[Any, ...]


def _change(kind: str, fields: Any, *, turned: bool) -> Mirrored:
    turn = {"added": "removed", "removed": "added"}
    sides = ((f.name, f.after, f.before) if turned else (f.name, f.before, f.after) for f in fields)
    return turn.get(kind, kind) if turned else kind, tuple(sides)


def entry_seen(entry: EntryChange, *, turned: bool) -> Mirrored:
    ids = (entry.was or entry.id, entry.id)
    return (entry.section, *(ids[::-1] if turned else ids)), _change(
        entry.kind, entry.fields, turned=turned
    )


def flow_seen(change: FlowChange, *, turned: bool) -> Mirrored:
    ids = (change.before and change.before.id, change.after and change.after.id)
    gates = (change.opens, change.closes)
    shifts = [
        (shift.went, shift.came) if turned else (shift.came, shift.went)
        for shift in (initiator_shift(change), listener_shift(change))
    ]
    return (
        ids[::-1] if turned else ids,
        gates[::-1] if turned else gates,
        _uncounted(shifts),
        readdressed(change),
        _change(change.kind, [f for f in change.fields if f.name not in NAMED], turned=turned),
    )


def _uncounted(shifts: Any) -> Any:
    """Leave out counts of hosts: they name the group as it is called after."""
    return tuple(tuple(tuple(t for t in some if " " not in t) for some in both) for both in shifts)


NAMED = frozenset({"from.segment", "to.segment", "from.zone", "to.zone", "crosses"})
"""Fields with ids of segments and zones: they are called as after, whichever side that is."""


@given(pairs)
def test_turned_round_it_is_its_mirror(pair: tuple[Derived, Derived]) -> None:
    there, back = compare_sites(BOTH, *pair), compare_sites(BOTH, *pair[::-1])
    assert (there is None) == (back is None)
    if there is None or back is None:
        return
    assert {new: old for old, new in there.renames.groups.items()} == back.renames.groups
    assert {new: old for old, new in there.renames.segments.items()} == back.renames.segments
    assert {new: old for old, new in there.renames.zones.items()} == back.renames.zones
    flows = [{flow_seen(f, turned=turn) for f in found.flows} for turn, found in _both(there, back)]
    assert flows[0] == flows[1]
    asked = [
        {
            (flow.before and flow.before.id, flow.after and flow.after.id)[:: -1 if turn else 1]: (
                _uncounted(
                    [(s.went, s.came) if turn else (s.came, s.went) for s in asked_ends(flow)]
                )
            )
            for flow in found.flows
        }
        for turn, found in _both(there, back)
    ]
    assert asked[0] == asked[1]
    kinds = [
        sorted(str(entry_seen(e, turned=turn)[0]) for e in found.entries)
        for turn, found in _both(there, back)
    ]
    assert kinds[0] == kinds[1]


def _both(there: SiteDiff, back: SiteDiff) -> tuple[tuple[bool, SiteDiff], ...]:
    return (False, there), (True, back)


@given(site_data(6), st.randoms(use_true_random=False))
def test_with_itself_it_is_empty_in_whatever_order(data: Data, order: random.Random) -> None:
    site, problems = reading(data, CATALOGUE)
    other, _ = reading(shuffled(data, order), CATALOGUE)
    assert site is not None, problems
    assert other is not None
    found = compare(Side("a", CATALOGUE, (site,)), Side("b", CATALOGUE, (other,)))
    assert (found.sites, found.catalogue, found.same) == ((), (), 1)
    assert judge(found).changes == ()


@given(sites())
def test_facts_are_all_that_the_contract_has(made: Made) -> None:
    site = made.derived.site
    for flow in made.derived.flows:
        contract = {key: _ordered(key, v) for key, v in _flat("", flows_json.flow(site, flow))}
        del contract["id"]
        expected = {key: value for key, value in contract.items() if value is not None}
        found = flow_facts(site, flow, NO_RENAMES)
        assert {key: value for key, value in found.items() if value is not None} == expected


def _flat(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else key, inner)
    else:
        yield name, tuple(value) if isinstance(value, list) else value


def _ordered(key: str, value: Any) -> Any:
    return (
        tuple(sorted(value)) if value and key in ("listens.addresses", "listens.groups") else value
    )


@given(pairs)
def test_no_flow_changes_unsaid(pair: tuple[Derived, Derived]) -> None:
    """Whatever differs in a flow, a line of the review speaks for it; and each line once."""
    before, after = (
        Side(name, CATALOGUE, (one.site,)) for name, one in zip("ab", pair, strict=True)
    )
    review = judge(compare(before, after))
    spoken = {flow for change in review.changes for flow in change.flows}
    for site in review.diff.sites:
        assert {change.id for change in site.flows} <= spoken
    lines = [(change.rule, change.what) for change in review.changes]
    assert len(set(lines)) == len(lines)
    prints = [change.fingerprint for change in review.changes]
    assert len(set(prints)) == len(prints)


Passage = tuple[tuple[str, str], str, str, str, str]
"""What a firewall lets through: segments, transport, numbers, who dials, and what."""


def passages(
    flow: Flow, site: Site, names: Renames, starts: Iterable[str] = (), ends: Iterable[str] = ()
) -> set[Passage]:
    """Return what a flow needs, as far as addresses are known; only from or to some, if given."""
    groups = [site.groups[end.group] for end in (flow.initiator, flow.listener)]
    pair = tuple(names.segments.get(group.segment, group.segment) for group in groups)
    if flow.scope != "network" or pair[0] == pair[1]:
        return set()
    return {
        ((pair[0], pair[1]), flow.port.transport, str(flow.numbers), start, end)
        for start in every(starts or groups[0].shown_addresses)
        for end in every(ends or seen(flow))
        if start != end
    }


def every(texts: Iterable[str]) -> set[str]:
    return {one for text in texts for one in ([text] if "/" in text else Pattern(text))}


def said(change: FlowChange, side: Derived, names: Renames, *, come: bool) -> set[Passage]:
    """Return what a change asks a firewall to open, or to close."""
    flow = change.after if come else change.before
    if flow is None:
        return set()
    if change.opens if come else change.closes:
        left = change.came if come else change.went
        return passages(flow, side.site, names, left.initiators, left.listeners)
    start, end = ((s.came if come else s.went) for s in asked_ends(change))
    found: set[Passage] = set()
    if change.kind == "changed" and readdressed(change):
        found |= passages(flow, side.site, names, starts=start) if start else set()
        found |= passages(flow, side.site, names, ends=end) if end else set()
    return found


@st.composite
def regrouped(draw: st.DrawFn) -> tuple[Derived, Derived]:
    """Make a site and the same with a host in another group."""
    before: Data = draw(site_data(5))
    after = copy.deepcopy(before)
    move_host(draw, after)
    if draw(st.booleans()):
        draw(st.sampled_from(EDITS))(draw, after)
    site, _ = reading(after, CATALOGUE)
    assume(after != before and site is not None)
    pair = derived(before, CATALOGUE), derived(after, CATALOGUE)
    return pair[::-1] if draw(st.booleans()) else pair


@given(regrouped() | edited())
def test_firewalls_are_told_what_to_open_and_what_to_close(pair: tuple[Derived, Derived]) -> None:
    before, after = pair
    found = compare_sites(BOTH, before, after)
    if found is None:
        return
    names = found.renames
    old = {p for flow in before.flows for p in passages(flow, before.site, names)}
    new = {p for flow in after.flows for p in passages(flow, after.site, NO_RENAMES)}
    opened = {p for one in found.flows for p in said(one, after, NO_RENAMES, come=True)}
    closed = {p for one in found.flows for p in said(one, before, names, come=False)}
    assert new - old <= opened
    assert old - new <= closed
    assert not closed & new, "this would stop what goes on"
    assert not opened & old, "firewalls let it through already"
