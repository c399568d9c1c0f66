"""The whole site as text: every file that is published, by its path under the docs folder."""

from collections.abc import Mapping
from dataclasses import dataclass

from generator.changelog import Changelog, without_history
from generator.checker.script import SHELLS, generic, script
from generator.coverage import Coverage, coverage
from generator.derive.flows import derive
from generator.derive.model import Derived
from generator.derive.observed import Seeing, seeing
from generator.diagrams.catalogue import component_diagram, full, overview
from generator.diagrams.site import SiteDrawings, site_drawings
from generator.drawing.model import Drawing
from generator.export.tables import COLUMNS, rows, to_csv
from generator.lint.run import Report, lint
from generator.load import Atlas
from generator.markdown import front_matter, items, link, relative, text
from generator.problems import DataError, Place, Problem
from generator.render import (
    api,
    changes_page,
    check_pages,
    component_pages,
    coverage_page,
    observed_api,
    port_pages,
    role_pages,
    rule_pages,
    site_api,
    site_pages,
    source_pages,
)
from generator.render.figures import figure, svg_path
from generator.render.places import data_file, data_page
from generator.validate.structure import schema_names, schema_text
from generator.views import components

HOME = "index.md"
OVERVIEW = "<!-- atlas:overview -->"
"""A line of this in a page of prose becomes the overview diagram."""

NO_HISTORY = without_history("it was not asked for")


@dataclass(frozen=True)
class Site:
    """Texts by path, and drawings that are still to be drawn, by the path of their SVG."""

    texts: Mapping[str, str]
    drawings: Mapping[str, Drawing]


def render(
    atlas: Atlas,
    source_url: str | None = None,
    address: str = "",
    *,
    scripts: bool = True,
    covered: Coverage | None = None,
    changes: Changelog = NO_HISTORY,
) -> Site:
    """Return everything that a data folder makes; pure, and the same bytes for the same data.

    `address` is where the site is published, for what the check scripts print. Without `scripts`
    those of sites and what they saw, both with hosts and addresses, are left out. `covered` is what
    is measured of the whole data, where `atlas` is not. Raises DataError if a page of prose would
    take the place of one that is made.
    """
    catalogue = atlas.catalogue
    general = overview(catalogue)
    everything = full(catalogue)
    own = {c.id: component_diagram(catalogue, c) for c in components(catalogue)}
    sites = [(one, lint(catalogue, one, policy=atlas.policy)) for one in _derived(atlas)]
    seen = _seen(atlas, sites) if scripts else {}
    drawn = {one.site.id: site_drawings(catalogue, one) for one, _ in sites}
    plain = {
        f"check/{name}": generic(atlas.version, address, how=how) for name, how in SHELLS.items()
    }
    checks = {
        one.site.id: {
            name: script(catalogue, one, atlas.version, address, how=how)
            for name, how in SHELLS.items()
        }
        for one, _ in sites
        if scripts
    }
    covered = covered or coverage(catalogue, (one for one, _ in sites))
    texts = {
        HOME: _default_home(atlas),
        port_pages.PAGE: port_pages.index(atlas),
        **port_pages.pages(atlas, tuple(one for one, _ in sites), source_url),
        component_pages.PAGE: component_pages.index(atlas),
        **component_pages.pages(atlas, own, source_url),
        **role_pages.pages(atlas),
        **rule_pages.pages(atlas, source_url),
        coverage_page.PAGE: coverage_page.page(atlas, covered),
        coverage_page.BADGE: coverage_page.badge(covered),
        changes_page.PAGE: changes_page.page(atlas, changes, source_url),
        check_pages.PAGE: check_pages.page(atlas, plain),
        **plain,
        **_sites(atlas, sites, drawn, seen=seen, source_url=source_url, checks=checks),
        **{data_page(file.path): data_file(file) for file in atlas.files},
        **api.documents(atlas),
        **site_api.documents(sites),
        **observed_api.documents({key: one for key, one in seen.items() if key in atlas.observed}),
        **{f"schema/{name}.json": schema_text(name) for name in schema_names()},
    }
    if atlas.articles:
        texts[source_pages.PAGE] = source_pages.page(atlas)
    made = [page for page in atlas.pages if page.path in texts and page.path != HOME]
    if made:
        message = "takes the place of a page that is made from the data"
        raise DataError([Problem(Place(page.name, 1, 1), message) for page in made])
    texts |= {page.path: page.text for page in atlas.pages}
    shown = [general, everything, *(drawing for drawing in own.values() if drawing.edges)]
    for one in drawn.values():
        shown += [one.default, *(drawing for _, drawing in one.others)]
    return Site(
        texts={
            path: _with_overview(path, page, general, everything) if path.endswith(".md") else page
            for path, page in sorted(texts.items())
        },
        drawings={svg_path(drawing): drawing for drawing in shown},
    )


def _derived(atlas: Atlas) -> tuple[Derived, ...]:
    return tuple(derive(atlas.catalogue, site) for site in atlas.sites)


def _seen(atlas: Atlas, sites: list[tuple[Derived, Report]]) -> dict[str, Seeing]:
    """Return what was observed of each site, by its id."""
    return {
        one.site.id: seeing(atlas.catalogue, one, atlas.observed.get(one.site.id, ()))
        for one, _ in sites
    }


def _sites(
    atlas: Atlas,
    sites: list[tuple[Derived, Report]],
    drawn: Mapping[str, SiteDrawings],
    *,
    seen: Mapping[str, Seeing],
    source_url: str | None,
    checks: Mapping[str, Mapping[str, str]],
) -> dict[str, str]:
    """Return the pages, tables and check scripts of all sites, by path; nothing without sites."""
    if not sites:
        return {}
    texts = {site_pages.PAGE: site_pages.index(atlas, sites)}
    for one, report in sites:
        name = one.site.id
        check = checks.get(name)
        texts[site_pages.site_page(name)] = site_pages.page(
            atlas,
            one,
            report,
            drawn[name],
            source_url,
            seen=seen.get(name),
            check=check_pages.section(one.site, check),
        )
        texts[f"sites/{name}/flows.csv"] = to_csv(COLUMNS, rows(one))
        texts |= {f"sites/{name}/{file}": made for file, made in (check or {}).items()}
    return texts


def _default_home(atlas: Atlas) -> str:
    """Return the home page of a product whose data has none."""
    product = atlas.catalogue.product
    return "\n".join(
        [
            *front_matter(f"Ports of {product.title}", product.description),
            f"# Ports of {text(product.title)}",
            "",
            text(product.description),
            "",
            OVERVIEW,
            "",
            *items(
                link(label, page)
                for label, page in (
                    ("All ports", port_pages.PAGE),
                    ("Components", component_pages.PAGE),
                    ("Who listens", role_pages.SERVER),
                    ("Who connects", role_pages.CLIENT),
                )
            ),
        ]
    )


def _with_overview(path: str, page: str, general: Drawing, everything: Drawing) -> str:
    if OVERVIEW not in page.splitlines():
        return page
    lines = figure(path, general)
    target = relative(path, svg_path(everything))
    lines += [
        "Not drawn above: loopback, past releases and optional ports.",
        f"{link('The full diagram', target)} has all {len(everything.edges)} arrows,",
        f"{link('the table of all ports', relative(path, port_pages.PAGE))} the reasons.",
        "",
    ]
    return page.replace(OVERVIEW, "\n".join(lines))
