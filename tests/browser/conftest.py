"""The real site, built once and served, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from ..site.browser import Browser

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="session")
def desktop(chromium: Browser) -> Iterator[Page]:
    """One page for many questions."""
    with chromium.new_context(accept_downloads=True) as context:
        yield context.new_page()


@pytest.fixture(params=SIZES)
def screen(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    """The home page, on a screen of each size."""
    width, height = SIZES[request.param]
    phone = request.param == "phone"
    with chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone
    ) as context:
        page = context.new_page()
        page.goto(f"{address}/", wait_until="networkidle")
        yield page
