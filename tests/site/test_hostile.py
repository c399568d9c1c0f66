"""A product whose every text is an attack: built, strictly, and opened in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..browser.searching import search
from ..render.html import collapsed
from ..render.values import HOSTILE
from . import links
from .browser import Browser, visiting
from .workspace import TINY, Workspace, lighthouse, served

pytestmark = pytest.mark.site

TEXTS = {"title", "description", "purpose", "why", "says", "note", "idle_timeout", "name"}
LISTS = {"aliases", "notes"}
LOOKALIKES = str.maketrans({"<": "\u2039", ">": "\u203a", '"': "\u201d"})
PUNCTUATION = [value for value in HOSTILE if value.strip()]


def attacks() -> Iterator[str]:
    """Yield values without end, no two alike, each hostile one first in its turn."""
    count = len(PUNCTUATION)
    for n in range(100 * count):
        yield "\n".join(PUNCTUATION[(n + step) % count] for step in (0, 7, 19)) + f" #{n}"


def poisoned(data: Any, attack: Iterator[str], key: str = "") -> Any:
    """Put an attack in the place of every text."""
    if isinstance(data, dict):
        return {name: poisoned(value, attack, name) for name, value in data.items()}
    if isinstance(data, list):
        return [poisoned(value, attack, key if key in LISTS else "") for value in data]
    return next(attack) if key in TEXTS | LISTS else data


def catalogue() -> Any:
    """Return the made-up product with something in every field that it leaves empty."""
    data = yaml.safe_load((TINY / "data" / "ports.yaml").read_text("utf-8"))
    console = data["ports"]["lamp-https"]
    console |= {
        "feature": "fog",
        "notes": ["x", "y"],
        "session": {"long_lived": True, "idle_timeout": "x"},
    }
    console["change"].append({"kind": "command", "name": "x", "note": "x"})
    data["features"] = {"fog": {"title": "x", "description": "x"}}
    data["constraints"] = {
        "rule": {
            "title": "x",
            "why": "x",
            "check": {"beside": {"components": ["clockwork"], "needs": "lamp"}},
            "evidence": [{"source": ["LOGBOOK"], "says": "x", "confidence": "confirmed"}],
        }
    }
    attack = attacks()
    data = poisoned(data, attack)
    data["components"]["horn"]["family"] = next(attack)
    data["sources"]["LOGBOOK"]["url"] = "https://example.com/|'()`[x]{:onclick=x}?a=&lt;b&c=*_*"
    return data


ARTICLE = {
    "schema": 1,
    "title": "x",
    "source": "LOGBOOK",
    "tables": [
        {
            "title": "x",
            "columns": ["Port", "Words", "More", "And more"],
            "rows": [
                {
                    "cells": ["4713", "|", "</td></table><script>alert(1)</script>", "`{{ x }}"],
                    "verdict": "as-printed",
                    "ports": ["horn-wire"],
                },
                {
                    "cells": ["4799", "[x](javascript:alert(1))", "{: onclick=x }"],
                    "verdict": "rejected",
                    "ports": [],
                    "reason": "x | <img src=x onerror=alert(1)> ` {: onclick=x }",
                    "source": "HEARSAY",
                },
            ],
        }
    ],
}


@pytest.fixture(scope="module")
def data() -> Any:
    return catalogue()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, data: Any) -> Workspace:
    workspace = lighthouse(tmp_path_factory.mktemp("hostile"))
    write(workspace.data / "ports.yaml", data)
    write(workspace.data / "sources" / "leaflet.yaml", poisoned(ARTICLE, attacks()))
    with workspace.config.open("a", encoding="utf-8") as config:
        config.write("  - Sources: sources/index.md\n")
    workspace.build()
    workspace.mkdocs()
    return workspace


def write(path: Path, data: Any) -> None:
    """Write JSON, which is YAML with everything in double quotes."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")


def pages(workspace: Workspace) -> list[str]:
    """Return the address of every page, the hand-written guide left out."""
    found = (path.parent.relative_to(workspace.site) for path in workspace.site.rglob("index.html"))
    every = sorted(f"/{path.as_posix()}/".replace("/./", "/") for path in found)
    return [path for path in every if not path.startswith("/guide/")]


def test_it_is_hostile(data: Any) -> None:
    """Every attack is somewhere in the data."""
    written = json.dumps(data, ensure_ascii=False)
    assert [a for a in PUNCTUATION if json.dumps(a, ensure_ascii=False)[1:-1] not in written] == []


def test_every_link_leads_somewhere(hostile: Workspace) -> None:
    assert links.problems(hostile.site) == []


def test_no_page_has_an_element_of_the_data(hostile: Workspace, data: Any) -> None:
    for path in hostile.site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
        assert '<img src="x"' not in text, path
    url = data["sources"]["LOGBOOK"]["url"]
    found = links.html(hostile.site / "ports/4711/index.html").links
    assert url in found


ELEMENTS = """() => ({
  handlers: [...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())
    .filter(name => name.startsWith('on')),
  scripts: [...document.scripts].filter(s => s.textContent.includes('alert')).length,
  images: document.querySelectorAll('img[src="x"], img[src="y.png"]').length,
  targets: [...document.querySelectorAll('[href]')]
    .map(a => String(a.getAttribute('href'))).filter(h => /^\\s*javascript:/i.test(h)),
  ragged: [...document.querySelectorAll('table')]
    .filter(t => new Set([...t.rows].map(r => r.cells.length)).size > 1).length,
  marks: [...document.querySelectorAll('article :is(em, s, del, sub, sup, hr, h4, h5, blockquote)')]
    .filter(e => /^x?$|^x |alert/.test(e.textContent.trim())).map(e => e.outerHTML),
})"""


@pytest.mark.browser
def test_a_browser_shows_it_as_text(hostile: Workspace, data: Any, chromium: Browser) -> None:
    nothing = {
        "handlers": [], "scripts": 0, "images": 0, "targets": [], "ragged": 0, "marks": [],
    }  # fmt: skip
    with (
        served(hostile.site) as address,
        chromium.new_context() as context,
        visiting(context, address) as visit,
    ):
        every = pages(hostile)
        assert len(every) >= 17
        for path in every:
            page = visit.open(path)
            found = page.evaluate(ELEMENTS)
            assert found == nothing, path
            assert visit.complaints == [], path
            kind, _, name = path.strip("/").partition("/")
            if kind == "components" and name:
                entry = data["components"][name]
                title = collapsed(entry["title"])
                heading = page.locator("h1").inner_text().removesuffix("¶").strip()
                assert collapsed(heading) == title
                shown = collapsed(page.title()).removesuffix(" - Lighthouse ports")
                assert shown == title.translate(LOOKALIKES)
                description = page.locator('meta[name="description"]').get_attribute("content")
                assert collapsed(description or "") == collapsed(entry["description"])
                assert collapsed(entry["description"]) in collapsed(
                    page.locator("article").inner_text()
                )


@pytest.mark.browser
def test_the_search_shows_it_as_text(hostile: Workspace, chromium: Browser) -> None:
    with (
        served(hostile.site) as address,
        chromium.new_context() as context,
        visiting(context, address) as visit,
    ):
        page = visit.open("/")
        for query in ("4711", "script", "alert", "onclick"):
            search(page, query)
            page.locator(".md-search-result__item", has_text=query).first.wait_for()
            found = page.evaluate(ELEMENTS)
            assert (found["handlers"], found["scripts"], found["images"]) == ([], 0, 0), query
            assert found["targets"] == []
        assert visit.complaints == []
