"""What follows from a catalogue alone, on the made-up product, spelled out."""

import pytest

from generator.catalogue import Catalogue, Numbers
from generator.load import load
from generator.views import (
    Connection,
    by_numbers,
    choice_of,
    components,
    connections,
    gateway_only,
    ports,
    served_by,
    started_by,
)

from ..examples import DATA
from ..site.workspace import TINY


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(TINY / "data").catalogue


def test_ports_are_by_number(catalogue: Catalogue) -> None:
    assert [port.id for port in ports(catalogue)] == [
        "lamp-https",
        "horn-radio",
        "horn-wire",
        "lamp-beams",
        "lamp-gear",
    ]


def test_components_are_people_then_product_then_services(catalogue: Catalogue) -> None:
    assert [component.id for component in components(catalogue)] == [
        "keeper",
        "clockwork",
        "lamp",
        "horn",
    ]


SERVED = {
    "keeper": [],
    "clockwork": [],
    "lamp": ["lamp-https", "lamp-beams", "lamp-gear"],
    "horn": ["horn-radio", "horn-wire"],
}
STARTED = {
    "keeper": [("lamp-https", "always", False), ("horn-radio", "optional", False)],
    "clockwork": [("lamp-gear", "always", False)],
    "lamp": [
        ("horn-radio", "when-used", False),
        ("horn-wire", "when-used", False),
        ("lamp-beams", "when-used", True),
    ],
    "horn": [],
}


@pytest.mark.parametrize("component", SERVED)
def test_served_by(catalogue: Catalogue, component: str) -> None:
    assert [port.id for port in served_by(catalogue, component)] == SERVED[component]


@pytest.mark.parametrize("component", STARTED)
def test_started_by(catalogue: Catalogue, component: str) -> None:
    """Each with the requirement that holds for this initiator, and whether a condition does."""
    assert [
        (connection.port.id, connection.requirement, connection.conditional)
        for connection in started_by(catalogue, component)
    ] == STARTED[component]


def test_what_goes_through_a_gateway_needs_one() -> None:
    port = load(DATA).catalogue.ports["agent-https"]
    assert port.requirement == "always"
    assert {(one.reach, Connection(port, one).conditional) for one in port.initiators} == {
        ("zone", False),
        ("gateway", True),
        ("to-gateway", True),
        ("from-gateway", True),
    }


def test_connections_are_by_port_then_initiator(catalogue: Catalogue) -> None:
    assert [
        (c.port.id, c.initiator.component, c.initiator.reach) for c in connections(catalogue)
    ] == [
        ("lamp-https", "keeper", "zone"),
        ("horn-radio", "keeper", "zone"),
        ("horn-radio", "lamp", "zone"),
        ("horn-wire", "lamp", "zone"),
        ("lamp-beams", "lamp", "site"),
        ("lamp-gear", "clockwork", "host"),
    ]


def test_by_numbers(catalogue: Catalogue) -> None:
    assert {
        (numbers.first, numbers.last): [port.id for port in together]
        for numbers, together in by_numbers(catalogue).items()
    } == {
        (4711, 4711): ["lamp-https"],
        (4712, 4712): ["horn-radio"],
        (4713, 4713): ["horn-wire"],
        (4720, 4723): ["lamp-beams"],
        (4730, 4730): ["lamp-gear"],
    }


def test_by_numbers_keeps_ports_of_one_number_together() -> None:
    """The product's messaging port is the server's and the gateway agent's."""
    together = by_numbers(load(DATA).catalogue)[Numbers(61613, 61613)]
    assert [port.id for port in together] == ["agent-stomp", "cd-server-stomp"]
    assert [gateway_only(port) for port in together] == [True, False]


def test_choice_of(catalogue: Catalogue) -> None:
    found = choice_of(catalogue, "horn-wire")
    assert found is not None
    assert (found[0].id, found[1].id) == ("warning", "wire")
    assert choice_of(catalogue, "lamp-https") is None
