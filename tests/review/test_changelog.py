"""The change log: what each commit of the data opened and closed, whatever git has to say."""

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import pytest

import generator.changelog as module
import generator.render.changes_page as page_module
from generator import difference
from generator.changelog import Changelog, changelog, without_history, without_subjects
from generator.history import SHALLOW
from generator.load import load
from generator.render.changes_page import page

from ..render.html import collapsed
from ..render.values import HOSTILE
from ..site.workspace import TINY
from .repositories import ENVIRONMENT, Scratch, pull_request, scratch


@pytest.fixture(autouse=True)
def _nobodys_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in ENVIRONMENT.items():
        monkeypatch.setenv(key, value)


@pytest.fixture
def here(tmp_path: Path) -> Scratch:
    return scratch(tmp_path / "repository")


def log(here: Scratch) -> Changelog:
    return changelog(here.data, here.root.parent / "cache")


def verdicts(found: Changelog) -> list[str]:
    return [entry.what.verdict for entry in found.entries]


def test_each_change_says_what_it_did(here: Scratch) -> None:
    pull_request(here)
    (here.root / "README.md").write_text("no data", "utf-8")
    here.commit("No change of the data")
    here.edit(here.data / "sites" / "clustered.yaml", ("schema: 1", "schema: 1 # the first"))
    last = here.commit("A comment")
    found = log(here)
    assert [entry.subject for entry in found.entries] == [
        "A comment",
        "A file server for EMEA; LDAP",
        "The data",
    ]
    assert found.entries[0].commit == last
    assert found.entries[0].day == "2026-11-01"
    assert verdicts(found)[0] == "No network change."
    assert verdicts(found)[2] == "The data begins, with 4 sites."
    (site,) = found.entries[1].what.sites
    opened = [line for line in site.lines if line.sign == "+ opens"]
    assert [(line.segments, line.initiators, line.listener) for line in opened] == [
        ("Core → Services", "cd", "ldap01")
    ]
    assert opened[0].port.startswith("389/tcp")
    assert (opened[0].encryption, opened[0].requirement) == ("clear text", "when used")
    assert "new-clear-text" in opened[0].rules
    assert found.cut is None


def cells(shown: str, site: str) -> list[dict[str, str]]:
    """Return the rows of the first table of a site, by their heads."""
    lines = iter(shown.partition(f"**[{site}]")[2].splitlines()[2:])
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in takewhile(bool, lines)
    ]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def test_each_column_says_what_its_head_says(here: Scratch) -> None:
    pull_request(here)
    found = log(here)
    rows = cells(page(load(here.data), found, None), "Multi-geo")
    assert {row["Encryption"] for row in rows} == {
        "clear text",
        "encryption unknown",
        "TLS",
    }
    assert {row["Requirement"] for row in rows} <= {"always", "when used", "optional"}
    assert "What else" not in rows[0]


def test_what_else_differs_has_a_column_of_its_own(here: Scratch) -> None:
    here.edit(here.site("multi-geo"), ("10.40.1.11", "10.40.1.12"))
    here.commit("Another address")
    rows = cells(page(load(here.data), log(here), None), "Multi-geo")
    assert {row["What else"] for row in rows} == {
        "addresses",
        "listener behind",
    }
    assert {row["Encryption"] for row in rows} <= {"TLS", "SSH", "clear text"}


def test_each_change_has_a_heading_whatever_it_did(here: Scratch) -> None:
    pull_request(here)
    here.edit(here.site("clustered"), ("title: Clustered", "title: In a cluster"))
    here.commit("Words")
    found = log(here)
    headings = [
        line for line in page(load(here.data), found, None).splitlines() if line[:2] == "##"
    ]
    assert headings == [
        f"## 2026-11-01 {entry.subject} {{ #change-{entry.commit[:10]} }}"
        for entry in found.entries
    ]


def test_it_has_no_address_and_no_host_name(here: Scratch) -> None:
    pull_request(here)
    here.edit(here.site("multi-geo"), ("10.40.1.20", "10.40.1.21"))
    here.commit("Another address of nas-emea.example.com")
    here.edit(here.site("multi-geo"), ("10.20.1.5]", "10.20.1.6]"))
    here.commit("Another address of a load balancer")
    found = without_subjects(log(here))
    shown = page(load(here.data), found, None)
    assert "nas-emea" in shown
    assert "crossings changed: other addresses." in shown
    assert "10.20." not in shown
    assert "10.40." not in shown
    assert "example.com" not in shown


def test_what_cannot_be_read_is_said_and_stepped_over(here: Scratch) -> None:
    text = here.site("multi-geo").read_text("utf-8")
    here.site("multi-geo").write_text("broken: [", "utf-8")
    here.commit("Broken")
    here.site("multi-geo").write_text(text, "utf-8")
    pull_request(here)
    found = log(here)
    assert verdicts(found)[1] == "The data of this commit cannot be read."
    assert verdicts(found)[0].startswith("1 error, 1 warning. 1 crossing opened")


def test_a_folder_that_was_away_for_a_while(here: Scratch) -> None:
    here.git("mv", "data", "elsewhere")
    here.commit("Away")
    here.git("mv", "elsewhere", "data")
    here.commit("Back")
    assert verdicts(log(here)) == [
        "No network change.",
        "The data of this commit cannot be read.",
        "The data begins, with 4 sites.",
    ]


def test_a_site_that_comes_is_a_line(here: Scratch) -> None:
    text = here.site("multi-geo").read_text("utf-8")
    here.site("copy").write_text(text.replace("title: Multi-geo", "title: Copy"), "utf-8")
    here.commit("A copy")
    here.site("copy").unlink()
    here.commit("No copy")
    gone, come = (entry.what.sites for entry in log(here).entries[:2])
    assert [(site.title, site.kind, site.lines) for site in (*come, *gone)] == [
        ("Copy", "added", ()),
        ("Copy", "removed", ()),
    ]
    shown = page(load(here.data), log(here), None)
    assert "**Copy**: a new site." in shown  # no link: it has no page any more
    assert "**Copy**: the site is gone." in shown


def test_many_lines_are_counted(here: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    here.edit(here.site("multi-geo"), ("release: ", "numbers: {agent-https: 7801}\nrelease: "))
    here.commit("Another number")
    (site,) = log(here).entries[0].what.sites
    assert len(site.lines) == 5
    assert site.more > 5
    assert f"and {site.more} more" in page(load(here.data), log(here), None)


def test_known_differences_are_not_read_again(
    here: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull_request(here)
    first = log(here)
    monkeypatch.setattr(module, "read", lambda *_, **__: pytest.fail("read again"))
    assert log(here) == first
    kept = list((here.root.parent / "cache").iterdir())
    assert len(kept) == len(first.entries)
    monkeypatch.undo()
    for path in kept:
        path.write_text("{", "utf-8")  # cut short
    assert log(here) == first


def test_another_generator_looks_again(here: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    log(here)
    monkeypatch.setattr(difference, "_stamp", lambda: "another")
    monkeypatch.setattr(module, "read", lambda *_, **__: pytest.fail("read again"))
    with pytest.raises(pytest.fail.Exception, match="read again"):
        log(here)


def test_only_the_last_ones_are_looked_at(here: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    pull_request(here)
    monkeypatch.setattr(module, "MOST", 1)
    found = log(here)
    assert found.cut
    # What it did is known only with the state before it.
    assert found.entries == ()
    pull_request_again = here.edit
    pull_request_again(here.site("multi-geo"), ("title: Multi-geo", "title: Geo"))
    here.commit("Words")
    monkeypatch.setattr(module, "MOST", 2)
    assert verdicts(log(here)) == ["No network change. 1 change of words."]
    shown = page(load(here.data), log(here), None)
    assert "Older changes are not shown: the last 2 are looked at.\n" in shown


def test_a_shallow_clone(here: Scratch, tmp_path: Path) -> None:
    pull_request(here)
    here.git("clone", "--quiet", "--depth=1", here.root.as_uri(), str(tmp_path / "shallow"))
    found = changelog(tmp_path / "shallow" / "data", tmp_path / "cache2")
    assert found == Changelog((), cut=SHALLOW, lacking=None)
    shown = collapsed(page(load(here.data), found, None))
    assert "Older changes are not shown: this clone is shallow: git fetch --unshallow" in shown


def _no_git(here: Scratch, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", "/nowhere")
    return here.data


def _no_repository(here: Scratch, monkeypatch: pytest.MonkeyPatch) -> Path:
    (here.root / ".git").rename(here.root / "git")
    return here.data


def _not_committed(here: Scratch, monkeypatch: pytest.MonkeyPatch) -> Path:
    here.data.rename(here.root / "other")
    return here.root / "other"


def _no_commit(here: Scratch, monkeypatch: pytest.MonkeyPatch) -> Path:
    here.git("checkout", "--quiet", "--orphan", "empty")
    return here.data


@pytest.mark.parametrize("without", [_no_git, _no_repository, _not_committed, _no_commit])
def test_without_history_the_page_says_so(
    without: Callable[[Scratch, pytest.MonkeyPatch], Path],
    here: Scratch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    atlas = load(here.data)
    data = without(here, monkeypatch)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(here.root.parent))
    found = changelog(data, here.root.parent / "cache")
    assert found.entries == ()
    assert found.lacking
    assert "The history of the data is not at hand: " in page(atlas, found, None)


def test_the_same_history_is_the_same_page(here: Scratch, tmp_path: Path) -> None:
    pull_request(here)
    atlas = load(here.data)
    one = page(atlas, changelog(here.data, tmp_path / "one"), None)
    other = page(atlas, changelog(here.data, tmp_path / "other"), None)
    assert one == other


def test_commits_are_linked_where_the_source_is(here: Scratch) -> None:
    pull_request(here)
    found = log(here)
    commit = found.entries[0].commit
    atlas = load(here.data)
    for url, target in (
        ("https://host/o/r/blob/main/data", f"https://host/o/r/commit/{commit}"),
        ("https://host/o/r/-/blob/main/data", f"https://host/o/r/-/commit/{commit}"),
    ):
        assert f"[`{commit[:10]}`]({target})" in page(atlas, found, url)
    assert f"\n`{commit[:10]}`: " in page(atlas, found, "https://elsewhere/data")


def test_a_hostile_subject_is_text(here: Scratch) -> None:
    pull_request(here)
    found = log(here)
    atlas = load(TINY / "data")
    for value in filter(str.strip, HOSTILE):
        entry = replace(found.entries[0], subject=value)
        shown = page(atlas, replace(found, entries=(entry,)), None)
        (heading,) = [line for line in shown.splitlines() if line.startswith("## ")]
        assert "<" not in heading
        assert heading.endswith(f"{{ #change-{entry.commit[:10]} }}")
        assert heading.count("{") == 1


def test_no_subject_is_shown_to_everybody(here: Scratch) -> None:
    shown = page(load(here.data), without_subjects(log(here)), None)
    assert "The data\n" not in shown
    assert "2026-11-01" in collapsed(shown)


def test_without_history_is_no_entry() -> None:
    assert without_history("so").entries == ()


def _everywhere(here: Scratch) -> None:
    here.edit(here.data / "ports.yaml", ("numbers: 9201", "numbers: 9202"))
    here.commit("Everywhere")


def test_of_a_change_of_many_sites_some_are_counted_alone(
    here: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_SITES", 1)
    _everywhere(here)
    found = log(here)
    assert log(here) == found  # what is kept says the same
    what = found.entries[0].what
    assert (len(what.sites), what.more) == (1, 2)
    assert "\nand 2 more sites\n" in page(load(here.data), found, None)


def test_a_page_has_so_many_rows_then_verdicts_alone(
    here: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    _everywhere(here)
    here.edit(here.data / "ports.yaml", ("numbers: 9202", "numbers: 9203"))
    here.commit("Again")
    found = log(here)
    newest, older = (sum(len(s.lines) for s in entry.what.sites) for entry in found.entries[:2])
    monkeypatch.setattr(page_module, "MOST_LINES", newest + older - 1)
    text = page(load(here.data), found, None)
    assert text.count("9203/tcp ← 9202") == newest
    assert "9202/tcp ← 9201" not in text
    assert found.entries[1].what.verdict in text
