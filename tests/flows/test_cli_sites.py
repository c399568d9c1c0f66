"""flows, explain, lint, export and new: what they print, and their exit status."""

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.export.tables import COLUMNS, MACHINE_COLUMNS, to_csv, to_text
from generator.load import load
from generator.render.site import render
from generator.validate.structure import schema_text

from ..conftest import CASES, DATA, ROOT
from ..site.workspace import TINY

SITES = ("clustered", "kubernetes", "multi-geo", "single-server")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments, prog_name="portatlas")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    return result


def on(data: Path, *arguments: str) -> Result:
    return run("--data", str(data), *arguments)


def document(text: str, schema: str) -> Any:
    """Return the one document that a text is, after its published schema has passed it."""
    found = json.loads(text)
    jsonschema_rs.Draft202012Validator(json.loads(schema_text(schema))).validate(found)
    return found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the real data without its sites but the single server."""
    shutil.copytree(DATA, tmp_path / "data")
    for path in (tmp_path / "data" / "sites").iterdir():
        if path.stem != "single-server":
            path.unlink()
    return tmp_path / "data"


# ---- flows and export -----------------------------------------------------------------------


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("expand", [(), ("--expand",)], ids=["groups", "machines"])
def test_flows_in_every_format(site: str, expand: tuple[str, ...]) -> None:
    texts: dict[str, str] = {}
    for form in ("text", "json", "csv"):
        result = on(DATA, "flows", site, "--format", form, *expand)
        assert (result.exit_code, result.stderr) == (0, "")
        texts[form] = result.stdout
    flows = document(texts["json"], "flows")["flows"]
    table = list(csv.reader(io.StringIO(texts["csv"])))
    assert tuple(table[0]) == (MACHINE_COLUMNS if expand else COLUMNS)
    assert len(table) - 1 == len(flows) == len(texts["text"].splitlines()) - 1
    assert [row[table[0].index("id")] for row in table[1:]] == [flow["id"] for flow in flows]
    assert [row[table[0].index("numbers")] for row in table[1:]] == [
        flow["numbers"] for flow in flows
    ]
    for line, flow in zip(texts["text"].splitlines()[1:], flows, strict=True):
        assert flow["id"] in line.split()
        assert f"{flow['numbers']}/{flow['transport']}" in line.split()


def test_a_terminal_of_120_columns_shows_both_ends_port_and_encryption() -> None:
    head, *lines = on(DATA, "flows", "multi-geo").stdout.splitlines()
    assert head.index("requirement") <= 120
    (line,) = (line for line in lines if line.endswith("agent-stomp:gw-emea.agent>gw-hq1.agent"))
    assert line[: head.index("requirement")].split() == [
        *("gw-emea.example.com", "10.40.1.11"),
        *("gw-hq1.example.com", "203.0.113.10", "17613/tcp", "tls"),
    ]


def segments(line: str) -> tuple[str, ...]:
    """Return what a line of text says of segments: both, or the one that a flow stays within."""
    words = line.split()
    if "→" in words:
        at = words.index("→")
        return words[at - 1], words[at + 1]
    at = words.index("within")
    return (words[at + 1],)


@pytest.mark.parametrize("expand", [(), ("--expand",)], ids=["groups", "machines"])
def test_every_format_says_which_segments_a_flow_joins(expand: tuple[str, ...]) -> None:
    texts = {
        form: on(DATA, "flows", "multi-geo", "--format", form, *expand).stdout
        for form in ("text", "json", "csv")
    }
    pairs = [
        (flow["from"]["segment"], flow["to"]["segment"])
        for flow in document(texts["json"], "flows")["flows"]
    ]
    assert {("apac", "core"), ("core", "apac"), ("core", "core")} <= set(pairs)
    rows = csv.DictReader(io.StringIO(texts["csv"]))
    assert [(row["from_segment"], row["to_segment"]) for row in rows] == pairs
    assert [segments(line) for line in texts["text"].splitlines()[1:]] == [
        (start,) if start == end else (start, end) for start, end in pairs
    ]


def test_machine_by_machine_every_format_has_where_a_connection_comes_from() -> None:
    texts = {
        form: on(DATA, "flows", "multi-geo", "--format", form, "--expand").stdout
        for form in ("text", "json", "csv")
    }
    sources = [flow["from"]["addresses"] for flow in document(texts["json"], "flows")["flows"]]
    assert ["10.40.1.120"] in sources
    rows = csv.DictReader(io.StringIO(texts["csv"]))
    assert [row["from_addresses"].split(", ") for row in rows] == sources
    for line, (source,) in zip(texts["text"].splitlines()[1:], sources, strict=True):
        assert line.split()[1] == source


def test_flows_prints_text_unless_told_otherwise() -> None:
    assert on(DATA, "flows", "clustered").stdout == (
        on(DATA, "flows", "clustered", "--format", "text").stdout
    )


@pytest.mark.parametrize("form", ["json", "csv"])
def test_export_is_flows_in_a_file(form: str, tmp_path: Path) -> None:
    printed = on(DATA, "export", form, "multi-geo")
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert printed.stdout == on(DATA, "flows", "multi-geo", "--format", form).stdout
    out = tmp_path / "out"
    written = on(DATA, "export", form, "multi-geo", "--out", str(out))
    assert (written.exit_code, written.stdout, written.stderr) == (0, "", f"{out} written\n")
    assert out.read_text("utf-8") == printed.stdout


def test_export_says_where_it_cannot_write(tmp_path: Path) -> None:
    result = on(DATA, "export", "csv", "multi-geo", "--out", str(tmp_path / "no" / "where"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{tmp_path}/no/where: No such file or directory\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("flows", "multigeo"), 'no site "multigeo"; did you mean "multi-geo"?\n'),
        (
            ("flows", "paris"),
            'no site "paris"; there are clustered, kubernetes, multi-geo, single-server\n',
        ),
        (("export", "csv", "multigeo"), 'no site "multigeo"; did you mean "multi-geo"?\n'),
        (
            ("explain", "multigeo", "emea01", "cd01", "8443"),
            'no site "multigeo"; did you mean "multi-geo"?\n',
        ),
        (
            ("explain", "multi-geo", "emae", "cd01", "8443"),
            'no host "emae" at multi-geo; did you mean "emea"?\n',
        ),
        (
            ("explain", "multi-geo", "emea", "nas", "8443"),
            'no host "nas" at multi-geo; did you mean "nas01"?\n',
        ),
        (
            ("explain", "multi-geo", "emea", "cd", "agent-http"),
            'no port "agent-http"; did you mean "agent-https"?\n',
        ),
    ],
)
def test_wrong_names_are_answered_with_the_right_ones(
    arguments: tuple[str, ...], says: str
) -> None:
    result = on(DATA, *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", says)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("flows",), "Missing argument 'SITE'"),
        (("flows", "clustered", "--format", "yaml"), '"yaml" is not one of'),
        (("export", "xml", "clustered"), '"xml" is not one of'),
        (("explain", "clustered", "cd", "cd"), "Missing argument 'PORT'"),
        (("lint", "--format", "xml"), '"xml" is not one of'),
        (("lint", "--fail-on", "fatal"), '"fatal" is not one of'),
        (("lint", "--today", "30.6.2026"), '"30.6.2026" is no date such as 2026-11-23'),
        (("lint", "--today", "2026-02-30"), '"2026-02-30" is no date such as 2026-11-23'),
        (
            ("lint", "--site-url", "ports"),
            '"ports" is no address such as https://ports.example.com',
        ),
        (("lint", "--explain", "clear-txt"), 'no rule "clear-txt"; did you mean "clear-text"?'),
        (("coverage", "--fail-under", "x"), '--fail-under: "x" is no whole number from 0 to 100'),
        (("coverage", "--fail-under", "101"), '"101" is no whole number from 0 to 100'),
        (("lint", "--format", "jsn"), 'did you mean "json"? (portatlas lint --help)'),
        (("new",), "Usage"),
        (("new", "site"), "Missing argument 'ID'"),
    ],
    ids=" ".join,
)
def test_wrong_usage(arguments: tuple[str, ...], says: str) -> None:
    result = on(DATA, *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("flows", "bad"),
        ("flows", "bad", "--format", "json"),
        ("flows", "bad", "--format", "csv"),
        ("export", "csv", "bad"),
        ("export", "json", "bad"),
        ("explain", "bad", "srv", "srv", "8443"),
        ("lint",),
        ("lint", "--format", "json"),
        ("lint", "--format", "github"),
        ("lint", "--format", "sarif"),
        ("lint", "--format", "junit"),
        ("lint", "--explain", "clear-text"),
        ("new", "site", "paris"),
        ("build",),
    ],
    ids=" ".join,
)
def test_wrong_data_is_a_line_a_problem_for_every_format(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES / "bad" / "site-several-mistakes"
    shutil.copytree(case / "sites", tmp_path / "data" / "sites")
    shutil.copy(CASES / "topology" / "ports.yaml", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    *lines, last = result.stderr.splitlines()
    assert [line.removeprefix("data/") for line in lines] == (
        (case / "expected.txt").read_text("utf-8").splitlines()
    )
    nothing = "; nothing was written" if arguments[0] in ("new", "build") else ""
    assert last == f"{len(lines)} problems{nothing}", "only who would have written says so"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]
    assert [path.name for path in (tmp_path / "data" / "sites").iterdir()] == ["bad.yaml"]


def test_a_folder_without_sites() -> None:
    result = on(TINY / "data", "flows", "paris")
    assert (result.exit_code, result.stderr) == (2, 'no site "paris"; there are none\n')
    assert on(TINY / "data", "lint").exit_code == 0
    findings = document(on(TINY / "data", "lint", "--format", "json").stdout, "findings")
    assert findings["findings"] == []


# ---- explain --------------------------------------------------------------------------------


def test_explain_names_entry_condition_rule_and_data_lines() -> None:
    result = on(DATA, "explain", "clustered", "cd01", "zk01", "2181")
    assert (result.exit_code, result.stderr) == (0, "")
    flow, dials, entry, condition, because, places = result.stdout.splitlines()
    assert flow == "zookeeper-client:cd.cd-server>zk.zookeeper"
    assert dials.split() == ["dials", "10.20.1.[21:23]:2181"]
    assert condition.split() == ["condition", "clustered"]
    assert because.strip() == (
        "because   reads the cluster's configuration and coordinates with the other servers: "
        "both are in zone default"
    )
    ports = (DATA / "ports.yaml").read_text("utf-8").splitlines()
    site = (DATA / "sites" / "clustered.yaml").read_text("utf-8").splitlines()
    line = ports.index("  zookeeper-client:") + 1
    assert entry.strip() == f"entry     ZooKeeper, always ({DATA}/ports.yaml:{line}:3)"
    found = [place.rsplit(":", 2) for place in places.strip().split(", ")]
    assert [Path(file).name for file, _, _ in found] == [
        "ports.yaml",
        "clustered.yaml",
        "clustered.yaml",
    ]
    text = [ports, site, site]
    shown = [
        lines[int(row) - 1][int(column) - 1 :]
        for lines, (_, row, column) in zip(text, found, strict=True)
    ]
    assert shown == ["component: cd-server", "cd-server, agent]", "zookeeper]"]


def test_explain_names_the_condition_of_the_initiator_alone() -> None:
    """An agent mounts the file server anyway; a CD server only when clustered."""
    lines = on(DATA, "explain", "clustered", "cd", "nas01", "2049").stdout.splitlines()
    named = {
        flow.partition(":")[2].partition(">")[0]: condition.split()[1]
        for flow, condition in zip(lines, lines[3:], strict=False)
        if flow.startswith("file-server-nfs:")
    }
    assert named == {"cd.agent": "none", "cd.cd-server": "clustered"}


def test_explain_shows_both_sides_of_a_translation() -> None:
    result = on(DATA, "explain", "multi-geo", "gw-emea", "gw-hq1", "agent-stomp")
    assert result.exit_code == 0
    assert "  dials     203.0.113.10:17613\n  listens   10.20.1.61:61613\n" in result.stdout
    assert "the two ends of gateway hq-emea" in result.stdout


def test_explain_shows_loopback_as_loopback() -> None:
    result = on(DATA, "explain", "single-server", "cd01", "cd01", "8900")
    assert "  dials     127.0.0.1:8900\n" in result.stdout


def test_explain_says_why_not_and_the_way() -> None:
    result = on(DATA, "explain", "multi-geo", "emea01", "cd01", "8443")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == (
        "no flow: emea01 reaches zone default only through gateway hq-emea\n"
        "instead: emea01 → gw-emea:7800 → gw-hq1:7800 → lb01:8443\n"
    )


# ---- lint -----------------------------------------------------------------------------------


def test_lint_of_the_real_sites() -> None:
    result = on(DATA, "lint", "--today", "2026-11-23", "--fail-on", "info")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "4 sites: 0 findings, 3 waived\n"


@pytest.fixture
def linted(tmp_path: Path) -> Path:
    """Sites with an error, with a warning, and with nothing."""
    folder = tmp_path / "linted"
    (folder / "sites").mkdir(parents=True)
    shutil.copy(DATA / "ports.yaml", folder)
    for name, case in (("error", "only-in-zone"), ("warning", "gateway-end")):
        shutil.copy(CASES / "lint" / case / "wrong.yaml", folder / "sites" / f"{name}.yaml")
    return folder


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
@pytest.mark.parametrize(
    ("sites", "level", "status"),
    [
        ((), "info", 0),
        (("warning",), "error", 0),
        (("warning",), "warning", 1),
        (("warning",), "info", 1),
        (("error",), "error", 1),
        (("error", "warning"), "error", 1),
    ],
)
def test_lint_fails_on_the_level(
    form: str, sites: tuple[str, ...], level: str, status: int, linted: Path
) -> None:
    for path in (linted / "sites").iterdir():
        if path.stem not in sites:
            path.unlink()
    result = on(linted, "lint", "--format", form, "--fail-on", level)
    assert (result.exit_code, result.stderr) == (status, "")


def test_lint_fails_on_errors_unless_told_otherwise(linted: Path) -> None:
    assert on(linted, "lint").exit_code == 1
    (linted / "sites" / "error.yaml").unlink()
    assert on(linted, "lint").exit_code == 0


def test_lint_says_rule_and_place_in_both_formats(linted: Path) -> None:
    text = on(linted, "lint").stdout.splitlines()
    assert text[-1] == "2 sites: 5 findings, 0 waived"
    assert (
        f"{linted}/sites/error.yaml:13:3: error: cd-far runs cd-server in zone far: "
        "CD servers are in zone default [only-in-zone]"
    ) in text
    found = document(on(linted, "lint", "--format", "json").stdout, "findings")
    assert sorted(
        f"{f['file']}:{f['line']}:{f['column']}: {f['severity']}: {f['message']} [{f['rule']}]"
        for f in found["findings"]
    ) == sorted(text[:-1])
    assert {f["url"] for f in found["findings"]} >= {"/rules/only-in-zone/", "/rules/gateway-end/"}


def test_lint_text_is_in_the_order_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    shutil.copy(DATA / "ports.yaml", tmp_path)
    for name in ("not-when", "port-conflict"):
        shutil.copy(CASES / "lint" / name / "wrong.yaml", tmp_path / "sites" / f"{name}.yaml")
    *lines, _ = on(tmp_path, "lint").stdout.splitlines()
    places = [(file, int(row)) for file, row, *_ in (line.split(":") for line in lines)]
    assert places == sorted(places)
    assert len(set(places)) > 3


def test_an_expired_waiver_fails(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    shutil.copy(DATA / "ports.yaml", tmp_path)
    shutil.copy(CASES / "lint" / "waiver-expired" / "right.yaml", tmp_path / "sites")
    assert on(tmp_path, "lint", "--today", "2026-11-23").exit_code == 0
    late = on(tmp_path, "lint", "--today", "2026-11-24")
    assert late.exit_code == 1
    assert "[waiver-expired]" in late.stdout
    assert "[beside]" in late.stdout


# ---- new ------------------------------------------------------------------------------------


def test_new_site_is_written_and_is_sound(data: Path) -> None:
    result = on(data, "new", "site", "paris-2")
    path = data / "sites" / "paris-2.yaml"
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{path} written; fill it in, then: portatlas flows paris-2\n"
    assert on(data, "flows", "paris-2").exit_code == 0
    assert on(data, "lint").exit_code == 0
    texts = render(load(data)).texts
    assert "sites/paris-2/index.md" in texts
    index = document(texts["api/v1/sites/index.json"], "api-sites")
    assert [site["id"] for site in index["sites"]] == ["paris-2", "single-server"]


def test_the_guides_assertion_and_waiver_fit_a_new_site(tmp_path: Path) -> None:
    """As they stand: the one finding of a new file is waived, and no flow is forbidden."""
    data = Path(shutil.copytree(DATA, tmp_path / "data"))
    on(data, "new", "site", "paris")
    guide = (ROOT / "docs" / "guide" / "site" / "index.md").read_text("utf-8")
    block = re.search(r"```yaml\n(must_not:.*?)```", guide, re.DOTALL)
    assert block is not None
    with (data / "sites" / "paris.yaml").open("a", encoding="utf-8") as file:
        file.write(block[1])
    result = on(data, "lint", "--today", "2026-11-24", "--fail-on", "info")
    assert (result.exit_code, result.stdout) == (0, "5 sites: 0 findings, 4 waived\n")


def test_a_new_site_lowers_no_share_of_owned_hosts(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    before = tmp_path / "before"
    shutil.copytree(DATA, before)
    assert on(tmp_path / "data", "new", "site", "paris").exit_code == 0
    result = on(tmp_path / "data", "coverage", "--against", str(before))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "nothing fell since" in result.stdout


def test_new_site_makes_the_folder(tmp_path: Path) -> None:
    shutil.copytree(TINY / "data", tmp_path / "data")
    assert on(tmp_path / "data", "new", "site", "reef").exit_code == 0
    assert on(tmp_path / "data", "flows", "reef").exit_code == 0


def test_new_site_overwrites_nothing(data: Path) -> None:
    path = data / "sites" / "single-server.yaml"
    before = path.read_bytes()
    result = on(data, "new", "site", "single-server")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{path}: is there already; nothing was written\n"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["Paris", "paris office", "../paris", "-", "2paris", "paris-", "", "index", "a/b", "é"]
)
def test_new_site_wants_an_id(name: str, data: Path) -> None:
    before = sorted(data.parent.rglob("*"))
    result = on(data, "new", "site", "--", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f'"{name}" is ')
    assert len(result.stderr.splitlines()) == 1
    assert sorted(data.parent.rglob("*")) == before


# ---- cells ----------------------------------------------------------------------------------

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize("value", [*FORMULAS, 'a "b" c', "a,b", "a\nb", "10.1.1.1, 10.1.1.2", ""])
def test_csv_quotes_and_defuses(value: str) -> None:
    text = to_csv(["one", "two"], [[value, "x"]])
    _, (cell, last) = csv.reader(io.StringIO(text, newline=""))
    assert last == "x"
    line = " ".join(value.split())
    assert cell == (f"'{line}" if value in FORMULAS else line)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_csv_of_the_sites_runs_nothing() -> None:
    for site in SITES:
        for row in csv.reader(io.StringIO(on(DATA, "flows", site, "--format", "csv").stdout)):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_text_is_in_columns() -> None:
    assert to_text(["a", "bb"], [["ccc", "d"], ["e", ""]]) == "a    bb\nccc  d\ne\n"
    assert to_text(["a"], []) == "a\n"


# ---- documents ------------------------------------------------------------------------------


def test_the_documents_of_the_site_are_valid() -> None:
    texts = render(load(DATA)).texts
    index = document(texts["api/v1/sites/index.json"], "api-sites")
    assert [site["id"] for site in index["sites"]] == list(SITES)
    for name in SITES:
        found = document(texts[f"api/v1/sites/{name}.json"], "flows")
        printed = json.loads(on(DATA, "flows", name, "--format", "json").stdout)
        assert {key: found[key] for key in printed} == printed
        assert found["listeners"]
