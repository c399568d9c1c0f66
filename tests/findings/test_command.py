"""`portatlas lint` in every format: one document, the same findings, the same exit status."""

import shutil
from pathlib import Path

import pytest

from generator.rules.every import every

from ..conftest import CASES, DATA
from ..flows.test_cli_sites import document, on
from . import public_schemas
from .test_formats import annotations

FORMATS = ("text", "json", "github", "sarif", "junit")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Sites with an error, with a warning, and with nothing but a waived one."""
    folder = tmp_path / "data"
    (folder / "sites").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    shutil.copy(DATA / "ports.yaml", folder)
    for name, case in (("error", "only-in-zone"), ("warning", "gateway-end")):
        shutil.copy(CASES / "lint" / case / "wrong.yaml", folder / "sites" / f"{name}.yaml")
    shutil.copy(DATA / "sites" / "kubernetes.yaml", folder / "sites")
    return folder


def lint(data: Path, form: str, *more: str, status: int = 1) -> str:
    result = on(data, "lint", "--today", "2026-11-23", "--format", form, *more)
    assert (result.exit_code, result.stderr) == (status, "")
    return result.stdout


def test_every_format_has_the_same_findings(data: Path) -> None:
    found = document(lint(data, "json"), "findings")["findings"]
    expected = sorted((f["file"], f["line"], f["message"]) for f in found)
    assert len(expected) > 2
    root = f"{data.parent}/"
    commands = annotations(lint(data, "github"))
    assert (
        sorted((root + p["file"], int(p["line"]), message) for _, p, message in commands)
        == expected
    )
    (run,) = public_schemas.sarif(lint(data, "sarif"))["runs"]
    results = [result for result in run["results"] if not result["suppressions"]]
    places = [result["locations"][0]["physicalLocation"] for result in results]
    assert (
        sorted(
            (
                root + place["artifactLocation"]["uri"],
                place["region"]["startLine"],
                r["message"]["text"],
            )
            for place, r in zip(places, results, strict=True)
        )
        == expected
    )
    failures = public_schemas.junit(lint(data, "junit", "--fail-on", "info")).iter("failure")
    lines = [line for failure in failures for line in str(failure.text).splitlines()]
    assert sorted(lines) == sorted(
        f"{f['file']}:{f['line']}:{f['column']}: {f['severity']}: {f['message']}" for f in found
    )


def test_every_format_tells_what_is_waived(data: Path) -> None:
    waived = document(lint(data, "json"), "findings")["waived"]
    assert len(waived) == 3
    (run,) = public_schemas.sarif(lint(data, "sarif"))["runs"]
    reasons = [s["justification"] for r in run["results"] for s in r["suppressions"]]
    assert sorted(reasons) == sorted(
        f"{w['reason']} ({w['owner']}, until {w['expires']})" for w in waived
    )
    report = public_schemas.junit(lint(data, "junit"))
    assert len(report.findall("testsuite[@name='kubernetes']/testcase/skipped")) == 2  # two rules
    assert not any("kubernetes" in str(p) for _, p, _ in annotations(lint(data, "github")))


@pytest.mark.parametrize("form", FORMATS)
def test_the_policy_decides_over_the_exit_status_of_every_format(data: Path, form: str) -> None:
    policy = data / "policy.yaml"
    lint(data, form, status=1)
    policy.write_text("schema: 1\nseverities: {only-in-zone: warning}\n")
    lint(data, form, status=0)
    lint(data, form, "--fail-on", "warning", status=1)
    policy.write_text("schema: 1\nseverities: {only-in-zone: warning, gateway-end: error}\n")
    lint(data, form, status=1)


def test_a_rule_that_is_off_is_not_in_any_format(data: Path) -> None:
    (data / "policy.yaml").write_text('schema: 1\nseverities: {only-in-zone: "off"}\n')
    for form in FORMATS:
        assert "only-in-zone" not in lint(data, form, status=0)


def test_explain_says_what_the_policy_changes(data: Path) -> None:
    (data / "policy.yaml").write_text("schema: 1\nseverities: {clear-text: error}\n")
    result = on(data, "lint", "--explain", "clear-text")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Severity: warning (changed to error by policy.yaml)\n" in result.stdout


@pytest.mark.parametrize("rule", every())
def test_explain_shows_a_wrong_and_a_right_example(rule: str, tmp_path: Path) -> None:
    result = on(tmp_path / "nothing", "lint", "--explain", rule)
    assert (result.exit_code, result.stderr) == (0, "")
    head, wrong = result.stdout.split("\nWrong, at a made-up product:\n\n")
    wrong, right = wrong.split("\nRight, at a made-up product:\n\n")
    assert head.startswith(f"{rule}: ")
    assert wrong.strip()
    assert right.strip()
    assert wrong != right


def test_explain_needs_no_data(tmp_path: Path) -> None:
    result = on(tmp_path / "nothing", "lint", "--explain", "clear-text")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("clear-text: ")
    assert "Severity: warning\n" in result.stdout


def test_sarif_links_to_the_site(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = lint(data, "sarif", "--site-url", "https://ports.example.com")
    assert "https://ports.example.com/rules/gateway-end/" in given
    monkeypatch.setenv("SITE_URL", "https://ports.example.com/")
    assert lint(data, "sarif") == given
    monkeypatch.setenv("SITE_URL", "")
    assert "ports.example.com" not in lint(data, "sarif")
