"""A review as the findings that github, sarif and junit take."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from generator.diff.review import Change, Review
from generator.export.reported import Reported
from generator.problems import Place


def of_review(review: Review, called: Iterable[str], data: Path) -> tuple[Reported, ...]:
    """Return the changes of a review, those that are waived last.

    `called` is what places put before a path of a git ref: a file of one is named as it is in the
    data folder, which is where a code host looks for it.
    """
    return tuple(_reported(one, called, data) for one in (*review.changes, *review.waived))


def _reported(change: Change, called: Iterable[str], data: Path) -> Reported:
    finding, waiver = change.finding, change.waiver
    here = replace(finding, place=_here(finding.place, called, data))
    covering = replace(waiver, place=_here(waiver.place, called, data)) if waiver else None
    return Reported(here, change.fingerprint, covering)


def _here(place: Place, called: Iterable[str], data: Path) -> Place:
    for name in called:
        if place.file.startswith(name):
            return replace(place, file=str(data / place.file.removeprefix(name)))
    return place
