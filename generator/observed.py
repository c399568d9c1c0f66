"""What check scripts saw: observations, and which of two counts. The standard library only."""

from collections.abc import Iterable
from typing import NamedTuple

AS_DOCUMENTED = ("open", "blocked-as-expected")
"""The outcomes that are as the data says."""

SAYS_NOTHING = "cannot-test"


class Observation(NamedTuple):
    """What one run on one host found out about one flow.

    `at` is when the run started, in UTC (`2026-01-31T12:00:00Z`); `to` what was dialled, each an
    address or name, a space and a number; `why` the reason where nothing could be tested.
    """

    flow: str
    host: str
    at: str
    outcome: str
    to: tuple[str, ...]
    why: str | None


def newest(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Return what counts, sorted: of each host and flow, the newest run that could test it.

    A run that could not test a flow never takes the place of one that could.
    """
    runs: dict[tuple[str, str], dict[str, list[Observation]]] = {}
    for one in observations:
        runs.setdefault((one.flow, one.host), {}).setdefault(one.at, []).append(one)
    kept: list[Observation] = []
    for by_time in runs.values():
        if len(by_time) == 1:
            (chosen,) = by_time.values()
        else:
            latest = max(by_time, key=lambda at: (_says_something(by_time[at]), at))
            chosen = by_time[latest]
        kept += chosen
    return tuple(sorted(set(kept), key=_order))


def _says_something(run: list[Observation]) -> bool:
    return any(one.outcome != SAYS_NOTHING for one in run)


def _order(one: Observation) -> tuple[str, str, str, str, tuple[str, ...], str]:
    return (one.flow, one.host, one.at, one.outcome, one.to, one.why or "")
