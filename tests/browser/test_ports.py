"""The table of all ports: filtered, sorted, downloaded, and all of it in the address."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from generator.derive.existence import exists_in
from generator.load import Atlas
from generator.views import connections, ports

from ..site.browser import Browser
from ..site.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.site]

AGENT_CLEAR = "?component=agent&role=connects&encryption=none"


@pytest.fixture
def table(desktop: Page, address: str) -> Page:
    desktop.goto(f"{address}/ports/")
    return desktop


@pytest.fixture
def from_disk(chromium: Browser, built: Workspace) -> Iterator[Page]:
    with chromium.new_context(accept_downloads=True) as context:
        page = context.new_page()
        page.goto((built.site / "ports" / "index.html").as_uri() + AGENT_CLEAR)
        yield page


NUMBERS = ".atlas-ports tbody tr:not([hidden]) td:first-child"


def shown(page: Page) -> list[str]:
    return page.locator(NUMBERS).all_inner_texts()


def shows(page: Page, numbers: list[str]) -> None:
    """The table comes to show these, and no others: a browser takes its time for what is done."""
    expect(page.locator(NUMBERS)).to_have_text(numbers)


def downloaded(page: Page) -> tuple[str, list[list[str]]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    return download.value.suggested_filename, list(csv.reader(io.StringIO(text)))


def test_an_address_is_a_view(table: Page, address: str, atlas: Atlas) -> None:
    """What the catalogue says an agent starts in clear text, and nothing else."""
    expected = sorted(
        {
            c.port.numbers
            for c in connections(atlas.catalogue)
            if c.initiator.component == "agent" and c.port.encryption.default == "none"
        }
    )
    table.goto(f"{address}/ports/{AGENT_CLEAR}")
    shows(table, [str(numbers) for numbers in expected])
    expect(table.get_by_role("status")).to_have_text(f"{len(expected)} of 38 ports")
    name, rows = downloaded(table)
    assert name == "ports-agent-connects-none.csv"
    assert [row[0] for row in rows] == ["Port", *map(str, expected)]
    assert {len(row) for row in rows} == {len(rows[0])}


def test_each_role_is_what_the_catalogue_says(table: Page, atlas: Atlas) -> None:
    component, role = (table.get_by_role("combobox", name=name) for name in ("Component", "Role"))
    for name in atlas.catalogue.components:
        listens = [str(p.numbers) for p in ports(atlas.catalogue) if p.listener == name]
        starts = [
            str(p.numbers)
            for p in ports(atlas.catalogue)
            if name in {i.component for i in p.initiators}
        ]
        if listens or starts:
            component.select_option(name)
            role.select_option("listens")
            shows(table, listens)
            role.select_option("connects")
            shows(table, starts)


@pytest.mark.parametrize("release", ["7.3", "8.3", "10.0", "10.6.0", "2024.05", "2024.06.0"])
def test_a_release_hides_what_it_lacks(
    table: Page, address: str, atlas: Atlas, release: str
) -> None:
    table.goto(f"{address}/ports/?release={release}")
    assert shown(table) == [
        str(port.numbers) for port in ports(atlas.catalogue) if exists_in(port, release)
    ]


def test_typing_filters_and_one_step_back_undoes_it(table: Page, address: str) -> None:
    box = table.get_by_role("searchbox", name="Filter")
    box.press_sequentially("5447")
    shows(table, ["5446-5449"])
    expect(table).to_have_url(f"{address}/ports/?filter=5447")
    table.get_by_role("combobox", name="Encryption").select_option("none")
    shows(table, [])
    expect(table.get_by_role("button", name="Download as CSV")).to_be_disabled()
    table.go_back()
    shows(table, ["5446-5449"])
    table.go_back()
    expect(table.locator(NUMBERS)).to_have_count(38)
    expect(box).to_have_value("")
    for words in ("8443/tcp", "tcp/8443", "tcp 8443"):
        box.fill(words)
        shows(table, ["8443"])


def test_headings_sort(table: Page) -> None:
    before = shown(table)
    table.get_by_role("button", name="Port", exact=True).press("Enter")
    shows(table, before[::-1])
    expect(table).to_have_url(re.compile(r"\?sort=-port$"))
    table.get_by_role("button", name="Listener", exact=True).click()
    heading = table.get_by_role("columnheader", name="Listener")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    listeners = table.locator(".atlas-ports tbody td:nth-child(5)").all_inner_texts()
    assert listeners == sorted(listeners, key=str.casefold)


def test_what_is_not_known_is_said(table: Page, address: str) -> None:
    table.goto(f"{address}/ports/?component=nobody")
    shows(table, [])
    expect(table.get_by_role("combobox", name="Component")).to_have_value("nobody")
    table.goto(f"{address}/ports/?release=newest&filter=8400")
    expect(table.get_by_role("status")).to_contain_text("“newest” is not a release")
    table.get_by_role("link", name="Search the whole site").click()
    expect(table.locator(".md-search-result__item").first).to_contain_text("8400 is a misprint")


def test_no_cell_is_a_formula(table: Page) -> None:
    table.evaluate(
        """() => ["=1+1", "+1", "-1", "@x", ' \\t="x"'].forEach((text, row) => {
          document.querySelector(".atlas-ports tbody").rows[row].cells[3].textContent = text;
        })"""
    )
    _, rows = downloaded(table)
    assert [row[3] for row in rows[1:6]] == ["'=1+1", "'+1", "'-1", "'@x", '\'="x"']


def test_it_works_from_disk(from_disk: Page) -> None:
    shows(from_disk, ["8000"])
    from_disk.get_by_role("button", name="Clear").click()
    expect(from_disk.locator(NUMBERS)).to_have_count(38)
    assert len(downloaded(from_disk)[1]) == 39


def test_without_script_the_whole_table_is_there(chromium: Browser, address: str) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/ports/{AGENT_CLEAR}")
        assert page.locator(".atlas-ports tbody tr:visible").count() == 38
        assert page.locator(".atlas-filter").count() == 0


UNBROKEN = """() => {
  const cells = [...document.querySelectorAll(".atlas-ports td")];
  const heights = cells.map((cell) => cell.offsetHeight);
  const style = document.createElement("style");
  style.textContent = `.atlas-ports * {
    overflow-wrap: normal !important; word-break: normal !important;
  }`;
  document.head.append(style);
  const broken = cells.filter((cell, at) => cell.offsetHeight !== heights[at]);
  return broken.map((cell) => cell.dataset.label);
}"""
"""Cells that need fewer lines when no word may be broken."""


def test_a_phone_breaks_no_word(chromium: Browser, address: str) -> None:
    with chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True) as context:
        page = context.new_page()
        page.goto(f"{address}/ports/")
        expect(page.locator(".atlas-ports td[data-label]").first).to_be_visible()
        assert page.evaluate(UNBROKEN) == []
