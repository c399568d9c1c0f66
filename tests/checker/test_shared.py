"""One table of cases, in every shell that is here; what PowerShell is not here runs elsewhere."""

import re
import subprocess
import sys
from shutil import which

import pytest

from generator.checker.script import BASH, POWERSHELL, generic
from tests.checker.netns import ROOT, usable
from tests.checker.shared import CASES

ALONE = ROOT / "tests/checker/alone.sh"
SHELLS = [name for name in ("bash", "pwsh") if which(name)]


@pytest.mark.netns
@pytest.mark.skipif(not usable(), reason="needs root, ip, nft, unshare and nsenter")
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("case", sorted(path.stem for path in CASES.glob("*.yaml")))
def test_a_case_comes_out_the_same_in_every_shell(shell: str, case: str) -> None:
    done = subprocess.run(
        ["sh", ALONE, sys.executable, "-m", "tests.checker.shared", shell, case],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_both_have_the_same_options() -> None:
    help_ = subprocess.run(
        ["bash", "-c", generic("v1", how=BASH), "check.sh", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    usage = re.search(r"(?s)function Show-Usage.*?\n}", generic("v1", how=POWERSHELL))
    assert usage is not None
    named = set(re.findall(r"(?<= )-([A-Z]\w+)", usage[0])) - {"ExecutionPolicy", "File"}
    assert {name.lower() for name in named} == set(re.findall(r"--([a-z]+)", help_))
    assert len(named) > 10
