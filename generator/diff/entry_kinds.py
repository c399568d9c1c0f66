"""Which kind of change an entry's is: of a host group, an assertion, a setting, the catalogue."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from generator.derive.forbidden import members
from generator.diff.kinds import crosses
from generator.diff.model import EntryChange, Field, FlowChange, SiteDiff
from generator.diff.passed_on import by_groups_alone
from generator.diff.policy_entries import milder
from generator.rules import entry_rules, flow_rules, place_rules
from generator.rules.model import DiffRule
from generator.topology import Ends, MustNot, Site

WORDS = frozenset({
    "title", "description", "why", "notes", "evidence", "purpose", "aliases", "session", "change",
    "family", "url", "note", "not_covered", "labels", "owner",
})  # fmt: skip
"""Fields by the last or first word of their names that are for readers alone."""

WORD_LINES = ("title", "description", "illustrative", "owner")
"""Entries of the section `site` that are for readers alone."""

DEFAULTS = frozenset({
    "default", "numbers", "encryption.default", "transport", "home_zone", "scope",
})  # fmt: skip
"""Fields of the catalogue that a site may leave as they are."""


def kind_of_entry(
    entry: EntryChange, site: SiteDiff | None, flows: Sequence[FlowChange]
) -> DiffRule:
    """Return the rule of an entry's change; `flows` are those that it made.

    `site` is None for an entry of the catalogue.
    """
    if entry.kind == "renamed" and not entry.fields:
        return entry_rules.RENAMED
    if entry.section in ("waivers", "policy"):
        return _of_what_is_reported(entry)
    if _is_words(entry):
        return entry_rules.WORDS
    if site is None:
        changed = entry.kind == "changed" and any(f.name in DEFAULTS for f in entry.fields)
        return entry_rules.DEFAULT_CHANGED if changed else entry_rules.ENTRY_CHANGED
    if entry.section == "must_not":
        return (
            entry_rules.MUST_NOT_LOOSENED
            if _loosened(entry, site)
            else entry_rules.MUST_NOT_TIGHTENED
        )
    if entry.section == "segments" and entry.kind == "changed" and entry.field("networks"):
        return place_rules.SEGMENT_READDRESSED
    if entry.section == "hosts":
        return _group(entry, flows)
    told = bool(flows) or not _opens_tls(entry)
    return entry_rules.ENTRY_CHANGED if told else flow_rules.ENCRYPTION_WEAKENED


def _opens_tls(entry: EntryChange) -> bool:
    """Tell whether a load balancer reads what it only passed on: no flow tells of it."""
    tls = entry.field("tls") if entry.section == "load_balancers" else None
    return tls is not None and entry.kind == "changed" and tls.before == "passes"


def _of_what_is_reported(entry: EntryChange) -> DiffRule:
    if entry.section == "waivers":
        return entry_rules.WAIVER_CHANGED if _waives_more(entry) else entry_rules.ENTRY_CHANGED
    return entry_rules.POLICY_LOOSENED if milder(entry) else entry_rules.ENTRY_CHANGED


def _waives_more(entry: EntryChange) -> bool:
    """Tell whether a waiver came, or holds for longer: what or which rule makes another one."""
    field = entry.field("expires")
    longer = field is not None and str(field.after) > str(field.before)
    return entry.kind == "added" or (entry.kind == "changed" and longer)


def _is_words(entry: EntryChange) -> bool:
    if entry.section == "site":
        return entry.id in WORD_LINES
    if entry.kind != "changed":
        return entry.section == "sources"
    return all(
        field.name.rpartition(".")[2] in WORDS or field.name.partition(".")[0] in WORDS
        for field in entry.fields
    )


def _group(entry: EntryChange, flows: Sequence[FlowChange]) -> DiffRule:
    names = {
        field.name
        for field in entry.fields
        if field.name.partition(".")[0] not in ("labels", "owner")
    }
    if flows and all(map(by_groups_alone, flows)):
        return place_rules.GROUP_SPLIT
    if entry.kind not in ("changed", "renamed"):
        return entry_rules.ENTRY_CHANGED
    if names == {"hosts"}:
        return place_rules.HOSTS_RENAMED
    if not names & {"segment", "zones", "addresses", "size"}:
        return entry_rules.ENTRY_CHANGED
    if not any(map(crosses, flows)):
        return place_rules.GROUP_INSIDE
    if names & {"segment", "zones"}:
        return place_rules.GROUP_MOVED
    return {
        1: place_rules.GROUP_GROWN,
        -1: place_rules.GROUP_SHRUNK,
        0: place_rules.GROUP_READDRESSED,
    }[growth(entry)]


def growth(entry: EntryChange) -> int:
    """Return 1 for a group that has more hosts or a wider network, -1 for fewer, else 0."""
    size, addresses = entry.field("size"), entry.field("addresses")
    before: object = size.before if size else None
    after: object = size.after if size else None
    if isinstance(before, int) and isinstance(after, int):
        return (after > before) - (after < before)
    if addresses is not None:
        one, other = (_networks(value) for value in (addresses.before, addresses.after))
        return _inside(one, other) - _inside(other, one)
    return 0


def _networks(value: object) -> list[IPv4Network | IPv6Network]:
    """Return the networks of people; of hosts with patterns there are none."""
    try:
        return [ip_network(text) for text in value] if isinstance(value, tuple) else []
    except ValueError:
        return []


def _inside(some: list[IPv4Network | IPv6Network], others: list[IPv4Network | IPv6Network]) -> bool:
    """Tell whether each network lies in one of the others."""
    return bool(some) and all(
        any(
            one.version == other.version
            and one.network_address in other
            and one.broadcast_address in other
            for other in others
        )
        for one in some
    )


def _loosened(entry: EntryChange, site: SiteDiff) -> bool:
    """Tell whether something that was forbidden is no more."""
    before, after = site.derived_before, site.derived_after
    old = next((o for o in before.site.must_not if o.id == entry.id), None) if before else None
    new = next((o for o in after.site.must_not if o.id == entry.id), None) if after else None
    if old is None or after is None:
        return False
    if new is None:
        return True
    ports = {site.renames.ports.get(port, port) for port in old.ports}
    if new.ports and not (ports and ports <= set(new.ports)):
        return True
    if any(lost(site, old, new)):
        return True
    pairs = ((old.initiators, new.initiators), (old.listeners, new.listeners))
    return not all(_covers(after.site, _renamed(site, one), other) for one, other in pairs)


def lost(site: SiteDiff, old: MustNot, new: MustNot) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the groups that are there still, and that `from` and `to` meant before but not now."""
    before, after = site.derived_before, site.derived_after
    if before is None or after is None:
        return (), ()
    names = site.renames.groups
    found = []
    for one, other in ((old.initiators, new.initiators), (old.listeners, new.listeners)):
        was = {names.get(group.id, group.id) for group in members(before.site, one)}
        now = {group.id for group in members(after.site, other)}
        found.append(tuple(sorted((was & after.site.groups.keys()) - now)))
    return found[0], found[1]


WITHOUT = " without"
"""Of a field of an assertion: the groups that it meant and does not mean any more."""


def emptied(site: SiteDiff) -> Iterator[EntryChange]:
    """Yield the assertions that say what they said, and mean fewer groups: these were moved."""
    before, after = site.derived_before, site.derived_after
    if before is None or after is None:
        return
    told = {entry.id for entry in site.entries if entry.section == "must_not"}
    new = {one.id: one for one in after.site.must_not}
    for old in before.site.must_not:
        one = new.get(site.renames.must_not.get(old.id, old.id))
        if one is None or one.id in told:
            continue
        fields = tuple(
            Field(f"{name}{WITHOUT}", (), groups)
            for name, groups in zip(("from", "to"), lost(site, old, one), strict=True)
            if groups
        )
        if fields:
            yield EntryChange("must_not", one.id, "changed", None, fields, old.place, one.place)


def _renamed(site: SiteDiff, ends: Ends) -> Ends:
    names = site.renames
    known = {"group": names.groups, "segment": names.segments, "zone": names.zones}[ends.kind]
    return Ends(ends.kind, known.get(ends.id, ends.id))


def _covers(site: Site, one: Ends, other: Ends) -> bool:
    """Tell whether other ends are the same, or the segment or zone around them."""
    if one == other:
        return True
    if one.kind == "group" and one.id in site.groups:
        group = site.groups[one.id]
        around = {"segment": (group.segment,), "zone": group.zones}
    elif one.kind == "segment" and one.id in site.segments:
        around = {"zone": (site.segments[one.id].zone,)}
    else:
        return False
    return other.id in around.get(other.kind, ())
