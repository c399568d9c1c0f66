"""Documents such as check scripts write, with what a test cares about."""

from typing import Any

DAY = "2026-01-31T12:00:00Z"


def result(flow: str, outcome: str = "open", **more: Any) -> dict[str, Any]:
    """Return one result of a run."""
    return {
        "flow": flow,
        "port": "x",
        "from": "x",
        "to": "x.example.com",
        "address": "203.0.113.10",
        "number": 7800,
        "transport": "tcp",
        "scope": "network",
        "requirement": "always",
        "outcome": outcome,
        "reason": "reachable",
        "act": "none",
        "advice": None,
        "url": f"/check/#outcome-{outcome}",
        **more,
    }


def run(
    host: str,
    group: str,
    *results: dict[str, Any],
    addresses: tuple[str, ...] = (),
    **more: Any,
) -> dict[str, Any]:
    """Return the document of one run on a host of a group."""
    return {
        "schema": 1,
        "kind": "check-results",
        "site": "multi-geo",
        "release": "2024.06.0",
        "data": "0",
        "generator": "0",
        "started": DAY,
        "host": {"name": host, "group": group, "names": [host], "addresses": [*addresses]},
        "seconds": 0.1,
        "complete": True,
        "exit": 0,
        "left_out": 0,
        "results": list(results),
        **more,
    }
