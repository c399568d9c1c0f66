"""The check script as text: the template with a site's facts in it, or with none."""

from importlib.resources import files

from generator import __version__
from generator.catalogue import Catalogue
from generator.checker.facts import facts
from generator.checker.shell import line
from generator.derive.model import Derived

_PLACE = "#@DATA@\n"


def script(catalogue: Catalogue, derived: Derived, version: str) -> str:
    """Return the check script of a site; `version` is the data's."""
    site = derived.site
    about = f"fact {line('about', site.id, site.release, version, __version__)}"
    return _filled([about, *facts(catalogue, derived)])


def generic(version: str) -> str:
    """Return the script that knows no site and takes hosts and ports as arguments."""
    return _filled([f"fact {line('about', '', '', version, __version__)}"])


def _filled(lines: list[str]) -> str:
    template = (files("generator") / "checker" / "check.bash").read_text(encoding="utf-8")
    before, found, after = template.partition(_PLACE)
    if not found:
        raise ValueError("the template has no place for the data")
    return before + "".join(f"\t{one}\n" for one in lines) + after
