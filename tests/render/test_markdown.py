"""Every value is shown as it is, by the site's Markdown reader and by a Git host's."""

import logging
import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import unquote

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown import Markdown  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from mkdocs.config import load_config
from mkdocs.utils.meta import get_data

from generator.load import DataFile
from generator.markdown import code, front_matter, items, link, relative, table, text
from generator.render.places import data_file

from ..examples import ROOT
from .html import Fragment, collapsed
from .values import HOSTILE, VALUES

settings.register_profile("render", deadline=None)
settings.load_profile("render")

LOOKALIKES = {"<": "\u2039", ">": "\u203a", '"': "\u201d"}

Reader = Callable[[str], str]
Escape = Callable[[str], str]


def _site_reader() -> Reader:
    """Return the reader that MkDocs makes from our mkdocs.yml."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    markdown = Markdown(
        extensions=config.markdown_extensions, extension_configs=config.mdx_configs or {}
    )

    def read(source: str) -> str:
        return str(markdown.reset().convert(source))

    return read


READERS: dict[str, Reader] = {
    "site": _site_reader(),
    "Git host": MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render,
}
ESCAPES: dict[str, Escape] = {"text": text, "code": code}
readers = pytest.mark.parametrize("read", READERS.values(), ids=READERS)
escapes = pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def shown(read: Reader, source: str) -> Fragment:
    """Render, and leave out the anchor that the site puts behind a heading."""
    fragment = Fragment.of(read(source))
    if ("a", "headerlink") in [(tag, attrs.get("class")) for tag, attrs in fragment.elements]:
        fragment.elements = [e for e in fragment.elements if e[1].get("class") != "headerlink"]
        assert fragment.parts.pop() in ("¶", "\n") or fragment.parts.pop() == "¶"
    return fragment


def check(read: Reader, source: str, escape: Escape, value: str, tags: list[str]) -> None:
    """See that the value is shown as it is and makes nothing but what was there before."""
    fragment = shown(read, source)
    assert fragment.text == collapsed(value)
    wanted = [*tags, *(["code"] if escape is code else [])]
    assert fragment.tags == wanted
    assert [dict(attrs) for _, attrs in fragment.elements if set(attrs) - {"id"}] == []
    assert fragment.other == []


@readers
@escapes
@given(value=VALUES)
def test_in_a_paragraph(read: Reader, escape: Escape, value: str) -> None:
    check(read, escape(value), escape, value, ["p"])


@readers
@escapes
@given(value=VALUES)
def test_in_a_list(read: Reader, escape: Escape, value: str) -> None:
    check(read, "\n".join(items([escape(value)])), escape, value, ["ul", "li"])


@readers
@given(value=VALUES)
def test_in_a_heading(read: Reader, value: str) -> None:
    check(read, f"## {text(value)}", text, value, ["h2"])


@readers
@escapes
@given(value=VALUES, other=VALUES)
def test_in_a_table(read: Reader, escape: Escape, value: str, other: str) -> None:
    lines = table(["One", "Two", "Three"], [["a", escape(value), "b"], ["c", text(other), "d"]])
    fragment = shown(read, "\n".join(lines))
    parts = ["One", "Two", "Three", "a", collapsed(value), "b", "c", collapsed(other), "d"]
    assert fragment.text == collapsed(" ".join(parts))
    row = ["tr", "td", "td", *(["code"] if escape is code else []), "td"]
    head = ["table", "thead", "tr", "th", "th", "th", "tbody"]
    assert [tag for tag in fragment.tags if tag != "div"] == [*head, *row, "tr", "td", "td", "td"]
    assert fragment.other == []


@readers
@given(value=VALUES, rest=VALUES)
def test_after_each_other(read: Reader, value: str, rest: str) -> None:
    """As in an enumeration: neither takes the other's markup for its own end."""
    fragment = shown(read, f"x {text(value)}, {code(rest)}. **{text(value)}.** {text(rest)}")
    one, other = collapsed(value), collapsed(rest)
    assert fragment.text == collapsed(f"x {one}, {other}. {one}. {other}")
    assert fragment.tags == ["p", "code", "strong"]


@readers
@given(value=VALUES)
def test_as_the_label_of_a_link(read: Reader, value: str) -> None:
    fragment = shown(read, f"to {link(text(value), '../a/index.md#b')} now")
    assert fragment.text == collapsed(f"to {value} now")
    assert fragment.elements == [("p", {}), ("a", {"href": "../a/index.md#b"})]


@readers
@given(value=VALUES)
def test_as_the_title_of_a_diagram(read: Reader, value: str) -> None:
    fragment = shown(read, link(f"![{text(value)}](a.svg)", "a.svg"))
    assert fragment.tags == ["p", "a", "img"]
    assert collapsed(fragment.elements[2][1]["alt"] or "") == collapsed(value)
    assert fragment.elements[2][1]["src"] == "a.svg"


@readers
@given(path=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20))
@example(path="a|b")
@example(path="'x' (y) [z] {: .a } `b` *c* _d_ &copy; &amp; \\(")
def test_an_address_stays_whole(read: Reader, path: str) -> None:
    """Whatever an address may have, in a table too; a reader may write it in percents."""
    address = "https://[::1]/" + re.sub(r'[\s"<>]', "", path)
    fragment = shown(read, "\n".join(table(["a", "b"], [[link("it", address), "c"]])))
    assert fragment.text == "a b it c"
    links = [attrs for tag, attrs in fragment.elements if tag == "a"]
    assert [set(attrs) for attrs in links] == [{"href"}]
    href = links[0]["href"] or ""
    assert unquote(href) == unquote(address)
    assert fragment.tags.count("td") == 2


@pytest.mark.parametrize("value", HOSTILE)
def test_each_hostile_value_alone(value: str) -> None:
    """What hypothesis may miss in a run: each one, in each place, for each reader."""
    if not value.strip():
        return
    for read in READERS.values():
        for escape in (text, code):
            check(read, escape(value), escape, value, ["p"])
            check(read, f"- {escape(value)}", escape, value, ["ul", "li"])
        check(read, f"# {text(value)}", text, value, ["h1"])


# ---- front matter -----------------------------------------------------------------------------


@given(title=VALUES, description=VALUES)
@example(title='"><script>alert(1)</script>', description="'--- {{ x }} \\ \"")
@example(title="yes", description="2024-06-01")
def test_front_matter_survives(title: str, description: str) -> None:
    lines = front_matter(title, description)
    body, meta = get_data("\n".join([*lines, "# x"]))
    assert body.strip() == "# x"
    assert set(meta) == {"title", "description"}
    assert meta == yaml.safe_load("\n".join(lines[1 : lines.index("---", 1)]))
    assert unescape(meta["description"]) == collapsed(description)
    assert not set('<>"') & set(meta["description"])
    lookalikes = str.maketrans(LOOKALIKES)
    assert unescape(meta["title"]) == collapsed(title).translate(lookalikes)
    assert not set('<>"') & set(meta["title"])


# ---- a data file, line by line ------------------------------------------------------------------


@readers
@given(lines=st.lists(VALUES.map(lambda v: re.sub(r"[\n\t]", " ", v)), min_size=1, max_size=6))
def test_a_data_file_is_shown_as_it_is(read: Reader, lines: list[str]) -> None:
    source = data_file(DataFile("ports.yaml", "data/ports.yaml", "\n".join(lines)))
    fragment = Fragment.of(read(get_data(source)[0]))
    anchors = [f"L{number}" for number in range(1, len(lines) + 1)]
    assert [attrs.get("id") for tag, attrs in fragment.elements if tag == "a"][
        -len(lines) :
    ] == anchors
    listing = "".join(fragment.parts).partition("   1 ")[2]
    assert listing.splitlines()[0] == lines[0]
    for number, line in enumerate(lines[1:], 2):
        assert f"\n{number:4} {line}\n" in f"\n{listing}\n"
    assert set(fragment.tags) <= {"h1", "p", "pre", "a"}
    assert fragment.other == []


# ---- small things -------------------------------------------------------------------------------


def test_a_table_without_rows_is_none() -> None:
    assert table(["One"], []) == []
    assert items([]) == []


@pytest.mark.parametrize(
    ("page", "target", "path"),
    [
        ("index.md", "ports/22/index.md", "ports/22/index.md"),
        ("ports/22/index.md", "index.md", "../../index.md"),
        ("ports/22/index.md", "ports/25/index.md#smtp", "../25/index.md#smtp"),
        ("ports/22/index.md", "ports/22/index.md", "index.md"),
        ("ports/index.md", "diagrams/a.svg", "../diagrams/a.svg"),
    ],
)
def test_relative(page: str, target: str, path: str) -> None:
    assert relative(page, target) == path
