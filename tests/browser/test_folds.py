"""What a page says a second time is closed, and still found, printed and opened by hand."""

import json

import pytest
from playwright.sync_api import Page, expect

from ..site.browser import Browser
from ..site.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.site]
PAGE = "/sites/multi-geo/"
FOLDS = "details.atlas-tables"


def test_flows_by_role_open_below_their_heading(desktop: Page, address: str) -> None:
    desktop.goto(f"{address}{PAGE}#by-role")
    fold = desktop.locator("h3#cd-server ~ details").first
    expect(desktop.locator("h3#cd-server")).to_be_visible()
    expect(fold.locator("table")).not_to_be_visible()
    fold.locator("summary").click()
    expect(fold.locator("table")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_print_shows_what_is_folded(chromium: Browser, address: str, scripts: bool) -> None:
    with chromium.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(f"{address}{PAGE}", wait_until="networkidle")
        tables = page.locator(f"{FOLDS} table")
        assert tables.count() > 1
        expect(tables.last).not_to_be_visible()
        page.emulate_media(media="print")
        expect(tables.last).to_be_visible()
        expect(tables.first).to_be_visible()


def test_the_search_knows_what_is_folded(built: Workspace) -> None:
    index = json.loads((built.site / "search/search_index.json").read_text(encoding="utf-8"))
    (section,) = (one for one in index["docs"] if one["location"] == "sites/multi-geo/#cd-server")
    assert "61613" in section["text"]
