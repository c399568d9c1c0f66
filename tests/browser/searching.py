"""Types into the site's own search box, and reads what it finds."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

SECONDS = 5
STALE = """() => document.querySelectorAll(".md-search-result__item")
  .forEach((item) => { item.dataset.stale = ""; })"""
FRESH = ".md-search-result__item:not([data-stale])"
HITS = """() => [...document.querySelectorAll(".md-search-result__item")].map((item) =>
  [...item.querySelectorAll("a.md-search-result__link")].map((link) => link.href))"""


class Search:
    """The search box of one page."""

    def __init__(self, page: Page, address: str) -> None:
        page.goto(f"{address}/", wait_until="networkidle")
        self.page, self.address = page, address
        self.box = page.locator("input.md-search__input")
        self.box.click()

    def hits(self, words: str) -> list[list[str]]:
        """Return what is found, best first: for each page its own path, then its sections'."""
        self.page.evaluate(STALE)
        self.box.fill(words)
        self.box.press("End")  # the theme listens to keys
        self.page.wait_for_selector(FRESH, state="attached", timeout=SECONDS * 1000)
        found: list[list[str]] = self.page.evaluate(HITS)
        return [[self._path(link) for link in links] for links in found]

    def _path(self, link: str) -> str:
        parts = urlsplit(link)
        assert link.startswith(self.address)
        return parts.path + (f"#{parts.fragment}" if parts.fragment else "")
