"""`/api/v1/sites/`: the flows, listeners and findings of each site for programs."""

from typing import Any

from generator.derive.model import Derived
from generator.export import findings_json, flows_json
from generator.lint.run import Report
from generator.render.api import as_json
from generator.topology import Site


def documents(sites: list[tuple[Derived, Report]]) -> dict[str, str]:
    """Return the documents of all sites, by path."""
    found = {
        f"api/v1/sites/{derived.site.id}.json": as_json(_site(derived, report))
        for derived, report in sites
    }
    index = {"schema": 1, "sites": [_entry(derived, report) for derived, report in sites]}
    return {"api/v1/sites/index.json": as_json(index), **found}


def _site(derived: Derived, report: Report) -> dict[str, Any]:
    return {
        **flows_json.document(derived),
        "title": derived.site.title,
        "illustrative": derived.site.illustrative,
        "listeners": [flows_json.listener(one) for one in derived.listeners],
        "findings": [
            {key: value for key, value in findings_json.finding(one).items() if key != "file"}
            for one in report.findings
        ],
        "url": _url(derived.site),
    }


def _entry(derived: Derived, report: Report) -> dict[str, Any]:
    site = derived.site
    return {
        "id": site.id,
        "title": site.title,
        "release": site.release,
        "illustrative": site.illustrative,
        "zones": list(site.zones),
        "segments": list(site.segments),
        "groups": len(site.groups),
        "hosts": sum(group.size for group in site.groups.values() if not group.people),
        "flows": len(derived.flows),
        "findings": len(report.findings),
        "url": _url(site),
    }


def _url(site: Site) -> str:
    return f"/sites/{site.id}/"
