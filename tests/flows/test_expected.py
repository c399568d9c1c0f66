"""The flows of three sites, machine by machine, against lists written by hand from the rules.

`tests/cases/sites/<id>/README.md` says how each number follows. The lists are never made from the
program's output: where they differ, one of the two is wrong, and somebody finds out which.
"""

import csv
from pathlib import Path

import pytest

from generator.derive.flows import derive
from generator.derive.machines import MachineFlow, expand
from generator.load import Atlas

from ..conftest import CASES
from .sites import site_of

COLUMNS = ["port", "from", "to", "address", "numbers", "transport"]
SITES = ("single-server", "clustered", "multi-geo")
sites = pytest.mark.parametrize("name", SITES)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def machine_by_machine(atlas: Atlas, name: str) -> list[MachineFlow]:
    return list(expand(derive(atlas.catalogue, site_of(atlas, name))))


def as_row(one: MachineFlow) -> tuple[str, ...]:
    return (
        one.port,
        one.initiator.name,
        one.listener.name,
        one.address,
        one.numbers,
        one.transport,
    )


@sites
def test_the_flows_are_those_written_by_hand(atlas: Atlas, name: str) -> None:
    expected = rows(CASES / "sites" / name / "expected.csv")
    assert list(expected[0]) == COLUMNS
    written = {tuple(row[column] for column in COLUMNS) for row in expected}
    found = {as_row(one) for one in machine_by_machine(atlas, name)}
    assert sorted(found - written) == [], "the program has these, the list does not"
    assert sorted(written - found) == [], "the list has these, the program does not"
    assert len(written) == len(expected), "the list has a line twice"


def matches(flow: MachineFlow, row: dict[str, str]) -> bool:
    dialled = {
        "from": flow.initiator.name,
        "to": flow.listener.name,
        "numbers": flow.numbers,
    }
    return all(row[key] in ("*", value) for key, value in dialled.items())


@sites
def test_no_forbidden_flow_exists(atlas: Atlas, name: str) -> None:
    forbidden = rows(CASES / "sites" / name / "forbidden.csv")
    assert all(row["why"] for row in forbidden)
    assert [
        (as_row(flow), row["why"])
        for flow in machine_by_machine(atlas, name)
        for row in forbidden
        if matches(flow, row)
    ] == []


@sites
def test_what_is_forbidden_could_be_found(atlas: Atlas, name: str) -> None:
    """Each forbidden line names hosts of the site and numbers of the catalogue."""
    site = site_of(atlas, name)
    known = {"*", *(group.id for group in site.groups.values() if group.people)}
    known |= {host for group in site.groups.values() for host in group.name or ()}
    numbers = {"*", *(str(port.numbers) for port in atlas.catalogue.ports.values())}
    ends = [end for gateway in site.gateways.values() for end in gateway.ends]
    numbers |= {str(dialled.numbers) for end in ends for dialled in end.dialled.values()}
    for row in rows(CASES / "sites" / name / "forbidden.csv"):
        assert {row["from"], row["to"]} <= known, row
        assert row["numbers"] in numbers, row


@pytest.mark.parametrize(
    ("name", "start", "end", "numbers"),
    [
        ("multi-geo", "emea01.example.com", None, "8443"),
        ("multi-geo", "emea01.example.com", "apac01.example.com", "7800"),
        ("multi-geo", "apac01.example.com", "gw-emea.example.com", None),
        ("clustered", "agent01.example.com", "cd01.example.com", "8443"),
    ],
)
def test_the_wrong_flows_of_the_domain_notes(
    atlas: Atlas, name: str, start: str, end: str | None, numbers: str | None
) -> None:
    assert [
        as_row(one)
        for one in machine_by_machine(atlas, name)
        if one.initiator.name == start
        and end in (None, one.listener.name)
        and numbers in (None, one.numbers)
    ] == []


def test_the_single_server_dials_itself_on_loopback_only(atlas: Atlas) -> None:
    own = [
        one
        for one in machine_by_machine(atlas, "single-server")
        if one.initiator == one.listener and one.initiator.name == "cd01.example.com"
    ]
    assert {(one.numbers, one.address, one.scope) for one in own} == {
        ("6800", "127.0.0.1", "loopback"),
        ("8900", "127.0.0.1", "loopback"),
    }
