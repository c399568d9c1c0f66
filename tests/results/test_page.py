"""A site's section "Observed", in a real browser: what is wrong is first, told by a sign too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from generator.derive.observed import STATES
from generator.load import Atlas, load
from generator.public import public
from generator.render.site import render
from tests.site.browser import Browser
from tests.site.workspace import Workspace, product, served
from tests.ways.test_axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.site]
SEEN = """\
schema: 1
runs: {"gw-emea.example.com": "2026-01-31T12:00:00Z"}
flows:
  "agent-https:gw-emea.agent>gw-hq1.agent":
    - {outcome: open, hosts: [gw-emea.example.com], to: ["203.0.113.10 7800"]}
  "agent-stomp:gw-emea.agent>gw-hq1.agent":
    - {outcome: filtered, hosts: [gw-emea.example.com], to: ["203.0.113.10 17613"]}
  "agent-https:gw-emea.agent>web-emea.agent":
    - outcome: cannot-test
      hosts: [gw-emea.example.com]
      to: ["10.40.1.31 7800"]
      why: "<img src=x onerror=alert(1)> | {{ x }}"
"""


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = product(tmp_path_factory.mktemp("observed"))
    folder = workspace.data / "observed" / "multi-geo"
    folder.mkdir(parents=True)
    (folder / "gw-emea.yaml").write_text(SEEN, encoding="utf-8")
    workspace.build()
    workspace.mkdocs()
    return workspace


@pytest.fixture(scope="module")
def observed_address(observed: Workspace) -> Iterator[str]:
    with served(observed.site) as found:
        yield found


def test_what_is_wrong_comes_first_with_a_sign_and_words(
    observed_address: str, chromium: Browser
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{observed_address}/sites/multi-geo/")
    cells = page.locator("td .atlas-seen").all_inner_texts()
    assert cells[:4] == [  # the facts, in short
        "✗ observed otherwise",
        "? cannot be tested",
        "✓ documented and observed",
        "○ never tested",
    ]
    assert cells[4:6] == ["✗ observed otherwise", "? cannot be tested"]
    wrong = page.locator("tr", has=page.locator(".atlas-seen--otherwise")).last
    assert "filtered: gw-emea.example.com → 203.0.113.10:17613" in wrong.inner_text()
    assert "2026-01-31" in wrong.inner_text()
    wrong.get_by_role("link", name="filtered").click()
    expect(page).to_have_url(re.compile(r"/check/#outcome-filtered$"))
    expect(page.locator("#outcome-filtered")).to_be_in_viewport()
    context.close()


def test_a_phone_shows_all_of_an_observation(observed_address: str, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
    page = context.new_page()
    page.goto(f"{observed_address}/sites/multi-geo/")
    wrong = page.get_by_role("row").filter(has=page.locator(".atlas-seen--otherwise")).last
    cells = wrong.get_by_role("cell")
    expect(cells).to_have_count(7)
    for at in range(7):
        box = cells.nth(at).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
    context.close()


@pytest.mark.parametrize(("today", "stale"), [("2026-04-30", 0), ("2026-05-01", 3)])
def test_the_reader_s_clock_says_what_is_stale(
    observed_address: str, chromium: Browser, today: str, stale: int
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.clock.set_fixed_time(f"{today}T12:00:00Z")
    page.goto(f"{observed_address}/sites/multi-geo/")
    assert page.get_by_text("2026-05-01").count() == 3, "the page names the day, script or not"
    assert page.locator(".atlas-stale").count() == stale
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(observed_address: str, chromium: Browser, scheme: str) -> None:
    context = chromium.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.clock.set_fixed_time("2027-01-01T12:00:00Z")
    page.goto(f"{observed_address}/sites/multi-geo/")
    page.wait_for_function("!document.querySelector('img[src*=\"diagrams/\"]')")
    assert violations(page) == []
    context.close()


def test_a_public_site_has_no_hosts_and_no_observations(observed: Workspace) -> None:
    files = render(public(load(observed.data)), scripts=False).texts
    assert not [path for path in files if path.startswith("api/v1/observed/")]
    assert "gw-emea.example.com" not in files["sites/multi-geo/index.md"]
    assert "is not published here" in files["sites/multi-geo/index.md"]


def test_without_observations_the_page_says_so(atlas: Atlas) -> None:
    files = render(atlas).texts
    assert "Nothing has been observed here yet." in files["sites/multi-geo/index.md"]
    assert not [path for path in files if path.startswith("api/v1/observed/")]
    assert len(set(STATES)) == 5


def test_the_same_observations_make_the_same_pages(observed: Workspace, tmp_path: Path) -> None:
    again = render(load(observed.data)).texts
    assert again == render(load(observed.data)).texts
    path = "sites/multi-geo/index.md"
    assert again[path].encode() == (observed.docs / path).read_bytes()
