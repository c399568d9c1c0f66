"""The site asks no other host for anything, complains of nothing, and helps who is lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.searching import search
from tests.site.browser import Browser, visiting
from tests.site.workspace import Workspace

from .conftest import kinds

pytestmark = [pytest.mark.browser, pytest.mark.site]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_kind_of_page_asks_another_host_or_complains(
    chromium: Browser, address: str, built: Workspace, scheme: str
) -> None:
    context = chromium.new_context(color_scheme="dark" if scheme == "dark" else "light")
    with visiting(context, address) as visit:
        for path in kinds(built.site):
            page = visit.open(path)
        page = visit.open("/")
        search(page, "8443")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ports/8443/**")
        assert visit.complaints == []
    context.close()


def test_a_wrong_address_leads_to_the_port_meant(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    with visiting(context, address) as visit:
        for path, guess in (("/8443", "port 8443"), ("/ports/5447/", "port 5446-5449")):
            page = visit.open(path)
            assert page.get_by_role("heading", level=1).inner_text() == "There is no such page"
            page.get_by_role("link", name=guess, exact=True).click()
            page.wait_for_url("**/ports/**/")
            expect(page.get_by_role("heading", level=1)).to_contain_text(guess.split()[1])
        page = visit.open("/8400/")
        assert page.get_by_text("No port 8400 is known here.").is_visible()
        page.get_by_role("link", name="All ports").click()
        page.wait_for_url(f"{address}/ports/")
        pages = [f"{address}{path}" for path in ("/8443", "/ports/5447/", "/8400/")]
        foreign = [complaint for complaint in visit.complaints if complaint.startswith("foreign")]
        assert foreign == []
        missing = [c for c in visit.complaints if c.startswith("404: ")]
        assert missing == [f"404: {page}" for page in pages]
    context.close()


def test_the_favicon_is_the_sites_own(built: Workspace) -> None:
    for page in ("index.html", "ports/8443/index.html", "404.html"):
        assert 'rel="icon" href="' in (built.site / page).read_text("utf-8")
    assert (built.site / "assets" / "favicon.svg").is_file()
