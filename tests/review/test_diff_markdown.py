"""The comment: short enough, one line where nothing differs, and no value is more than text."""

import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from generator.diff.flows import flow_changes, on_network
from generator.export import diff_markdown
from generator.export.diff_markdown import LIMIT, MARKER, markdown
from generator.export.diff_words import NO_CHANGE, site_rows
from generator.export.git_host import prose
from generator.load import Atlas

from ..flows.sites import Data
from ..flows.strategies import CATALOGUE, Made, sites
from ..render.html import Fragment, collapsed
from ..render.values import HOSTILE, VALUES
from .reviews import both, changed, example, issue, reviewed

GITHUB = 65_536

PINGS = ("@octocat", "@org/team", "#123", "GH-123", "org/repo#1", "!12", "~label", "%3", "&5", "$9")
"""What a Git host takes for a mention or a reference."""

READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def without_code(html: str) -> str:
    """Return the HTML that is left for a host to look for mentions in."""
    return re.sub(r"<(code|pre)\b.*?</\1>", "", html, flags=re.DOTALL)


def shown(text: str) -> str:
    html: str = READER.render(text)
    return html


@given(VALUES)
def test_prose_is_shown_as_it_is(value: str) -> None:
    fragment = Fragment.of(shown(prose(value)))
    assert set(fragment.tags) <= {"p"}
    text = collapsed(fragment.text).replace("\u200b", "")
    assert text == collapsed(value).replace("\u200b", "")


@pytest.mark.parametrize("ping", PINGS)
def test_nobody_is_pinged(ping: str) -> None:
    html = shown(prose(f"for {ping}, and {ping}."))
    text = Fragment.of(html).text
    assert ping not in text
    assert ping in text.replace("\u200b", "")


def test_the_issue(atlas: Atlas) -> None:
    before, after = changed("multi-geo", issue)
    review = reviewed(atlas.catalogue, {"multi-geo": before}, {"multi-geo": after})
    text = markdown(review, both(atlas.catalogue))
    lines = text.splitlines()
    assert lines[0] == MARKER
    assert lines[1].startswith("**1 error, 1 warning. 1 crossing opened, 1 crossing closed")
    assert "Who must act: network team" in lines[1]
    assert "clear text from core to services" in lines[3]
    assert "```mermaid" in lines
    tables = re.findall(r"\| (.*?) \|\n\| ---.*?\n((?:\|.*\n)+)", text)
    assert len(tables[0][1].splitlines()) == 3
    assert "<code>" not in tables[0][1]


def test_nothing_is_one_line(atlas: Atlas) -> None:
    site = {"multi-geo": example("multi-geo")}
    text = markdown(reviewed(atlas.catalogue, site, site), both(atlas.catalogue))
    assert text == f"{MARKER}\n**{NO_CHANGE}**\n"


def test_words_only_say_no_network_change_first(atlas: Atlas) -> None:
    before, after = changed("multi-geo", lambda data: data.update(title="Another title"))
    review = reviewed(atlas.catalogue, {"multi-geo": before}, {"multi-geo": after})
    assert markdown(review, both(atlas.catalogue)).splitlines()[1].startswith(f"**{NO_CHANGE}")


@settings(max_examples=40)
@given(sites(), sites())
def test_every_flow_is_in_one_row(before: Made, after: Made) -> None:
    review = reviewed(CATALOGUE, {"made": before.data}, {"made": after.data})
    for site in review.diff.sites:
        differing = [change for change in flow_changes(site) if on_network(change)]
        rows = site_rows(review)[site.id]
        assert sum(row.flows for row in rows) == len(differing)
        assert sum(row.flows for row in rows if row.opens) == sum(c.opens for c in differing)
        assert sum(row.flows for row in rows if row.closes) == sum(c.closes for c in differing)
    assert len(markdown(review, both(CATALOGUE))) < GITHUB


def hostile() -> tuple[Data, Data]:
    """Return a site with attacks in its texts, before and after."""
    attack: Iterator[str] = cycle([*filter(str.strip, HOSTILE), *PINGS])
    before, after = changed("multi-geo", issue)
    for data in (before, after):
        data["title"] = "same title @octocat <script>alert(1)</script> | `x` #123"
        for segment in data["segments"].values():
            segment["title"] = next(attack) + next(attack)
    after["hosts"]["nas-emea"]["labels"] = {"os": next(attack)}
    return before, after


def test_a_hostile_comment_is_text(atlas: Atlas) -> None:
    before, after = hostile()
    review = reviewed(atlas.catalogue, {"multi-geo": before}, {"multi-geo": after})
    text = markdown(review, both(atlas.catalogue))
    html = shown(text)
    tags = set(Fragment.of(html).tags)
    allowed = {"p", "strong", "ul", "li", "code", "h3", "table", "thead", "tbody", "tr", "th", "td"}
    assert tags <= allowed | {"pre", "details", "summary", "br"}
    for ping in ("@octocat", "#123"):
        assert ping not in without_code(html)
    widths = [html.count(tag) for tag in ("<table>", "</table>")]
    assert widths[0] == widths[1] >= 2
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        rows = [len(re.findall(r"<t[hd]", row)) for row in table.split("<tr>")[1:]]
        assert len(set(rows)) == 1


def test_it_fits_whatever_changes(atlas: Atlas) -> None:
    """Hundreds of sites: whole sections are left out, and the comment says which."""
    before, after = changed("multi-geo", issue)
    names = [f"site-{number}" for number in range(150)]
    old = {name: before | {"title": name} for name in names}
    new = {name: after | {"title": name} for name in names}
    text = markdown(reviewed(atlas.catalogue, old, new), both(atlas.catalogue), elsewhere="`there`")
    assert GITHUB - 5_000 < len(text) < GITHUB
    assert len(text) <= LIMIT
    assert "Too long for a comment, so left out: " in text
    assert text.rstrip().endswith("See `there`.")
    assert text.count("```") % 2 == 0
    assert text.count("<details>") == text.count("</details>")


@pytest.mark.parametrize("limit", [64_000, 40_000, 20_000, 8_000])
@pytest.mark.parametrize("sites", [4, 12, 150])
def test_what_is_said_to_be_below_is_below(
    atlas: Atlas, sites: int, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diff_markdown, "LIMIT", limit)
    before, after = changed("multi-geo", issue)
    names = [f"site-{number}" for number in range(sites)]
    old = {name: before | {"title": name} for name in names}
    new = {name: after | {"title": name} for name in names}
    review = reviewed(atlas.catalogue, old, new)
    text = markdown(review, both(atlas.catalogue))
    assert len(text) <= limit
    bad = sum(change.severity != "info" for change in review.changes)
    told = len(re.findall(r"^- \*\*(error|warning)\*\* ", text, re.MULTILINE))
    said = re.search(r"^- and (\d+) more, (.*)$", text, re.MULTILINE)
    if said is None:
        assert bad == told <= 10
        return
    assert int(said[1]) == bad - 10
    below = re.fullmatch(r"(?:(\d+) of them )?below", said[2])
    assert told - 10 == (int(below[1] or said[1]) if below else 0)
    assert below or said[2] == "left out here"
