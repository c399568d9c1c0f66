"""Every link and anchor of the built site exists, and nothing is loaded from elsewhere."""

from pathlib import Path

import pytest

from . import links
from .workspace import Workspace

pytestmark = pytest.mark.site


def test_everything_leads_somewhere(built: Workspace) -> None:
    assert links.problems(built.site) == []


def test_the_walk_sees_every_kind_of_file(built: Workspace) -> None:
    pages = list(built.site.rglob("*.html"))
    drawings = list((built.site / "diagrams").glob("*.svg"))
    assert len(pages) > 60
    assert sum(len(links.html(page).links) for page in pages) > 3000
    assert len(drawings) > 15
    for drawing in drawings:
        assert links.svg(drawing).links, drawing.name
        assert all(
            link.partition("#")[0].endswith("/index.html") for link in links.svg(drawing).links
        )
    for name in ("ports", "components"):
        urls = list(links.urls(built.json(f"api/v1/{name}.json")))
        assert len(urls) == len(built.json(f"api/v1/{name}.json")[name])


BROKEN = {
    "page": ('<a href="other/">x</a>', "index.html: other/ leads nowhere"),
    "file": ('<a href="other/index.html">x</a>', "index.html: other/index.html leads nowhere"),
    "anchor": ('<a href="#there">x</a>', "index.html: #there has no such anchor"),
    "anchor elsewhere": (
        '<a href="page/#there">x</a>',
        "index.html: page/#there has no such anchor",
    ),
    "script link": ('<a href="javascript:x()">x</a>', "index.html: javascript:x() is no link"),
    "asset": ('<img src="a.png">', "index.html: a.png is missing"),
    "foreign script": (
        '<script src="//cdn.example.com/x.js"></script>',
        "index.html: //cdn.example.com/x.js is loaded from elsewhere",
    ),
    "foreign style": (
        '<link rel="stylesheet" href="https://example.com/a.css">',
        "index.html: https://example.com/a.css is loaded from elsewhere",
    ),
    "foreign in a style": (
        '<p style="background: url(https://example.com/a.png)">',
        "index.html: https://example.com/a.png is loaded from elsewhere",
    ),
    "id twice": ('<p id="a"></p><p id="a"></p>', "index.html: 2 times #a"),
}


@pytest.mark.parametrize(("markup", "problem"), BROKEN.values(), ids=BROKEN)
def test_the_walk_finds_what_is_broken(tmp_path: Path, markup: str, problem: str) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").write_text("<p id='here'><a href='../#top'>up</a>")
    (tmp_path / "index.html").write_text(f"<p id='top'><a href='page/#here'>x</a>{markup}")
    assert links.problems(tmp_path) == [problem]


def test_the_walk_finds_what_is_broken_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("@font-face { src: url('fonts/no.woff2') }")
    (tmp_path / "diagrams").mkdir()
    (tmp_path / "diagrams" / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">'
        '<a x:href="../no/index.html"/><image href="https://example.com/a.png"/></svg>'
    )
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "a.json").write_text('{"a": [{"url": "/no/"}, {"url": "a.css"}]}')
    assert links.problems(tmp_path) == [
        "a.css: fonts/no.woff2 is missing",
        "api/a.json: /no/ leads nowhere",
        "api/a.json: a.css is not an address within the site",
        "api/a.json: a.css leads nowhere",
        "diagrams/a.svg: ../no/index.html leads nowhere",
        "diagrams/a.svg: https://example.com/a.png is loaded from elsewhere",
    ]
