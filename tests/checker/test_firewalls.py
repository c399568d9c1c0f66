"""What a host's administrator meets: every way a firewall says no, names and addresses that lie."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.checker.script import script
from generator.derive.model import Derived
from generator.hosts import Pattern
from generator.load import Atlas
from tests.checker.netns import GATE, Network, Ran, documented, network, usable
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
    assert "a firewall that rejects it" in found["reason"]
    assert "or a firewall that rejects 8443/tcp" in found["advice"]


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


def moved(net: Network, machine: str, new: str, old: str) -> None:
    """Give a machine an IPv4 address that nobody documented, in place of another."""
    lines = (
        f"ip addr add {new}/32 dev eth0",
        f"ip route replace default via {GATE} dev eth0 src {new}",
        f"ip addr del {old}/32 dev eth0",
    )
    ran = net.run(machine, "sh", "-ec", "; ".join(lines))
    assert ran.status == 0, ran.err


def test_the_advice_names_an_address_that_the_host_has(
    atlas: Atlas, single: Derived, file: Path
) -> None:
    drop = "tcp dport 8443 drop"
    with network(single) as net:
        moved(net, BUILD, "10.10.2.77", "10.10.2.11")
        with net.filtering(drop):
            ran = net.run(BUILD, "bash", str(file), *QUICK, "--format", "json")
            fine = net.run("build02.example.com", "bash", str(file), *QUICK, "--format", "json")
    advice = f"let 8443/tcp through from {BUILD} (10.10.2.77) to {SERVER} (10.10.1.11)"
    assert to_server(ran)["advice"].startswith(advice)
    said = f"this host does not have 10.10.2.11, documented for {BUILD}; it has 10.10.2.77\n"
    assert ran.err == said
    assert "from build02.example.com (10.10.2.12) to" in to_server(fine)["advice"]
    assert fine.err == ""


def test_the_advice_names_addresses_of_one_family(atlas: Atlas, tmp_path: Path) -> None:
    site = next(site for site in atlas.sites if site.id == "single-server")
    both = {
        "cd01": (Pattern("10.10.1.11"), Pattern("2001:db8::11")),
        "build": (Pattern("10.10.2.[11:12]"), Pattern("2001:db8::[21:22]")),
    }
    groups = {
        key: replace(group, addresses=both.get(key, group.addresses))
        for key, group in site.groups.items()
    }
    derived = derived_site(atlas, "single-server", groups=groups)
    path = tmp_path / "check.sh"
    path.write_text(script(atlas.catalogue, derived, atlas.version), encoding="utf-8")
    with network(derived) as net, net.filtering("tcp dport 8443 drop"):
        ran = net.run(BUILD, "bash", str(path), *QUICK, "--format", "json")
    found = {one["advice"] for one in results(ran) if one["number"] == 8443}
    assert {one.removeprefix("let 8443/tcp through from ") for one in found} == {
        f"{BUILD} (10.10.2.11) to {SERVER} (10.10.1.11)",
        f"{BUILD} (2001:db8::21) to {SERVER} (2001:db8::11)",
    }


@pytest.mark.parametrize("listens", [True, False])
@pytest.mark.parametrize("address", ["127.0.1.1", "10.10.2.11"])
def test_a_name_that_leads_to_the_host_itself_is_at_fault(
    atlas: Atlas, single: Derived, tmp_path: Path, address: str, listens: bool
) -> None:
    groups = {**single.site.groups, "cd01": replace(single.site.groups["cd01"], addresses=())}
    derived = derived_site(atlas, "single-server", groups=groups)
    path, hosts = tmp_path / "check.sh", tmp_path / "hosts"
    path.write_text(script(atlas.catalogue, derived, atlas.version), encoding="utf-8")
    hosts.write_text(f"127.0.0.1 localhost\n{address} {SERVER}\n")
    with network(single) as net, net.listening([(BUILD, "0.0.0.0", 8443)] if listens else []):
        ran = net.run(BUILD, "bash", str(path), *QUICK, "--format", "json", hosts=hosts)
    found = to_server(ran)
    assert (ran.status, found["outcome"], found["act"]) == (1, "unresolved", "network")
    assert found["reason"] == f"The name leads to this host itself, {address}."
    assert found["advice"] == f"correct {SERVER} in DNS or the hosts file"
