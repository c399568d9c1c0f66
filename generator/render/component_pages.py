"""`/components/` and `/components/<id>/`: a component, its diagram, and what it needs."""

from collections.abc import Mapping

from generator import words
from generator.catalogue import Catalogue, Component, Constraint
from generator.drawing.model import Drawing
from generator.load import Atlas
from generator.markdown import (
    AHEAD,
    BEHIND,
    code,
    front_matter,
    items,
    relative,
    table,
    text,
)
from generator.render import port_pages, tables
from generator.render.figures import figure
from generator.render.places import correct
from generator.render.port_pages import source_link
from generator.views import components, served_by, started_by

PAGE = "components/index.md"
ALIASES = '{: #also-called .atlas-aliases data-toc-label="Also called" }'
"""Other names make a heading, since a search looks at headings first; a small one."""


def index(atlas: Atlas) -> str:
    """Return the page with every component in one table."""
    catalogue = atlas.catalogue
    rows = [
        [
            tables.component_link(catalogue, PAGE, component.id),
            words.KINDS[component.kind],
            ", ".join(text(alias) for alias in component.aliases),
            _numbers(catalogue, component),
            _listeners(catalogue, component),
        ]
        for component in components(catalogue)
    ]
    title = text(catalogue.product.title)
    return "\n".join(
        [
            *front_matter(
                "Components",
                f"What listens and connects in {catalogue.product.title}",
                search=BEHIND,
            ),
            "# Components",
            "",
            f"Everything that listens or connects in an installation of {title}.",
            "",
            *table(["Component", "What it is", "Also called", "Listens on", "Connects to"], rows),
        ]
    )


def _numbers(catalogue: Catalogue, component: Component) -> str:
    ports = served_by(catalogue, component.id)
    return ", ".join(tables.port_link(PAGE, port) for port in ports) or "nothing"


def _listeners(catalogue: Catalogue, component: Component) -> str:
    names = sorted({c.port.listener for c in started_by(catalogue, component.id)})
    return ", ".join(tables.component_link(catalogue, PAGE, name) for name in names) or "nothing"


def pages(atlas: Atlas, drawings: Mapping[str, Drawing], source_url: str | None) -> dict[str, str]:
    """Return the page of each component, by path; `drawings` are by the component's id."""
    return {
        tables.component_page(component.id): _page(
            atlas, component, drawings[component.id], source_url
        )
        for component in components(atlas.catalogue)
    }


def _page(atlas: Atlas, component: Component, drawing: Drawing, source_url: str | None) -> str:
    catalogue = atlas.catalogue
    page = tables.component_page(component.id)
    served = served_by(catalogue, component.id)
    started = started_by(catalogue, component.id)
    called = ", ".join(text(alias) for alias in component.aliases)
    return "\n".join(
        [
            *front_matter(component.title, component.description, search=AHEAD),
            f"# {text(component.title)}",
            "",
            text(component.description),
            "",
            f"It is a {words.KINDS[component.kind]}.",
            "",
            *([f"## Also called {called} {ALIASES}", ""] if called else []),
            *figure(page, drawing),
            "## What it serves",
            "",
            *(
                tables.listening(catalogue, page, served, listener=False)
                or ["It listens on nothing of its own.", ""]
            ),
            "## What it starts",
            "",
            *(
                tables.starting(catalogue, page, started)
                or ["It connects to nothing on its own.", ""]
            ),
            *_filtered(page, component, starts=bool(started)),
            *_settings(catalogue, page, component),
            *_rules(catalogue, component),
            f"Wrong or missing? Correct it at {correct(atlas, page, component.place, source_url)}.",
            "",
        ]
    )


def _filtered(page: str, component: Component, *, starts: bool) -> list[str]:
    """Return links to the table of all ports, filtered; the filter is in the address."""
    if not starts:
        return []
    # Written as it is: MkDocs checks a link before its character references are resolved.
    address = f"{relative(page, port_pages.PAGE)}?component={component.id}&role=connects"
    return [
        f"To filter, share or download as CSV: [all of it]({address}), or only",
        f"[what is in clear text]({address}&encryption=none).",
        "",
    ]


def _settings(catalogue: Catalogue, page: str, component: Component) -> list[str]:
    rows = [
        [
            tables.port_link(page, port),
            words.CHANGES[change.kind],
            code(change.name),
            text(change.note or ""),
        ]
        for port in served_by(catalogue, component.id)
        for change in port.change
    ]
    lines = table(["Port", "Where", "Name", "Remark"], rows)
    return ["## Settings", "", *lines] if lines else []


def _rules(catalogue: Catalogue, component: Component) -> list[str]:
    def concerns(rule: Constraint) -> bool:
        check = rule.check
        return check is not None and component.id in (*check.components, *check.others)

    lines = items(
        f"**{text(rule.title)}.** {text(rule.why)} "
        f"({', '.join(source_link(catalogue, key) for e in rule.evidence for key in e.sources)})"
        for rule in catalogue.constraints.values()
        if concerns(rule)
    )
    return ["## Rules of a deployment", "", *lines] if lines else []
