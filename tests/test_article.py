"""The article, read again from its own text: no printed row is lost, changed or unexplained."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.article import Article, misprints
from generator.catalogue import Numbers
from generator.load import Atlas

TEXT = Path(__file__).parent / "article" / "kbec-00041.txt"
NUMBER = re.compile(r"([0-9]{2,5})(?:-([0-9]{2,5}))?")


@dataclass(frozen=True)
class Printed:
    """A row as printed: the lines from one port number to the next."""

    lines: tuple[str, ...]

    @property
    def numbers(self) -> range:
        match = NUMBER.fullmatch(self.lines[0])
        assert match
        return range(int(match[1]), int(match[2] or match[1]) + 1)


def printed_tables() -> tuple[tuple[Printed, ...], tuple[Printed, ...]]:
    """Read the two tables; each begins after its headings and ends where the next title is."""
    lines = [line for line in TEXT.read_text(encoding="utf-8").splitlines() if line]
    first = lines.index("TCP Port Description Server Client Encryption Comment")
    second_title = lines.index("Ports used by CloudBees Flow components")
    second = lines.index("Port Used By")
    end = lines.index("Resolving port conflicts")
    return rows(lines[first + 1 : second_title]), rows(lines[second + 1 : end])


def rows(lines: list[str]) -> tuple[Printed, ...]:
    starts = [at for at, line in enumerate(lines) if NUMBER.fullmatch(line)]
    assert starts[0] == 0, "a table begins with a number"
    ends = [*starts[1:], len(lines)]
    return tuple(Printed(tuple(lines[start:end])) for start, end in zip(starts, ends, strict=True))


@pytest.fixture
def article(atlas: Atlas) -> Article:
    assert [article.id for article in atlas.articles] == ["kbec-00041"]
    return atlas.articles[0]


def test_the_printed_tables_are_as_large_as_known() -> None:
    first, second = printed_tables()
    assert (len(first), len(second)) == (27, 11)
    assert sum(len(row.numbers) > 1 for row in first) == 1
    in_first = {number for row in first for number in row.numbers}
    in_both = in_first | {number for row in second for number in row.numbers}
    assert (len(in_first), len(in_both)) == (30, 33)


def test_every_printed_row_is_kept_word_for_word(article: Article) -> None:
    printed = [[row.lines for row in table] for table in printed_tables()]
    kept = [[row.cells for row in table.rows] for table in article.tables]
    assert kept == printed


def test_every_printed_number_is_in_the_catalogue_or_explained(
    article: Article, atlas: Atlas
) -> None:
    catalogue = {
        number
        for port in atlas.catalogue.ports.values()
        for number in range(port.numbers.first, port.numbers.last + 1)
    }
    explained = {row.numbers.first for row in article.rows if row.reason and row.source}
    printed = {number for table in printed_tables() for row in table for number in row.numbers}
    assert printed - catalogue == {8400}
    assert 8400 in explained
    assert list(misprints(article, atlas.catalogue)) == [Numbers(8400, 8400)]


def test_every_change_has_a_reason_and_a_source(article: Article, atlas: Atlas) -> None:
    changed = [row for row in article.rows if row.verdict != "as-printed"]
    assert changed
    for row in changed:
        assert row.reason, row
        assert row.source in atlas.catalogue.sources, row
        assert row.source != article.source, f"the article cannot correct itself: {row}"


def test_every_row_became_ports_of_its_number(article: Article, atlas: Atlas) -> None:
    for row in article.rows:
        became = {atlas.catalogue.ports[port].numbers for port in row.ports}
        assert became == ({Numbers(8443, 8443)} if row.numbers.first == 8400 else {row.numbers})


def test_the_known_faults_of_the_article_are_corrected(article: Article) -> None:
    corrected = {
        (row.table, row.numbers.first) for row in article.rows if row.verdict == "corrected"
    }
    swapped = {
        row.numbers.first
        for row in article.rows
        if "Server and Client cells are swapped" in (row.reason or "")
    }
    assert swapped == {22, 6800, 7800, 8000, 8200}
    misprint, not_tcp, slip, without_client = (2, 8400), (1, 138), (1, 465), {(1, 9200), (1, 9600)}
    assert {misprint, not_tcp, slip} | without_client <= corrected


def test_the_copy_is_nobodys_but_cloudbees() -> None:
    notice = (TEXT.parent / "NOTICE").read_text(encoding="utf-8")
    assert "Copyright CloudBees, Inc." in notice
    assert "not under this project's Apache-2.0 licence" in " ".join(notice.split())
