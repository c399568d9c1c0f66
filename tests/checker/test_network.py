"""The check script on hosts of their own: real listeners, a real firewall, every outcome."""

import json
import os
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

import jsonschema_rs
import pytest

from generator.checker.script import script
from generator.derive.flows import derive
from generator.derive.model import Derived
from generator.hosts import Pattern
from generator.load import Atlas
from generator.topology import Ends, MustNot
from generator.validate.structure import schema_text
from tests.checker.netns import Network, Ran, documented, network, usable

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(not usable(), reason="needs root, ip, nft, unshare and nsenter"),
]
NAT = """
ip daddr 203.0.113.10 tcp dport 7800 dnat to 10.20.1.61:7800
ip daddr 203.0.113.10 tcp dport 17613 dnat to 10.20.1.61:61613
ip daddr 198.51.100.5 dnat to 10.40.1.11
"""
QUICK = ("--timeout", "0.3")
PATIENT = ("--timeout", "1.5")
"""For what comes as ICMP: on a virtual wire it comes too soon, and counts from the second time."""


def derived_site(atlas: Atlas, name: str, **changes: Any) -> Derived:
    site = next(site for site in atlas.sites if site.id == name)
    return derive(atlas.catalogue, replace(site, **changes))


@pytest.fixture(scope="module")
def geo(atlas: Atlas) -> Derived:
    rule = MustNot(
        "no-way-round",
        Ends("zone", "emea"),
        Ends("group", "cd"),
        ("cd-server-https", "zookeeper-client"),
        "agents of a remote zone go through its gateway",
        next(site for site in atlas.sites if site.id == "multi-geo").place,
    )
    return derived_site(atlas, "multi-geo", must_not=(rule,))


@pytest.fixture(scope="module")
def net(geo: Derived) -> Iterator[Network]:
    with network(geo) as made:
        made.translate(NAT)
        with made.listening(documented(geo, made)):
            yield made


Check = Callable[..., Ran]


@pytest.fixture(scope="module")
def check(
    atlas: Atlas, geo: Derived, net: Network, tmp_path_factory: pytest.TempPathFactory
) -> Check:
    file = tmp_path_factory.mktemp("script") / "check.sh"
    file.write_text(script(atlas.catalogue, geo, atlas.version), encoding="utf-8")

    def run(machine: str, *options: str, **more: Any) -> Ran:
        name = f"{machine}.example.com"
        quick = () if "--timeout" in options else QUICK
        return net.run(name, "bash", str(file), *quick, *options, **more)

    return run


# What must not be open, is not: the firewall of a site as it should be.
WALL = "ip saddr 10.40.1.0/24 ip daddr 10.20.1.0/24 tcp dport {8443, 2181} drop"


def results(ran: Ran) -> list[dict[str, Any]]:
    document = json.loads(ran.out)
    jsonschema_rs.validator_for(json.loads(schema_text("check-results"))).validate(document)
    assert document["exit"] == ran.status
    found: list[dict[str, Any]] = document["results"]
    return found


def wrong(ran: Ran) -> set[tuple[str, str]]:
    fine = ("open", "blocked-as-expected")
    return {(r["flow"], r["outcome"]) for r in results(ran) if r["outcome"] not in fine}


@pytest.mark.parametrize("machine", ["cd01", "zk02", "web01", "ana01", "gw-hq1", "agent07", "lb01"])
def test_all_is_well_where_all_is_well(check: Check, machine: str) -> None:
    ran = check(machine, "--optional")
    assert ran.status == 0, ran.out
    assert "All well" in ran.out
    assert ran.err == ""
    assert "acts" not in ran.out


def test_one_blocked_flow_is_found_named_and_fixed(check: Check, net: Network) -> None:
    blocked = "agent-stomp:gw-emea.agent>gw-hq1.agent"
    rule = "ip saddr 10.40.1.11 ip daddr 10.20.1.61 tcp dport 61613 drop"
    with net.filtering(WALL, rule):
        assert wrong(check("gw-emea", "--format", "json")) == {(blocked, "filtered")}
        told = check("gw-emea")
        assert told.status == 1
        assert "filtered" in told.out
        assert "gw-emea.example.com -> gw-hq1 203.0.113.10:17613" in told.out
        assert "The network team acts: let 17613/tcp through" in told.out
        assert "gw-hq1 on 61613" in told.out
        assert "/check/#outcome-filtered" in told.out
        assert check("gw-hq1").status == 0, "the other direction is open"
    with net.filtering(WALL):
        fixed = check("gw-emea")
        assert (fixed.status, "All well" in fixed.out) == (0, True)


def test_it_knows_its_host_by_name_or_address(check: Check) -> None:
    assert "gw-hq1.example.com" in check("gw-hq1").out
    assert "gw-hq1.example.com" in check("gw-hq1", hostname="gw-hq1").out
    assert "gw-hq1.example.com" in check("gw-hq1", hostname="somewhere").out


def test_a_foreign_host_is_refused_unless_forced(check: Check) -> None:
    ran = check("gw-hq1", "--as", "cd01")
    assert (ran.status, ran.out) == (2, "")
    assert "not cd01; --force tries its flows" in ran.err
    forced = check("web01", "--as", "repo01", "--force", "--format", "json")
    local = [r for r in results(forced) if r["scope"] == "loopback"]
    assert [r["outcome"] for r in local] == ["cannot-test"]
    assert forced.status == 0, "another host's loopback ports count only with --strict"
    strict = check("web01", "--as", "repo01", "--force", "--strict")
    assert strict.status == 3


def test_one_role_only(check: Check) -> None:
    flows = {r["flow"] for r in results(check("cd01", "--role", "agent", "--format", "json"))}
    assert flows
    assert all(":cd.agent>" in flow for flow in flows)
    assert check("cd01", "--role", "zookeeper").status == 2


def test_refused_and_loopback(atlas: Atlas, geo: Derived, tmp_path: Path) -> None:
    with network(geo) as bare:
        file = tmp_path / "check.sh"
        file.write_text(script(atlas.catalogue, geo, atlas.version), encoding="utf-8")
        ran = bare.run("web01.example.com", "bash", str(file), *QUICK, "--format", "json")
        assert ran.status == 1
        assert {r["outcome"] for r in results(ran)} == {"refused"}
        assert {r["act"] for r in results(ran)} == {"application"}
        assert any(r["address"] == "127.0.0.1" and r["number"] == 6800 for r in results(ran))


def test_unreachable(check: Check, net: Network) -> None:
    def route(verb: str) -> None:
        words = ["ip", "-n", "router", "route", verb, "unreachable", "10.50.1.11/32", "metric", "0"]
        subprocess.run(net.enter(*words), check=True, timeout=10)

    device = subprocess.run(
        net.enter("ip", "-n", "router", "route", "show", "10.50.1.11"),
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    ).stdout.split()[2]
    subprocess.run(
        net.enter("ip", "-n", "router", "route", "del", "10.50.1.11/32"), check=True, timeout=10
    )
    route("add")
    try:
        ran = check("gw-hq1", "--format", "json", *PATIENT)
    finally:
        route("del")
        subprocess.run(
            net.enter("ip", "-n", "router", "route", "add", "10.50.1.11/32", "dev", device),
            check=True,
            timeout=10,
        )
    assert {outcome for _, outcome in wrong(ran)} == {"unreachable"}
    assert {r["to"] for r in results(ran) if r["outcome"] == "unreachable"} == {
        "gw-apac.example.com"
    }


@pytest.mark.parametrize("how", ["drop", "reject", "reject with tcp reset"])
def test_forbidden_flows(check: Check, net: Network, how: str) -> None:
    forbidden = "must-not:no-way-round:cd-server-https:emea>cd"
    with net.filtering(WALL.replace("8443, 2181", "2181")):
        ran = check("emea03", "--format", "json")
        assert wrong(ran) == {(forbidden, "open-but-forbidden")}
        assert ran.status == 1
    with net.filtering(WALL.replace("drop", how)):
        ran = check("emea03", "--format", "json")
        outcomes = {r["outcome"] for r in results(ran) if r["requirement"] == "never"}
        assert (ran.status, outcomes) == (0, {"blocked-as-expected"})


@pytest.mark.parametrize("form", ["text", "json", "junit", "tap"])
def test_every_format_is_one_document_and_has_the_status(
    check: Check, net: Network, form: str
) -> None:
    def shaped(ran: Ran, bad: int) -> None:
        if form == "json":
            assert len(wrong(ran)) == bad
        elif form == "junit":
            root = ET.fromstring(ran.out)
            assert len(root.findall(".//failure")) == bad
        elif form == "tap":
            assert ran.out.startswith("TAP version 13\n1..")
            assert sum(line.startswith("not ok ") for line in ran.out.splitlines()) == bad

    well = check("agent01", "--format", form)
    assert (well.status, well.err) == (0, "")
    shaped(well, 0)
    with net.filtering("ip saddr 10.20.2.11 tcp dport 8443 drop"):
        bad = check("agent01", "--format", form)
    assert (bad.status, bad.err) == (1, "")
    shaped(bad, 1)
    with net.filtering("ip saddr 10.20.2.11 drop"):
        late = check("agent01", "--format", form, "--timeout", "3", "--budget", "1")
    assert late.status == 3
    assert "budget" in late.err
    shaped(late, 0 if form != "json" else 3)


@pytest.mark.parametrize("words", [["--foo"], ["--format", "xml"], ["--timeout"], ["--as", "x"]])
def test_wrong_usage_is_one_line(check: Check, words: list[str]) -> None:
    ran = check("agent01", *words)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_arrows_where_the_terminal_has_them(check: Check, net: Network) -> None:
    with net.filtering("ip saddr 10.20.2.11 tcp dport 8443 drop"):
        ran = check("agent01", env={"LC_ALL": "C.UTF-8"})
    assert "agent01.example.com → lb01.example.com 10.20.1.5:8443" in ran.out


def test_any_locale(check: Check, net: Network) -> None:
    with net.filtering("ip saddr 10.20.2.11 tcp dport 8443 reject with icmpx admin-prohibited"):
        ran = check(
            "agent01", "--format", "json", *PATIENT, env={"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de"}
        )
    assert {outcome for _, outcome in wrong(ran)} == {"unreachable"}


def settled(net: Network, machine: str, state: str, least: int) -> None:
    """Wait until a machine has sockets of a state, and no more of them come."""
    before = -1
    for _ in range(60):
        done = subprocess.run(
            net.enter("ip", "netns", "exec", machine, "ss", "-Htn", "state", state),
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        now = len(done.stdout.splitlines())
        if now >= least and now == before:
            return
        before = now
        time.sleep(0.5)
    raise AssertionError(f"{machine} has {before} sockets that are {state}")


@pytest.mark.parametrize("whom", [os.kill, os.killpg])
def test_interrupted_it_prints_what_it_has_and_leaves_nobody(
    net: Network, atlas: Atlas, geo: Derived, tmp_path: Path, whom: Callable[[int, int], None]
) -> None:
    """Ctrl-C on a terminal reaches the workers, too."""
    file = tmp_path / "interrupted.sh"
    file.write_text(script(atlas.catalogue, geo, atlas.version), encoding="utf-8")
    command = ("bash", str(file), "--timeout", "60", "--format", "json")
    with net.filtering("ip saddr 10.20.1.11 tcp dport {7800, 9201} drop"):
        process = subprocess.Popen(
            net.command("cd01.example.com", *command),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        settled(net, "cd01.example.com", "syn-sent", 2)
        whom(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=10)  # long before the silent ones are given up
    document = json.loads(out)
    assert document["complete"] is False
    outcomes = {r["outcome"] for r in document["results"]}
    assert outcomes == {"open", "cannot-test"}
    reasons = {r["reason"] for r in document["results"] if r["outcome"] == "cannot-test"}
    assert reasons == {"interrupted"}
    assert "interrupted" in err
    assert process.returncode == 3
    left = subprocess.run(["pgrep", "-f", str(file)], capture_output=True, text=True, check=False)
    assert left.stdout == ""


def test_udp_names_and_two_addresses(atlas: Atlas, net: Network, tmp_path: Path) -> None:
    site = next(site for site in atlas.sites if site.id == "multi-geo")
    nas = replace(site.groups["nas01"], addresses=())
    derived = derived_site(
        atlas,
        "multi-geo",
        groups={**site.groups, "nas01": nas},
        options={**site.options, "file-sharing": "smb"},
    )
    file, hosts = tmp_path / "check.sh", tmp_path / "hosts"
    file.write_text(script(atlas.catalogue, derived, atlas.version), encoding="utf-8")

    def ask() -> list[dict[str, Any]]:
        ran = net.run(
            "cd01.example.com",
            "bash",
            str(file),
            *QUICK,
            "--optional",
            "--format",
            "json",
            hosts=hosts,
        )
        return [r for r in results(ran) if r["to"] == "nas01.example.com"]

    hosts.write_text("127.0.0.1 localhost\n")
    assert {r["reason"] for r in ask() if r["outcome"] == "unresolved"} == {
        "The name service cannot be reached, or failed."
    }
    tcp = {r["outcome"] for r in ask() if r["transport"] == "tcp"}
    udp = {r["outcome"] for r in ask() if r["transport"] == "udp"}
    assert (tcp, udp) == ({"unresolved"}, {"cannot-test"})
    hosts.write_text("10.20.3.20 nas01.example.com\n10.20.3.36 nas01.example.com\n")
    with (
        net.listening([("nas01.example.com", "0.0.0.0", 445)]),
        net.filtering("ip daddr 10.20.3.36 tcp dport 445 drop"),
    ):
        smb = {(r["address"], r["outcome"]) for r in ask() if r["number"] == 445}
    assert smb == {("10.20.3.20", "open"), ("10.20.3.36", "filtered")}


@pytest.mark.parametrize("hidden", [[], ["python3"], ["python3", "perl"]])
def test_listening_before_anything_is_installed(
    atlas: Atlas, geo: Derived, tmp_path: Path, hidden: list[str]
) -> None:
    file = tmp_path / "check.sh"
    file.write_text(script(atlas.catalogue, geo, atlas.version), encoding="utf-8")
    for name in hidden:
        stub = tmp_path / name
        stub.write_text("#!/bin/sh\nexit 1\n")
        stub.chmod(0o755)
    path = {"PATH": f"{tmp_path}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    with network(geo) as bare:
        command = ("bash", str(file), "--listen", "--for", "4")
        with subprocess.Popen(
            bare.command("gw-apac.example.com", *command),
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **path},
        ) as listener:
            settled(bare, "gw-apac.example.com", "listening", 2)
            ran = bare.run("apac02.example.com", "bash", str(file), *QUICK)
            assert ran.status == 0, ran.out
            assert "2 of 2 ports as documented" in ran.out
            said, _ = listener.communicate(timeout=20)
        left = subprocess.run(
            bare.enter("ip", "netns", "pids", "gw-apac.example.com"),
            capture_output=True,
            text=True,
            check=True,
        )
        assert left.stdout == ""
    assert "7800, 61613" in said or "61613" in said
    if len(hidden) < 2:
        assert "10.50.1.102 came to 7800" in said
        assert "61613   10.50.1.102" in said


def test_local_and_listen_for_programs(check: Check) -> None:
    def ports(*options: str) -> dict[int, dict[str, Any]]:
        ran = check("gw-apac", *options, "--format", "json")
        document = json.loads(ran.out)
        jsonschema_rs.validator_for(json.loads(schema_text("check-ports"))).validate(document)
        assert document["exit"] == ran.status
        return {one["number"]: one for one in document["ports"]}

    taken = ports("--local")
    assert taken[7800]["trouble"].startswith("taken by python")
    opened = ports("--listen", "--for", "1")
    assert opened[7800]["trouble"] == "cannot be opened, Address already in use"
    for mode in ("--local", "--listen"):
        for form in ("junit", "tap"):
            ran = check("gw-apac", mode, "--format", form)
            assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)


@pytest.mark.skipif(which("netstat") is None, reason="needs net-tools")
def test_local_by_netstat_where_there_is_no_ss(
    atlas: Atlas, geo: Derived, net: Network, tmp_path: Path
) -> None:
    file, tools = tmp_path / "check.sh", tmp_path / "tools"
    file.write_text(script(atlas.catalogue, geo, atlas.version), encoding="utf-8")
    tools.mkdir()
    for name in ("bash", "netstat", "hostname", "getent", "ip"):
        found = which(name)
        assert found is not None
        (tools / name).symlink_to(found)

    def local() -> Ran:
        words = ("env", f"PATH={tools}", "bash", str(file), "--local")
        return net.run("gw-apac.example.com", *words)

    ran = local()
    assert ran.status == 1
    assert "7800   taken by python" in ran.out
    (tools / "netstat").unlink()
    ran = local()
    assert (ran.status, ran.out) == (3, "")
    assert "needs ss or netstat" in ran.err


def test_local_shows_who_holds_a_port(check: Check) -> None:
    ran = check("gw-apac", "--local")
    assert ran.status == 1
    assert "7800   taken by python" in ran.out
    assert "32000  taken by" in ran.out or "32000  free" in ran.out


def test_single_server(atlas: Atlas, tmp_path: Path) -> None:
    derived = derived_site(atlas, "single-server")
    file = tmp_path / "check.sh"
    file.write_text(script(atlas.catalogue, derived, atlas.version), encoding="utf-8")
    with network(derived) as net, net.listening(documented(derived, net)):
        for machine in net.machines:
            ran = net.run(machine, "bash", str(file), *QUICK)
            assert ran.status == 0, ran.out
        with net.filtering("ip saddr 10.10.2.12 tcp dport 8443 drop"):
            assert net.run("build01.example.com", "bash", str(file), *QUICK).status == 0
            ran = net.run("build02.example.com", "bash", str(file), *QUICK)
    assert ran.status == 1
    assert "build02.example.com -> cd01.example.com 10.10.1.11:8443" in ran.out


def test_single_server_with_ipv6_alone(atlas: Atlas, tmp_path: Path) -> None:
    site = next(site for site in atlas.sites if site.id == "single-server")

    def moved(text: str) -> str:
        _, second, third, last = text.split(".", 3)
        return f"2001:db8:{second}:{third}::{last}"

    groups = {
        key: replace(
            group,
            addresses=tuple(Pattern(moved(str(one))) for one in group.addresses),
            network="2001:db8:10:8::/62" if group.network else None,
        )
        for key, group in site.groups.items()
    }
    derived = derived_site(atlas, "single-server", groups=groups)
    file = tmp_path / "check.sh"
    file.write_text(script(atlas.catalogue, derived, atlas.version), encoding="utf-8")
    server, build = "2001:db8:10:1::11", "2001:db8:10:2::11"
    with network(derived) as net, net.listening(documented(derived, net)):

        def found(machine: str, *options: str) -> Ran:
            return net.run(machine, "bash", str(file), *options)

        for machine in net.machines:
            ran = found(machine, *QUICK, "--optional")
            assert ran.status == 0, ran.out
        by_address = net.run("build01.example.com", "bash", str(file), *QUICK, hostname="other")
        assert "All well: build01.example.com" in by_address.out
        with net.filtering(f"ip6 saddr {build} ip6 daddr {server} tcp dport 8443 drop"):
            ran = found("build01.example.com", *QUICK)
            assert ran.status == 1
            assert f"filtered  build01.example.com -> cd01.example.com [{server}]:8443" in ran.out
            assert found("build02.example.com", *QUICK).status == 0
        reject = f"ip6 daddr {server} tcp dport 8443 reject with icmpv6 admin-prohibited"
        with net.filtering(reject):
            ran = found("build01.example.com", *PATIENT, "--format", "json")
            assert {outcome for _, outcome in wrong(ran)} == {"unreachable"}
        # A host of nobody in a network of people: here, the build host's.
        people = replace(groups["users"], network="2001:db8:10:2::/64")
        unknown = replace(groups["build"], name=None, addresses=())
        changed = derived_site(
            atlas, "single-server", groups={**groups, "users": people, "build": unknown}
        )
        file.write_text(script(atlas.catalogue, changed, atlas.version), encoding="utf-8")
        ran = found("build01.example.com", *QUICK)
        assert "All well: users, " in ran.out
        outside = replace(people, network="2001:db8:10:3::/64")
        changed = derived_site(
            atlas, "single-server", groups={**groups, "users": outside, "build": unknown}
        )
        file.write_text(script(atlas.catalogue, changed, atlas.version), encoding="utf-8")
        ran = found("build01.example.com", *QUICK)
        assert (ran.status, ran.out) == (2, "")
        assert "say which with --as" in ran.err
