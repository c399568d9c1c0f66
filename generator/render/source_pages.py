"""`/sources/`: every row of the article and what became of it, and every source of a fact."""

from collections import Counter

from generator.article import Article, Row, misprints
from generator.catalogue import Catalogue
from generator.load import Atlas
from generator.markdown import AHEAD, front_matter, link, table, text
from generator.render import tables
from generator.render.port_pages import source_link

PAGE = "sources/index.md"


def page(atlas: Atlas) -> str:
    """Return the page."""
    catalogue = atlas.catalogue
    lines = [
        *front_matter(
            "Sources", "Where the facts come from, and what the article got wrong", search=AHEAD
        ),
        "# Sources",
        "",
    ]
    for article in atlas.articles:
        lines += _article(catalogue, article)
    uses = Counter(
        key
        for evidence in (
            *(port.evidence for port in catalogue.ports.values()),
            *(constraint.evidence for constraint in catalogue.constraints.values()),
        )
        for item in evidence
        for key in item.sources
    )
    rows = [
        [source_link(catalogue, key), text(source.title), text(source.note or ""), str(uses[key])]
        for key, source in sorted(catalogue.sources.items())
    ]
    lines += ["## Where facts come from", ""]
    lines += table(["Source", "Title", "Remark", "Facts"], rows)
    return "\n".join(lines)


def _article(catalogue: Catalogue, article: Article) -> list[str]:
    verdicts = Counter(row.verdict for row in article.rows)
    counts = ", ".join(
        f"{verdicts[verdict]} {verdict.replace('-', ' ')}" for verdict in sorted(verdicts)
    )
    lines = [
        f"## {text(article.title)}",
        "",
        f"Its {len(article.rows)} rows, each accounted for: {counts}.",
        f"The article: {source_link(catalogue, article.source)}.",
        "",
    ]
    for numbers, rows in misprints(article, catalogue).items():
        lines += [f"### {numbers} is a misprint", ""]
        for row in rows:
            became = ", ".join(tables.port_link(PAGE, catalogue.ports[port]) for port in row.ports)
            means = f" It means {became}." if became else ""
            lines += [f"{text(row.reason or '')}{means}", ""]
    for number, part in enumerate(article.tables, 1):
        lines += [f"### Table {number}: {text(part.title)}", ""]
        lines += table(
            ["Row", "Printed", "Verdict", "Became", "Why", "Source"],
            [_row(catalogue, article, row) for row in part.rows],
        )
    return lines


def _row(catalogue: Catalogue, article: Article, row: Row) -> list[str]:
    became = [
        f"{tables.port_link(PAGE, catalogue.ports[port])} {text(catalogue.ports[port].title)}"
        for port in row.ports
    ]
    here = f"{article.id}-{row.table}-{row.row}"
    return [
        f'<a id="{here}"></a>{link(str(row.row), f"#{here}")}',
        " / ".join(text(cell) for cell in row.cells),
        row.verdict.replace("-", " "),
        ", ".join(became),
        text(row.reason or ""),
        source_link(catalogue, row.source) if row.source else "",
    ]
