"""Types into the site's own search box, and reads what it finds."""

from urllib.parse import urlsplit

from playwright.sync_api import Page

SECONDS = 5
STALE = """() => document.querySelectorAll(".md-search-result__item")
  .forEach((item) => { item.dataset.stale = ""; })"""
FRESH = ".md-search-result__item:not([data-stale])"
HITS = """() => [...document.querySelectorAll(".md-search-result__item")].map((item) =>
  [...item.querySelectorAll("a.md-search-result__link")].map((link) => link.href))"""


def search(page: Page, words: str) -> None:
    """Type into the search box, which a phone first has to open, and wait for what *words* finds.

    In one go: of words typed key by key each part is answered too, and a hit that is clicked
    just when the next answer takes its place is lost.
    """
    box = page.locator("input.md-search__input")
    if not box.is_visible():
        page.locator("header label[for=__search]").click()
    page.evaluate(STALE)
    box.fill(words)
    box.press("End")  # the theme listens to keys
    page.wait_for_selector(FRESH, state="attached", timeout=SECONDS * 1000)


class Search:
    """The search box of one page."""

    def __init__(self, page: Page, address: str) -> None:
        page.goto(f"{address}/", wait_until="networkidle")
        self.page, self.address = page, address

    def hits(self, words: str) -> list[list[str]]:
        """Return what is found, best first: for each page its own path, then its sections'."""
        search(self.page, words)
        found: list[list[str]] = self.page.evaluate(HITS)
        return [[self._path(link) for link in links] for links in found]

    def _path(self, link: str) -> str:
        parts = urlsplit(link)
        assert link.startswith(self.address)
        return parts.path + (f"#{parts.fragment}" if parts.fragment else "")
