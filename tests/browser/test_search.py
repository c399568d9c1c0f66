"""Typing what a person would leads to the right page, in the real search box of the built site."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from generator.load import Atlas
from generator.views import by_numbers, components, ports

from .searching import Search

pytestmark = [pytest.mark.browser, pytest.mark.site]

MISPRINT = "/sources/#8400-is-a-misprint"


@pytest.fixture(scope="module")
def search(desktop: Page, address: str) -> Search:
    return Search(desktop, address)


def wrong(search: Search, asked: dict[str, set[str]], among: int) -> Iterator[str]:
    """Yield each question that leads elsewhere, with where it leads."""
    for words, wanted in asked.items():
        found = [pages[0] for pages in search.hits(words)][:among]
        if not wanted & set(found):
            yield f"{words!r} leads to {found}, not to {sorted(wanted)}"


def test_every_number_leads_to_its_page(search: Search, atlas: Atlas) -> None:
    """Alone, as written in rules, and each member of a range."""
    asked: dict[str, set[str]] = {}
    for numbers, together in by_numbers(atlas.catalogue).items():
        page = {f"/ports/{numbers}/"}
        asked[str(numbers)] = page
        assert len(numbers) < 10, "too many to type"
        for number in range(numbers.first, numbers.last + 1):
            asked[str(number)] = page
            for port in together:
                asked[f"{number}/{port.transport}"] = page
                asked[f"{port.transport}/{number}"] = page
                asked[f"{port.transport} {number}"] = page
        asked[f"port {numbers.last}"] = page
    assert {"80", "5448", "8443/tcp", "tcp/8443", "tcp 8443"} <= set(asked)
    assert list(wrong(search, asked, among=1)) == []


def test_the_articles_numbers_lead_to_what_became_of_them(search: Search, atlas: Atlas) -> None:
    """The misprint among them leads to its explanation."""
    numbers = by_numbers(atlas.catalogue)
    printed = {row.numbers for article in atlas.articles for row in article.rows}
    assert {str(one) for one in printed - set(numbers)} == {"8400"}
    for words in ("8400", "8400/tcp", "port 8400"):
        assert search.hits(words)[0][:2] == ["/sources/", MISPRINT]


def test_every_setting_leads_to_its_port(search: Search, atlas: Atlas) -> None:
    asked: dict[str, set[str]] = {}
    for port in ports(atlas.catalogue):
        for change in port.change:
            asked.setdefault(change.name, set()).add(f"/ports/{port.numbers}/")
    assert {"COMMANDER_HTTPS_PORT", "--agentPort"} <= set(asked)
    assert list(wrong(search, asked, among=1)) == []


def test_every_service_leads_to_one_of_its_ports(search: Search, atlas: Atlas) -> None:
    asked: dict[str, set[str]] = {"clear text": {"/ports/80/", "/ports/8000/", "/ports/389/"}}
    for port in ports(atlas.catalogue):
        asked.setdefault(port.service, set()).add(f"/ports/{port.numbers}/")
    assert {"https", "ldaps", "smtps", "ssh"} <= set(asked)
    assert list(wrong(search, asked, among=2)) == []


def test_every_name_leads_to_its_component(search: Search, atlas: Atlas) -> None:
    asked: dict[str, set[str]] = {"ElectricFlow": {"/components/cd-server/"}}
    for component in components(atlas.catalogue):
        for name in (component.title, *component.aliases):
            asked.setdefault(name, set()).add(f"/components/{component.id}/")
    assert {"Flow Server", "commander", "Apache", "DevOps Insight"} <= set(asked)
    assert list(wrong(search, asked, among=3)) == []


def test_the_products_names_lead_home(search: Search, atlas: Atlas) -> None:
    asked = {name: {"/"} for name in atlas.catalogue.product.aliases}
    asked["CloudBees Flow"].add("/components/cd-server/")  # it is a part of two aliases
    assert list(wrong(search, asked, among=3)) == []


def test_a_flag_among_other_words(search: Search) -> None:
    assert search.hits("agent --agentPort")[0][0] == "/ports/7800/"
    assert search.hits("-serverHttpsPort")[0][0] == "/ports/8443/"


def test_neither_diagrams_nor_data_listings_are_found(search: Search) -> None:
    """What a diagram's list says ends in its encryption and its line; a listing has YAML."""
    for words in ("7800", "clear text", "cd-server-https", "requirement when-used"):
        for pages in search.hits(words):
            assert not pages[0].startswith(("/data/", "/diagrams/", "/api/"))
    text = search.page.request.get(f"{search.address}/search/search_index.json").text()
    assert "→ CD server: 8443" not in text
    assert "The diagram as a list" not in text
