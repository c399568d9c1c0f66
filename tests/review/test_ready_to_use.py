"""What projects take over: the comment that is updated in place, GitLab's file, pre-commit's."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from sysconfig import get_path
from typing import Any

import pytest
import yaml

from generator.export.diff_markdown import MARKER

from ..examples import ROOT
from .repositories import Scratch, pull_request, scratch

SCRIPTS = Path(get_path("scripts"))
COMMENT = f"{MARKER}\n**No network change.**\n"

GH = """#!/bin/sh
printf '%s' "$*" | tr '\\n' ' ' >> "$CALLS"
echo >> "$CALLS"
case "$*" in *--paginate*) cat "$ANSWER" ;; esac
"""
CURL = """#!/bin/sh
printf '%s\\n' "$*" >> "$CALLS"
case "$*" in *per_page*) cat "$ANSWER" ;; *) cp body.json "$CALLS.body" ;; esac
"""


def run(script: str, folder: Path, tool: str, stub: str, answer: str, **more: str) -> list[str]:
    """Run a job's script with a stand-in for the program that calls; return how it was called."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    (tools / tool).write_text(stub, "utf-8")
    (tools / tool).chmod(0o755)
    calls = folder / "calls"
    calls.write_text("", "utf-8")
    (folder / "answer").write_text(answer, "utf-8")
    (folder / "review" / "diff").mkdir(parents=True, exist_ok=True)
    (folder / "review" / "diff" / "comment.md").write_text(COMMENT, "utf-8")
    environment = {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "CALLS": str(calls),
        "ANSWER": str(folder / "answer"),
        **more,
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return calls.read_text("utf-8").splitlines()


def step(job: str) -> str:
    """Return the script of a job of the GitHub workflow that calls gh."""
    text = (ROOT / ".github" / "workflows" / "review.yml").read_text("utf-8")
    steps = yaml.safe_load(text)["jobs"][job]["steps"]
    (found,) = [str(one["run"]) for one in steps if "run" in one]
    return found


GITHUB = {"GITHUB_REPOSITORY": "o/r", "NUMBER": "7", "GITHUB_SHA": "abc", "GITHUB_REF": "refs/x"}


@pytest.mark.parametrize("known", ["", "41\n", "41\n42\n"])
def test_one_comment_is_written_once_and_then_updated(known: str, tmp_path: Path) -> None:
    asked, wrote = run(step("comment"), tmp_path, "gh", GH, known, **GITHUB)
    assert asked.startswith("api --paginate repos/o/r/issues/7/comments --jq ")
    where = "PATCH repos/o/r/issues/comments/41" if known else "POST repos/o/r/issues/7/comments"
    assert wrote == f"api --silent --method {where} --field body=@review/diff/comment.md"


def test_the_comment_is_found_by_its_first_line() -> None:
    assert f'startswith("{MARKER}")' in step("comment")
    jq = shutil.which("jq")
    if jq is None:
        assert not os.environ.get("CI"), "CI needs jq: apt-get install jq"
        pytest.skip("no jq here (apt-get install jq)")
    program = step("comment").partition("--jq '")[2].partition("'")[0]
    bot = {"login": "github-actions[bot]"}
    comments = [
        {"id": 1, "user": {"login": "ann"}, "body": COMMENT},
        {"id": 2, "user": bot, "body": "another tool"},
        {"id": 3, "user": bot, "body": COMMENT},
    ]
    done = subprocess.run(
        [jq, program], input=json.dumps(comments), capture_output=True, text=True, check=True
    )
    assert done.stdout == "3\n"


def test_findings_are_handed_in(tmp_path: Path) -> None:
    sarif = tmp_path / "review" / "lint.sarif"
    sarif.parent.mkdir()
    sarif.write_text('{"version": "2.1.0"}', "utf-8")
    (call,) = run(step("scan"), tmp_path, "gh", GH, "", **GITHUB)
    assert call.startswith("api --silent --method POST repos/o/r/code-scanning/sarifs --input ")
    body = json.loads((tmp_path / "body.json").read_text("utf-8"))
    assert (body["commit_sha"], body["ref"]) == ("abc", "refs/x")
    packed = subprocess.run(
        ["base64", "--decode"], input=body["sarif"].encode(), capture_output=True, check=True
    ).stdout
    unpacked = subprocess.run(["gzip", "-dc"], input=packed, capture_output=True, check=True)
    assert unpacked.stdout == b'{"version": "2.1.0"}'


def review_script() -> str:
    text = (ROOT / ".github" / "workflows" / "review.yml").read_text("utf-8")
    steps = yaml.safe_load(text)["jobs"]["review"]["steps"]
    (found,) = [str(one["run"]) for one in steps if one.get("name") == "Lint and diff"]
    return found


def test_the_first_job_writes_everything_and_fails(tmp_path: Path) -> None:
    """On a merge commit, as GitHub checks one out: its first parent is what it goes into."""
    here = scratch(tmp_path / "repository")
    here.git("checkout", "--quiet", "-b", "change")
    pull_request(here)
    here.git("checkout", "--quiet", "main")
    here.git("merge", "--quiet", "--no-ff", "-m", "Merge", "change")
    done = runner(here, review_script())
    assert done.returncode == 1, done.stderr
    assert "::error " in done.stdout
    assert (here.root / "review" / "diff" / "diagrams" / "multi-geo-diff.svg").is_file()
    assert json.loads((here.root / "review" / "lint.sarif").read_text("utf-8"))["runs"]
    summary = (here.root / "summary").read_text("utf-8")
    assert summary.startswith(MARKER)
    assert "```mermaid" in summary


def runner(here: Scratch, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a runner does, in a repository whose environment is this one's."""
    (here.root / ".venv").symlink_to(ROOT / ".venv")
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=here.root,
        env={**os.environ, "GITHUB_STEP_SUMMARY": str(here.root / "summary")},
        capture_output=True,
        text=True,
        check=False,
    )


# ---- GitLab ---------------------------------------------------------------------------------


def gitlab() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text("utf-8"))
    return found


def test_gitlabs_file_is_valid() -> None:
    done = subprocess.run(
        [SCRIPTS / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", ".gitlab-ci.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_gitlabs_review_fails_and_writes(tmp_path: Path) -> None:
    here = scratch(tmp_path / "repository")
    base = here.git("rev-parse", "HEAD").strip()
    pull_request(here)
    script = gitlab()["review"]["script"][-1].replace("$CI_MERGE_REQUEST_DIFF_BASE_SHA", base)
    done = runner(here, script)
    assert done.returncode == 1, done.stderr
    written = sorted(path.name for path in (here.root / "review").iterdir())
    assert written == ["diff", "diff.xml", "lint.xml"]


@pytest.mark.parametrize(("notes", "call"), [([], "POST"), ([{"id": 9, "body": COMMENT}], "PUT")])
def test_gitlabs_comment(notes: list[object], call: str, tmp_path: Path) -> None:
    if shutil.which("jq") is None:
        assert not os.environ.get("CI"), "CI needs jq: apt-get install jq"
        pytest.skip("no jq here (apt-get install jq)")
    answer = json.dumps([{"id": 8, "body": "words"}, *notes])
    more = {
        "PORTATLAS_TOKEN": "t",
        "CI_API_V4_URL": "https://gitlab.example.com/api/v4",
        "CI_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_IID": "5",
    }
    (script,) = gitlab()["comment"]["script"]
    asked, wrote = run(script, tmp_path, "curl", CURL, answer, **more)
    address = "https://gitlab.example.com/api/v4/projects/3/merge_requests/5/notes"
    assert f"{address}?" in asked
    assert f"--request {call} " in wrote
    assert wrote.endswith(f"{address}/9" if call == "PUT" else address)
    assert json.loads((tmp_path / "calls.body").read_text("utf-8")) == {"body": COMMENT}


# ---- pre-commit -----------------------------------------------------------------------------


def test_the_hooks_are_valid_and_do_what_they_say(tmp_path: Path) -> None:
    subprocess.run(
        [SCRIPTS / "pre-commit", "validate-manifest", ".pre-commit-hooks.yaml"],
        cwd=ROOT,
        check=True,
    )
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    here = scratch(tmp_path / "repository")
    entries = {hook["id"]: hook["entry"].removeprefix("portatlas ").split() for hook in hooks}
    assert {name: here.portatlas(*words).returncode for name, words in entries.items()} == {
        "portatlas-lint": 0,
        "portatlas-diff": 0,
    }
    here.edit(here.site("multi-geo"), ("  directory: ldaps", "  directory: ldap"))
    assert here.portatlas(*entries["portatlas-diff"]).returncode == 1
