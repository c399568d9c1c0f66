"""`publish` owns what it wrote, and nothing else."""

import json
import re
from functools import partial
from pathlib import Path

import pytest

from generator import publish as publisher
from generator.publish import MANIFEST, Published, PublishError

from ..site.workspace import snapshot

publish = partial(publisher.publish, maker="build")

FIRST = {"index.md": "home\n", "ports/22/index.md": "22\n", "api/v1/ports.json": "{}\n"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder with a page by hand and a first publication."""
    folder = tmp_path / "docs"
    (folder / "ports").mkdir(parents=True)
    (folder / "ports" / "own.md").write_text("mine\n", encoding="utf-8")
    assert publish(folder, FIRST) == Published(3, 0, 0)
    return folder


def listed(out: Path) -> list[str]:
    return list(json.loads((out / MANIFEST).read_text("utf-8"))["files"])


def test_a_manifest_lists_what_was_written(out: Path) -> None:
    assert listed(out) == sorted(FIRST)
    assert set(snapshot(out)) == {*FIRST, "ports/own.md", MANIFEST}


def test_only_changed_files_are_written(out: Path) -> None:
    before = snapshot(out)
    assert publish(out, FIRST) == Published(0, 3, 0)
    assert snapshot(out) == before
    assert publish(out, {**FIRST, "index.md": "new\n"}) == Published(1, 2, 0)
    after = snapshot(out)
    assert {path for path in after if after[path] != before[path]} == {"index.md"}


def test_a_file_that_is_lost_or_edited_is_written_again(out: Path) -> None:
    (out / "index.md").unlink()
    (out / "ports/22/index.md").write_text("edited\n", encoding="utf-8")
    assert publish(out, FIRST) == Published(2, 1, 0)
    assert (out / "ports/22/index.md").read_text("utf-8") == "22\n"


def test_stale_files_go_with_their_empty_folders(out: Path) -> None:
    kept = {"index.md": FIRST["index.md"]}
    assert publish(out, kept) == Published(0, 1, 2)
    assert set(snapshot(out)) == {"index.md", "ports/own.md", MANIFEST}
    assert not (out / "api").exists()
    assert not (out / "ports/22").exists()
    assert listed(out) == ["index.md"]


def test_a_stale_file_that_is_gone_already_is_no_error(out: Path) -> None:
    (out / "ports/22/index.md").unlink()
    assert publish(out, {}) == Published(0, 0, 3)


@pytest.mark.parametrize("foreign", ["ports/own.md", "ports/own.md/index.md"])
def test_a_file_of_somebody_else_is_refused_and_nothing_written(out: Path, foreign: str) -> None:
    before = snapshot(out)
    with pytest.raises(PublishError) as caught:
        publish(out, {"index.md": "new\n", "aaa.md": "new\n", foreign: "ours\n"})
    assert "own.md" in str(caught.value)
    assert snapshot(out) == before


def test_a_foreign_file_with_just_the_wanted_content_becomes_ours(out: Path) -> None:
    """As after a manifest was lost: the same bytes harm nobody."""
    assert publish(out, {**FIRST, "ports/own.md": "mine\n"}) == Published(0, 4, 0)
    assert "ports/own.md" in listed(out)


def test_a_file_that_became_a_folder(out: Path) -> None:
    assert publish(out, {"page": "x\n"}) == Published(1, 0, 3)
    assert publish(out, {"page/index.md": "x\n"}) == Published(1, 0, 1)
    assert set(snapshot(out)) == {"page/index.md", "ports/own.md", MANIFEST}


def test_a_folder_in_the_way_is_refused(out: Path) -> None:
    before = snapshot(out)
    with pytest.raises(PublishError, match="docs/ports: not written by portatlas"):
        publish(out, {"aaa.md": "new\n", "ports": "x\n"})
    assert snapshot(out) == before


def test_a_lost_manifest_is_made_again(out: Path) -> None:
    (out / MANIFEST).unlink()
    assert publish(out, FIRST) == Published(0, 3, 0)
    assert listed(out) == sorted(FIRST)


CORRUPT = {
    "no JSON": "{",
    "a list": "[]",
    "no files": '{"schema": 1}',
    "files are a number": '{"files": 3}',
    "no UTF-8": b"\xff",
    "above": '{"files": ["../own.md"]}',
    "above, within": '{"files": ["ports/../../own.md"]}',
    "from the root": '{"files": ["/etc/own.md"]}',
    "on another drive": '{"files": ["\\\\\\\\server\\\\own.md"]}',
    "no text": '{"files": [3]}',
}


@pytest.mark.parametrize("content", CORRUPT.values(), ids=CORRUPT)
def test_a_corrupt_manifest_is_refused(out: Path, content: str | bytes) -> None:
    stranger = out.parent / "own.md"
    stranger.write_text("mine\n", encoding="utf-8")
    raw = content if isinstance(content, bytes) else content.encode()
    (out / MANIFEST).write_bytes(raw)
    before = snapshot(out.parent)
    with pytest.raises(PublishError, match=re.escape(f"{out / MANIFEST}: ")):
        publish(out, {"index.md": "new\n"})
    assert snapshot(out.parent) == before


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    out = tmp_path / "docs"
    out.write_text("a file, no folder\n", encoding="utf-8")
    with pytest.raises(PublishError) as caught:
        publish(out, FIRST)
    assert str(caught.value).startswith(str(out))
    assert out.read_text("utf-8") == "a file, no folder\n"


def test_a_folder_has_one_maker(tmp_path: Path) -> None:
    publish(tmp_path, FIRST)
    with pytest.raises(PublishError, match="has what `portatlas build` made"):
        publisher.publish(tmp_path, {"index.html": "x\n"}, maker="diff")
    assert publish(tmp_path, FIRST) == Published(0, 3, 0)


def test_a_data_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "ports.yaml").write_text("schema: 1\n", encoding="utf-8")
    with pytest.raises(PublishError, match="is a data folder"):
        publish(tmp_path, FIRST)
    assert [path.name for path in tmp_path.iterdir()] == ["ports.yaml"]


@pytest.mark.parametrize("below", ["sites", "pages/guide", "observed"])
def test_so_does_what_is_read_of_it(tmp_path: Path, below: str) -> None:
    (tmp_path / "ports.yaml").write_text("schema: 1\n", encoding="utf-8")
    with pytest.raises(PublishError, match="is a data folder"):
        publish(tmp_path / below, FIRST)
    assert [path.name for path in tmp_path.iterdir()] == ["ports.yaml"]
    assert publish(tmp_path / "docs", FIRST) == Published(3, 0, 0)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine\n", encoding="utf-8")
    with pytest.raises(PublishError, match="notes: is no folder"):
        publish(tmp_path / "notes", FIRST)
