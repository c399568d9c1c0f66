"""What a host's administrator meets: every way a firewall says no, names and addresses that lie."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from generator.checker.script import script
from generator.derive.model import Derived
from generator.load import Atlas
from tests.checker.netns import Network, Ran, documented, network, usable
from tests.checker.test_network import PATIENT, QUICK, derived_site, results

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(not usable(), reason="needs root, ip, nft, unshare and nsenter"),
]
BUILD, SERVER = "build01.example.com", "cd01.example.com"


@pytest.fixture(scope="module")
def single(atlas: Atlas) -> Derived:
    return derived_site(atlas, "single-server")


@pytest.fixture(scope="module")
def file(atlas: Atlas, single: Derived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "check.sh"
    path.write_text(script(atlas.catalogue, single, atlas.version), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def net(single: Derived) -> Iterator[Network]:
    with network(single) as made, made.listening(documented(single, made)):
        yield made


def to_server(ran: Ran) -> dict[str, Any]:
    """Return the result of the build host's flow to the server."""
    (found,) = (one for one in results(ran) if one["number"] == 8443)
    return found


@contextmanager
def own_firewall(net: Network, machine: str, rule: str) -> Iterator[None]:
    """Let a machine's own firewall obey a rule for what it sends."""
    table = f"table inet own {{ chain o {{ type filter hook output priority 0;\n{rule}\n}}\n}}\n"

    def nft(text: str) -> None:
        ran = net.run(machine, "sh", "-c", f"printf '%s' '{text}' | nft -f -")
        assert ran.status == 0, ran.err

    nft(table)
    try:
        yield
    finally:
        nft("delete table inet own")


@pytest.mark.parametrize("how", ["prot-unreachable", "admin-prohibited", "net-prohibited"])
def test_every_answer_by_icmp_is_unreachable(file: Path, net: Network, how: str) -> None:
    with net.filtering(f"ip saddr 10.10.2.11 tcp dport 8443 reject with icmp {how}"):
        ran = net.run(BUILD, "bash", str(file), *PATIENT, "--format", "json")
    found = to_server(ran)
    assert (ran.status, found["outcome"]) == (1, "unreachable")
    assert "a firewall that rejects" in found["reason"]
    assert "let 8443/tcp through a firewall that rejects it" in found["advice"]


@pytest.mark.parametrize(
    ("how", "outcome"), [("drop", "filtered"), ("reject with tcp reset", "refused")]
)
def test_the_firewall_of_the_host_itself_is_named(
    file: Path, net: Network, how: str, outcome: str
) -> None:
    with own_firewall(net, BUILD, f"tcp dport 8443 {how}"):
        ran = net.run(BUILD, "bash", str(file), *QUICK, "--format", "json")
    found = to_server(ran)
    assert (ran.status, found["outcome"]) == (1, outcome)
    assert "this host's" in found["reason"]


def test_an_answer_that_is_dropped_on_its_way_back_is_named(file: Path, net: Network) -> None:
    with net.filtering("ip daddr 10.10.2.11 tcp sport 8443 drop"):
        ran = net.run(BUILD, "bash", str(file), *QUICK, "--format", "json")
    found = to_server(ran)
    assert (ran.status, found["outcome"]) == (1, "filtered")
    assert "or the answer" in found["reason"]
