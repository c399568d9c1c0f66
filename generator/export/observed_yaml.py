"""Observations as the files of `data/observed/<site>/`: one a host group that starts flows.

A line is what several hosts found alike, so that a change is a changed line.
"""

import json
from collections.abc import Iterable, Mapping

from generator.hosts import fold
from generator.observed import Observation
from generator.observed_lines import HEAD
from generator.validate.observed import starts_at

_Alike = tuple[str, tuple[str, ...], str, str]
"""What hosts found alike: outcome, what was dialled, when if not in the newest run, and why."""


def files(observations: Iterable[Observation]) -> Mapping[str, str]:
    """Return the text of each file, by its name; observations are those that count."""
    groups: dict[str, list[Observation]] = {}
    starts: dict[str, str] = {}
    for one in observations:
        start = starts.get(one.flow) or starts.setdefault(one.flow, starts_at(one.flow))
        groups.setdefault(start, []).append(one)
    return {f"{group}.yaml": _text(some) for group, some in sorted(groups.items())}


def _text(observations: list[Observation]) -> str:
    runs: dict[str, str] = {}
    for one in observations:
        runs[one.host] = max(one.at, runs.get(one.host, ""))
    flows: dict[str, dict[_Alike, list[str]]] = {}
    for one in observations:
        at = "" if one.at == runs[one.host] else one.at
        alike = (one.outcome, one.to, at, one.why or "")
        flows.setdefault(one.flow, {}).setdefault(alike, []).append(one.host)
    lines = ["", "runs:", *(f"  {_word(host)}: {_word(at)}" for host, at in sorted(runs.items()))]
    lines += ["", "flows:"]
    folded: dict[tuple[str, ...], str] = {}
    for flow, entries in sorted(flows.items()):
        lines.append(f"  {_word(flow)}:")
        lines += sorted(_entry(alike, hosts, folded) for alike, hosts in entries.items())
    return HEAD + "\n".join(lines) + "\n"


def _entry(alike: _Alike, hosts: list[str], folded: dict[tuple[str, ...], str]) -> str:
    outcome, to, at, why = alike
    parts = [f"outcome: {outcome}"]
    parts += [f"hosts: {_words(hosts, folded)}", f"to: {_words(to, folded)}"]
    parts += [f"{key}: {_word(value)}" for key, value in (("at", at), ("why", why)) if value]
    return f"    - {{{', '.join(parts)}}}"


def _words(some: Iterable[str], folded: dict[tuple[str, ...], str]) -> str:
    """Return names or addresses as a list; the same ones stand behind many flows."""
    key = tuple(some)
    if key not in folded:
        folded[key] = f"[{', '.join(map(_word, fold(key)))}]"
    return folded[key]


def _word(value: str) -> str:
    """Return a text in double quotes, as YAML and JSON read it alike."""
    return json.dumps(value, ensure_ascii=False)
