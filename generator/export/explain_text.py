"""Why a flow exists, for a person: what is dialled, the entry, the rule, the lines of the data."""

from collections.abc import Iterable

from generator.catalogue import Catalogue
from generator.derive.model import Flow


def explain_text(catalogue: Catalogue, flows: Iterable[Flow]) -> str:
    """Return a paragraph a flow."""
    lines: list[str] = []
    for flow in flows:
        real = flow.listens
        lines.append(f"{flow.id}")
        dialled = ", ".join(flow.addresses) or flow.listener.group
        lines.append(f"  dials     {dialled}:{flow.numbers}")
        if real is not None:
            behind = ", ".join(real.addresses) or ", ".join(end.group for end in real.ends)
            lines.append(f"  listens   {behind}:{real.numbers}")
        entry = catalogue.ports[flow.port.id].place
        places = {place for reason in flow.reasons for place in reason.places}
        own = [i.condition for i in flow.port.initiators if i.place in places]
        named = {name for name in (flow.port.condition, flow.port.feature, *own) if name}
        condition = ", ".join(sorted(named)) or "none"
        lines.append(f"  entry     {flow.port.title}, {flow.requirement} ({entry})")
        lines.append(f"  condition {condition}")
        for reason in flow.reasons:
            lines.append(f"  because   {reason.why}: {reason.rule}")
            lines.append(f"            {', '.join(dict.fromkeys(map(str, reason.places)))}")
    return "\n".join([*lines, ""])
