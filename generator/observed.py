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
    """Return what counts, sorted: of each host, flow and target, the newest run that could test it.

    A run that could not test a target never takes the place of one that could.
    """
    kept: dict[tuple[str, str, str], tuple[tuple[bool, str], set[tuple[str, str | None]]]] = {}
    for one in observations:
        rank, said = (one.outcome != SAYS_NOTHING, one.at), (one.outcome, one.why)
        for target in one.to:
            key = (one.flow, one.host, target)
            known = kept.get(key)
            if known is None or rank > known[0]:
                kept[key] = (rank, {said})
            elif rank == known[0]:  # two answers of one second: both stand
                known[1].add(said)
    together: dict[tuple[str, str, str, str, str | None], list[str]] = {}
    for (flow, host, target), ((_, at), answers) in kept.items():
        for outcome, why in answers:
            together.setdefault((flow, host, at, outcome, why), []).append(target)
    whole = (
        Observation(flow, host, at, outcome, tuple(sorted(to)), why)
        for (flow, host, at, outcome, why), to in together.items()
    )
    return tuple(sorted(whole, key=_order))


def _order(one: Observation) -> tuple[str, str, str, str, tuple[str, ...], str]:
    return (one.flow, one.host, one.at, one.outcome, one.to, one.why or "")
