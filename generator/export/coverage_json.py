"""Coverage as a document for programs: the published contract of `/schema/coverage.json`."""

from collections.abc import Iterable
from typing import Any

from generator.coverage import MEASURES, Coverage, Fall, Measure, Row, Share


def document(
    found: Coverage,
    low: Iterable[Measure],
    percent: int,
    fallen: Iterable[Fall],
    against: str | None,
) -> dict[str, Any]:
    """Return every share with what is missing; what is too low, and what fell."""
    return {
        "schema": 1,
        "total": _row(found.total),
        "sites": [{"id": row.id, **_row(row)} for row in found.sites],
        "components": [{"id": row.id, **_row(row)} for row in found.components],
        "fail_under": percent,
        "too_low": list(low),
        "against": against,
        "falls": [
            {
                "kind": fall.row.kind,
                "id": fall.row.id or None,
                "measure": fall.measure,
                "before": _share(fall.before),
                "after": _share(fall.after),
            }
            for fall in fallen
        ],
    }


def _row(row: Row) -> dict[str, Any]:
    return {one: {**_share(row.shares[one]), "missing": list(row.shares[one].missing)}
            for one in MEASURES}  # fmt: skip


def _share(one: Share) -> dict[str, Any]:
    return {"covered": one.covered, "of": one.of, "percent": one.percent}
