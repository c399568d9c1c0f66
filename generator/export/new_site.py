"""A first topology to fill in, valid as it stands."""

from collections import Counter

from generator.catalogue import Catalogue
from generator.releases import release_key
from generator.views import components, served_by


def text(catalogue: Catalogue, site_id: str) -> str | None:
    """Return the YAML of a new site: two kinds of hosts, people, and what else there could be.

    None if the catalogue has nothing that a host could run.
    """
    able = {
        kind: [c.id for c in components(catalogue) if c.kind == kind]
        for kind in ("product", "external", "person")
    }
    hosts = _hosts(catalogue, able["product"] or able["external"])
    if not hosts:
        return None
    people = able["person"]
    users = f"  users: {{network: 10.0.8.0/22, segment: office, roles: [{', '.join(people)}]}}"
    releases = [r for port in catalogue.ports.values() for r in (port.since, port.until) if r]
    options = [
        f"  # {o.id}: {' | '.join(c.id for c in o.choices)}" for o in catalogue.options.values()
    ]
    home = catalogue.product.home_zone
    return "\n".join(
        [
            "# yaml-language-server: $schema=../../generator/schemas/site.json",
            "",
            "schema: 1",
            f"title: {site_id.replace('-', ' ').capitalize()}",
            f'release: "{max(releases, key=release_key, default="1.0")}"',
            "owner: platform team # who answers; a group or a segment may say otherwise",
            f"features: [] # {', '.join(catalogue.features) or 'none'}",
            *(["# options: # uncomment and choose", *options] if options else []),
            "",
            "segments:",
            f"  core: {{title: Core, networks: [10.0.1.0/24], zone: {home}}}",
            f"  office: {{title: Office, networks: [10.0.8.0/22], zone: {home}}}",
            "",
            f"# Roles of the product: {', '.join(able['product']) or 'none'}",
            f"# Services outside: {', '.join(able['external']) or 'none'}",
            "hosts:",
            *hosts,
            *([users] if people else []),
            "",
        ]
    )


def _hosts(catalogue: Catalogue, components_: list[str]) -> list[str]:
    """Return a host that runs what listens on most ports, and some of what connects to it."""
    if not components_:
        return []
    first = max(components_, key=lambda c: (len(served_by(catalogue, c)), c))
    connecting = [c for c in _initiators(catalogue, first) if c in components_ and c != first]
    lines = ["  server:", "    name: server01.example.com", "    addresses: [10.0.1.11]"]
    lines += ["    segment: core", f"    roles: [{first}]"]
    for second in connecting[:1]:
        lines += [f"  {second}:", f'    name: "{second}[01:02].example.com"']
        lines += [
            '    addresses: ["10.0.1.[21:22]"]',
            "    segment: core",
            f"    roles: [{second}]",
        ]
    return lines


def _initiators(catalogue: Catalogue, listener: str) -> list[str]:
    """Return who connects to a component, on most ports first."""
    counts = Counter(
        i.component for port in served_by(catalogue, listener) for i in port.initiators
    )
    return sorted(counts, key=lambda component: (-counts[component], component))
