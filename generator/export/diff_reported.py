"""A review as the findings that github, sarif and junit take."""

from dataclasses import replace
from pathlib import Path

from generator.diff.model import Change, Review
from generator.export.reported import Reported


def of_review(review: Review, called: str | None, data: Path) -> tuple[Reported, ...]:
    """Return the changes of a review, those that are waived last.

    `called` is what places put before a path of the base: a file that is there no more is named as
    it would be in the data folder, which is where a code host looks for it.
    """
    return tuple(_reported(one, called, data) for one in (*review.changes, *review.waived))


def _reported(change: Change, called: str | None, data: Path) -> Reported:
    finding = change.finding
    file = finding.place.file
    if called is not None and file.startswith(called):
        here = str(data / file.removeprefix(called))
        finding = replace(finding, place=replace(finding.place, file=here))
    return Reported(finding, change.fingerprint, change.waiver)
