"""A review as a document for programs: the published contract of `/schema/diff.json`."""

from collections.abc import Iterable
from typing import Any

from generator.derive.model import Derived
from generator.diff.cause import lines
from generator.diff.flows import flow_changes
from generator.diff.model import EntryChange, Field, FlowChange, SiteDiff
from generator.diff.passed_on import ends
from generator.diff.review import Change, Review
from generator.export import diff_words as words
from generator.export import flows_json
from generator.policy import SEVERITIES
from generator.problems import Place


def document(review: Review) -> dict[str, Any]:
    """Return everything that differs and what it means."""
    diff = review.diff
    rows = [row for some in words.site_rows(review).values() for row in some]
    opened, closed, changed = words.crossings(rows)
    return {
        "schema": 1,
        "before": diff.before,
        "after": diff.after,
        "summary": {
            **{level: sum(c.severity == level for c in review.changes) for level in SEVERITIES},
            "waived": len(review.waived),
            "network_change": diff.changes_flows,
            "crossings": {"opened": opened, "closed": closed, "changed": changed},
            "sites_changed": len(diff.sites),
            "sites_same": diff.same,
        },
        "changes": [_change(change) for change in review.changes],
        "waived": [_change(change) for change in review.waived],
        "catalogue": [_entry(entry) for entry in diff.catalogue],
        "sites": [_site(site) for site in diff.sites],
    }


def _change(change: Change) -> dict[str, Any]:
    waiver = change.waiver
    return {
        "fingerprint": change.fingerprint,
        "rule": change.rule,
        "severity": change.severity,
        "acts": change.acts,
        "site": change.site or None,
        "what": change.what,
        "message": change.message,
        "flows": list(change.flows),
        "before": _places(change.before),
        "after": _places(change.after),
        "url": change.url,
        "waiver": None
        if waiver is None
        else {"reason": waiver.reason, "owner": waiver.owner, "expires": waiver.expires},
    }


def _site(site: SiteDiff) -> dict[str, Any]:
    names = site.renames
    flows = flow_changes(site)
    return {
        "site": site.id,
        "kind": site.kind,
        "was": site.was,
        "renames": {
            "segments": dict(names.segments),
            "zones": dict(names.zones),
            "groups": dict(names.groups),
            "gateways": dict(names.gateways),
            "must_not": dict(names.must_not),
            "ports": dict(names.ports),
            "components": dict(names.components),
            "roles": {f"{group}.{role}": new for (group, role), new in sorted(names.roles.items())},
        },
        "entries": [_entry(entry) for entry in site.entries],
        "flows": [_flow(site, one) for one in flows],
    }


def _entry(entry: EntryChange) -> dict[str, Any]:
    return {
        "section": entry.section,
        "id": entry.id,
        "kind": entry.kind,
        "was": entry.was,
        "fields": _fields(entry.fields),
        "before": _place(entry.before),
        "after": _place(entry.after),
    }


def _flow(site: SiteDiff, change: FlowChange) -> dict[str, Any]:
    def side(derived: Derived | None, flow: Any) -> dict[str, Any] | None:
        return None if derived is None or flow is None else flows_json.flow(derived.site, flow)

    start, end = ends(change)
    return {
        "id": change.id,
        "kind": change.kind,
        "opens": change.opens,
        "closes": change.closes,
        **({"in_part": True} if change.in_part else {}),
        "open_for": {"from": list(start.came), "to": list(end.came)},
        "close_for": {"from": list(start.went), "to": list(end.went)},
        "fields": _fields(change.fields),
        "before": side(site.derived_before, change.before),
        "after": side(site.derived_after, change.after),
        "causes": [
            {
                "what": cause.what,
                "before": _place(old),
                "after": _place(new),
            }
            for cause, (old, new) in zip(change.causes, lines(change), strict=True)
        ],
    }


def _fields(fields: Iterable[Field]) -> list[dict[str, Any]]:
    return [
        {"name": field.name, "before": _value(field.before), "after": _value(field.after)}
        for field in fields
    ]


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _places(places: Iterable[Place]) -> list[dict[str, Any]]:
    return [{"file": p.file, "line": p.line, "column": p.column} for p in places]


def _place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else _places([place])[0]
