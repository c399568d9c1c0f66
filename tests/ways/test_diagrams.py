"""Diagrams: colours of the palette, the whole window, paper, and a list for who cannot see."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.site.browser import Browser
from tests.site.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.site]

EDGES = ".atlas-svg > .graph .edge"
COLOURS = """(part) => [...new Set([...document.querySelectorAll(part)].map((e) => {
  const style = getComputedStyle(e);
  return style.stroke;
}))].sort()"""
BLACK, WHITE = "rgb(0, 0, 0)", "rgb(255, 255, 255)"


@pytest.fixture
def home(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.goto(f"{address}/")
    page.locator(".atlas-diagram svg").wait_for()
    yield page
    page.close()


def colours(page: Page, part: str) -> list[str]:
    found: list[str] = page.evaluate(COLOURS, part)
    return found


def test_it_follows_the_palette_toggle(home: Page) -> None:
    light = colours(home, f"{EDGES} path"), colours(home, ".atlas-svg .node path")
    home.get_by_title("Switch to dark").click()
    home.wait_for_selector('[data-md-color-scheme="slate"]')
    dark = colours(home, f"{EDGES} path"), colours(home, ".atlas-svg .node path")
    assert set(light[0]).isdisjoint(dark[0])
    assert set(light[1]).isdisjoint(dark[1])


def test_it_fills_the_window_by_keyboard_and_gives_the_focus_back(home: Page) -> None:
    before = home.locator(".atlas-diagram svg").bounding_box()
    home.get_by_role("button", name="Enlarge").focus()
    home.keyboard.press("Enter")
    dialog = home.get_by_role("dialog", name="who connects to whom")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 900}
    assert home.locator(".atlas-svg").count() == 1
    home.keyboard.press("+")
    home.keyboard.press("+")
    larger = dialog.locator("svg").bounding_box()
    assert before is not None
    assert larger is not None
    assert larger["width"] > 1.3 * before["width"]
    home.keyboard.press("ArrowDown")
    home.wait_for_function("document.querySelector('.atlas-view').scrollTop > 0")
    home.keyboard.press("0")
    fitting = dialog.locator("svg").bounding_box()
    assert fitting is not None
    assert fitting["width"] <= 1280
    assert fitting["height"] <= 900
    home.keyboard.press("s")  # opens the search elsewhere, nothing here
    assert not home.locator("#__search").is_checked()
    home.keyboard.press("Escape")
    home.locator("dialog").wait_for(state="detached")
    assert home.evaluate("document.activeElement.textContent") == "Enlarge"
    assert home.locator(".atlas-diagram svg").bounding_box() == before


def test_a_link_in_it_leads_on(home: Page, address: str) -> None:
    home.locator(".atlas-svg .node a").first.click()
    home.wait_for_url(f"{address}/components/**")


def test_a_screen_reader_has_the_list_instead(home: Page) -> None:
    svg = home.locator(".atlas-diagram svg")
    assert svg.get_attribute("aria-hidden") == "true"
    assert svg.locator("a:not([tabindex='-1'])").count() == 0
    assert "as a list" in (home.locator(".atlas-diagram").get_attribute("aria-label") or "")
    arrows = home.locator(EDGES).count()
    home.get_by_text(f"The diagram as a list of {arrows} connections").click()
    listed = home.locator(".atlas-list li")
    assert listed.count() == arrows
    for item in listed.all():
        assert "→" in item.get_by_role("link").inner_text()


def test_it_prints_in_black_and_white(home: Page) -> None:
    home.get_by_title("Switch to dark").click()
    home.emulate_media(media="print")
    assert colours(home, f"{EDGES} path") == [BLACK]
    assert colours(home, ".atlas-svg .node path") == [BLACK]
    fills = "[...document.querySelectorAll(%r)].map((e) => getComputedStyle(e).fill)"
    boxes = home.evaluate(fills % ".atlas-svg :is(.node, .cluster:not(.plain)) path, .paper")
    assert set(boxes) == {WHITE}
    heads = home.evaluate(fills % ".atlas-svg .edge.none polygon")
    assert set(heads) == {WHITE}
    assert set(home.evaluate(fills % ".atlas-svg .edge.tls polygon")) == {BLACK}
    assert home.get_by_role("button", name="Enlarge").is_hidden()


def test_a_tall_one_is_turned_and_fills_the_sheet(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 1030, "height": 700})
    page.goto(f"{address}/sites/multi-geo/", wait_until="networkidle")
    page.emulate_media(media="print")
    box = page.locator(".atlas-diagram svg").bounding_box()
    assert box is not None
    assert 900 < box["width"] <= 1030
    assert box["height"] < 700
    page.close()


def test_on_a_phone_it_fades_where_it_goes_on(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/sites/multi-geo/", wait_until="networkidle")
    figure = page.locator(".atlas-diagram")
    expect(figure).to_have_class("atlas-diagram tall more")
    figure.evaluate("(e) => e.scrollTo({ left: e.scrollWidth })")
    expect(figure).to_have_class("atlas-diagram tall")
    page.close()


def test_no_table_is_cut_off_on_paper(chromium: Browser, address: str, built: Workspace) -> None:
    # What is left of A4 across, in pixels.
    page = chromium.new_page(viewport={"width": 1030, "height": 700})
    page.emulate_media(media="print")
    for path in ("ports", "components", "components/cd-server", "sources", "roles/client"):
        page.goto(f"{address}/{path}/")
        cut = page.evaluate(
            "[...document.querySelectorAll('.md-typeset table')].filter("
            "(t) => t.getBoundingClientRect().right > innerWidth + 1).length"
        )
        assert cut == 0, path
    page.close()


def test_without_a_script_there_is_a_picture_and_the_list(chromium: Browser, address: str) -> None:
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{address}/")
    assert page.locator('.md-content img[src*="diagrams/"]').is_visible()
    assert page.locator(".atlas-list li").count() > 10
    page.close()
