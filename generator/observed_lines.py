"""The files of `data/observed/` as `portatlas results` writes them, read line by line.

A fleet has hundreds of these files, and reading them as YAML took most of the time of a build. What
was written by hand, or is not exactly in this form, is not read here: YAML is.
"""

import re
from typing import Any

from generator.source import Document

HEAD = """\
# What check scripts found; written by `portatlas results`, which merges newer runs into it.

schema: 1
"""

_WORD = r'"[^"\\\r\n]{0,999}"'  # without an escape; a YAML key may not be longer
_LIST = rf"\[{_WORD}(?:, {_WORD})*\]"
_RUN = re.compile(rf"  ({_WORD}): ({_WORD})")
_FLOW = re.compile(rf"  ({_WORD}):")
_ENTRY = re.compile(
    rf"    - \{{outcome: ([a-z-]+), hosts: ({_LIST}), to: ({_LIST})"
    rf"(?:, at: ({_WORD}))?(?:, why: ({_WORD}))?\}}"
)
_WORDS = re.compile(_WORD)


def document(text: str, file: str) -> Document | None:
    """Return what YAML says of this text, without places; None where only YAML can tell.

    The text must have no invisible character. What it says is not yet checked.
    """
    head, found, rest = text.partition(f"{HEAD}\nruns:\n")
    told, between, flowing = rest.partition("\n\nflows:\n")
    if head or not found or not between or not flowing.endswith("\n"):
        return None
    runs: dict[str, Any] = {}
    flows: dict[str, Any] = {}
    for line in told.split("\n"):
        run = _RUN.fullmatch(line)
        if run is None or not _new(run[1], runs):
            return None
        runs[_value(run[1])] = _value(run[2])
    entries: list[dict[str, Any]] | None = None
    for line in flowing[:-1].split("\n"):
        if entry := _ENTRY.fullmatch(line):
            if entries is None:
                return None
            entries.append(_entry(*entry.groups()))
        elif (flow := _FLOW.fullmatch(line)) and entries != [] and _new(flow[1], flows):
            entries = flows[_value(flow[1])] = []
        else:
            return None
    return Document(file, {"schema": 1, "runs": runs, "flows": flows}) if entries else None


def _new(word: str, there: dict[str, Any]) -> bool:
    """Tell whether a word is a key that is not there yet."""
    key = _value(word)
    return key not in there and not key.isspace() and key != ""


def _value(word: str) -> str:
    return word[1:-1]


def _entry(outcome: str, hosts: str, to: str, at: str | None, why: str | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"outcome": outcome, "hosts": _values(hosts), "to": _values(to)}
    if at is not None:
        entry["at"] = _value(at)
    if why is not None:
        entry["why"] = _value(why)
    return entry


def _values(words: str) -> list[str]:
    return [_value(word) for word in _WORDS.findall(words)]
