"""The built site in a real browser: each kind of page, light and dark, desktop and phone."""

from typing import Any, Literal

import pytest

from .browser import Browser, Visit, visiting
from .workspace import Workspace, served

pytestmark = [pytest.mark.site, pytest.mark.browser]

Scheme = Literal["light", "dark"]

PAGES = (
    "/",
    "/ports/",
    "/ports/8443/",
    "/ports/5446-5449/",
    "/components/",
    "/components/cd-server/",
    "/roles/server/",
    "/roles/client/",
    "/sources/",
    "/troubleshooting/",
    "/glossary/",
    "/guide/catalogue/",
    "/guide/fleet/",
    "/data/ports/",
    "/rules/",
    "/sites/clustered/",
    "/check/",
    "/coverage/",
    "/changes/",
)
WITH_DIAGRAM = ("/", "/components/cd-server/")
SCREENS = {"desktop": (1280, 900), "phone": (390, 844)}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def test_there_is_a_page_of_every_kind(built: Workspace) -> None:
    """A new section of the site must be looked at, too."""
    sections = {path.parent.relative_to(built.site) for path in built.site.rglob("index.html")}
    kinds = {section.parts[:1] for section in sections}
    assert kinds == {tuple(page.strip("/").split("/")[:1]) if page != "/" else () for page in PAGES}


LOOK = """() => ({
  scheme: document.body.dataset.mdColorScheme,
  heading: document.querySelector('article h1')?.checkVisibility(),
  overflow: document.scrollingElement.scrollWidth - innerWidth,
})"""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("screen", SCREENS)
def test_pages_are_shown_without_a_complaint(
    chromium: Browser, address: str, scheme: Scheme, screen: str
) -> None:
    width, height = SCREENS[screen]
    with (
        chromium.new_context(
            color_scheme=scheme, viewport={"width": width, "height": height}
        ) as context,
        visiting(context, address) as visit,
    ):
        wide = {}
        for path in PAGES:
            found = visit.open(path).evaluate(LOOK)
            assert visit.complaints == [], path
            assert found["heading"], path
            assert found["scheme"] == {"light": "default", "dark": "slate"}[scheme]
            if found["overflow"] > 0:
                wide[path] = found["overflow"]
        assert wide == {}
        visit.rest()
        assert visit.complaints == []


DIAGRAM = """() => [...document.querySelectorAll('.atlas-diagram svg')].map(svg => ({
  links: [...svg.querySelectorAll('a[href]')]
    .map(a => new URL(a.getAttribute('href'), location).href),
  width: svg.getBoundingClientRect().width,
  edges: svg.querySelectorAll('g.edge').length,
}))"""


@pytest.mark.parametrize("path", WITH_DIAGRAM)
def test_a_diagram_is_in_the_page_with_links(
    chromium: Browser, built: Workspace, address: str, path: str
) -> None:
    with chromium.new_context() as context, visiting(context, address) as visit:
        page = visit.open(path)
        page.locator(".atlas-diagram svg").wait_for()
        (found,) = page.evaluate(DIAGRAM)
        assert page.locator('article img[src$=".svg"]').count() == 0
        assert found["width"] > 400
        assert found["edges"] > 5
        assert found["links"]
        for link in found["links"]:
            assert link.startswith(f"{address}/"), link
            assert (built.site / link.removeprefix(f"{address}/")).is_file(), link
        page.locator(".atlas-diagram svg .node a[href]").first.click()
        visit.rest()
        assert page.url in found["links"]
        assert page.locator("article h1").is_visible()
        assert visit.complaints == []


COLOURS = """() => {
  const svg = document.querySelector('.atlas-diagram svg');
  const style = selector => getComputedStyle(svg.querySelector(selector));
  return {
    paper: style('.paper').fill,
    name: style('.node text').fill,
    tls: style('g.edge.tls path').stroke,
    box: style('.node.product path, .product.node path').fill,
  };
}"""


def colours(visit: Visit) -> dict[str, str]:
    visit.page.locator(".atlas-diagram svg").wait_for()
    found: dict[str, str] = visit.page.evaluate(COLOURS)
    return found


def test_a_diagram_follows_the_palette(chromium: Browser, address: str) -> None:
    with chromium.new_context(color_scheme="light") as context, visiting(context, address) as visit:
        page = visit.open("/components/cd-server/")
        light = colours(visit)
        page.locator('label[title="Switch to dark"]').click()
        page.wait_for_function("document.body.dataset.mdColorScheme === 'slate'")
        dark = colours(visit)
        assert [name for name in light if light[name] == dark[name]] == []
        page.locator('label[title="Switch to light"]').click()
        page.wait_for_function("document.body.dataset.mdColorScheme === 'default'")
        assert colours(visit) == light
        assert visit.complaints == []


@pytest.mark.parametrize("path", WITH_DIAGRAM)
def test_without_scripts_the_picture_is_shown(chromium: Browser, address: str, path: str) -> None:
    with (
        chromium.new_context(java_script_enabled=False) as context,
        visiting(context, address, scripts=False) as visit,
    ):
        page = visit.open(path)
        picture = page.locator('article img[src$=".svg"]')
        assert picture.count() == 1
        assert picture.is_visible()
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] > 300
        assert box["height"] > 100
        assert picture.get_attribute("alt")
        assert visit.complaints == []


def test_a_page_that_complains_is_noticed(chromium: Browser, tmp_path: Any) -> None:
    """Or the tests above would prove nothing."""
    (tmp_path / "index.html").write_text(
        '<link rel="icon" href="data:,"><img src="no.png"><script>'
        "console.error('wrong'); fetch('http://127.0.0.1:9/x').catch(() => {});"
        "alert('boo'); throw new Error('thrown')</script>"
    )
    with (
        served(tmp_path) as address,
        chromium.new_context() as context,
        visiting(context, address) as visit,
    ):
        visit.open("/")
        visit.rest()
        said = "\n".join(visit.complaints)
    for part in ("404: ", "error: wrong", "foreign: ", "dialog: boo", "error: thrown"):
        assert part in said
