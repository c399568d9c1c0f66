"""A document of `data/observed/<site>/` to observations: structure, then what no schema can say.

Flows and hosts need not exist any more: what was seen stays true when the data moves on.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from generator.hosts import Pattern, wrong
from generator.observed import Observation
from generator.problems import Problem, quoted
from generator.source import Document, Path
from generator.validate.structure import check


def read(document: Document, group: str) -> tuple[tuple[Observation, ...], list[Problem]]:
    """Return the observations of the flows that a host group starts, or all problems."""
    problems, _ = check(document, "observed")
    if problems:
        return (), problems
    problems = _problems(document, group)
    if problems:
        return (), problems
    runs: dict[str, str] = document.data["runs"]
    expanded: dict[tuple[str, ...], tuple[str, ...]] = {}
    found = [
        Observation(flow, host, entry.get("at") or runs[host], entry["outcome"], to, why)
        for flow, entries in document.data["flows"].items()
        for entry in entries
        for to, why in [(_expand(entry["to"], expanded), entry.get("why"))]
        for host in _expand(entry["hosts"], expanded)
    ]
    return tuple(found), []


def _expand(
    patterns: list[str], expanded: dict[tuple[str, ...], tuple[str, ...]]
) -> tuple[str, ...]:
    """Return what patterns stand for, sorted; the same ones stand in many places."""
    key = tuple(patterns)
    if key not in expanded:
        expanded[key] = tuple(sorted(one for pattern in key for one in Pattern(pattern)))
    return expanded[key]


def _problems(document: Document, group: str) -> list[Problem]:
    found = [
        _problem(document, ("runs", host), f"{quoted(at)} is no time")
        for host, at in document.data["runs"].items()
        if not is_time(at)
    ]
    for flow, entries in document.data["flows"].items():
        if starts_at(flow) != group:
            says = f"starts at {starts_at(flow)}, not at {group}"
            found.append(_problem(document, ("flows", flow), says))
        for index, entry in enumerate(entries):
            found += _of_entry(document, ("flows", flow, index), entry)
    return found


def _problem(document: Document, path: Path, message: str) -> Problem:
    return Problem(document.value_place(path), f"{'.'.join(map(str, path))}: {message}")


def _of_entry(document: Document, here: Path, entry: dict[str, Any]) -> Iterator[Problem]:
    if "at" in entry and not is_time(entry["at"]):
        yield _problem(document, (*here, "at"), f"{quoted(entry['at'])} is no time")
    for key in ("hosts", "to"):
        for index, pattern in enumerate(entry[key]):
            fault = wrong(pattern)
            if fault is None and key == "hosts" and "at" not in entry:
                fault = _without_run(pattern, document.data["runs"])
            if fault is not None:
                yield _problem(document, (*here, key, index), f"{quoted(pattern)} {fault}")


def _without_run(pattern: str, runs: dict[str, str]) -> str | None:
    unknown = next((host for host in Pattern(pattern) if host not in runs), None)
    return None if unknown is None else f"has no run: {quoted(unknown)} is not under runs"


def starts_at(flow: str) -> str:
    """Return the host group at which a flow starts, by the flow's id or that of a forbidden one."""
    start = flow.partition(">")[0].rpartition(":")[2]
    return start.partition(".")[0]


def is_time(text: str) -> bool:
    """Tell whether a text that looks like a time is one."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
