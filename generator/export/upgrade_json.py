"""An upgrade as a document for programs: the published contract of `/schema/upgrade.json`."""

from typing import Any

from generator.catalogue import Catalogue
from generator.derive.upgrade import Upgrade, between
from generator.export.flows_json import flow, listener


def document(catalogue: Catalogue, found: Upgrade) -> dict[str, Any]:
    """Return the flows to open and to close, as in `/schema/flows.json`."""
    before, after = found.before.site, found.after.site
    return {
        "schema": 1,
        "site": after.id,
        "from": before.release,
        "to": after.release,
        "passes": list(between(catalogue, before.release, after.release)),
        "open": [flow(after, one) for one in found.opens],
        "close": [flow(before, one) for one in found.closes],
        "otherwise": [
            {"before": flow(before, one), "after": flow(after, other)}
            for one, other in found.otherwise
        ],
        "remaining": found.remaining,
        "starts": [listener(one) for one in found.starts],
        "stops": [listener(one) for one in found.stops],
    }
