"""The check script as text: the template with a site's facts in it, or with none."""

from collections.abc import Iterable
from importlib.resources import files

from generator.catalogue import Catalogue
from generator.checker.facts import Fact, about, facts
from generator.checker.shell import line
from generator.derive.model import Derived

_PLACE = "#@DATA@\n"


def script(catalogue: Catalogue, derived: Derived, version: str) -> str:
    """Return the check script of a site; `version` is the data's."""
    return _filled(facts(catalogue, derived, version))


def generic(version: str) -> str:
    """Return the script that knows no site and takes hosts and ports as arguments."""
    return _filled([about(version)])


def _filled(known: Iterable[Fact]) -> str:
    template = (files("generator") / "checker" / "check.bash").read_text(encoding="utf-8")
    before, found, after = template.partition(_PLACE)
    if not found:
        raise ValueError("the template has no place for the data")
    return before + "".join(f"\tfact {line(*one)}\n" for one in known) + after
