"""`portatlas results`: what it takes, what it refuses, and what it writes."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.load import load
from tests.conftest import DATA

from .documents import result, run

STOMP = "agent-stomp:gw-emea.agent>gw-hq1.agent"
HTTPS = "agent-https:gw-emea.agent>gw-hq1.agent"
GATE = "gw-emea.example.com"


NONE_TAKEN = "no result is of a host and a flow that the data has: none taken\n"


class Desk:
    """A copy of the data, and the command."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data = Path(shutil.copytree(DATA, root / "data"))

    def write(self, name: str, *documents: Any) -> str:
        path = self.root / name
        path.write_text("\n".join(json.dumps(one) for one in documents), encoding="utf-8")
        return str(path)

    def take(self, *paths: str) -> Result:
        return CliRunner().invoke(main, ["--data", str(self.data), "results", *paths])

    def files(self) -> dict[str, str]:
        folder = self.data / "observed"
        return {p.name: p.read_text("utf-8") for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_taken_is_written_and_read(desk: Desk) -> None:
    path = desk.write("one.json", run(GATE, "gw-emea", result(HTTPS), result(STOMP, "filtered")))
    done = desk.take(path)
    assert done.exit_code == 0, done.output
    assert "2 flows from 1 host taken, 1 not as documented; 1 file written" in done.output
    assert list(desk.files()) == ["gw-emea.yaml"]
    seen = load(desk.data).observed["multi-geo"]
    assert {(one.flow, one.host, one.outcome, one.to) for one in seen} == {
        (HTTPS, GATE, "open", ("203.0.113.10 7800",)),
        (STOMP, GATE, "filtered", ("203.0.113.10 7800",)),
    }
    again = desk.take(path)
    assert "0 files written" in again.output


def test_observations_do_not_change_the_version_of_the_data(desk: Desk) -> None:
    before = load(desk.data).version
    desk.take(desk.write("one.json", run(GATE, "gw-emea", result(HTTPS))))
    assert load(desk.data).version == before


def test_the_newest_run_counts_in_whatever_order(desk: Desk) -> None:
    old = run(GATE, "gw-emea", result(HTTPS), result(STOMP), started="2026-01-30T12:00:00Z")
    new = run(GATE, "gw-emea", result(STOMP, "filtered"))
    desk.take(desk.write("new.json", new))
    desk.take(desk.write("old.json", old))
    files = desk.files()
    shutil.rmtree(desk.data / "observed")
    desk.take(desk.write("both.json", old, new))
    assert desk.files() == files
    assert "filtered" in files["gw-emea.yaml"]
    assert files["gw-emea.yaml"].count('at: "2026-01-30T12:00:00Z"') == 1


def test_a_run_that_could_not_test_takes_nothing_away(desk: Desk) -> None:
    nothing = result(HTTPS, "cannot-test", reason="the time budget was over")
    desk.take(desk.write("old.json", run(GATE, "gw-emea", result(HTTPS))))
    desk.take(desk.write("new.json", run(GATE, "gw-emea", nothing, started="2026-02-01T12:00:00Z")))
    assert "cannot-test" not in desk.files()["gw-emea.yaml"]


def test_other_data_is_taken_flow_by_flow(desk: Desk) -> None:
    gone = "no-such-port:gw-emea.agent>gw-hq1.agent"
    path = desk.write("one.json", run(GATE, "gw-emea", result(HTTPS), result(gone), data="ffff"))
    done = desk.take(path)
    assert done.exit_code == 0
    assert f"1 result left out, of what the data does not have: {gone}" in done.stderr
    assert [one.flow for one in load(desk.data).observed["multi-geo"]] == [HTTPS]


def test_a_host_that_is_no_more_is_left_out(desk: Desk) -> None:
    flow = "agent-https:emea.agent>gw-emea.agent"
    done = desk.take(desk.write("one.json", run("emea99.example.com", "emea", result(flow))))
    assert done.exit_code == 2
    assert "host emea99.example.com of emea" in done.stderr
    assert done.stderr.endswith(NONE_TAKEN)
    assert desk.files() == {}


def test_where_nothing_is_taken_what_is_there_stays_as_it_is(desk: Desk) -> None:
    assert desk.take(desk.write("good.json", run(GATE, "gw-emea", result(HTTPS)))).exit_code == 0
    before = desk.files()
    gone = run(GATE, "gw-emea", result("no-such-port:gw-emea.agent>gw-hq1.agent"))
    assert desk.take(desk.write("gone.json", gone)).exit_code == 2
    assert desk.files() == before


def test_a_host_without_its_documented_address_is_named_and_its_results_count(desk: Desk) -> None:
    at = ("10.40.1.99", "fd00::9")
    ran = run(GATE, "gw-emea", result(HTTPS), addresses=at)
    done = desk.take(desk.write("one.json", ran))
    assert done.stderr == (
        f"documented address missing: {GATE} does not have 10.40.1.11; it has 10.40.1.99, fd00::9\n"
    )
    assert done.exit_code == 0
    assert HTTPS in desk.files()["gw-emea.yaml"]


def test_many_such_hosts_are_a_few_lines(desk: Desk) -> None:
    flow = "agent-https:emea.agent>gw-emea.agent"
    names = [f"emea{number:02}.example.com" for number in range(1, 21)]
    at = ("192.0.2.1",)
    ran = [run(name, "emea", result(flow), addresses=at) for name in names]
    lines = desk.take(desk.write("all.json", *ran)).stderr.splitlines()
    assert len(lines) == 6
    assert lines[-1] == "documented address missing: 15 more hosts"


def test_a_host_that_starts_nothing_is_no_fault(desk: Desk) -> None:
    done = desk.take(desk.write("one.json", run(GATE, "gw-emea")))
    assert (done.exit_code, done.stderr) == (0, "")


def test_many_hosts_are_one_line(desk: Desk) -> None:
    flow = "agent-https:emea.agent>gw-emea.agent"
    names = [f"emea{number:02}.example.com" for number in range(1, 21)]
    desk.take(desk.write("all.json", *(run(name, "emea", result(flow)) for name in names)))
    lines = [line for line in desk.files()["emea.yaml"].splitlines() if "outcome" in line]
    assert lines == [
        '    - {outcome: open, hosts: ["emea[01:20].example.com"], to: ["203.0.113.10 7800"]}'
    ]


REFUSED = {
    "no JSON": ("{", "is not JSON at line 1"),
    "another document": ('{"schema": 1}', "is no check result"),
    "nothing": ("", "is empty"),
    "deep": ("[" * 100_000, "nested too deep"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_result_is_refused_in_a_line(desk: Desk, case: str) -> None:
    text, says = REFUSED[case]
    (desk.root / "bad.json").write_text(text, encoding="utf-8")
    done = desk.take(str(desk.root / "bad.json"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 2
    assert says in done.stderr
    assert done.stderr.endswith("1 problem; nothing was written\n")


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "no site": ({"site": None}, "of the script that knows no site"),
    "another site": ({"site": "multi-gio"}, 'no site "multi-gio"; did you mean "multi-geo"?'),
    "no time": ({"started": "2026-02-30T12:00:00Z"}, "is no time"),
    "the future": ({"started": "2999-01-01T12:00:00Z"}, "is in the future"),
    "a key": ({"results": [{}]}, "results.0"),
    "an outcome": ({"results": [result(HTTPS, "opn")]}, "results.0.outcome"),
    "an address": ({"results": [result(HTTPS, address="$(id)")]}, 'dialled "$(id)"'),
    "elsewhere": (
        {"host": {"name": GATE, "group": "gw-emea", "names": [], "addresses": ["10.20.1.31"]}},
        f"ran on web01.example.com in the name of {GATE}",
    ),
    "among people": (
        {"host": {"name": GATE, "group": "gw-emea", "names": ["x"], "addresses": ["10.20.9.7"]}},
        f"ran on users in the name of {GATE}",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_cannot_be_taken_is_refused_and_nothing_is_written(desk: Desk, case: str) -> None:
    changes, says = CHANGES[case]
    good = desk.write("good.json", run(GATE, "gw-emea", result(HTTPS)))
    bad = desk.write("bad.json", run(GATE, "gw-emea") | changes)
    done = desk.take(good, bad, str(desk.root / "missing.json"))
    assert done.exit_code == 2
    assert f"{bad}: " in done.stderr
    assert says in done.stderr
    assert "missing.json: no such file" in done.stderr
    assert desk.files() == {}


def test_what_only_as_says_is_left_out(desk: Desk) -> None:
    evil = {
        "name": GATE,
        "group": "gw-emea",
        "names": ["evil.example.com"],
        "addresses": ["9.9.9.9"],
    }
    path = desk.write("evil.json", run(GATE, "gw-emea", result(HTTPS)) | {"host": evil})
    done = desk.take(path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"host {GATE}, which has no name or address of it where it ran" in done.stderr
    assert done.stderr.endswith(NONE_TAKEN)
    assert desk.files() == {}
    short = evil | {"names": [GATE.split(".")[0]]}
    own = desk.write("own.json", run(GATE, "gw-emea", result(HTTPS)) | {"host": short})
    assert desk.take(own).exit_code == 0
    assert "gw-emea.yaml" in desk.files()


def test_what_windows_powershell_redirects_is_taken(desk: Desk) -> None:
    path = desk.root / "wide.json"
    path.write_text(json.dumps(run(GATE, "gw-emea", result(HTTPS))), encoding="utf-16")
    assert desk.take(str(path)).exit_code == 0
    assert "gw-emea.yaml" in desk.files()


def test_hostile_values_are_data(desk: Desk) -> None:
    evil = 'x": {y}\n\t- <script> `$(id)` | {{ 1 }}\u200b'
    flow = result(HTTPS, "cannot-test", reason=evil)
    done = desk.take(desk.write("one.json", run(GATE, "gw-emea", flow, result(evil))))
    assert done.exit_code == 0, done.output
    (seen,) = load(desk.data).observed["multi-geo"]
    assert seen.why is not None
    assert "<script>" in seen.why


def test_flows_that_are_no_more_go_with_the_next_results(desk: Desk) -> None:
    folder = desk.data / "observed" / "multi-geo"
    folder.mkdir(parents=True)
    (folder / "gone.yaml").write_text(
        'schema: 1\nruns: {a: "2026-01-01T00:00:00Z"}\nflows:\n'
        '  "x:gone.agent>cd.agent": [{outcome: open, hosts: [a], to: ["b 1"]}]\n',
        encoding="utf-8",
    )
    assert len(load(desk.data).observed["multi-geo"]) == 1
    desk.take(desk.write("one.json", run(GATE, "gw-emea", result(HTTPS))))
    assert list(desk.files()) == ["gw-emea.yaml"]
