"""`export ansible`: who is in the inventory, and that data stays data."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from generator.cli import main
from generator.load import load
from tests.conftest import DATA

BIN = Path(sys.executable).parent
ANSIBLE = pytest.mark.skipif(
    not (BIN / "ansible-playbook").is_file(), reason="needs ansible-playbook"
)
EVIL = "x'\n{{ lookup('pipe', 'touch HERE') }}\nPORTATLAS_END\n$(touch HERE) `touch HERE` \\\" {% x"


def export(data: Path, out: Path, site: str = "multi-geo") -> Result:
    return CliRunner().invoke(
        main, ["--data", str(data), "export", "ansible", site, "--out", str(out)]
    )


def inventory(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((out / "inventory.yml").read_text("utf-8"))["all"]
    return found


def changed(root: Path, *changes: tuple[str, str]) -> Path:
    data = Path(shutil.copytree(DATA, root / "data"))
    path = data / "sites" / "multi-geo.yaml"
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return data


def test_its_scripts_link_to_where_the_site_is_published(tmp_path: Path) -> None:
    site_url = ("--site-url", "https://ports.example.com/")
    done = CliRunner().invoke(
        main, ["export", "ansible", "clustered", "--out", str(tmp_path), *site_url]
    )
    assert done.exit_code == 0, done.output
    assert "https://ports.example.com" in (tmp_path / "check.sh").read_text("utf-8")


def test_the_fleet_is_who_runs_something_of_the_product(tmp_path: Path) -> None:
    done = export(DATA, tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "52 hosts of multi-geo" in done.output
    for group in ("users: people", "lb01: nothing of the product", "db01: nothing of the product"):
        assert f"left out: {group}" in done.output
    found = inventory(tmp_path / "out")
    assert len(found["hosts"]) == 52
    assert list(found["children"]["group_gw_emea"]["hosts"]) == ["gw-emea.example.com"]
    assert len(found["children"]["zone_emea"]["hosts"]) == 23
    assert set(found["children"]["linux"]["hosts"]) == set(found["hosts"])
    assert not (tmp_path / "out" / "check.ps1").exists()
    script = CliRunner().invoke(main, ["checker", "multi-geo"]).output
    assert (tmp_path / "out" / "check.sh").read_text("utf-8") == script


GATE = (
    "gw-apac: {name: gw-apac.example.com, addresses: [10.50.1.11], segment: apac, roles: [agent]}"
)
BALANCER = "addresses: [10.20.1.5], segment: core, roles: [load-balancer]}"


def test_labels_choose_the_script_and_the_fleet(tmp_path: Path) -> None:
    data = changed(
        tmp_path,
        (GATE, GATE.replace("[agent]}", "[agent], labels: {os: windows}}")),
        (BALANCER, BALANCER.replace("}", ", labels: {fleet: include}}")),
        ("roles: [cd-server, agent]", "roles: [cd-server, agent]\n    labels: {fleet: exclude}"),
        ("{name: gw-hq1.example.com, addresses", "{addresses"),
    )
    done = export(data, tmp_path / "out")
    assert "left out: cd: its label fleet" in done.output
    found = inventory(tmp_path / "out")
    assert "lb01.example.com" in found["hosts"]
    assert "cd01.example.com" not in found["hosts"]
    assert list(found["children"]["windows"]["hosts"]) == ["gw-apac.example.com"]
    assert "gw-apac.example.com" not in found["children"]["linux"]["hosts"]
    assert found["hosts"]["gw-hq1-1"] == {"ansible_host": "10.20.1.61", "check_as": "10.20.1.61"}
    assert (tmp_path / "out" / "check.ps1").exists()
    export(DATA, tmp_path / "out")
    assert not (tmp_path / "out" / "check.ps1").exists(), "what is made no more is removed"


def test_a_wrong_label_is_one_line(tmp_path: Path) -> None:
    data = changed(tmp_path, (GATE, GATE.replace("[agent]}", "[agent], labels: {os: window}}")))
    done = export(data, tmp_path / "out")
    assert (done.exit_code, done.stdout) == (2, "")
    assert (
        'labels.os: "window" is not one of linux, windows; did you mean "windows"?' in done.stderr
    )
    assert "sites/multi-geo.yaml:" in done.stderr
    assert not (tmp_path / "out").exists()


def test_wrong_usage_is_one_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["export", "ansible", "multi-geo"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "say where with --out DIR" in done.stderr
    done = export(DATA, tmp_path / "out", "multi-gio")
    assert (done.exit_code, done.stderr) == (2, 'no site "multi-gio"; did you mean "multi-geo"?\n')


def test_somebody_s_own_files_stay(tmp_path: Path) -> None:
    (tmp_path / "playbook.yml").write_text("mine\n", encoding="utf-8")
    done = export(DATA, tmp_path)
    assert done.exit_code == 2
    assert "not written by portatlas" in done.stderr
    assert (tmp_path / "playbook.yml").read_text("utf-8") == "mine\n"


def test_a_script_that_no_command_takes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.export.ansible.MOST", 1000)
    done = export(DATA, tmp_path / "out")
    assert done.exit_code == 2
    assert "a command takes 1000" in done.stderr


def ansible(out: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / program), *arguments],
        cwd=out,
        env={**os.environ, "HOME": str(out), "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@ANSIBLE
@pytest.mark.parametrize("site", [site.id for site in load(DATA).sites])
def test_ansible_takes_it_without_a_word(tmp_path: Path, site: str) -> None:
    export(DATA, tmp_path, site)
    done = ansible(tmp_path, "ansible-playbook", "playbook.yml", "--syntax-check")
    assert (done.returncode, done.stderr) == (0, "")
    listed = ansible(tmp_path, "ansible-inventory", "--list")
    assert (listed.returncode, listed.stderr) == (0, "")


@ANSIBLE
@pytest.mark.parametrize("tags", [(), ("--tags", "mesh")])
def test_check_mode_runs_nothing_and_says_so(tmp_path: Path, tags: tuple[str, ...]) -> None:
    export(DATA, tmp_path)
    here = ("-e", "ansible_connection=local", "--limit", "gw-emea.example.com,zk01.example.com")
    done = ansible(tmp_path, "ansible-playbook", "playbook.yml", "--check", *here, *tags)
    said = " ".join(done.stdout.split())
    assert (done.returncode, done.stderr) == (0, "")
    assert said.count("Check mode: nothing was run, no file written.") == 1
    assert "changed=1" not in said
    assert not (tmp_path / "results").exists()


@ANSIBLE
def test_data_stays_data(tmp_path: Path) -> None:
    """Run the playbook's command here, by a local connection, on a site whose texts are attacks."""
    rule = "must_not:\n  evil: {from: {group: gw-emea}, to: {group: cd}, why: WHY}\n"
    why = yaml.safe_dump(EVIL.replace("HERE", str(tmp_path / "here")), default_style='"', width=999)
    data = changed(tmp_path, ("gateways:", rule.replace("WHY", why.strip()) + "\ngateways:"))
    out = tmp_path / "out"
    assert export(data, out).exit_code == 0
    done = ansible(
        *(out, "ansible-playbook", "playbook.yml", "--limit", "gw-emea.example.com"),
        *("-e", "ansible_connection=local", "-e", "check_options=--version"),
    )
    assert "Port Atlas check script" in done.stdout
    assert not (tmp_path / "here").exists()
