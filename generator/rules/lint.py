"""The rules of lint, in words."""

from generator.rules.model import Rule

BESIDE = Rule(
    id="beside",
    title="A component lacks the one that it needs on its host",
    severity="warning",
    why="Some components work only through another one on the same host, over loopback.",
    fix="Add the missing role to the host group, or move the component to a host that has it.",
)
CLEAR_TEXT = Rule(
    id="clear-text",
    title="Clear text crosses segments",
    severity="warning",
    why="Whoever can listen on the way between segments reads it. Optional flows do not count.",
    fix="Choose the encrypted option, change the encryption, or keep both ends together.",
)
GATEWAY_END = Rule(
    id="gateway-end",
    title="A gateway ends at several machines",
    severity="warning",
    why="A gateway joins exactly two hosts; several need a load balancer in front of them.",
    fix="Name a group of one machine, or put a load balancer in front of the group.",
)
GATEWAYS_BETWEEN_ZONES = Rule(
    id="gateways-between-zones",
    title="Too many gateways join two zones",
    severity="error",
    why="The product takes one gateway between two zones; with two, which one is used is open.",
    fix="Remove one of the gateways.",
)
LONELY_HOST = Rule(
    id="lonely-host",
    title="A host has no flow either way",
    severity="warning",
    why="A host that talks to nobody has a wrong zone, a wrong role, or is not needed.",
    fix="Check its zone and roles, the chosen options and features; or remove it.",
)
MUST_NOT = Rule(
    id="must-not",
    title="A forbidden flow exists",
    severity="error",
    why="The site says that this flow may never exist, and the topology makes it.",
    fix="Change the topology so that the flow goes away; or, if it is right, the assertion.",
)
NEEDED_WHEN = Rule(
    id="needed-when",
    title="A condition needs more of a component",
    severity="warning",
    why="Where the condition holds, the product does not work, or not reliably, without it.",
    fix="Add hosts that run the component.",
)
NEVER_BESIDE = Rule(
    id="never-beside",
    title="Two components share a host that must not",
    severity="warning",
    why="One host that fails would take both away.",
    fix="Give one of them a host of its own.",
)
NOBODY_THERE = Rule(
    id="nobody-there",
    title="An option or feature is in use, and nobody listens",
    severity="warning",
    why="The flows that the option or feature needs have no other end at this site.",
    fix="Add the host that runs the component, or leave the option or feature out.",
)
NOT_WHEN = Rule(
    id="not-when",
    title="A component runs where a condition rules it out",
    severity="error",
    why="The product refuses the component where the condition holds.",
    fix="Remove the role, and choose what takes its place.",
)
ODD_NUMBER = Rule(
    id="odd-number",
    title="A component needs an odd number of hosts",
    severity="warning",
    why="A majority must be able to decide; an even number fails as early as one fewer.",
    fix="Add or remove one host.",
)
ONE_SEGMENT = Rule(
    id="one-segment",
    title="Clear text leaves the segment that it must stay in",
    severity="error",
    why="Between these components the traffic is not encrypted.",
    fix="Put both into one segment, or let TLS pass through to the component behind.",
)
ONLY_IN_ZONE = Rule(
    id="only-in-zone",
    title="A component is outside its zone",
    severity="error",
    why="The product has this component in one zone only.",
    fix="Move the host group to a segment of that zone.",
)
OPTION_CHOICE = Rule(
    id="option-choice",
    title="An option is not chosen, or chosen twice",
    severity="warning",
    why="Which ports exist depends on it; a host that runs another choice is a second one.",
    fix="Choose under options, and remove hosts that run another choice.",
)
PORT_CONFLICT = Rule(
    id="port-conflict",
    title="Two listeners share a number on one host",
    severity="error",
    why="The second one to start fails: the address is in use.",
    fix="Give one of them another number, under numbers of the host group or the instance.",
)
ROUTE_TO_ZONE = Rule(
    id="route-to-zone",
    title="A zone has no way to where it must reach",
    severity="error",
    why="Hosts of the zone cannot reach the servers at all.",
    fix="Add a gateway to the zone, or to one that has a way.",
)
SEGMENTS_OVERLAP = Rule(
    id="segments-overlap",
    title="The networks of two segments overlap",
    severity="warning",
    why="An address in both belongs to either, and a firewall rule for one opens the other.",
    fix="Correct the networks; what no host of the segment uses need not be in them.",
)
WIDE_RANGE = Rule(
    id="wide-range",
    title="A listener opens a wide range of numbers",
    severity="warning",
    why="A firewall that lets a wide range through lets through whatever else listens there.",
    fix="Narrow the range at the listener and in the site's data; "
    "or, if the product needs it, raise limits.wide_range in policy.yaml.",
)
WAIVER_EXPIRED = Rule(
    id="waiver-expired",
    title="A waiver has expired",
    severity="error",
    why="What it covered counts again, and somebody promised to look by that day.",
    fix="Mend the finding, or renew the waiver with a new day and a reason that still holds.",
)
WAIVER_UNUSED = Rule(
    id="waiver-unused",
    title="A waiver covers nothing",
    severity="warning",
    why="Lists of waivers rot: one that covers nothing hides the next finding of that name.",
    fix="Remove it, or correct its rule or what it is about.",
)

RULES: tuple[Rule, ...] = (
    BESIDE,
    CLEAR_TEXT,
    GATEWAY_END,
    GATEWAYS_BETWEEN_ZONES,
    LONELY_HOST,
    MUST_NOT,
    NEEDED_WHEN,
    NEVER_BESIDE,
    NOBODY_THERE,
    NOT_WHEN,
    ODD_NUMBER,
    ONE_SEGMENT,
    ONLY_IN_ZONE,
    OPTION_CHOICE,
    PORT_CONFLICT,
    ROUTE_TO_ZONE,
    SEGMENTS_OVERLAP,
    WIDE_RANGE,
)
"""Found by looking at a site."""

WAIVER_RULES = (WAIVER_EXPIRED, WAIVER_UNUSED)
"""Found by whoever applies the waivers, not by looking at the flows."""
