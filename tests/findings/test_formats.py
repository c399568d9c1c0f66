"""Findings in the formats of code hosts and CI servers, each read back by something else."""

import re
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as some

from generator.commands.output import json_text
from generator.export import github, junit, sarif
from generator.export.reported import Reported, fingerprint, in_repository, of_reports, repository
from generator.lint.model import Finding
from generator.lint.run import Report
from generator.policy import Policy, Severity
from generator.problems import Place
from generator.rules.every import looked_at
from generator.topology import Waiver

from . import public_schemas

WORDS = looked_at("lint", Policy())
PLACE = Place("data/sites/paris.yaml", 7, 3)
ERROR = Finding(PLACE, "paris", "must-not", "error", "a:b.c>d.e", "It exists.")
WARNING = Finding(
    replace(PLACE, line=9), "paris", "clear-text", "warning", "x:y.z>u.v", "Readable."
)
INFO = Finding(replace(PLACE, line=11), "oslo", "lonely-host", "info", "nas", "Nobody calls.")
WAIVER = Waiver("beside", "web.web", "no agent: yet", "web team", "2027-01-31", PLACE)
WAIVED = Finding(PLACE, "oslo", "beside", "warning", "web.web", "Alone.")
REPORTS = (
    Report((ERROR, WARNING), ()),
    Report((INFO,), ((WAIVED, WAIVER),)),
)
HOSTILE = "100%\r\n::error::x, y: <b>&amp;]]>\x00\x1b[31m \u202e ✓ ::stop-commands::z"


def hostile(text: str = HOSTILE) -> Reported:
    finding = Finding(Place(f"da ta/{text}.yaml", 1, 1), text, "must-not", "error", text, text)
    return Reported(finding, "0123456789ab", replace(WAIVER, reason=text, owner=text))


# ---- fingerprints and paths -----------------------------------------------------------------


def test_a_fingerprint_is_of_what_a_finding_is_about() -> None:
    (one, *_) = of_reports(REPORTS)
    moved = replace(ERROR, place=Place("other.yaml", 99, 1), message="Reworded.", severity="info")
    (other,) = of_reports([Report((moved,), ())])
    assert one.fingerprint == other.fingerprint
    assert re.fullmatch(r"[0-9a-f]{12}", one.fingerprint)
    (third,) = of_reports([Report((replace(ERROR, site="oslo"),), ())])
    assert third.fingerprint != one.fingerprint


def test_no_two_findings_share_a_fingerprint() -> None:
    twice = of_reports(
        [Report((ERROR, replace(ERROR, message="It exists, for another reason.")), ())]
    )
    assert len({one.fingerprint for one in twice}) == 2


def test_words_do_not_run_together_in_a_fingerprint() -> None:
    assert fingerprint("a", "bc") != fingerprint("ab", "c")


def test_files_are_named_from_the_root_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "clone"
    (root / "app" / "data").mkdir(parents=True)
    assert repository(root / "app" / "data") is None
    (root / ".git").write_text("gitdir: elsewhere\n")  # a worktree's is a file
    assert repository(root / "app" / "data") == root
    monkeypatch.chdir(root / "app")
    assert repository(Path("data")) == root
    assert in_repository("data/ports.yaml", root) == "app/data/ports.yaml"
    assert in_repository("../app/./data/ports.yaml", root) == "app/data/ports.yaml"
    assert in_repository(str(root / "app/data/ports.yaml"), root) == "app/data/ports.yaml"
    assert in_repository("/elsewhere/ports.yaml", root) == "/elsewhere/ports.yaml"
    assert in_repository("data/ports.yaml", None) == "data/ports.yaml"


# ---- GitHub ---------------------------------------------------------------------------------

COMMAND = re.compile(r"::(error|warning|notice) (.*?)::(.*)", re.DOTALL)
ESCAPES = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def unescaped(text: str) -> str:
    return re.sub("%(?:0D|0A|3A|2C|25)", lambda match: ESCAPES[match[0]], text)


def annotations(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read annotations back as the runner does: a command a line, its first `::` ends the head."""
    found = []
    for line in text.split("\n")[:-1]:
        match = COMMAND.fullmatch(line)
        assert match is not None, line
        properties = dict(entry.split("=", 1) for entry in match[2].split(","))
        shown = {key: unescaped(value) for key, value in properties.items()}
        found.append((match[1], shown, unescaped(match[3])))
    return found


def test_annotations_are_at_file_and_line_the_worst_first() -> None:
    found = annotations(github.annotations(of_reports(reversed(REPORTS)), WORDS, None))
    assert found == [
        (
            level,
            {
                "file": finding.place.file,
                "line": str(finding.place.line),
                "col": "3",
                "title": f"{WORDS[finding.rule].title} ({finding.rule})",
            },
            finding.message,
        )
        for level, finding in (("error", ERROR), ("warning", WARNING), ("notice", INFO))
    ]


def test_annotations_link_to_the_site_where_it_is_known() -> None:
    text = github.annotations(of_reports(REPORTS[:1]), WORDS, None, "https://ports.example.com")
    assert "%3A" not in annotations(text)[0][2]
    assert annotations(text)[0][2] == "It exists. https://ports.example.com/rules/must-not/"


@given(some.text())
def test_no_value_ends_an_annotation_early(value: str) -> None:
    one = replace(hostile(value), waiver=None)
    ((level, properties, message),) = annotations(github.annotations([one], WORDS, None))
    assert (level, message) == ("error", value)
    assert properties["file"] == Path(f"da ta/{value}.yaml").as_posix()


# ---- SARIF ----------------------------------------------------------------------------------


def test_sarif_passes_the_public_schema_and_says_everything() -> None:
    text = json_text(
        sarif.document("lint", of_reports(REPORTS), WORDS, None, "https://p.example/x")
    )
    (run,) = public_schemas.sarif(text)["runs"]
    assert run["automationDetails"]["id"] == "portatlas-lint/"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(WORDS)
    assert all(rule["helpUri"] == f"https://p.example/x/rules/{rule['id']}/" for rule in rules)
    assert [
        (rules[result["ruleIndex"]]["id"], result["level"], result["message"]["text"])
        for result in run["results"]
    ] == [
        ("must-not", "error", "It exists."),
        ("clear-text", "warning", "Readable."),
        ("lonely-host", "note", "Nobody calls."),
        ("beside", "warning", "Alone."),
    ]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "data/sites/paris.yaml"
    assert place["region"] == {"startLine": 7, "startColumn": 3}


def test_sarif_suppresses_what_is_waived_and_nothing_else() -> None:
    found = sarif.document("lint", of_reports(REPORTS), WORDS, None)["runs"][0]["results"]
    assert [len(result["suppressions"]) for result in found] == [0, 0, 0, 1]
    (suppression,) = found[-1]["suppressions"]
    assert suppression["justification"] == "no agent: yet (web team, until 2027-01-31)"
    assert suppression["status"] == "accepted"


def test_sarif_without_a_site_has_no_links() -> None:
    text = json_text(sarif.document("lint", of_reports(REPORTS), WORDS, None))
    assert "http" not in re.sub(r'"\$schema": "[^"]*"', "", text)
    public_schemas.sarif(text)


@given(some.text(some.characters(exclude_categories=["Cs"])))
def test_sarif_of_any_value_is_valid(value: str) -> None:
    text = json_text(sarif.document("lint", [hostile(value)], WORDS, None))
    (result,) = public_schemas.sarif(text)["runs"][0]["results"]
    assert result["message"]["text"] == value


def test_a_wrong_sarif_would_be_noticed() -> None:
    wrong = sarif.document("lint", of_reports(REPORTS), WORDS, None, "not an address")
    with pytest.raises(jsonschema_rs.ValidationError):
        public_schemas.sarif(json_text(wrong))


# ---- JUnit ----------------------------------------------------------------------------------


def report(fail_on: Severity, *reported: Reported, sites: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the outcome of each test case that has one, by site and rule; passed ones by `-`."""
    found = public_schemas.junit(junit.document("lint", reported, WORDS, sites, fail_on))
    outcomes: dict[str, str] = {}
    for suite in found.findall("testsuite"):
        cases = suite.findall("testcase")
        assert [case.get("name") for case in cases] == list(WORDS)
        kinds = [child.tag for case in cases for child in case]
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(kinds.count("failure"))
        assert suite.get("skipped") == str(kinds.count("skipped"))
        for case in cases:
            for child in case:
                outcomes[f"{suite.get('name')} {case.get('name')}"] = child.tag
    return outcomes


def test_junit_fails_what_the_exit_status_fails() -> None:
    every = {
        "paris must-not": "failure",
        "paris clear-text": "failure",
        "oslo lonely-host": "failure",
    }
    said = {"oslo beside": "skipped"}
    reported = of_reports(REPORTS)
    assert report("info", *reported) == every | said
    assert report("warning", *reported) == every | said | {"oslo lonely-host": "system-out"}
    milder = {"oslo lonely-host": "system-out", "paris clear-text": "system-out"}
    assert report("error", *reported) == every | said | milder


def test_junit_has_a_case_for_each_rule_at_each_site_found_or_not() -> None:
    text = junit.document("lint", (), WORDS, ("oslo", "paris"), "error")
    suites = public_schemas.junit(text).findall("testsuite")
    assert [suite.get("name") for suite in suites] == ["oslo", "paris"]
    assert {suite.get("tests") for suite in suites} == {str(len(WORDS))}


def test_junit_says_where_and_how_to_mend_it() -> None:
    text = junit.document("lint", of_reports(REPORTS), WORDS, (), "error")
    (failure,) = public_schemas.junit(text).findall(".//failure")
    assert failure.text == "data/sites/paris.yaml:7:3: error: It exists."
    assert WORDS["must-not"].fix in str(failure.get("message"))


def test_a_finding_beside_a_waived_one_still_fails() -> None:
    both = of_reports([Report((ERROR,), ((replace(ERROR, what="other"), WAIVER),))])
    assert report("error", *both) == {"paris must-not": "failure"}


@given(some.text(), some.booleans())
def test_junit_of_any_value_is_valid(value: str, waived: bool) -> None:
    one = hostile(value)
    outcomes = report("error", one if waived else replace(one, waiver=None))
    assert list(outcomes.values()) == ["skipped" if waived else "failure"]


def test_a_wrong_junit_would_be_noticed() -> None:
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        public_schemas.junit("<testsuites><testsuite name='x'/></testsuites>")
