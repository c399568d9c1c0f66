"""The check script as text: a shell's template with a site's facts in it, or with none."""

from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import NamedTuple

from generator.catalogue import Catalogue
from generator.checker import powershell, shell
from generator.checker.facts import Fact, about, facts, short
from generator.derive.model import Derived

_SITE, _DATA = "#@SITE@\n", "#@DATA@\n"
"""Places in a template: for what only the script of a site has, and for the facts."""


class Shell(NamedTuple):
    """What a script is to run in: its template, how a fact is told, and how the file is written."""

    template: str
    told: Callable[[Fact], str]
    """The line of a fact."""
    site: str = ""
    """The template of what only the script of a site has, if that is apart."""
    mark: str = ""
    """What comes first in the file."""
    newline: str = "\n"


def script(
    catalogue: Catalogue,
    derived: Derived,
    version: str,
    address: str = "",
    *,
    how: Shell | None = None,
) -> str:
    """Return the check script of a site; `version` is the data's, `address` the pages'."""
    return filled(facts(catalogue, derived, version, address), how or BASH)


def generic(version: str, address: str = "", *, how: Shell | None = None) -> str:
    """Return the script that knows no site and takes hosts and ports as arguments."""
    return filled([about(version, address=address)], how or BASH)


def filled(known: Iterable[Fact], how: Shell) -> str:
    """Return a script that knows these facts, `about` first."""
    known = tuple(known)
    text = _read(how.template)
    has_site = known[0][1] != ""
    parts = [(_DATA, "".join(map(how.told, known)))]
    if how.site:
        parts.insert(0, (_SITE, _read(how.site) if has_site else ""))
    for place, filling in parts:
        before, found, after = text.partition(place)
        if not found:
            raise ValueError(f"the template has no {place.strip()}")
        text = before + filling + after
    return how.mark + text.replace("\n", how.newline)


def _read(name: str) -> str:
    return (files("generator") / "checker" / name).read_text(encoding="utf-8")


def _bash(fact: Fact) -> str:
    """Return the line of a fact as bash is told it.

    Numbers stand alone where transport and scope are the usual ones; what may never be is a flow.
    What most flows have in common with the line before, numbers and port, comes last.
    """
    if fact[0] == "never":
        _, port, numbers, transport, initiator, listener, rule, why = fact
        what = _numbers(numbers, transport, "network")
        fact = ("flow", "never", f"{initiator}>{listener}", why, rule, what, port)
    elif fact[0] == "serves":
        fact = (*fact[:3], _numbers(*fact[3:6]), *fact[6:])
    elif fact[0] == "flow":
        port, numbers, transport, scope, encryption, ends, behind, dials = (*fact[1:], "", "")[:8]
        encryption = encryption if encryption == "tls" else "no"  # no other is asked for
        fact = short(
            "flow", encryption, ends, behind, dials, _numbers(numbers, transport, scope), port
        )
    return f"{shell.line(*fact)}\n"


def _numbers(numbers: str, transport: str, scope: str) -> str:
    usual = (transport, scope) in (("tcp", "network"), ("", ""))
    return numbers if usual else f"{numbers}/{transport}/{scope}"


def _powershell(fact: Fact) -> str:
    return f"    Add-Fact {powershell.line(*fact)}\n"


BASH = Shell("check.bash", _bash, site="site.bash")
POWERSHELL = Shell("check.ps1", _powershell, mark="\ufeff", newline="\r\n")
"""Windows PowerShell 5.1 takes a file for the local code page unless it begins with the mark; and
the oldest Windows that has it shows a file with other line ends as one line."""
SHELLS = {"check.sh": BASH, "check.ps1": POWERSHELL}
"""By the name of the file in which a site publishes the script."""
