"""A whole fleet: one Ansible command over real ssh, its results, and the site that shows them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.derive.flows import derive
from generator.derive.machines import machines
from generator.derive.model import Derived
from generator.export import ansible
from generator.load import Atlas
from tests.checker import ssh
from tests.checker.netns import Network, documented, network, usable
from tests.checker.ssh import HOME, Fleet
from tests.checker.test_network import NAT
from tests.conftest import DATA

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(not usable(), reason="needs root, ip, nft, unshare and nsenter"),
    pytest.mark.skipif(not ssh.usable(), reason="needs sshd, ssh-keygen and ansible-playbook"),
]
CUT = "agent-stomp:gw-emea.agent>gw-hq1.agent"
RULE = "ip saddr 10.40.1.11 ip daddr 10.20.1.61 tcp dport 61613 drop"
GATE = "gw-emea.example.com"


@pytest.fixture(scope="module")
def geo(atlas: Atlas) -> Derived:
    return derive(atlas.catalogue, next(site for site in atlas.sites if site.id == "multi-geo"))


@pytest.fixture(scope="module")
def names(atlas: Atlas, geo: Derived) -> list[str]:
    chosen, _ = ansible.fleet(atlas.catalogue, geo)
    return [machine.name for group in chosen for machine in machines(group)]


@pytest.fixture(scope="module")
def net(geo: Derived) -> Iterator[Network]:
    with network(geo) as made:
        made.translate(NAT)
        yield made


@pytest.fixture(scope="module")
def fleet(
    net: Network, names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    done = CliRunner().invoke(main, ["export", "ansible", "multi-geo", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    with ssh.fleet(net, folder, names) as made:
        yield made


@pytest.fixture
def product(geo: Derived, net: Network) -> Iterator[None]:
    """Let everything listen that is documented to."""
    with net.listening(documented(geo, net)):
        yield


def limit(*names: str) -> tuple[str, str]:
    return "--limit", ",".join(f"{name}.example.com" for name in names)


def hosts_in(path: Path) -> list[str]:
    return sorted(re.findall(r'^\{.*?"name": "([^"]+)"', path.read_text("utf-8"), re.MULTILINE))


@pytest.mark.usefixtures("product")
def test_one_command_finds_the_one_flow_that_is_cut(
    fleet: Fleet, net: Network, names: list[str], tmp_path: Path
) -> None:
    before = {name: len(fleet.said(name)) for name in names}
    with net.filtering(RULE):
        played = fleet.play()
    assert played.status == 0, played.out
    assert "52 of 52 hosts checked: 51 all as documented, 1 not, 0 in part." in said(played.out)
    results = fleet.folder / "results" / "multi-geo.json"
    assert hosts_in(results) == sorted(names)
    for name in names:
        # One command is both upload and run: the script is in it.
        asked = fleet.said(name)[before[name] :]
        assert [line.split(" for ")[0] for line in asked] == ["Starting session: command"], name
    assert left_behind(fleet) == []

    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    taken = CliRunner().invoke(main, ["--data", str(data), "results", str(results)])
    assert taken.exit_code == 0, taken.output
    assert "from 49 hosts taken, 1 not as documented" in taken.output, "3 of 52 start nothing"
    docs = tmp_path / "docs"
    built = CliRunner().invoke(main, ["--data", str(data), "build", "--out", str(docs)])
    assert built.exit_code == 0, built.output
    document = json.loads((docs / "api/v1/observed/multi-geo.json").read_text("utf-8"))
    schema = json.loads((docs / "schema/api-observed.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(document)
    red = {one["id"]: one["otherwise"] for one in document["flows"] if one["otherwise"]}
    assert list(red) == [CUT]
    assert [(one["host"], one["outcome"], one["to"]) for one in red[CUT]] == [
        (GATE, "filtered", ["203.0.113.10 17613"])
    ]
    states = {one["state"] for one in document["flows"]}
    assert states == {"otherwise", "observed", "never"}
    page = (docs / "sites/multi-geo/index.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith('| <span class="atlas-seen')]
    assert "✗ observed otherwise" in rows[0]
    assert f"`{GATE}` → `203.0.113.10:17613`" in rows[0]
    assert sum("✗ observed otherwise" in row for row in rows) == 1


@pytest.mark.usefixtures("product")
def test_a_host_that_is_down_is_named_and_the_rest_counts(fleet: Fleet) -> None:
    own = fleet.folder / "host_vars" / "emea07.example.com.json"
    own.parent.mkdir(exist_ok=True)
    own.write_text('{"ansible_host": "10.40.1.250", "ansible_ssh_timeout": 3}', encoding="utf-8")
    try:
        played = fleet.play(*limit("gw-emea", "emea07", "zk01"))
    finally:
        own.unlink()
    assert played.status == 2
    summary = said(played.out)
    assert "2 of 3 hosts checked: 2 all as documented" in summary
    assert "NOT CHECKED, nobody can log on or the script cannot run: emea07.example.com." in summary
    results = fleet.folder / "results" / "multi-geo.json"
    assert hosts_in(results) == [GATE, "zk01.example.com"]


@pytest.mark.usefixtures("product")
def test_a_name_that_leads_to_another_host_is_refused_there(fleet: Fleet) -> None:
    own = fleet.folder / "host_vars" / "zk01.example.com.json"
    own.parent.mkdir(exist_ok=True)
    wrong = {
        "ansible_host": "10.20.1.22",
        "ansible_ssh_common_args": "-o HostKeyAlias=zk02.example.com",
    }
    own.write_text(json.dumps(wrong), encoding="utf-8")
    try:
        played = fleet.play(*limit("zk01", "zk03"))
    finally:
        own.unlink()
    assert played.status == 2
    assert "this host is zk02.example.com, not zk01.example.com" in said(played.out)
    assert hosts_in(fleet.folder / "results" / "multi-geo.json") == ["zk03.example.com"]


def test_a_mesh_is_tried_before_anything_is_installed(fleet: Fleet, net: Network) -> None:
    some = limit("gw-emea", "gw-hq1", "emea01", "web01", "zk01", "zk02")
    with net.filtering(RULE):
        played = fleet.play("--tags", "mesh", *some, "-e", "check_options='--timeout 1'")
    assert played.status == 0, played.out
    results = (fleet.folder / "results" / "multi-geo-mesh.json").read_text("utf-8")
    outcome = {
        (found["flow"], found["to"]): found["outcome"]
        for found in map(json.loads, re.findall(r'\{"number".*\}(?=,?$)', results, re.MULTILINE))
    }
    assert outcome["agent-https:gw-emea.agent>gw-hq1.agent", "gw-hq1"] == "open"
    assert outcome["agent-https:gw-emea.agent>emea.agent", "emea01.example.com"] == "open"
    assert outcome["agent-https:gw-emea.agent>emea.agent", "emea02.example.com"] == "refused"
    assert outcome["zookeeper-peer:zk.zookeeper>zk.zookeeper", "zk02.example.com"] == "open"
    assert outcome[CUT, "gw-hq1"] == "filtered"
    assert "web01.example.com: 80 cannot be opened: Permission denied" in said(played.out)
    assert "portatlas-listen" not in processes(), "the listeners are closed"
    assert left_behind(fleet) == []


def test_without_the_tag_nobody_listens(fleet: Fleet) -> None:
    played = fleet.play(*limit("zk01", "zk02"))
    assert "Open what the host will serve" not in played.out
    found = (fleet.folder / "results" / "multi-geo.json").read_text("utf-8")
    assert set(re.findall(r'"outcome": "([a-z-]+)"', found)) == {"refused"}


def said(out: str) -> str:
    """Return what Ansible printed, on one line as it was before it was wrapped."""
    return " ".join(out.replace("''", "'").split())


def left_behind(fleet: Fleet) -> list[str]:
    """Return the files of the user who logged on."""
    done = fleet.net.enter("find", f"{HOME}/home", "-mindepth", "1")
    return subprocess.run(done, capture_output=True, text=True, check=True).stdout.split()


def processes() -> str:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return "\n".join(found)


def test_a_host_that_hangs_is_given_up(fleet: Fleet) -> None:
    hangs = json.dumps({"command": "sleep 30", "check_timeout": 2})
    played = fleet.play(*limit("zk01"), "-e", hangs)
    assert played.status == 2
    assert re.search("timed out after 2 second", said(played.out), re.IGNORECASE)
    assert "NOT CHECKED, nobody can log on or the script cannot run: zk01.example.com." in said(
        played.out
    )
