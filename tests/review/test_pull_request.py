"""A pull request, on one screen: what is new, the error, who must act, the picture."""

import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import ViewportSize, expect

from ..site.browser import Browser
from .repositories import Scratch, pull_request, scratch
from .reviews import MERMAID

READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})

SCREEN: ViewportSize = {"width": 1000, "height": 1080}
"""A comment's width, and what a screen shows at once."""

SHOW = """async (source) => {
  const script = document.createElement('script');
  script.textContent = source;
  document.head.append(script);
  mermaid.initialize({startOnLoad: false, securityLevel: 'strict'});
  for (const code of document.querySelectorAll('code.language-mermaid')) {
    const holder = code.parentElement;
    holder.outerHTML = (await mermaid.render('drawn', code.textContent)).svg;
  }
  return document.querySelector('#drawn').getBoundingClientRect().bottom;
}"""

STYLE = """<!doctype html><meta charset="utf-8"><style>
body { font: 14px/1.5 sans-serif; margin: 16px; } code { font: 12px monospace; }
table { border-collapse: collapse; font-size: 14px; }
td, th { border: 1px solid #ccc; padding: 6px; }
svg { max-width: 100%; }
</style>"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    made = scratch(tmp_path_factory.mktemp("repository"))
    pull_request(made)
    return made


def test_it_is_said_and_stopped(here: Scratch) -> None:
    done = here.portatlas("diff", "HEAD~1", "--format", "markdown")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[1].startswith("**1 error, 1 warning. 1 crossing opened, 1 crossing closed,")
    errors = [line for line in lines if line.startswith("- **error**")]
    assert len(errors) == 1
    assert "clear text from core to services (network team)" in errors[0]
    assert re.search(r"`[^`]*sites/multi-geo.yaml:[0-9]+`$", errors[0])
    table = [line for line in lines if re.match(r"\|.*` → `", line)]
    assert "+&nbsp;opens<br>**error** | `cd` → `ldap01` | `389/tcp`" in table[0]
    assert "**clear text** | when used | network team |" in table[0]
    assert "\N{MINUS SIGN}&nbsp;closes | `cd` → `ldap01` | `636/tcp`" in table[1]
    assert (
        "+&nbsp;added | `emea`, `gw-emea`, `repo-emea`, `web-emea` → `nas-emea` | `2049/tcp`"
        in table[2]
    )


def test_with_nothing_changed_it_is_one_line(here: Scratch) -> None:
    done = here.portatlas("diff", "HEAD", "--format", "markdown")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1:] == ["**No network change.**"]


@pytest.mark.browser
def test_it_is_all_on_one_screen(here: Scratch, chromium: Browser) -> None:
    text = here.portatlas("diff", "HEAD~1", "--format", "markdown").stdout
    page = chromium.new_page(viewport=SCREEN)
    page.set_content(STYLE + READER.render(text))
    bottom = page.evaluate(SHOW, MERMAID.read_text("utf-8"))
    page.close()
    assert 0 < bottom <= SCREEN["height"]


def test_the_folder(here: Scratch, tmp_path: Path) -> None:
    out = tmp_path / "review"
    done = here.portatlas("diff", "HEAD~1", "--out", str(out))
    assert done.returncode == 1
    listed = json.loads((out / ".generated.json").read_text("utf-8"))["files"]
    assert listed == [
        "comment.md",
        "diagrams/multi-geo-after.svg",
        "diagrams/multi-geo-before.svg",
        "diagrams/multi-geo-diff.svg",
        "index.html",
    ]
    assert all((out / path).is_file() for path in listed)
    drawn = (out / "diagrams" / "multi-geo-diff.svg").read_text("utf-8")
    assert "+ 389 clear text" in drawn
    # Nothing of it leads to a page that is not there.
    for path in listed:
        assert 'href="../' not in (out / path).read_text("utf-8")
    page = (out / "index.html").read_text("utf-8")
    assert not re.search(r"(src|href)=", page)


def test_a_foreign_file_is_not_overwritten(here: Scratch, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "index.html").write_text("mine", "utf-8")
    (out / "notes.txt").write_text("mine, too", "utf-8")
    done = here.portatlas("diff", "HEAD~1", "--out", str(out))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "index.html: not written by portatlas" in done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["index.html", "notes.txt"]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_readable_and_asks_nobody(
    here: Scratch, tmp_path: Path, chromium: Browser, scheme: str
) -> None:
    here.portatlas("diff", "HEAD~1", "--out", str(tmp_path / "r"))
    page = chromium.new_page(
        viewport={"width": 390, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    address = (tmp_path / "r" / "index.html").as_uri()
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => 0)")
    # The drawings' font is in the page itself; nothing else is asked for.
    assert [url for url in asked if not url.startswith("data:font/otf;")] == [address]
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family + f.weight)"
    assert sorted(page.evaluate(loaded)) == ["Inter400", "Inter700"]
    first = page.evaluate("document.querySelector('tr.error').getBoundingClientRect().top")
    assert first < page.evaluate("document.querySelector('svg').getBoundingClientRect().top")
    overflow = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert overflow <= 0
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    page.close()


@pytest.mark.browser
def test_the_page_breaks_no_address_and_no_name_of_a_file(
    here: Scratch, tmp_path: Path, chromium: Browser
) -> None:
    here.portatlas("diff", "HEAD~1", "--out", str(tmp_path / "r"))
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto((tmp_path / "r" / "index.html").as_uri())
    expect(page.locator("tr.error").first).to_be_visible()
    lines = "(all) => all.map((one) => one.getClientRects().length)"
    addresses = page.locator("section td:is(:nth-child(3), :nth-child(4)) code")
    assert set(addresses.evaluate_all(lines)) == {1}
    # Between its slashes a path is in one line, but for its hyphens.
    split = """(all) => all.flatMap((one) => [...one.childNodes]).filter((part) => {
      const range = document.createRange();
      range.selectNode(part);
      return range.getClientRects().length > part.textContent.split("-").length;
    }).map((part) => part.textContent)"""
    places = page.locator("td:last-child code")
    assert places.count() > 0
    assert places.evaluate_all(split) == []
    page.close()
