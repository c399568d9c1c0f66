"""The offline edition: one zip, the same bytes always, that works from disk."""

import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from generator.offline import inline, pack
from tests.browser.searching import search
from tests.site.browser import Browser, Visit
from tests.site.workspace import Workspace

from .conftest import run

pytestmark = pytest.mark.site


@pytest.fixture(scope="module")
def archive(built: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    done = run(built.root, "mkdocs", "build", "--strict", "--config-file", "mkdocs-offline.yml")
    assert done.returncode == 0, done.stderr
    out = tmp_path_factory.mktemp("offline") / "site-offline.zip"
    assert run(built.root, "generator.offline", "site-offline", str(out)).returncode == 0
    return out


@pytest.fixture(scope="module")
def unpacked(archive: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(archive.parent / "a folder with blanks")
    return archive.parent / "a folder with blanks" / "site-offline"


def test_it_is_the_same_bytes_on_every_day(built: Workspace, archive: Path) -> None:
    folder = built.root / "site-offline"
    for path in folder.rglob("*"):
        path.touch()
    again = archive.with_name("again") / archive.name
    again.parent.mkdir()
    pack(folder, again)
    assert again.read_bytes() == archive.read_bytes()
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
    assert names == sorted(names)
    assert all(name.startswith("site-offline/") for name in names)
    assert archive.stat().st_size < 5_000_000


def test_a_drawing_takes_the_place_of_its_picture() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<a xlink:href="../ports/1/index.html"><text>one</text></a></svg>'
    )
    page = (
        '<p><a href="../../diagrams/a.svg"><img alt="A &lt; B" src="../../diagrams/a.svg"></a></p>'
    )
    shown = inline("components/x/index.html", page, {"diagrams/a.svg": svg}.__getitem__)
    assert (
        '<span class="atlas-inline" data-title="A &lt; B" data-file="../../diagrams/a.svg">'
        in shown
    )
    assert 'href="../../ports/1/index.html"' in shown
    assert "<img" not in shown


@pytest.fixture
def visit(chromium: Browser, unpacked: Path) -> Visit:
    """A page from disk that writes down whatever goes wrong, and every request that leaves it."""
    page = chromium.new_page()
    page.set_default_timeout(10_000)
    made = Visit(page, unpacked.as_uri())
    page.on("console", made.console)
    page.on("request", made.request)
    page.on("pageerror", lambda error: made.complaints.append(f"error: {error}"))
    return made


def first_hit(page: Page, words: str) -> str:
    search(page, words)
    return page.locator(".md-search-result__link").first.get_attribute("href") or ""


@pytest.mark.browser
def test_search_diagrams_and_links_work_from_disk(visit: Visit, unpacked: Path) -> None:
    page = visit.open("/index.html")
    assert "/ports/8443/index.html" in first_hit(page, "8443")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ports/8443/index.html*")

    page = visit.open("/index.html")
    assert page.locator(".atlas-diagram svg").is_visible()
    assert page.locator('img[src*="diagrams/"]').count() == 0
    page.get_by_role("button", name="Enlarge").click()
    expect(page.locator(".atlas-window")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".atlas-svg .node a").first.click()
    page.wait_for_url("**/components/*/index.html")
    expect(page.locator(".atlas-diagram svg")).to_be_visible()
    assert visit.complaints == []


@pytest.mark.browser
def test_every_link_in_it_leads_to_a_file(visit: Visit, unpacked: Path) -> None:
    paths = ("index.html", "ports/index.html", "components/cd-server/index.html")
    for path in paths:
        page = visit.open(f"/{path}")
        targets: list[str] = page.evaluate(
            "[...document.querySelectorAll('a[href]')].map((a) => a.href.baseVal ?? a.href)"
            ".map((href) => new URL(href, location).pathname)"
            ".filter((path, i, all) => all.indexOf(path) === i)"
        )
        local = [target for target in targets if "/site-offline/" in target]
        assert len(local) > 10
        for target in local:
            assert (unpacked / unquote(target).split("/site-offline/", 1)[1]).is_file(), target
