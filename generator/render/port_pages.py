"""`/ports/` and `/ports/<numbers>/`: everything about the ports on a number."""

from generator import words
from generator.article import Article, Row
from generator.catalogue import Catalogue, Numbers, Port
from generator.derive.model import Derived
from generator.load import Atlas
from generator.markdown import (
    AHEAD,
    BEHIND,
    FOREMOST,
    code,
    front_matter,
    items,
    link,
    relative,
    table,
    text,
)
from generator.render import site_tables, tables
from generator.render.places import correct
from generator.render.probes import test_it
from generator.views import by_numbers, choice_of, ports

PAGE = "ports/index.md"
MOVE = ("troubleshooting/index.md", "Move a port")
"""The prose that says what follows when a port is changed, where the data has such a page."""


def index(atlas: Atlas) -> str:
    """Return the page with every port in one table."""
    catalogue = atlas.catalogue
    every = ports(catalogue)
    description = f"All {len(every)} ports of {catalogue.product.title}, in one table"
    return "\n".join(
        [
            *front_matter("All ports", description, hide="[toc]", search=BEHIND),
            "# All ports",
            "",
            f"{len(every)} ports of {text(catalogue.product.title)} by number.",
            "The *listener* has the port open; the *initiators* connect to it.",
            "Each number leads to its reasons and sources.",
            "",
            '<div class="atlas-ports" markdown="1">',
            "",
            *tables.listening(catalogue, PAGE, every, listener=True),
            "</div>",
            "",
        ]
    )


def pages(atlas: Atlas, derived: tuple[Derived, ...], source_url: str | None) -> dict[str, str]:
    """Return the page of each number or range, by path."""
    return {
        tables.port_page(numbers): _page(atlas, derived, numbers, together, source_url)
        for numbers, together in by_numbers(atlas.catalogue).items()
    }


def _begins_others(atlas: Atlas, numbers: Numbers) -> bool:
    """Tell whether other numbers begin with these: what is typed finds their pages, too."""
    others = (str(one) for one in by_numbers(atlas.catalogue) if one != numbers)
    return any(one.startswith(str(numbers)) for one in others)


def _page(
    atlas: Atlas,
    derived: tuple[Derived, ...],
    numbers: Numbers,
    together: tuple[Port, ...],
    source_url: str | None,
) -> str:
    page = tables.port_page(numbers)
    transports = "/".join(dict.fromkeys(port.transport for port in together))
    name = f"{'Port' if len(numbers) == 1 else 'Port range'} {numbers}/{transports}"
    titles = ", ".join(dict.fromkeys(port.title for port in together))
    services = "/".join(dict.fromkeys(port.service for port in together))
    head = front_matter(
        f"{name}: {titles}",
        f"{name}: {together[0].purpose}",
        search=FOREMOST if _begins_others(atlas, numbers) else AHEAD,
    )
    # In the heading the search gives a service its weight, too.
    lines = [*head, f"# {name} · {text(services)}", ""]
    if len(numbers) > 1:
        # A search for 5447 finds no "5446-5449".
        members = ", ".join(str(n) for n in range(numbers.first, numbers.last + 1))
        attributes = '{: #numbers .atlas-aliases data-toc-label="The numbers" }'
        lines += [f"## The numbers {members} {attributes}", ""]
    for port in together:
        lines += _port(atlas, derived, page, port, source_url)
    return "\n".join(lines)


def _port(
    atlas: Atlas, derived: tuple[Derived, ...], page: str, port: Port, source_url: str | None
) -> list[str]:
    catalogue = atlas.catalogue
    nobody = ["Nobody is known to connect. It listens, and matters for port conflicts.", ""]
    return [
        # Of Markdown, not raw: so that no heading takes the same id.
        f'<div id="{port.id}" markdown="1"></div>',
        "",
        f"## {text(port.title)}",
        "",
        text(port.purpose),
        "",
        *_facts(catalogue, page, port),
        "### Who connects",
        "",
        *(tables.initiating(catalogue, page, port) or nobody),
        *test_it(catalogue, page, port),
        *_change(atlas, page, port),
        *_section("Good to know", items(text(note) for note in port.notes)),
        *_section("Evidence", _evidence(catalogue, port)),
        *_section("In the article", _article(atlas, page, port)),
        *_section("At the sites", site_tables.uses(page, port, derived)),
        f"Wrong or missing? Correct it at {correct(atlas, page, port.place, source_url)}.",
        "",
    ]


def _section(heading: str, lines: list[str]) -> list[str]:
    return [f"### {heading}", "", *lines] if lines else []


def _change(atlas: Atlas, page: str, port: Port) -> list[str]:
    if not port.change:
        return []
    # Whoever searches for a setting finds it by the heading.
    names = ", ".join(code(name) for name in dict.fromkeys(c.name for c in port.change))
    heading = f"### How to change it: {names}"
    attributes = f'{{: #{port.id}-change data-toc-label="How to change it" }}'
    lines = [f"{heading} {attributes}", "", *tables.changes(port)]
    prose, title = MOVE
    if any(p.path == prose and f"## {title}" in p.text.splitlines() for p in atlas.pages):
        target = relative(page, f"{prose}#{title.lower().replace(' ', '-')}")
        lines += [f"What else has to follow, step by step: {link(title, target)}.", ""]
    return lines


def _facts(catalogue: Catalogue, page: str, port: Port) -> list[str]:
    rows = [
        ("Listener", tables.component_link(catalogue, page, port.listener)),
        ("Transport", port.transport.upper()),
        ("Service", text(port.service)),
        ("Encryption", words.encryption(port.encryption)),
        ("Requirement", words.REQUIREMENTS[port.requirement]),
        ("Scope", _SCOPES[port.scope]),
        ("Releases", words.releases(port)),
    ]
    if port.feature:
        feature = catalogue.features[port.feature]
        rows.append(("With feature", f"{text(feature.title)}. {text(feature.description)}"))
    if port.condition:
        condition = catalogue.conditions[port.condition]
        rows.append(("Under condition", f"{text(condition.title)}. {text(condition.description)}"))
    chosen = choice_of(catalogue, port.id)
    if chosen:
        option, choice = chosen
        rows.append(("Option", f"{text(option.title)}: {text(choice.title)}"))
    if port.alternative_to:
        instead = catalogue.ports[port.alternative_to]
        rows.append(("Instead of", tables.port_link(page, instead)))
    if port.session and port.session.long_lived is not None:
        rows.append(("Long-lived", "yes" if port.session.long_lived else "no"))
    if port.session and port.session.idle_timeout:
        rows.append(("Idle time-out", text(port.session.idle_timeout)))
    return table(["Fact", "Value"], rows)


_SCOPES = {"network": "network", "loopback": "loopback only: no firewall rule, no remote check"}


def _evidence(catalogue: Catalogue, port: Port) -> list[str]:
    def source(key: str) -> str:
        return source_link(catalogue, key)

    return table(
        ["About", "What it says", "Confidence", "Source"],
        [
            [
                words.ABOUT.get(item.about or "", item.about or ""),
                text(item.says),
                words.CONFIDENCES[item.confidence],
                ", ".join(source(key) for key in item.sources) or "none",
            ]
            for item in port.evidence
        ],
    )


def source_link(catalogue: Catalogue, key: str) -> str:
    """Link a source's key to its address, if it has one."""
    url = catalogue.sources[key].url
    return link(text(key), url) if url else text(key)


def _article(atlas: Atlas, page: str, port: Port) -> list[str]:
    return items(
        f"{_row_link(page, article, row)}: {_verdict(row)}"
        for article in atlas.articles
        for row in article.rows
        if port.id in row.ports
    )


def _row_link(page: str, article: Article, row: Row) -> str:
    label = f"{text(article.source)}, table {row.table}, row {row.row}"
    target = f"sources/index.md#{article.id}-{row.table}-{row.row}"
    return link(label, relative(page, target))


def _verdict(row: Row) -> str:
    printed = code(str(row.numbers))
    reason = f" {text(row.reason)}" if row.reason else ""
    return f"printed as {printed}, {row.verdict.replace('-', ' ')}.{reason}"
