"""`git diff` and `git log -p` show flows, set up by the one command that the guide names."""

import subprocess
from pathlib import Path

import pytest

from ..examples import ROOT
from .repositories import ENVIRONMENT, Scratch, pull_request, scratch


@pytest.fixture
def here(tmp_path: Path) -> Scratch:
    return scratch(tmp_path / "repository")


@pytest.fixture
def driven(here: Scratch) -> Scratch:
    """A repository in which `make driver` was called; its environment is this one's."""
    said = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "--assume-old=.venv/.site", "driver"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.startswith("git config diff.portatlas.textconv")
    subprocess.run(["bash", "-c", said], cwd=here.root, env=ENVIRONMENT, check=True)
    (here.root / ".venv").symlink_to(ROOT / ".venv")
    here.git("config", "core.excludesFile", "/dev/null")
    (here.root / ".git" / "info" / "exclude").write_text(".venv\n", "utf-8")
    return here


def marked(text: str, mark: str) -> list[str]:
    return [line[1:] for line in text.splitlines() if line[:1] == mark and line[:3] != mark * 3]


def test_without_it_git_shows_the_text(here: Scratch) -> None:
    pull_request(here)
    assert "+  directory: ldap" in here.git("diff", "HEAD~1")


def test_a_diff_shows_flows(driven: Scratch) -> None:
    pull_request(driven)
    for words in (("diff", "HEAD~1"), ("log", "-p", "-1")):
        shown = driven.git(*words)
        gone, *said = marked(shown, "-")
        assert said == ["options.directory.choice: ldaps"]
        assert gone.startswith(
            "core → services: cd 10.20.1.[11:13] (cd-server) → ldap01 10.20.3.36"
        )
        assert "636/tcp" in gone
        come = [line for line in marked(shown, "+") if "→" in line]
        assert len(come) == 6
        assert sum("→ nas-emea 10.40.1.20 (file-server) 2049/tcp" in line for line in come) == 5
        assert any("389/tcp" in line and "clear text" in line for line in come)


def test_a_change_of_the_work_tree_too(driven: Scratch) -> None:
    site = driven.site("multi-geo")
    driven.edit(site, ("addresses: [10.20.3.36]", "addresses: [10.20.3.37]"))
    shown = driven.git("diff")
    flow, said = marked(shown, "+")
    assert "→ ldap01 10.20.3.37 (directory-server)" in flow
    assert said == "hosts.ldap01.addresses: 10.20.3.37"


ASSERTION = """must_not:
  no-ssh: {from: {segment: office}, to: {group: cd}, ports: [proxy-target-ssh], why: none}
"""


def test_what_makes_no_flow_is_shown_too(driven: Scratch) -> None:
    site = driven.site("clustered")
    before = site.read_text("utf-8")
    site.write_text(before + ASSERTION, "utf-8")
    assert marked(driven.git("diff"), "+") == [
        "must_not.no-ssh.from: segment office",
        "must_not.no-ssh.to: group cd",
        "must_not.no-ssh.ports: proxy-target-ssh",
        "must_not.no-ssh.why: none",
    ]
    driven.commit("an assertion")
    site.write_text(before, "utf-8")
    assert len(marked(driven.git("diff"), "-")) == 4


def test_a_comment_changes_no_line(driven: Scratch) -> None:
    site = driven.site("multi-geo")
    site.write_text("# a comment\n" + site.read_text("utf-8"), "utf-8")
    shown = driven.git("diff")
    assert marked(shown, "+") == marked(shown, "-") == []


def test_what_does_not_parse_is_shown_as_it_is(driven: Scratch) -> None:
    site = driven.site("single-server")
    site.write_text("schema: [1\nénd", "utf-8")
    shown = driven.git("diff")
    assert marked(shown, "+") == ["schema: [1", "énd"]
    assert any("within server" in line for line in marked(shown, "-"))


def test_a_file_that_came_and_one_that_went(driven: Scratch) -> None:
    driven.site("single-server").rename(driven.site("another"))
    driven.git("add", "--all")
    assert "similarity index 100%" in driven.git("diff", "--cached", "-M")
    shown = driven.git("diff", "--cached", "--no-renames")
    assert marked(shown, "+") == marked(shown, "-") != []


def test_without_the_program_git_shows_the_text(driven: Scratch) -> None:
    (driven.root / ".venv").unlink()
    pull_request(driven)
    assert "+  directory: ldap" in driven.git("diff", "HEAD~1")


def test_with_a_broken_catalogue_git_shows_the_text(driven: Scratch) -> None:
    pull_request(driven)
    (driven.data / "ports.yaml").write_text("broken", "utf-8")
    assert "+  directory: ldap" in driven.git("diff", "HEAD~1", "HEAD", "--", "data/sites")


def test_a_file_that_is_not_there_is_one_line(here: Scratch) -> None:
    done = here.portatlas("textconv", "data/sites/nowhere.yaml")
    assert done.returncode == 2
    assert done.stderr == "data/sites/nowhere.yaml: no such file or directory\n"
