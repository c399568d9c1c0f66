"""What a phone shows of commands and of wide tables: all of it, one thing beside the other."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from ..site.browser import Browser
from .conftest import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.site]
WITH_COMMANDS = ("check", "guide/fleet", "guide/site", "sites/multi-geo", "rules/clear-text")
WITH_CARDS = (
    "components",
    "components/agent",
    "coverage",
    "guide/catalogue",
    "ports",
    "ports/7800",
    "roles/client",
    "rules",
    "sites",
    "sites/multi-geo",
    "sources",
    "troubleshooting",
)
ON_A_DESKTOP = ("components/agent", "ports/7800", "roles/server", "sites/multi-geo", "rules")
COVERED = """() => [...document.querySelectorAll("pre > .md-code__nav")].filter((button) => {
  const [one, other] = [button, button.parentNode.querySelector("code")]
    .map((element) => element.getBoundingClientRect());
  return one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
}).map((button) => button.parentNode.textContent)"""
"""Commands that have their button on top of them."""
CUT_OFF = """() => [...document.querySelectorAll("article td")]
  .filter((cell) => cell.checkVisibility())
  .filter((cell) => cell.getBoundingClientRect().right > innerWidth
    || cell.scrollWidth > cell.clientWidth)
  .map((cell) => cell.textContent)"""
"""Cells of tables that one must scroll to, or whose text does not fit into them."""

SCROLLED = """() => [...document.querySelectorAll(".md-typeset__scrollwrap")]
  .filter((around) => around.scrollWidth > around.clientWidth).length"""
"""How many tables do not fit beside the table of contents."""

UNFOLDED = """() => document.querySelectorAll("details.atlas-tables")
  .forEach((fold) => { fold.open = true; })"""
"""Tables in folds are measured like all others."""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    width, height = SIZES["phone"]
    with chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=True, is_mobile=True
    ) as context:
        yield context.new_page()


@pytest.mark.parametrize("path", WITH_COMMANDS)
def test_no_command_is_under_the_button_that_copies_it(
    phone: Page, address: str, path: str
) -> None:
    phone.goto(f"{address}/{path}/")
    expect(phone.locator("pre > .md-code__nav").first).to_be_visible()
    assert phone.evaluate(COVERED) == []


@pytest.mark.parametrize("path", WITH_CARDS)
def test_a_wide_table_has_all_its_columns_on_the_screen(
    phone: Page, address: str, path: str
) -> None:
    phone.goto(f"{address}/{path}/")
    expect(phone.locator("td[data-label]").first).to_be_visible()
    phone.evaluate(UNFOLDED)
    assert phone.evaluate(CUT_OFF) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == SIZES["phone"][0]


def test_a_card_names_its_cells_and_is_a_row_still(phone: Page, address: str) -> None:
    phone.goto(f"{address}/sites/multi-geo/")
    row = phone.get_by_role("row").filter(has_text="203.0.113.10").first
    port = row.get_by_role("cell").nth(3)
    expect(port).to_be_visible()
    assert port.evaluate("(cell) => getComputedStyle(cell, '::before').content") == '"Port"'


def test_a_desktop_has_no_cards(desktop: Page, address: str) -> None:
    desktop.goto(f"{address}/sites/multi-geo/")
    cell = desktop.locator("td[data-label='Port']").first
    expect(cell).to_be_visible()
    assert cell.evaluate("(cell) => getComputedStyle(cell, '::before').content") == "none"


@pytest.mark.parametrize("path", ON_A_DESKTOP)
def test_a_desktop_shows_tables_in_full_beside_the_contents(
    chromium: Browser, address: str, path: str
) -> None:
    width, height = SIZES["desktop"]
    with chromium.new_context(viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        page.goto(f"{address}/{path}/")
        expect(page.locator("article table").first).to_be_visible()
        expect(page.locator(".md-typeset__scrollwrap").first).to_be_attached()
        page.evaluate(UNFOLDED)
        assert page.evaluate(SCROLLED) == 0


def test_without_a_script_a_wide_table_is_a_table(chromium: Browser, address: str) -> None:
    width, height = SIZES["phone"]
    with chromium.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto(f"{address}/sites/multi-geo/")
        expect(page.get_by_role("columnheader", name="Listens behind").first).to_be_visible()
        assert page.locator("td[data-label]").count() == 0
