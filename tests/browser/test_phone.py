"""What a phone shows of commands and of wide tables: all of it, one thing beside the other."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from ..site.browser import Browser
from .conftest import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.site]
WITH_COMMANDS = ("check", "guide/fleet", "guide/site", "sites/multi-geo", "rules/clear-text")
COVERED = """() => [...document.querySelectorAll("pre > .md-code__nav")].filter((button) => {
  const [one, other] = [button, button.parentNode.querySelector("code")]
    .map((element) => element.getBoundingClientRect());
  return one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
}).map((button) => button.parentNode.textContent)"""
"""Commands that have their button on top of them."""


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
