"""`portatlas build`: the same bytes for the same data, nothing written in vain or by halves."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from .workspace import MANIFEST, Workspace, lighthouse, product, snapshot

pytestmark = pytest.mark.site


@pytest.fixture
def workspace(tmp_path: Path, built: Workspace) -> Workspace:
    """A copy of the real product that was built once, without its site."""
    made = product(tmp_path / "copy")
    shutil.rmtree(made.docs)
    shutil.copytree(built.docs, made.docs)
    shutil.copytree(built.root / ".cache", made.root / ".cache")
    return made


def edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before, "the edit changes nothing"
    path.write_text(after, encoding="utf-8")


# ---- the same bytes -------------------------------------------------------------------------


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    trees = []
    for seed in ("1", "2"):
        workspace = product(tmp_path / seed)
        workspace.build(PYTHONHASHSEED=seed, TZ=f"UTC-{seed}", LC_ALL="C")
        trees.append({path: content for path, (content, _) in snapshot(workspace.docs).items()})
    assert len([path for path in trees[0] if path.endswith(".svg")]) > 15
    assert trees[0] == trees[1]


def test_nothing_names_the_folder_or_the_day(built: Workspace) -> None:
    for path, content in built.generated().items():
        assert str(built.root).encode() not in content, path


def test_nothing_changed_rewrites_nothing(workspace: Workspace) -> None:
    before = snapshot(workspace.docs)
    assert MANIFEST in before
    done = workspace.portatlas("build")
    count = len(workspace.generated())
    assert done.stdout == f"docs: 0 written, {count} unchanged, 0 removed\n"
    assert snapshot(workspace.docs) == before


def reversed_keys(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: reversed_keys(value) for key, value in reversed(data.items())}
    return [reversed_keys(value) for value in data] if isinstance(data, list) else data


def shift_lines(workspace: Workspace) -> dict[str, bytes]:
    """Return what was generated, without the data's own pages and the line numbers into them."""
    return {
        path: re.sub(rb"line \d+\]\(([^)#]*)#L\d+\)", rb"line N](\1#LN)", content)
        for path, content in workspace.generated().items()
        if not path.startswith("data/")
    }


def test_the_order_of_keys_does_not_matter(workspace: Workspace) -> None:
    before, listed = shift_lines(workspace), set(workspace.generated())

    def reverse(text: str) -> str:
        data = reversed_keys(yaml.safe_load(text))
        assert list(data)[-1] == "schema"
        dumped = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=90)
        assert isinstance(dumped, str)
        return dumped

    edit(workspace.data / "ports.yaml", reverse)
    workspace.build()
    after = shift_lines(workspace)
    assert [path for path in before if after.get(path) != before[path]] == []
    assert set(workspace.generated()) == listed


def test_comments_are_no_content(workspace: Workspace) -> None:
    before = workspace.json("api/v1/version.json")
    edit(workspace.data / "ports.yaml", lambda text: f"# Only a remark.\n\n{text}\n# And one.\n")
    workspace.build()
    assert workspace.json("api/v1/version.json") == before
    assert b"Only a remark." in workspace.generated()["data/ports/index.md"]


def test_content_changes_the_version(workspace: Workspace) -> None:
    before = workspace.json("api/v1/version.json")
    edit(workspace.data / "ports.yaml", lambda text: text.replace("The server's API", "An API", 1))
    workspace.build()
    assert workspace.json("api/v1/version.json")["data"] != before["data"]


# ---- one number -----------------------------------------------------------------------------


def test_one_changed_number_is_changed_everywhere(workspace: Workspace) -> None:
    """8443 → 8444. The article's rows about it are corrected ones already, so the data is sound."""
    old, new = "8443", "8444"
    edit(workspace.data / "ports.yaml", lambda t: t.replace(f"numbers: {old}", f"numbers: {new}"))
    for page in workspace.data.rglob("*.md"):  # prose links to the page of the old number
        page.write_text(page.read_text("utf-8").replace(f"/{old}/", f"/{new}/"), "utf-8")
    workspace.build()
    tree = workspace.generated()

    assert f"ports/{old}/index.md" not in tree
    assert not (workspace.docs / "ports" / old).exists()
    assert f"# Port {new}/tcp".encode() in tree[f"ports/{new}/index.md"]
    port = next(
        p for p in workspace.json("api/v1/ports.json")["ports"] if p["id"] == "cd-server-https"
    )
    assert (port["numbers"], port["url"]) == (new, f"/ports/{new}/")
    link = f"[{new}](../../ports/{new}/index.md#cd-server-https)".encode()
    for path in (
        "components/cd-server/index.md",
        "components/agent/index.md",
        "roles/server/index.md",
        "roles/client/index.md",
    ):
        assert link in tree[path], path
    assert f"[{new}]({new}/index.md#cd-server-https)".encode() in tree["ports/index.md"]
    for name in ("overview", "everything", "cd-server", "agent", "ectool", "web-server"):
        drawing = tree[f"diagrams/{name}.svg"].decode()
        assert re.search(rf"\b{new}\b", drawing), name
        assert not re.search(rf"\b{old}\b", drawing), name
    for path, content in tree.items():
        assert f"ports/{old}/".encode() not in content, path
    workspace.mkdocs()


def test_a_number_that_the_article_printed_is_not_changed_in_one_place(
    workspace: Workspace,
) -> None:
    edit(workspace.data / "ports.yaml", lambda t: t.replace("numbers: 8000", "numbers: 8001"))
    done = workspace.portatlas("build")
    assert done.returncode == 2
    assert '"cd-server-http" is 8001, not 8000 as printed' in done.stderr


# ---- wrong data -----------------------------------------------------------------------------


def test_wrong_data_leaves_the_last_good_output(workspace: Workspace) -> None:
    before = snapshot(workspace.docs)

    def break_twice(text: str) -> str:
        return text.replace("numbers: 8443", "numbers: 99999").replace("kind: person", "kind: man")

    edit(workspace.data / "ports.yaml", break_twice)
    done = workspace.portatlas("build")
    assert done.returncode == 2
    assert done.stdout == ""
    *lines, last = done.stderr.splitlines()
    assert len(lines) == 3
    assert all(re.match(r"data/ports\.yaml:\d+:\d+: \S", line) for line in lines), done.stderr
    assert last == "3 problems; nothing was written"
    assert snapshot(workspace.docs) == before


def test_wrong_data_in_a_fresh_folder_writes_nothing(tmp_path: Path) -> None:
    workspace = lighthouse(tmp_path)
    before = snapshot(workspace.docs)
    edit(workspace.data / "ports.yaml", lambda text: text + "\t- what\n")
    done = workspace.portatlas("build")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 2
    assert snapshot(workspace.docs) == before


def test_a_file_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    workspace = lighthouse(tmp_path)
    own = workspace.docs / "index.md"
    own.write_text("mine\n", encoding="utf-8")
    before = snapshot(workspace.docs)
    done = workspace.portatlas("build")
    assert done.returncode == 2
    assert done.stderr == "docs/index.md: not written by portatlas; move it away first\n"
    assert snapshot(workspace.docs) == before


# ---- documents for programs -----------------------------------------------------------------

PORT = {
    "id", "numbers", "transport", "service", "listener", "initiators", "encryption",
    "requirement", "condition", "scope", "since", "until", "alternative_to", "url",
}  # fmt: skip
ROW = {"table", "row", "cells", "verdict", "ports", "reason", "source"}


@pytest.mark.parametrize("name", ["version", "ports", "components", "article"])
def test_a_document_is_valid_against_its_published_schema(built: Workspace, name: str) -> None:
    schema = built.json(f"schema/api-{name}.json")
    document = built.json(f"api/v1/{name}.json")
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert [str(error) for error in validator.iter_errors(document)] == []
    assert document["schema"] == 1
    assert not validator.is_valid({**document, "schema": 2})
    assert not validator.is_valid({"schema": 1})


def test_documents_keep_the_contract(built: Workspace) -> None:
    """The keys that others rely on; more are welcome, and absent values are null."""
    ports = built.json("api/v1/ports.json")["ports"]
    assert len({port["id"] for port in ports}) == len(ports) > 30
    for port in ports:
        assert set(port) >= PORT
        assert set(port["encryption"]) >= {"default", "configurable"}
        assert all(set(initiator) >= {"component", "reach"} for initiator in port["initiators"])
    assert {port["condition"] for port in ports} > {None}
    rows = built.json("api/v1/article.json")["rows"]
    assert len(rows) == 38
    assert all(set(row) >= ROW for row in rows)
    assert [row["row"] for row in rows] == [*range(1, 28), *range(1, 12)]
    assert [row["table"] for row in rows] == [1] * 27 + [2] * 11
    assert set(built.json("api/v1/version.json")) >= {"schema", "data"}
    components = built.json("api/v1/components.json")["components"]
    assert {name for component in components for name in component["serves"]} == {
        port["id"] for port in ports
    }


def test_documents_are_published_as_they_are(built: Workspace) -> None:
    for path, content in built.generated().items():
        if path.endswith((".json", ".svg")):
            assert (built.site / path).read_bytes() == content, path
