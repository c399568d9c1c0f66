"""axe-core finds no violation on any kind of page, light and dark, desktop and phone."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.searching import search
from tests.examples import ROOT
from tests.site.browser import Browser
from tests.site.workspace import Workspace

from .conftest import kinds

AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}

pytestmark = [pytest.mark.browser, pytest.mark.site]


COLOURS = ["color-contrast", "link-in-text-block"]
"""What can differ between light and dark."""


def violations(page: Page, only: list[str] | None = None) -> list[str]:
    page.evaluate(AXE)
    options = {"resultTypes": ["violations"], **({"runOnly": only} if only else {})}
    found: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{page.url}: {violation['id']}: {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def shown(browser: Browser, scheme: str, size: str) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    return context.new_page()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_on_any_kind_of_page(
    chromium: Browser, address: str, built: Workspace, scheme: str, size: str
) -> None:
    page = shown(chromium, scheme, size)
    found = []
    for path in [*kinds(built.site), "/no/such/8443/"]:
        page.goto(address + path, wait_until="load")
        page.wait_for_function("!document.querySelector('img[src*=\"diagrams/\"]')")
        found += violations(page, COLOURS if scheme == "dark" else None)
    page.context.close()
    assert found == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_while_a_diagram_or_the_search_is_open(
    chromium: Browser, address: str, scheme: str, size: str
) -> None:
    page = shown(chromium, scheme, size)
    page.goto(f"{address}/")
    page.get_by_role("button", name="Enlarge").click()
    found = violations(page)
    page.keyboard.press("Escape")
    page.get_by_text("The diagram as a list of").click()
    found += violations(page)
    search(page, "8443")
    found += violations(page)
    page.context.close()
    assert found == []


def test_the_site_has_nothing_of_axe(built: Workspace) -> None:
    assert list(built.site.rglob("*axe*")) == []
