"""A site whose every text is an attack: its pages, diagrams, tables and documents."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from generator.load import load
from generator.problems import DataError

from ..render.html import collapsed
from ..render.values import HOSTILE
from ..site import links
from ..site.browser import Browser, visiting
from ..site.test_hostile import ELEMENTS, LOOKALIKES, PUNCTUATION, attacks, pages, write
from ..site.workspace import TINY, Workspace, lighthouse, served

pytestmark = pytest.mark.site

FORMULAS = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)")


def site(attack: Iterator[str]) -> Any:
    """Return a site of the made-up product with an attack in the place of every text."""
    return {
        "schema": 1,
        "title": next(attack),
        "description": next(attack),
        "release": "2.0",
        "illustrative": True,
        "segments": {
            "rock": {"title": next(attack), "networks": ["10.0.0.0/24"]},
            "shore": {"title": next(attack), "networks": ["10.0.1.0/24"], "zone": "rock"},
            "isle": {"title": next(attack)},
        },
        "hosts": {
            "lamps": {
                "name": "lamp[1:2].example.com",
                "segment": "rock",
                "roles": ["lamp", "clockwork"],
                "labels": {"os": next(attack), "rack": next(attack)},
            },
            "horn": {"segment": "shore", "roles": ["horn"], "labels": {"os": next(attack)}},
            "keepers": {"network": "10.0.1.0/25", "segment": "shore", "roles": ["keeper"]},
            "lost": {"segment": "isle", "roles": ["horn"], "labels": {"os": next(attack)}},
        },
        "must_not": {
            "no-keeper": {
                "from": {"group": "keepers"},
                "to": {"group": "lamps"},
                "why": next(attack),
            },
        },
        "waivers": [
            {
                "rule": "clear-text",
                "what": "horn-radio:lamps.lamp>horn.horn",
                "reason": next(attack),
                "owner": next(attack),
                "expires": "2027-06-30",
            },
            {
                "rule": "beside",
                "what": next(attack),
                "reason": next(attack),
                "owner": next(attack),
                "expires": "2027-06-30",
            },
        ],
    }


SITES = 5


def data() -> dict[str, Any]:
    """Return sites enough for every attack to come first in some text."""
    attack = attacks()
    return {f"site-{number}": site(attack) for number in range(SITES)}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = lighthouse(tmp_path_factory.mktemp("hostile-sites"))
    for name, entry in data().items():
        write(workspace.data / "sites" / f"{name}.yaml", entry)
    with workspace.config.open("a", encoding="utf-8") as config:
        config.write("  - Sites: sites/index.md\n")
    workspace.build()
    workspace.mkdocs()
    return workspace


def test_it_is_hostile() -> None:
    written = json.dumps(data(), ensure_ascii=False)
    assert [a for a in PUNCTUATION if json.dumps(a, ensure_ascii=False)[1:-1] not in written] == []


def test_every_link_leads_somewhere(hostile: Workspace) -> None:
    assert links.problems(hostile.site) == []


def test_the_documents_have_the_texts_and_are_sound(hostile: Workspace) -> None:
    for name, entry in data().items():
        found = hostile.json(f"api/v1/sites/{name}.json")
        assert found["title"] == entry["title"]
        rules = {finding["rule"] for finding in found["findings"]}
        assert {"must-not", "waiver-unused"} <= rules
        messages = " ".join(finding["message"] for finding in found["findings"])
        # A finding is one line, whatever was written.
        assert " ".join(entry["must_not"]["no-keeper"]["why"].split()) in messages
        assert " ".join(entry["waivers"][1]["what"].split()) in messages


def test_no_document_can_leave_a_script_element(hostile: Workspace) -> None:
    """JSON that a page has in it would end at `</script>`; what is served alone may say it."""
    for path in hostile.site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "<script>alert" not in text, path
        assert '<img src="x"' not in text, path
        assert "<img src=x" not in text, path


def test_no_drawing_has_an_element_of_the_data(hostile: Workspace) -> None:
    """Every drawing is well-formed, runs nothing, and shows the titles as they are."""
    drawn = sorted((hostile.docs / "assets").rglob("*site-*.svg")) or sorted(
        hostile.docs.rglob("*site-*.svg")
    )
    assert len(drawn) >= SITES
    shown = ""
    for path in drawn:
        root = ElementTree.fromstring(path.read_text("utf-8"))
        for element in root.iter():
            tag = str(element.tag).rpartition("}")[2]
            assert tag not in ("script", "foreignObject", "image", "use", "iframe"), path
            for attribute, value in element.attrib.items():
                assert not attribute.lower().startswith("on"), path
                if attribute.rpartition("}")[2] == "href":
                    assert not value.strip().lower().startswith(("javascript:", "data:")), path
            shown += collapsed("".join(element.itertext())) + "\n"
    for entry in data().values():
        assert collapsed(entry["segments"]["rock"]["title"])[:20] in shown


def test_no_table_runs_a_formula(hostile: Workspace, tmp_path: Path) -> None:
    for path in hostile.docs.rglob("flows.csv"):
        for row in csv.reader(io.StringIO(path.read_text("utf-8"), newline="")):
            assert len(row) == 16
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_of_the_catalogue_is_defused(formula: str, tmp_path: Path) -> None:
    """The texts of a flow's row are the catalogue's."""
    workspace = lighthouse(tmp_path / "w")
    ports = (TINY / "data" / "ports.yaml").read_text("utf-8")
    changed = ports.replace("why: looks after the lamp", f"why: {json.dumps(formula)}")
    assert changed != ports
    (workspace.data / "ports.yaml").write_text(changed, "utf-8")
    write(workspace.data / "sites" / "reef.yaml", site(attacks()))
    done = workspace.portatlas("flows", "reef", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    cells = [cell for row in csv.reader(io.StringIO(done.stdout)) for cell in row]
    assert f"'{formula}" in cells
    assert formula not in cells


@pytest.mark.parametrize("mark", ["\u202e", "\u200f", "\u2066", "\u200b", "\0", "\ufeff", "\x1b"])
@pytest.mark.parametrize("where", ["title", "description"])
def test_what_turns_text_around_is_refused(mark: str, where: str, tmp_path: Path) -> None:
    """Also where it is written as an escape: a reader of the page would not see it."""
    workspace = lighthouse(tmp_path / "w")
    entry = site(attacks()) | {where: f"a{mark}b"}
    path = workspace.data / "sites" / "reef.yaml"
    path.parent.mkdir()
    path.write_text(json.dumps(entry, indent=1), "utf-8")
    with pytest.raises(DataError) as caught:
        load(workspace.data)
    (problem,) = caught.value.problems
    assert f"U+{ord(mark):04X}" in problem.message
    assert mark not in str(problem)


def test_messages_show_nothing_raw(tmp_path: Path) -> None:
    """A wrong value in a message is on one line, and short."""
    workspace = lighthouse(tmp_path / "w")
    for value in HOSTILE:
        entry = site(attacks())
        entry["hosts"]["horn"]["roles"] = [value or "x"]
        write(workspace.data / "sites" / "reef.yaml", entry)
        done = workspace.data
        with pytest.raises(DataError) as caught:
            load(done)
        for problem in caught.value.problems:
            assert len(str(problem).splitlines()) == 1
            assert len(problem.message) < 400


@pytest.mark.browser
def test_a_browser_shows_it_as_text(hostile: Workspace, chromium: Browser) -> None:
    nothing = {
        "handlers": [], "scripts": 0, "images": 0, "targets": [], "ragged": 0, "marks": [],
    }  # fmt: skip
    own = [path for path in pages(hostile) if path.startswith("/sites/")]
    assert len(own) == SITES + 1
    with (
        served(hostile.site) as address,
        chromium.new_context() as context,
        visiting(context, address) as visit,
    ):
        for path in own:
            page = visit.open(path)
            assert page.evaluate(ELEMENTS) == nothing, path
            assert visit.complaints == [], path
            article = collapsed(page.locator("article").inner_text())
            name = path.strip("/").partition("/")[2]
            if name.endswith("/check"):
                continue  # the script's text; that it is shown as such was just looked at
            if name:
                entry = data()[name]
                heading = page.locator("h1").inner_text().removesuffix("¶").strip()
                assert collapsed(heading) == collapsed(entry["title"])
                shown = collapsed(page.title()).removesuffix(" - Lighthouse ports")
                assert shown == collapsed(entry["title"]).translate(LOOKALIKES)
                for text in (
                    entry["description"],
                    entry["segments"]["rock"]["title"],
                    entry["must_not"]["no-keeper"]["why"],
                    entry["waivers"][0]["reason"],
                    entry["waivers"][0]["owner"],
                    entry["waivers"][1]["what"],
                ):
                    assert collapsed(text) in article, path
            else:
                for entry in data().values():
                    assert collapsed(entry["title"]) in article
