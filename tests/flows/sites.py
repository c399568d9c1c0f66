"""Sites made up in a test: plain data to a `Site`, through the real reader and all its rules."""

from typing import Any

from generator.catalogue import Catalogue
from generator.derive.flows import derive
from generator.derive.model import Derived
from generator.source import Document
from generator.topology import Site
from generator.validate import site as validate_site

Data = dict[str, Any]


def reading(data: Data, catalogue: Catalogue, name: str = "made") -> tuple[Site | None, list[str]]:
    """Return the site of some data, or the lines that say what is wrong with it.

    The data stands nowhere in a file: every place is the first line.
    """
    site, found = validate_site.read(Document(f"{name}.yaml", data), name, catalogue)
    return site, list(map(str, found))


def made(data: Data, catalogue: Catalogue, name: str = "made") -> Site:
    """Return the site of sound data."""
    site, problems = reading(data, catalogue, name)
    assert site is not None, problems
    return site


def derived(data: Data, catalogue: Catalogue, name: str = "made") -> Derived:
    """Return the flows and listeners of sound data."""
    return derive(catalogue, made(data, catalogue, name))


def site_of(atlas: Any, name: str) -> Site:
    """Return a site of the data folder."""
    found: Site = next(site for site in atlas.sites if site.id == name)
    return found
