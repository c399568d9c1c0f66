"""The check script as text: a shell's template with a site's facts in it, or with none."""

from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import NamedTuple

from generator.catalogue import Catalogue
from generator.checker import powershell, shell
from generator.checker.facts import Fact, about, facts
from generator.derive.model import Derived

_PLACE = "#@DATA@\n"


class Shell(NamedTuple):
    """What a script is to run in: its template, how a fact is told, and how the file is written."""

    template: str
    fact: str
    words: Callable[..., str]
    mark: str = ""
    """What comes first in the file."""
    newline: str = "\n"


BASH = Shell("check.bash", "\tfact ", shell.line)
POWERSHELL = Shell("check.ps1", "    Add-Fact ", powershell.line, "\ufeff", "\r\n")
"""Windows PowerShell 5.1 takes a file for the local code page unless it begins with the mark; and
the oldest Windows that has it shows a file with other line ends as one line."""


def script(catalogue: Catalogue, derived: Derived, version: str, how: Shell = BASH) -> str:
    """Return the check script of a site; `version` is the data's."""
    return _filled(facts(catalogue, derived, version), how)


def generic(version: str, how: Shell = BASH) -> str:
    """Return the script that knows no site and takes hosts and ports as arguments."""
    return _filled([about(version)], how)


def _filled(known: Iterable[Fact], how: Shell) -> str:
    template = (files("generator") / "checker" / how.template).read_text(encoding="utf-8")
    before, found, after = template.partition(_PLACE)
    if not found:
        raise ValueError("the template has no place for the data")
    data = "".join(f"{how.fact}{how.words(*one)}\n" for one in known)
    return how.mark + (before + data + after).replace("\n", how.newline)
