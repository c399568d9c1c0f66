"""The way out: the same tree builds with the theme's successor, without a warning."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.site.browser import Browser, visiting
from tests.site.workspace import Workspace, served

from .conftest import run

pytestmark = pytest.mark.site


@pytest.fixture(scope="module")
def site(built: Workspace) -> Path:
    done = run(built.root, "zensical", "build", "--strict", "--config-file", "mkdocs-zensical.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout + done.stderr
    return built.root / "site-zensical"


class _Rows(HTMLParser):
    """Counts the rows of a page's tables."""

    rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.rows += tag == "tr"


def rows(page: Path) -> int:
    parser = _Rows()
    parser.feed(page.read_text("utf-8"))
    return parser.rows


def test_every_page_is_there_with_all_rows_of_its_tables(built: Workspace, site: Path) -> None:
    pages = sorted(path.relative_to(built.site) for path in built.site.rglob("index.html"))
    assert len(pages) > 40
    assert sorted(path.relative_to(site) for path in site.rglob("index.html")) == pages
    for page in pages:
        assert rows(site / page) == rows(built.site / page), page
    assert "There is no such page" in (site / "404.html").read_text("utf-8")
    for folder, suffix in (("diagrams", "svg"), ("api", "json"), ("schema", "json")):
        names = [
            path.relative_to(built.site) for path in (built.site / folder).rglob(f"*.{suffix}")
        ]
        assert names
        assert all((site / name).read_bytes() == (built.site / name).read_bytes() for name in names)


def test_its_search_knows_every_port(site: Path) -> None:
    index = json.loads((site / "search.json").read_text("utf-8"))
    found = json.dumps(index)
    for page in (site / "ports").iterdir():
        if page.is_dir():
            assert f"ports/{page.name}/" in found


@pytest.mark.browser
def test_it_looks_like_the_site(chromium: Browser, site: Path) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    with served(site) as address, visiting(context, address) as visit:
        page = visit.open("/")
        assert page.locator(".atlas-diagram svg").is_visible()
        assert page.get_by_role("heading", level=1).is_visible()
        page.get_by_role("button", name="Enlarge").click()
        expect(page.locator(".atlas-window")).to_be_visible()
        page.keyboard.press("Escape")
        page = visit.open("/ports/")
        assert page.locator("tbody tr").count() > 30
        family = "getComputedStyle(document.querySelector('.md-typeset')).fontFamily"
        assert "Inter" in page.evaluate(family)
        assert visit.complaints == []
    context.close()
