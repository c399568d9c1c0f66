"""`/sites/` and `/sites/<id>/`: one installation, drawn, tabled, and what is wrong with it."""

from collections.abc import Iterable

from generator.catalogue import Catalogue
from generator.derive.model import Derived, Flow
from generator.derive.observed import Seeing
from generator.diagrams.site import SiteDrawings, crosses, crossing_anchor
from generator.lint.run import Report
from generator.load import Atlas
from generator.markdown import front_matter, items, link, relative, table, text
from generator.render import observed, site_tables, upgrade_section
from generator.render.figures import figure, svg_path
from generator.render.folds import folded
from generator.render.places import correct
from generator.topology import Site

PAGE = "sites/index.md"


def site_page(site: str) -> str:
    """Return the path of a site's page."""
    return f"sites/{site}/index.md"


def hosts(site: Site) -> int:
    """Return how many hosts a site has, people's networks left out."""
    return sum(group.size for group in site.groups.values() if not group.people)


def index(atlas: Atlas, sites: Iterable[tuple[Derived, Report]]) -> str:
    """Return the page of all sites."""
    rows = [
        [
            link(text(derived.site.title), relative(PAGE, site_page(derived.site.id))),
            derived.site.release,
            ", ".join(derived.site.zones),
            str(hosts(derived.site)),
            str(len(derived.flows)),
            _count(report),
            "example" if derived.site.illustrative else "real",
        ]
        for derived, report in sites
    ]
    product = atlas.catalogue.product.title
    return "\n".join(
        [
            *front_matter("Sites", f"Installations of {product}: who talks to whom at each"),
            "# Sites",
            "",
            f"Installations of {text(product)}, each with its diagram, the flows between its",
            "segments, and what is wrong with it.",
            "",
            *table(["Site", "Release", "Zones", "Hosts", "Flows", "Findings", "Kind"], rows),
        ]
    )


def _count(report: Report) -> str:
    waived = f", {len(report.waived)} waived" if report.waived else ""
    return f"{len(report.findings) or 'none'}{waived}"


def page(
    atlas: Atlas,
    derived: Derived,
    report: Report,
    drawings: SiteDrawings,
    source_url: str | None,
    *,
    seen: Seeing | None = None,
    check: Iterable[str] = (),
) -> str:
    """Return the page of one site.

    `seen` is what was observed; `check` is its section about the check script.
    """
    catalogue, site = atlas.catalogue, derived.site
    path = site_page(site.id)
    network = [flow for flow in derived.flows if flow.scope == "network"]
    return "\n".join(
        [
            *front_matter(site.title, site.description or f"Site {site.title}"),
            f"# {text(site.title)}",
            "",
            *([text(site.description), ""] if site.description else []),
            *(["**An illustrative example, no real network.**", ""] if site.illustrative else []),
            *_facts(catalogue, site, seen),
            *([f"The diagram shows {drawings.shows}.", ""] if drawings.default.edges else []),
            *figure(path, drawings.default),
            *([f"A click away: {_others(path, drawings)}", ""] if drawings.others else []),
            "## Crossings",
            "",
            "What a firewall between two segments must let through, one table a direction.",
            "*Dials* is the address and port on the way; *listens behind* is the host's own,",
            "behind a load balancer or a translated address.",
            "",
            *_crossings(catalogue, path, derived, [f for f in network if crosses(site, f)]),
            "## Within segments",
            "",
            *_within(catalogue, path, derived, [f for f in network if not crosses(site, f)]),
            "## Hosts",
            "",
            *site_tables.hosts(catalogue, path, site),
            "## Findings",
            "",
            *site_tables.findings(path, report),
            *observed.section(catalogue, path, seen),
            *check,
            *upgrade_section.section(catalogue, path, derived),
            *_not_covered(catalogue),
            "## By role",
            "",
            "What each component serves and starts here, loopback included.",
            "",
            *_roles(catalogue, path, derived),
            "## Downloads",
            "",
            *items(
                [
                    f"{link('flows.csv', 'flows.csv')}: all flows, for a spreadsheet",
                    f"{link(f'{site.id}.json', _document(path, site))}: the same for programs",
                ]
            ),
            *_correct(atlas, path, site, source_url),
        ]
    )


def _document(path: str, site: Site) -> str:
    return relative(path, f"api/v1/sites/{site.id}.json")


def _facts(catalogue: Catalogue, site: Site, seen: Seeing | None) -> list[str]:
    features = ", ".join(text(catalogue.features[f].title) for f in sorted(site.features))
    options = "; ".join(
        f"{text(option.title)}: {text(choice.title)}"
        for option in catalogue.options.values()
        for choice in option.choices
        if site.options.get(option.id) == choice.id
    )
    rows = [
        ["Release", site.release],
        *([["Owner", text(site.owner)]] if site.owner else []),
        ["Zones", ", ".join(site.zones)],
        ["Hosts", str(hosts(site))],
        ["Features", features or "none"],
        ["Options", options or "none"],
        *observed.summary(seen),
    ]
    return table(["Fact", "Value"], rows)


def _others(path: str, drawings: SiteDrawings) -> str:
    links = (
        link(text(words), relative(path, svg_path(drawing))) for words, drawing in drawings.others
    )
    return " · ".join(links)


def _crossings(catalogue: Catalogue, path: str, derived: Derived, flows: list[Flow]) -> list[str]:
    site = derived.site
    pairs: dict[tuple[str, str], list[Flow]] = {}
    for flow in flows:
        ends = (flow.initiator.group, flow.listener.group)
        start, end = (site.groups[group].segment for group in ends)
        pairs.setdefault((start, end), []).append(flow)
    lines: list[str] = []
    for (start, end), together in sorted(pairs.items()):
        lines += [
            f'<a id="{crossing_anchor(start, end)}"></a>',
            "",
            f"### {text(site.segments[start].title)} → {text(site.segments[end].title)}",
            "",
            *site_tables.flows(catalogue, path, derived, together),
        ]
    return lines or ["Nothing crosses from one segment to another.", ""]


def _within(catalogue: Catalogue, path: str, derived: Derived, flows: list[Flow]) -> list[str]:
    lines: list[str] = []
    for segment in derived.site.segments.values():
        inside = [f for f in flows if derived.site.groups[f.initiator.group].segment == segment.id]
        if inside:
            lines += [
                f'<a id="{crossing_anchor(segment.id, segment.id)}"></a>',
                "",
                f"### Within {text(segment.title)}",
                "",
                *site_tables.flows(catalogue, path, derived, inside),
            ]
    return lines or ["No flow stays within a segment.", ""]


def _roles(catalogue: Catalogue, path: str, derived: Derived) -> list[str]:
    site = derived.site
    lines: list[str] = []
    for component in sorted({r.component for g in site.groups.values() for r in g.roles}):
        ends = {
            (group.id, role.id)
            for group in site.groups.values()
            for role in group.roles
            if role.component == component
        }
        serves = [one for one in derived.listeners if (one.end.group, one.end.role) in ends]
        starts = [f for f in derived.flows if (f.initiator.group, f.initiator.role) in ends]
        title = text(catalogue.components[component].title)
        lines += [f"### {title}", ""]
        served = site_tables.listeners(path, catalogue, serves)
        started = site_tables.flows(catalogue, path, derived, starts)
        lines += folded(f"It serves: {len(serves)}", served) or ["It serves nothing.", ""]
        lines += folded(f"It starts: {len(starts)}", started) or ["It starts nothing.", ""]
    return lines


def _not_covered(catalogue: Catalogue) -> list[str]:
    lines = items(text(entry) for entry in catalogue.product.not_covered)
    return (
        ["## Not covered", "", "An installation needs these as well:", "", *lines] if lines else []
    )


def _correct(atlas: Atlas, path: str, site: Site, source_url: str | None) -> list[str]:
    if all(file.name != site.place.file for file in atlas.files):
        return []
    return [f"Wrong or missing? Correct it at {correct(atlas, path, site.place, source_url)}.", ""]
