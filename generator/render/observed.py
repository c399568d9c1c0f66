"""A site's section "Observed": what check scripts saw of each flow, what is wrong first."""

from collections.abc import Iterable
from datetime import date, timedelta

from generator.catalogue import Catalogue
from generator.derive.forbidden import Forbidden
from generator.derive.observed import STATES, Seeing, Seen, State
from generator.hosts import fold
from generator.markdown import code, items, link, relative, table, text
from generator.observed import Observation
from generator.render.tables import port_page

SIGNS: dict[State, tuple[str, str]] = {
    "otherwise": ("✗", "observed otherwise"),
    "partly": ("◐", "partly observed"),
    "cannot-test": ("?", "cannot be tested"),
    "observed": ("✓", "documented and observed"),
    "never": ("○", "never tested"),
}
"""A sign and words for each state: colour alone is none."""
_HEADINGS = ["State", "What was found", "Initiator", "Dials", "Port", "Seen on", "Stale from"]


def sign(state: State) -> str:
    """Return how a state is shown."""
    mark, words = SIGNS[state]
    return f'<span class="atlas-seen atlas-seen--{state}">{mark} {words}</span>'


def summary(seen: Seeing | None) -> list[list[str]]:
    """Return the row of a site's facts; none where nothing was ever observed."""
    if seen is None or len(seen.of("never")) == len(seen.flows):
        return []
    counts = "; ".join(
        f"{sign(state)}: {len(found)}" for state in STATES if (found := seen.of(state))
    )
    return [[link("Observed", "#observed"), counts]]


STALE_AFTER = timedelta(days=90)
"""How long an observation is believed: firewalls change, and nobody tells the data."""


def stale_from(seen: Seen) -> str | None:
    """Return the day from which it is stale: by the oldest run, since all hosts count."""
    if seen.dates is None:
        return None
    return (date.fromisoformat(seen.dates[0]) + STALE_AFTER).isoformat()


def section(catalogue: Catalogue, page: str, seen: Seeing | None) -> list[str]:
    """Return the section of a site's page; None is a site that is shown without its hosts."""
    head = ["## Observed", ""]
    fleet = link("Check a fleet", relative(page, "check/index.md#fleet"))
    if seen is None:
        return [*head, "What was observed has host names, and is not published here.", ""]
    never = seen.of("never")
    if len(never) == len(seen.flows) and not seen.outdated:
        return [*head, f"Nothing has been observed here yet. {fleet} says how.", ""]
    open_ = [one for state in STATES[:3] for one in seen.of(state)]
    well = seen.of("observed")
    return [
        *head,
        "What check scripts found on the hosts themselves. An observation is stale",
        f"{STALE_AFTER.days} days after the oldest run that counts, from the day that is given.",
        f"{fleet} says how to look again.",
        "",
        *(_table(catalogue, page, open_) or ["Nothing was observed otherwise.", ""]),
        *_folded(f"Documented and observed: {len(well)}", _table(catalogue, page, well)),
        *_folded(
            f"Never tested: {len(never)}", items(_flow(catalogue, page, one) for one in never)
        ),
        *_outdated(seen.outdated),
    ]


def _folded(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    head = '<details class="atlas-list" data-search-exclude markdown="1">'
    return [head, f"<summary>{title}</summary>", "", *lines, "</details>", ""]


def _outdated(count: int) -> list[str]:
    if not count:
        return []
    are = "observation is" if count == 1 else "observations are"
    return [f"{count} {are} of what is documented no more, and not counted.", ""]


def _table(catalogue: Catalogue, page: str, some: Iterable[Seen]) -> list[str]:
    return table(_HEADINGS, [_row(catalogue, page, one) for one in some])


def _row(catalogue: Catalogue, page: str, one: Seen) -> list[str]:
    start, end = _ends(one)
    addresses = () if isinstance(one.flow, Forbidden) else one.flow.addresses
    oldest, newest = one.dates or ("", "")
    stale = stale_from(one) or ""
    day = oldest if oldest == newest else f"{oldest} to {newest}"
    return [
        sign(one.state),
        "<br>".join(_found(page, one)),
        start,
        " ".join((end, *(code(address) for address in addresses))),
        _port(catalogue, page, one),
        f'<time datetime="{newest}" data-stale-from="{stale}">{day}</time>',
        f'<time datetime="{stale}">{stale}</time>',
    ]


def _ends(one: Seen) -> tuple[str, str]:
    """Return both ends of a flow: the group, and the role that it has in it."""
    if isinstance(one.flow, Forbidden):
        return _group(one.flow.initiator), _group(one.flow.listener)
    ends = (one.flow.initiator, one.flow.listener)
    start, end = (f"{_group(end.group)} ({text(end.role)})" for end in ends)
    return start, end


def _group(name: str) -> str:
    return f"[{text(name)}](#host-{name})"


def _port(catalogue: Catalogue, page: str, one: Seen) -> str:
    flow = one.flow
    port = catalogue.ports[flow.port] if isinstance(flow, Forbidden) else flow.port
    target = relative(page, f"{port_page(port.numbers)}#{port.id}")
    shown = f"{link(str(flow.numbers), target)}/{port.transport}"
    return f"{shown}, **must not be**" if isinstance(flow, Forbidden) else shown


def _found(page: str, one: Seen) -> list[str]:
    """Say which hosts found what: first what is not as documented."""
    lines = [_line(page, outcome, some) for outcome, some in _by_outcome(one.wrong)]
    lines += [_line(page, outcome, some) for outcome, some in _by_outcome(one.untested)]
    if one.well:
        as_ = _outcome(page, "blocked-as-expected" if isinstance(one.flow, Forbidden) else "open")
        lines.append(
            f"{as_}: {len(one.well)} of {one.size} host{'s' * (one.size != 1)}, {_hosts(one.well)}"
        )
    elif not lines:
        lines.append(f"{_outcome(page, 'open')}: at some of what is dialled only")
    return lines


def _by_outcome(some: Iterable[Observation]) -> list[tuple[str, list[Observation]]]:
    found: dict[str, list[Observation]] = {}
    for one in some:
        found.setdefault(one.outcome, []).append(one)
    return sorted(found.items())


def _line(page: str, outcome: str, some: list[Observation]) -> str:
    targets = fold({target for one in some for target in one.to})
    dialled = ", ".join(code(target.replace(" ", ":")) for target in targets)
    why = ", ".join(sorted({text(one.why) for one in some if one.why}))
    return f"{_outcome(page, outcome)}: {_hosts({o.host for o in some})} → {dialled}" + (
        f" ({why})" if why else ""
    )


def _outcome(page: str, outcome: str) -> str:
    return link(f"**{outcome}**", relative(page, f"check/index.md#outcome-{outcome}"))


def _hosts(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in fold(names))


def _flow(catalogue: Catalogue, page: str, one: Seen) -> str:
    start, end = _ends(one)
    return f"{start} → {end}: {_port(catalogue, page, one)}"
