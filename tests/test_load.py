"""A data folder as a whole: what may be missing, and what its version depends on."""

import shutil
from pathlib import Path

import pytest

from generator.load import load
from generator.problems import DataError

from .conftest import CASES

TEAPOT = CASES / "good" / "teapot"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEAPOT, tmp_path / "teapot"))


def test_sources_and_pages_may_be_missing(folder: Path) -> None:
    shutil.rmtree(folder / "sources")
    shutil.rmtree(folder / "pages")
    atlas = load(folder)
    assert atlas.articles == ()
    assert atlas.pages == ()
    assert [file.path for file in atlas.files] == ["ports.yaml"]


def test_files_are_kept_as_they_stand(folder: Path) -> None:
    atlas = load(folder)
    assert {file.path: file.text for file in atlas.files} == {
        path: (TEAPOT / path).read_text(encoding="utf-8")
        for path in ("ports.yaml", "sources/leaflet.yaml")
    }


def test_the_version_is_of_the_content_not_of_the_layout(folder: Path) -> None:
    version = load(folder).version
    path = folder / "ports.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(f"\ufeff# A comment.\n{text}".replace("\n", "\r\n").encode())
    assert load(folder).version == version
    path.write_text(text.replace("Pours tea.", "Pours hot tea."), encoding="utf-8")
    assert load(folder).version != version


def test_the_version_is_of_pages_too(folder: Path) -> None:
    version = load(folder).version
    (folder / "pages" / "index.md").write_text("# Other\n", encoding="utf-8")
    assert load(folder).version != version


def test_places_are_those_of_the_file(folder: Path) -> None:
    port = load(folder).catalogue.ports["pot-tea"]
    assert str(port.place) == f"{folder / 'ports.yaml'}:12:3"
    assert str(port.initiators[0].place) == f"{folder / 'ports.yaml'}:19:9"


@pytest.mark.parametrize("name", ["ports.yaml", "sources/more.yaml", "pages/more.md"])
def test_a_folder_in_place_of_a_file_is_one_line(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    with pytest.raises(DataError) as caught:
        load(folder)
    assert str(caught.value) == f"{folder / name}:1:1: is a directory"


def test_no_folder_at_all_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        load(tmp_path / "nowhere")
    missing = tmp_path / "nowhere" / "ports.yaml"
    assert str(caught.value) == f"{missing}:1:1: no such file or directory"


def test_a_line_end_in_a_name_is_no_second_line(folder: Path) -> None:
    (folder / "sites").mkdir(exist_ok=True)
    (folder / "sites" / "a\nb.yaml").write_text("schema: 1\n", "utf-8")
    with pytest.raises(DataError) as caught:
        load(folder)
    (line,) = str(caught.value).splitlines()
    assert "sites/a\\u000ab.yaml:1:1: " in line
