"""Which observation counts, how they are written, and what they make of a flow."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.characters import decode
from generator.derive.flows import derive
from generator.derive.model import Derived
from generator.derive.observed import Seen, seeing
from generator.export.observed_yaml import files
from generator.hosts import Pattern, fold
from generator.load import Atlas
from generator.observed import Observation, newest
from generator.observed_lines import document
from generator.render.observed import stale_from
from generator.source import parse
from generator.topology import Ends, MustNot
from generator.validate.observed import read

FLOW = "agent-https:emea.agent>gw-emea.agent"
PEERS = "zookeeper-peer:zk.zookeeper>zk.zookeeper"
HOSTS = [f"emea{number:02}.example.com" for number in range(1, 21)]

DIALLED = st.sampled_from(["10.0.0.1 80", "10.0.0.2 80", "10.0.0.10 81", "a.b 7", "fd00::1 8"])
observations = st.builds(
    Observation,
    st.sampled_from([FLOW, PEERS]),
    st.sampled_from([*HOSTS[:3], "zk01.example.com", "10.0.0.7"]),
    st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
    st.sampled_from(["open", "filtered", "cannot-test"]),
    st.sets(DIALLED, min_size=1).map(lambda some: tuple(sorted(some))),
    st.sampled_from([None, "UDP: no answer", 'quo"te']),
)
names = st.from_regex(r"[a-c]?-?[0-9]{0,3}(\.[a-b0-9]{1,2}){0,3}( [0-9]{2})?", fullmatch=True)


@given(st.sets(names))
def test_patterns_stand_for_exactly_what_was_folded(texts: set[str]) -> None:
    patterns = fold(texts)
    assert sorted(one for pattern in patterns for one in Pattern(pattern)) == sorted(texts)
    assert fold(sorted(texts, reverse=True)) == patterns


@given(st.lists(observations, max_size=8))
def test_what_is_written_is_read(some: list[Observation]) -> None:
    kept = newest(some)
    found: list[Observation] = []
    for name, text in files(kept).items():
        parsed, problems = parse(text.encode(), name)
        assert (problems, parsed is None) == ([], False)
        assert parsed is not None
        read_back, problems = read(parsed, name.removesuffix(".yaml"))
        assert problems == []
        found += read_back
    assert newest(found) == kept


def by_yaml(text: str) -> tuple[Observation, ...] | None:
    """Return what a file says, read as any other; None where there is a problem."""
    parsed, problems = parse(text.encode(), "x.yaml")
    if parsed is None or problems:
        return None
    found, problems = read(parsed, "emea")
    return None if problems else found


def by_lines(text: str) -> tuple[Observation, ...] | None:
    """Return what a file says, read line by line; None where only YAML can tell."""
    decoded, hidden = decode(text.encode(), "x.yaml")
    found = None if decoded is None or hidden else document(decoded, "x.yaml")
    if found is None:
        return None
    said, problems = read(found, "emea")
    return None if problems else said


def written(some: list[Observation]) -> str:
    return files(newest(one._replace(flow=FLOW) for one in some))["emea.yaml"]


@given(st.lists(observations, min_size=1, max_size=8))
def test_the_quick_reader_reads_what_we_write_as_yaml_does(some: list[Observation]) -> None:
    text = written(some)
    assert by_yaml(text) is not None
    assert by_lines(text) == (None if "\\" in text else by_yaml(text)), "an escape is YAML's"


@settings(max_examples=400)
@given(
    st.lists(observations, min_size=1, max_size=3),
    st.data(),
    st.text("ab\"'\\[]{}:,-#&*!?%@ \t\n\r\x85\u200b\u2028\ufeff0~noyes", max_size=3),
    st.integers(0, 3),
)
def test_the_quick_reader_says_nothing_else_than_yaml_does(
    some: list[Observation], data: st.DataObject, put: str, cut: int
) -> None:
    text = written(some)
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + put + text[at + cut :]
    found = by_lines(changed)
    assert found is None or found == by_yaml(changed)


@pytest.mark.parametrize("again", ["runs", "flows"])
def test_the_quick_reader_leaves_what_stands_twice_to_yaml(again: str) -> None:
    text = written([Observation(FLOW, HOSTS[0], "2026-01-01T00:00:00Z", "open", ("a.b 7",), None)])
    assert by_lines(text) is not None
    run, flow = f'  "{HOSTS[0]}": "2026-01-01T00:00:00Z"\n', text[text.index(f'  "{FLOW}"') :]
    twice = text.replace(run, run * 2) if again == "runs" else text + flow
    assert (by_lines(twice), by_yaml(twice)) == (None, None)
    assert any("stands twice" in one.message for one in parse(twice.encode(), "x.yaml")[1])


@given(st.lists(observations, max_size=5), st.lists(observations, max_size=5))
def test_order_and_repetition_make_no_difference(
    one: list[Observation], other: list[Observation]
) -> None:
    together = newest([*one, *other])
    assert newest([*other, *one]) == together
    assert newest([*newest(one), *newest(other)]) == together
    assert newest(together) == together


def test_what_could_not_be_tested_takes_no_red_target_away() -> None:
    flow, host = "p:a.x>b.y", "a"
    old = [
        Observation(flow, host, "2026-01-01T00:00:00Z", "open", ("192.0.2.22 1",), None),
        Observation(flow, host, "2026-01-01T00:00:00Z", "filtered", ("192.0.2.23 1",), None),
    ]
    new = [
        Observation(flow, host, "2026-02-01T00:00:00Z", "open", ("192.0.2.22 1",), None),
        Observation(flow, host, "2026-02-01T00:00:00Z", "cannot-test", ("192.0.2.23 1",), "cut"),
    ]
    assert newest([*old, *new]) == (old[1], new[0])


# ---- what they make of a flow ---------------------------------------------------------------


@pytest.fixture(scope="module")
def geo(atlas: Atlas) -> Derived:
    site = next(site for site in atlas.sites if site.id == "multi-geo")
    rule = MustNot("no", Ends("group", "emea"), Ends("group", "cd"), (), "why", site.place)
    return derive(atlas.catalogue, replace(site, must_not=(rule,)))


def seen(atlas: Atlas, geo: Derived, flow: str, *some: Observation) -> Seen:
    return next(one for one in seeing(atlas.catalogue, geo, some).flows if one.flow.id == flow)


def saw(
    flow: str, host: str, *to: str, outcome: str = "open", at: str = "2026-01-31T12:00:00Z"
) -> Observation:
    return Observation(flow, host, at, outcome, to, None)


GATE = "10.40.1.11 7800"


def test_a_flow_is_observed_when_all_its_hosts_saw_all_of_it(atlas: Atlas, geo: Derived) -> None:
    every = [saw(FLOW, host, GATE) for host in HOSTS]
    assert seen(atlas, geo, FLOW).state == "never"
    assert seen(atlas, geo, FLOW, *every).state == "observed"
    partly = seen(atlas, geo, FLOW, *every[:12])
    assert (partly.state, len(partly.well), partly.size) == ("partly", 12, 20)
    wrong = seen(atlas, geo, FLOW, *every[1:], saw(FLOW, HOSTS[0], GATE, outcome="filtered"))
    assert (wrong.state, [one.host for one in wrong.wrong]) == ("otherwise", [HOSTS[0]])
    untested = seen(atlas, geo, FLOW, saw(FLOW, HOSTS[0], GATE, outcome="cannot-test"))
    assert untested.state == "cannot-test"


def test_a_host_does_not_dial_itself_but_all_others(atlas: Atlas, geo: Derived) -> None:
    to = {1: (22, 23), 2: (21, 23), 3: (21, 22)}
    every = [
        saw(PEERS, f"zk0{number}.example.com", *(f"10.20.1.{one} 2888" for one in others))
        for number, others in to.items()
    ]
    assert seen(atlas, geo, PEERS, *every).state == "observed"
    less = [every[0]._replace(to=every[0].to[:1]), *every[1:]]
    assert seen(atlas, geo, PEERS, *less).state == "partly"


@pytest.mark.parametrize("to", ["10.40.1.11 7801", "10.40.1.12 7800"])
def test_what_is_dialled_no_more_does_not_count(atlas: Atlas, geo: Derived, to: str) -> None:
    found = seeing(atlas.catalogue, geo, [saw(FLOW, HOSTS[0], to)])
    assert {one.state for one in found.flows} == {"never"}
    assert found.outdated == 1


def test_a_host_of_no_such_name_does_not_count(atlas: Atlas, geo: Derived) -> None:
    assert seen(atlas, geo, FLOW, saw(FLOW, "emea99.example.com", GATE)).state == "never"


def test_a_forbidden_flow_is_as_documented_when_it_is_blocked(atlas: Atlas, geo: Derived) -> None:
    flow = "must-not:no:cd-server-https:emea>cd"
    to = tuple(f"10.20.1.{number} 8443" for number in (11, 12, 13))
    blocked = [saw(flow, host, *to, outcome="blocked-as-expected") for host in HOSTS]
    assert seen(atlas, geo, flow, *blocked).state == "observed"
    open_ = saw(flow, HOSTS[3], to[0], outcome="open-but-forbidden")
    assert seen(atlas, geo, flow, *blocked, open_).state == "otherwise"


def test_it_is_stale_by_its_oldest_run(atlas: Atlas, geo: Derived) -> None:
    old = saw(FLOW, HOSTS[0], GATE, at="2025-11-23T23:59:59Z")
    found = seen(atlas, geo, FLOW, old, saw(FLOW, HOSTS[1], GATE))
    assert found.dates == ("2025-11-23", "2026-01-31")
    assert stale_from(found) == "2026-02-21"


def test_nothing_of_it_depends_on_the_order(atlas: Atlas, geo: Derived) -> None:
    some = [saw(FLOW, HOSTS[0], GATE), saw(FLOW, HOSTS[1], GATE, outcome="refused")]
    answers = {seen(atlas, geo, FLOW, *newest(order)) for order in permutations([*some, some[0]])}
    assert len(answers) == 1
