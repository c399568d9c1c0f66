"""`/api/v1/observed/<site>.json`: what was seen of each flow, for programs."""

from collections.abc import Mapping
from typing import Any

from generator.derive.observed import Seeing, Seen
from generator.observed import Observation
from generator.render.api import as_json
from generator.render.observed import STALE_AFTER, stale_from


def documents(seen: Mapping[str, Seeing]) -> dict[str, str]:
    """Return the document of each site, by path."""
    return {f"api/v1/observed/{site}.json": as_json(_site(site, one)) for site, one in seen.items()}


def _site(site: str, seen: Seeing) -> dict[str, Any]:
    return {
        "schema": 1,
        "site": site,
        "stale_after_days": STALE_AFTER.days,
        "outdated": seen.outdated,
        "flows": [_flow(one) for one in seen.flows],
        "url": f"/sites/{site}/#observed",
    }


def _flow(one: Seen) -> dict[str, Any]:
    return {
        "id": one.flow.id,
        "state": one.state,
        "hosts": one.size,
        "as_documented": list(one.well),
        "otherwise": [_observation(observation) for observation in one.wrong],
        "untested": [_observation(observation) for observation in one.untested],
        "oldest": one.dates[0] if one.dates else None,
        "newest": one.dates[1] if one.dates else None,
        "stale_from": stale_from(one),
    }


def _observation(one: Observation) -> dict[str, Any]:
    return {
        "host": one.host,
        "at": one.at,
        "outcome": one.outcome,
        "to": list(one.to),
        "why": one.why,
        "url": f"/check/#outcome-{one.outcome}",
    }
