"""What people come for, from the home page, in a few steps; on a desktop and on a phone."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .searching import search

pytestmark = [pytest.mark.browser, pytest.mark.site]


def ask(page: Page, words: str) -> None:
    """Search, and take the first hit."""
    search(page, words)
    page.locator("a.md-search-result__link").first.click()


def in_sight(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_in_viewport()


def test_what_listens_on_5447(screen: Page) -> None:
    ask(screen, "5447")
    in_sight(screen, "Group membership of clustered CD servers")
    expect(screen.get_by_role("row", name="Listener CD server").first).to_be_in_viewport()


def test_what_an_agent_starts_in_clear_text_as_a_csv(screen: Page) -> None:
    screen.get_by_role("link", name="all that an agent starts in clear text").click()
    in_sight(screen, "1 of 38 ports")
    with screen.expect_download() as download:
        screen.get_by_role("button", name="Download as CSV").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["Port"], row["Listener"], row["Encryption"]) == ("8000", "CD server", "clear text")


def test_why_8400_is_wrong(screen: Page) -> None:
    ask(screen, "8400")
    expect(screen).to_have_url(re.compile(r"/sources/(\?h=.*)?$"))
    in_sight(screen, "The port list of 9.2 has the same table row for row")


def test_how_to_move_7800(screen: Page) -> None:
    ask(screen, "7800")
    expect(screen.get_by_role("heading", name="Port 7800/tcp")).to_be_in_viewport()
    screen.get_by_role("link", name="Move a port").click()
    expect(screen).to_have_url(re.compile(r"/troubleshooting/#move-a-port$"))
    in_sight(screen, "from 7800 to another number")


def test_moving_a_port_is_one_step_from_home(screen: Page) -> None:
    screen.get_by_role("link", name="Move a port").click()
    in_sight(screen, "from 7800 to another number")
