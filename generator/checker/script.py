"""The check script as text: the template with a site's facts in it, or with none."""

from collections.abc import Iterable
from importlib.resources import files

from generator.catalogue import Catalogue
from generator.checker.facts import Fact, about, facts
from generator.checker.shell import line
from generator.derive.model import Derived

_SITE, _DATA = "#@SITE@\n", "#@DATA@\n"
"""Places in the template: for what only the script of a site has, and for the facts."""


def script(catalogue: Catalogue, derived: Derived, version: str, address: str = "") -> str:
    """Return the check script of a site; `version` is the data's, `address` the pages'."""
    return _filled(facts(catalogue, derived, version, address), _read("site.bash"))


def generic(version: str, address: str = "") -> str:
    """Return the script that knows no site and takes hosts and ports as arguments."""
    return _filled([about(version, address=address)], "")


def _filled(known: Iterable[Fact], more: str) -> str:
    text = _read("check.bash")
    lines = "".join(f"\t{line(*_short(one))}\n" for one in known)
    for place, filling in ((_SITE, more), (_DATA, lines)):
        before, found, after = text.partition(place)
        if not found:
            raise ValueError(f"the template has no {place.strip()}")
        text = before + filling + after
    return text


def _read(name: str) -> str:
    return (files("generator") / "checker" / name).read_text(encoding="utf-8")


def _short(fact: Fact) -> Fact:
    """Return a fact as bash is told it.

    Numbers stand alone where transport and scope are the usual ones; what may never be is a flow.
    """
    if fact[0] == "never":
        _, port, numbers, transport, *rest = fact
        return ("flow", port, _numbers(numbers, transport, "network"), "never", *rest)
    at = {"serves": 3, "flow": 2}.get(fact[0])
    if at is None:
        return fact
    return (*fact[:at], _numbers(*fact[at : at + 3]), *fact[at + 3 :])


def _numbers(numbers: str, transport: str, scope: str) -> str:
    usual = (transport, scope) == ("tcp", "network")
    return numbers if usual else f"{numbers}/{transport}/{scope}"
