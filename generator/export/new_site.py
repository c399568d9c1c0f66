"""A first topology to fill in, valid as it stands."""

from generator.catalogue import Catalogue, release_key
from generator.views import components, served_by


def text(catalogue: Catalogue, site_id: str) -> str:
    """Return the YAML of a new site: one host, people, and what else there could be."""
    product = [c.id for c in components(catalogue) if c.kind == "product"]
    people = [c.id for c in components(catalogue) if c.kind == "person"]
    outside = [c.id for c in components(catalogue) if c.kind == "external"]
    first = next((c for c in product if served_by(catalogue, c)), (product or outside or people)[0])
    releases = [r for port in catalogue.ports.values() for r in (port.since, port.until) if r]
    release = max(releases, key=release_key, default="1.0")
    options = [
        f"  # {o.id}: {' | '.join(c.id for c in o.choices)}" for o in catalogue.options.values()
    ]
    home = catalogue.product.home_zone
    users = (
        [f"  users: {{network: 10.0.8.0/22, segment: office, roles: [{', '.join(people)}]}}"]
        if people
        else []
    )
    return "\n".join(
        [
            "# yaml-language-server: $schema=../../generator/schemas/site.json",
            "",
            "schema: 1",
            f"title: {site_id}",
            f'release: "{release}"',
            f"features: [] # {', '.join(catalogue.features) or 'none'}",
            *(["# options: # uncomment and choose", *options] if options else []),
            "",
            "segments:",
            f"  core: {{title: Core, networks: [10.0.1.0/24], zone: {home}}}",
            f"  office: {{title: Office, networks: [10.0.8.0/22], zone: {home}}}",
            "",
            f"# Roles of the product: {', '.join(product) or 'none'}",
            f"# Services outside: {', '.join(outside) or 'none'}",
            "hosts:",
            "  server:",
            f"    name: {first}01.example.com",
            "    addresses: [10.0.1.11]",
            "    segment: core",
            f"    roles: [{first}]",
            *users,
            "",
        ]
    )
