"""A real browser, and everything that a page may complain of."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
    sync_playwright,
)

__all__ = ["Browser", "Visit", "executable", "launched", "visiting"]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INLINED = """!document.querySelector('article img[src*="diagrams/"]')"""
NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """Return the path of a browser; CHROMIUM names another one."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """Give a browser, or leave the test out where there is none; CI has one."""
    path = executable()
    if path is None:
        assert not os.environ.get("CI"), "CI needs a browser: apt-get install chromium"
        pytest.skip("no Chromium here (apt-get install chromium, or set CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page, and what went wrong while it was shown."""

    page: Page
    address: str
    scripts: bool = True
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a page of the site and wait until its script has put the diagrams in."""
        self.page.goto(self.address + path)
        if self.scripts:
            self.page.wait_for_function(INLINED)
        return self.page

    def rest(self) -> None:
        """Wait until nothing is loaded any more."""
        self.page.wait_for_load_state("networkidle")

    def console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.complaints.append(f"foreign: {request.url}")

    def response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


@contextmanager
def visiting(context: BrowserContext, address: str, *, scripts: bool = True) -> Iterator[Visit]:
    """Give a page that writes down every error, failed or foreign request, and dialog."""
    page = context.new_page()
    visit = Visit(page, address, scripts)

    def failed(request: Request) -> None:
        # Material gives up what it no longer needs; that is no failure.
        if request.failure != "net::ERR_ABORTED":
            visit.complaints.append(f"{request.failure}: {request.url}")

    page.on("console", visit.console)
    page.on("request", visit.request)
    page.on("response", visit.response)
    page.on("requestfailed", failed)
    page.on("pageerror", lambda error: visit.complaints.append(f"error: {error}"))

    def dialog(shown: Dialog) -> None:
        visit.complaints.append(f"dialog: {shown.message}")
        shown.dismiss()

    page.on("dialog", dialog)
    yield visit
    page.close()
