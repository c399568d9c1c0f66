"""Reviews made in tests: two sides as plain data, compared and judged by the real code."""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from generator.catalogue import Catalogue
from generator.diff.compare import Catalogues, Side, compare
from generator.diff.judge import judge
from generator.diff.review import Review

from ..conftest import DATA
from ..flows.sites import Data, made


def example(name: str) -> Data:
    """Return an example site as plain data."""
    found: Data = yaml.safe_load((DATA / "sites" / f"{name}.yaml").read_text("utf-8"))
    return found


def changed(name: str, change: Callable[[Data], None]) -> tuple[Data, Data]:
    """Return an example site before and after a change."""
    before = example(name)
    after = copy.deepcopy(before)
    change(after)
    return before, after


def reviewed(catalogue: Catalogue, before: Mapping[str, Data], after: Mapping[str, Data]) -> Review:
    """Return the review of two sides of some sites, by their ids."""
    sides = [
        Side(name, catalogue, tuple(made(data, catalogue, site) for site, data in sites.items()))
        for name, sites in (("before", before), ("after", after))
    ]
    return judge(compare(*sides))


def both(catalogue: Catalogue) -> Catalogues:
    """Return the catalogues of two sides that share one."""
    return Catalogues(catalogue, catalogue)


def issue(data: Data) -> None:
    """The change of a reviewer's acceptance: a file server in emea, and LDAPS becomes LDAP."""
    data["options"]["directory"] = "ldap"
    data["hosts"]["nas-emea"] = {
        "name": "nas-emea.example.com",
        "addresses": ["10.40.1.20"],
        "segment": "emea",
        "roles": ["file-server"],
    }


MERMAID = Path(__file__).parent.parent / "vendor" / "mermaid" / "mermaid.min.js"
"""What Git hosts draw pictures in a comment with."""
