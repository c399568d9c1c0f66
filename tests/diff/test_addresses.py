"""What a firewall team reads of a crossing that stays: addresses to open for, and to close for."""

import copy
from collections.abc import Callable
from ipaddress import IPv4Network, ip_network
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diff.addresses import beyond
from generator.diff.compare import Catalogues
from generator.diff.review import Review
from generator.diff.rows import Row
from generator.export.diff_html import html
from generator.export.diff_json import document
from generator.export.diff_markdown import markdown
from generator.export.diff_text import diff_text
from generator.export.diff_words import site_rows, verdict
from generator.hosts import Pattern
from generator.load import Atlas

from ..flows.sites import Data
from ..review.reviews import both, changed, example, reviewed

BLOCKS = st.integers(0, 3).flatmap(
    lambda third: st.tuples(st.integers(1, 30), st.integers(0, 9)).map(
        lambda run: f"10.0.{third}.[{run[0]}:{run[0] + run[1]}]"
    )
)
NETWORKS = st.tuples(st.integers(0, 31), st.integers(24, 30)).map(
    lambda one: str(ip_network(f"10.1.0.{one[0] * 8}/{one[1]}", strict=False))
)


def expanded(patterns: tuple[str, ...]) -> list[str]:
    return list(chain.from_iterable(map(Pattern, patterns)))


@given(st.lists(BLOCKS).map(tuple), st.lists(BLOCKS).map(tuple))
def test_what_is_beyond_is_the_difference(some: tuple[str, ...], known: tuple[str, ...]) -> None:
    found = expanded(beyond(some, known))
    assert set(found) == set(expanded(some)) - set(expanded(known))
    assert len(found) == len(set(found))


def inside(networks: tuple[str, ...]) -> set[str]:
    return {str(address) for one in networks for address in IPv4Network(one)}


@given(st.lists(NETWORKS).map(tuple), st.lists(NETWORKS).map(tuple))
def test_so_it_is_of_networks(some: tuple[str, ...], known: tuple[str, ...]) -> None:
    assert inside(beyond(some, known)) == inside(some) - inside(known)


@pytest.mark.parametrize(
    ("some", "known", "left"),
    [
        (("10.0.0.[1:22]",), ("10.0.0.[1:20]",), ("10.0.0.[21:22]",)),
        (("10.0.0.1", "10.0.0.2"), ("10.0.0.[1:2]",), ()),
        (("10.0.0.0/15",), ("10.0.0.0/16",), ("10.1.0.0/16",)),
        (("10.0.0.7",), ("10.0.0.0/24",), ()),
        (("2001:db8::0a", "2001:db8::b"), ("2001:db8::a",), ("2001:db8::b",)),
        (("2001:db8::/32",), ("10.0.0.0/8",), ("2001:db8::/32",)),
        (("lb.example.com",), ("10.0.0.0/8", "10.0.0.1"), ("lb.example.com",)),
    ],
)
def test_beyond(some: tuple[str, ...], known: tuple[str, ...], left: tuple[str, ...]) -> None:
    assert beyond(some, known) == left


Change = Callable[[Data], None]


def of(atlas: Atlas, name: str, change: Change, *, back: bool = False) -> Review:
    before, after = changed(name, change)
    sides = (after, before) if back else (before, after)
    return reviewed(atlas.catalogue, *({name: one} for one in sides))


def sentences(review: Review) -> str:
    return verdict(review, [row for rows in site_rows(review).values() for row in rows])


def grown(data: Data) -> None:
    agents = data["hosts"]["agent"]
    assert agents["addresses"] == ["10.20.2.[11:20]"]
    agents |= {"name": "agent[01:12].example.com", "addresses": ["10.20.2.[11:22]"]}


def balancer(data: Data) -> None:
    data["hosts"]["lb01"]["addresses"] = ["10.20.1.6"]


def test_a_grown_group_is_crossings_to_open(atlas: Atlas) -> None:
    assert "6 crossings changed: open for 10.20.2.[21:22]." in sentences(
        of(atlas, "multi-geo", grown)
    )
    assert "6 crossings changed: close for 10.20.2.[21:22]." in sentences(
        of(atlas, "multi-geo", grown, back=True)
    )


def test_another_address_is_to_open_and_the_old_one_to_close(atlas: Atlas) -> None:
    review = of(atlas, "clustered", balancer)
    rows = [row for row in site_rows(review)["clustered"] if row.crosses]
    assert rows
    for row in rows:
        assert (row.came, row.went) == (("10.20.1.6",), ("10.20.1.5",))
        assert (row.listener.addresses, row.listener.shift.old) == (("10.20.1.6",), ("10.20.1.5",))
    count = sum(row.flows for row in rows)
    said = f"{count} crossings changed: open for 10.20.1.6, close for 10.20.1.5."
    assert said in sentences(review)
    for text in texts(review, both(atlas.catalogue)):
        assert said in text


def texts(review: Review, catalogues: Catalogues) -> tuple[str, ...]:
    comment = markdown(review, catalogues).replace("\u200b", "")
    return diff_text(review), comment, html(review, {})


def test_every_format_has_new_and_old(atlas: Atlas) -> None:
    review = of(atlas, "clustered", balancer)
    text, comment, page = texts(review, both(atlas.catalogue))
    assert "lb01 10.20.1.6 ← 10.20.1.5" in text
    assert "open for 10.20.1.6; close for 10.20.1.5" in text
    assert "`lb01` `10.20.1.6` ← `10.20.1.5`" in comment
    assert "| `10.20.1.6` | `10.20.1.5` |" in comment
    assert "lb01 <code>10.20.1.6</code> ← <code>10.20.1.5</code>" in page
    assert "open for 10.20.1.6; close for 10.20.1.5" in page
    assert "| open for 10.20.1.6; close for 10.20.1.5 |" in comment
    found = document(review)
    crossing = sum(row.flows for row in rows_of(review) if row.readdressed)
    assert found["summary"]["crossings"] == {"opened": 0, "closed": 0, "changed": crossing}
    (site,) = found["sites"]
    asked = {(*f["open_for"]["to"], *f["close_for"]["to"]) for f in site["flows"]}
    assert ("10.20.1.6", "10.20.1.5") in asked


def test_without_addresses_names_or_a_count_say_it(atlas: Atlas) -> None:
    def names(data: Data) -> None:
        data["hosts"]["agent"] = copy.deepcopy(data["hosts"]["agent"])
        data["hosts"]["agent"].pop("addresses")

    def more_names(data: Data) -> None:
        data["hosts"]["agent"]["name"] = "agent[01:12].example.com"

    before, _ = changed("multi-geo", names)
    names(before)
    after = copy.deepcopy(before)
    more_names(after)
    review = reviewed(atlas.catalogue, {"multi-geo": before}, {"multi-geo": after})
    assert "open for agent[11:12].example.com." in sentences(review)
    for side, count in ((before, 3), (after, 5)):
        side["hosts"]["agent"].pop("name")
        side["hosts"]["agent"]["count"] = count
    review = reviewed(atlas.catalogue, {"multi-geo": before}, {"multi-geo": after})
    assert "open for 2 hosts of agent." in sentences(review)


def rows_of(review: Review) -> list[Row]:
    return [row for rows in site_rows(review).values() for row in rows]


def test_a_split_group_is_no_other_address(atlas: Atlas) -> None:
    def split(data: Data) -> None:
        half = copy.deepcopy(data["hosts"]["agent"])
        data["hosts"]["agent"] |= {
            "name": "agent[01:05].example.com",
            "addresses": ["10.20.2.[11:15]"],
        }
        half |= {"name": "agent[06:10].example.com", "addresses": ["10.20.2.[16:20]"]}
        data["hosts"]["agent-b"] = half

    review = of(atlas, "multi-geo", split)
    assert {change.rule for change in review.changes} == {"group-split"}
    assert not any(row.readdressed for row in rows_of(review))


def test_behind_nat_the_real_address_counts_as_well(atlas: Atlas) -> None:
    def move(data: Data) -> None:
        data["hosts"]["gw-emea"]["addresses"] = ["10.40.1.99"]

    rows = rows_of(of(atlas, "multi-geo", move))
    dialled = [row for row in rows if row.listener.addresses == ("198.51.100.5",)]
    assert dialled
    for row in dialled:
        assert row.readdressed
        assert (row.came, row.went) == (("10.40.1.99",), ("10.40.1.11",))
        assert row.listener.shift.old == ()


def test_of_many_addresses_the_lines_have_the_first_and_the_page_all(atlas: Atlas) -> None:
    def narrowed(data: Data) -> None:
        data["hosts"]["users"]["network"] = "10.20.8.64/28"

    review = of(atlas, "clustered", narrowed)
    lost = [
        str(one)
        for one in IPv4Network("10.20.8.0/22").address_exclude(IPv4Network("10.20.8.64/28"))
    ]
    assert len(lost) == 6
    said = sentences(review)
    assert said.count("/") == 4
    assert "and 2 more." in said
    page = html(review, {})
    assert all(f"{one}, " in page or f", {one}" in page for one in lost)


def agents(data: Data, first: int, last: int, other: str | None) -> None:
    """Let `agent` have a range of addresses, and `agent-b`, if it is there, another."""
    data["hosts"]["agent"] |= {
        "name": f"agent[{first - 10:02}:{last - 10:02}].example.com",
        "addresses": [f"10.20.2.[{first}:{last}]"],
    }
    data["hosts"]["agent-b"] = {"segment": "build", "roles": ["agent"], "addresses": [other]}
    if other is None:
        del data["hosts"]["agent-b"]


@pytest.mark.parametrize(
    ("before", "after", "came", "went"),
    [
        # One more passes from group to group: a firewall has it already.
        ((11, 20, "10.20.2.21"), (11, 19, "10.20.2.[20:21]"), [], []),
        ((11, 20, "10.20.2.21"), (11, 18, "10.20.2.[20:21]"), [], ["10.20.2.19"]),
        (
            (11, 19, "10.20.2.[20:21]"),
            (11, 22, "10.20.2.[23:24]"),
            ["10.20.2.22", "10.20.2.[23:24]"],
            [],
        ),
        # To a new group, or from one that is gone.
        ((11, 20, None), (11, 18, "10.20.2.20"), [], ["10.20.2.19"]),
        ((11, 18, "10.20.2.20"), (11, 20, None), ["10.20.2.19"], []),
    ],
)
def test_an_address_that_passes_from_group_to_group_is_neither(
    atlas: Atlas,
    before: tuple[int, int, str | None],
    after: tuple[int, int, str | None],
    came: list[str],
    went: list[str],
) -> None:
    sides = []
    for side in (before, after):
        data = example("multi-geo")
        agents(data, *side)
        sides.append({"multi-geo": data})
    review = reviewed(atlas.catalogue, *sides)
    rows = [row for row in rows_of(review) if row.readdressed]
    assert sorted({one for row in rows for one in row.came}) == came
    assert sorted({one for row in rows for one in row.went}) == went
    assert (" crossings changed: " in sentences(review)) == bool(came or went)
    (site,) = document(review)["sites"]
    asked = [f["open_for"] for f in site["flows"] if f["kind"] == "changed"]
    assert sorted({one for ends in asked for some in ends.values() for one in some}) == came
