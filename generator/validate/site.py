"""A site document to a `Site`: structure, then the rules, then values."""

import re

from generator.catalogue import Catalogue
from generator.problems import Place, Problem, quoted
from generator.source import Document
from generator.topology import Site
from generator.validate import site_rules
from generator.validate.site_values import values
from generator.validate.structure import check


def wrong_id(site_id: str) -> str | None:
    """Return what is wrong with a site's id, which is also the name of its file, or None."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", site_id):
        return f"{quoted(site_id)} is no id: lower-case words joined by hyphens"
    if site_id == "index":  # its document would be that of all sites
        return f"{quoted(site_id)} is the list of all sites: choose another name"
    return None


def read(
    document: Document, site_id: str, catalogue: Catalogue | None
) -> tuple[Site | None, list[Problem]]:
    """Return the site, or None and all problems of its document.

    Without a catalogue to hold it against, only its structure is checked.
    """
    problems, unsound = check(document, "site")
    fault = wrong_id(site_id)
    if fault is not None:
        problems.append(Problem(Place(document.file, 1, 1), fault))
    if catalogue is not None:
        problems += site_rules.problems(document, catalogue, unsound)
    if problems or catalogue is None:
        return None, problems
    return values(document, site_id, catalogue), []
