"""The command line: what it says, and its exit status."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest
from click.testing import CliRunner, Result

from generator import __version__
from generator.cli import main
from generator.validate.structure import schema_names

from ..examples import ROOT
from ..site.workspace import TINY, snapshot


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="portatlas")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.mark.parametrize("command", [(), *((name,) for name in main.commands)])
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_has_an_example(command: tuple[str, ...], flag: str) -> None:
    result = run(*command, flag)
    assert result.exit_code == 0
    *_, examples = result.stdout.partition("Example")
    assert f"portatlas {' '.join(command)}".rstrip() in examples


def test_the_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"portatlas, version {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("bild",), "No such command 'bild'"),
        (("build", "x"), "unexpected extra argument"),
        (("build", "--nothing"), "No such option"),
        (("serve", "--port", "many"), '--port: "many" is no whole number from 1 to 65535'),
        (("schema",), "Missing argument"),
        (("schema", "catalog"), '"catalog" is not one of'),
        (("--data", "", "lint"), "--data: is empty"),
        (("diff", "HEAD", "--out", ""), "--out: is empty"),
        (("results", ""), "FILE: is empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage(arguments: tuple[str, ...], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert (result.stdout, result.stderr.count("\n")) == ("", 1)


def test_an_unknown_schema_is_answered_with_the_right_names() -> None:
    result = run("schema", "catalog")
    assert result.stderr == (
        f'NAME: "catalog" is not one of {", ".join(schema_names())};'
        ' did you mean "catalogue"? (portatlas schema --help)\n'
    )


@pytest.mark.parametrize(
    ("onto", "says"),
    [(">/dev/full", "No space left on device"), (">&-", "is closed")],
    ids=["full", "closed"],
)
@pytest.mark.parametrize("command", ["--help", "lint", "coverage", "textconv Makefile"])
def test_an_output_that_takes_nothing_is_one_line(command: str, onto: str, says: str) -> None:
    words = f"{sys.executable} -m generator --data {TINY / 'data'} {command}"
    Path("Makefile").write_text("all:\n", encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", f"{words} {onto}"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (2, f"standard output: {says}\n")


@pytest.mark.parametrize("name", schema_names())
def test_schema_prints_one_schema(name: str) -> None:
    result = run("schema", name)
    assert (result.exit_code, result.stderr) == (0, "")
    schema = json.loads(result.stdout)
    jsonschema_rs.meta.validate(schema)
    assert schema["$id"] == f"{name}.json"


def test_a_missing_data_folder_is_one_line(tmp_path: Path) -> None:
    result = run("--data", "nowhere", "build")
    assert result.exit_code == 2
    first, last = result.stderr.splitlines()
    assert first == "nowhere/ports.yaml:1:1: no such file or directory"
    assert last == "1 problem; nothing was written"
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_data_folder_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", "utf-8")
    result = run("build")
    assert result.exit_code == 2
    assert "'data' is a file" in result.stderr


def test_build_says_what_it_did(tmp_path: Path) -> None:
    data = str(TINY / "data")
    first = run("--data", data, "build", "--out", "out/docs")
    assert (first.exit_code, first.stderr) == (0, "")
    written = len(snapshot(tmp_path / "out/docs")) - 1
    assert first.stdout == f"out/docs: {written} written, 0 unchanged, 0 removed\n"
    second = run("--data", data, "build", "--out", "out/docs")
    assert second.stdout == f"out/docs: 0 written, {written} unchanged, 0 removed\n"


def test_source_url_takes_the_place_of_the_sites_own_copy(tmp_path: Path) -> None:
    address = "https://git.example.com/lights/blob/main/data/"
    result = run("--data", str(TINY / "data"), "build", "--source-url", address)
    assert result.exit_code == 0
    page = (tmp_path / "docs/components/lamp/index.md").read_text("utf-8")
    lines = (TINY / "data/ports.yaml").read_text("utf-8").splitlines()
    line = lines.index("  lamp:") + 1
    assert f"(https://git.example.com/lights/blob/main/data/ports.yaml#L{line})" in page


def test_no_drawing_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.drawing.process.SECONDS", 0)
    result = run("--data", str(TINY / "data"), "build")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("diagram ")
    assert not (tmp_path / "docs").exists()
