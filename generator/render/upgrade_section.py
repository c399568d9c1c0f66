"""What an upgrade to the newest release that the catalogue knows of needs, on a site's page."""

from collections.abc import Iterator

from generator.catalogue import Catalogue
from generator.derive.model import Derived
from generator.derive.upgrade import at_release, between, boundaries, doubts, upgrade
from generator.export.upgrade_text import remains
from generator.markdown import code, items, text
from generator.releases import release_key
from generator.render import site_tables


def section(catalogue: Catalogue, page: str, derived: Derived) -> Iterator[str]:
    """Yield the lines of a site's section; nothing where no port has ever come or gone."""
    known = boundaries(catalogue)
    release = derived.site.release
    if not known:
        return
    yield from ("## Upgrade", "")
    newest = known[-1]
    if release_key(newest) <= release_key(release):
        yield f"The catalogue knows of no port that comes or goes after release {release}."
        yield ""
        return
    found = upgrade(derived, at_release(catalogue, derived.site, newest))
    passed = ", ".join(between(catalogue, release, newest))
    yield f"From release {release} to {newest}, or later. Ports come or go with {passed}."
    yield f"Another step: {code(f'portatlas upgrade {derived.site.id} --to RELEASE')}."
    for title, one, flows, about in (
        ("Open before the upgrade", found.after, found.opens, "since"),
        ("Close after the upgrade", found.before, found.closes, "until"),
    ):
        yield from ("", f"### {title}", "")
        yield from site_tables.flows(catalogue, page, one, flows) or ["Nothing.", ""]
        yield from items(
            f"Not sure: {code(port.id)} {about} {port.since if about == 'since' else port.until}. "
            f"{text(evidence.says)} ({evidence.confidence})"
            for port in {flow.port.id: flow.port for flow in flows}.values()
            for evidence in doubts(port, about)
        )
    yield from ("", " ".join(list(remains(catalogue, found))[:-1]), "")
