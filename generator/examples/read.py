"""The examples of rules, read and validated as any data is; they are part of the program."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from generator.catalogue import Catalogue
from generator.problems import DataError
from generator.source import Document, parse
from generator.topology import Site
from generator.validate import catalogue as validate_catalogue
from generator.validate import site as validate_site

DAY = "2026-01-01"
"""The day on which the examples are looked at: that of their waivers is long before or after."""


@dataclass(frozen=True, slots=True)
class Example:
    """A site of the made-up product, as it is written and as it is meant."""

    text: str
    site: Site


@cache
def catalogue_text() -> str:
    """Return the catalogue of the made-up product as it is written."""
    return (files("generator.examples") / "ports.yaml").read_text(encoding="utf-8")


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of the made-up product."""
    found, _, problems = validate_catalogue.read(_parsed(catalogue_text(), "ports.yaml"))
    if problems:
        raise DataError(problems)
    return found


@cache
def example(command: str, rule: str, name: str) -> Example | None:
    """Return an example of a rule of a command, such as `wrong`; None if there is none."""
    path = files("generator.examples") / command / rule / f"{name}.yaml"
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    site, problems = validate_site.read(_parsed(text, f"{name}.yaml"), "example", catalogue())
    if site is None:
        raise DataError(problems)
    return Example(text, site)


def _parsed(text: str, name: str) -> Document:
    document, problems = parse(text.encode(), name)
    if document is None or problems:
        raise DataError(problems)
    return document
