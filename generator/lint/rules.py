"""All rules, with the words of their pages."""

from generator.lint import constraints, general
from generator.lint.model import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="beside",
        title="A component lacks the one that it needs on its host",
        severity="warning",
        why="Some components work only through another one on the same host, over loopback.",
        fix="Add the missing role to the host group, or move the component to a host that has it.",
        find=constraints.beside,
    ),
    Rule(
        id="clear-text",
        title="Clear text crosses segments",
        severity="warning",
        why="Whoever can listen on the way between segments reads it. Optional flows do not count.",
        fix="Choose the encrypted option, change the encryption, or keep both ends together.",
        find=general.clear_text,
    ),
    Rule(
        id="gateway-end",
        title="A gateway ends at several machines",
        severity="warning",
        why="A gateway joins exactly two hosts; several need a load balancer in front of them.",
        fix="Name a group of one machine, or put a load balancer in front of the group.",
        find=general.gateway_end,
    ),
    Rule(
        id="gateways-between-zones",
        title="Too many gateways join two zones",
        severity="error",
        why="The product takes one gateway between two zones; with two, which one is used is open.",
        fix="Remove one of the gateways.",
        find=constraints.gateways_between_zones,
    ),
    Rule(
        id="lonely-host",
        title="A host has no flow either way",
        severity="warning",
        why="A host that talks to nobody has a wrong zone, a wrong role, or is not needed.",
        fix="Check its zone and roles, the chosen options and features; or remove it.",
        find=general.lonely_host,
    ),
    Rule(
        id="must-not",
        title="A forbidden flow exists",
        severity="error",
        why="The site says that this flow may never exist, and the topology makes it.",
        fix="Change the topology so that the flow goes away; or, if it is right, the assertion.",
        find=general.must_not,
    ),
    Rule(
        id="needed-when",
        title="A condition needs more of a component",
        severity="warning",
        why="Where the condition holds, the product does not work, or not reliably, without it.",
        fix="Add hosts that run the component.",
        find=constraints.needed_when,
    ),
    Rule(
        id="never-beside",
        title="Two components share a host that must not",
        severity="warning",
        why="One host that fails would take both away.",
        fix="Give one of them a host of its own.",
        find=constraints.never_beside,
    ),
    Rule(
        id="nobody-there",
        title="An option or feature is in use, and nobody listens",
        severity="warning",
        why="The flows that the option or feature needs have no other end at this site.",
        fix="Add the host that runs the component, or leave the option or feature out.",
        find=general.nobody_there,
    ),
    Rule(
        id="not-when",
        title="A component runs where a condition rules it out",
        severity="error",
        why="The product refuses the component where the condition holds.",
        fix="Remove the role, and choose what takes its place.",
        find=constraints.not_when,
    ),
    Rule(
        id="odd-number",
        title="A component needs an odd number of hosts",
        severity="warning",
        why="A majority must be able to decide; an even number fails as early as one fewer.",
        fix="Add or remove one host.",
        find=constraints.odd_number,
    ),
    Rule(
        id="one-segment",
        title="Clear text leaves the segment that it must stay in",
        severity="error",
        why="Between these components the traffic is not encrypted.",
        fix="Put both into one segment, or let TLS pass through to the component behind.",
        find=constraints.one_segment,
    ),
    Rule(
        id="only-in-zone",
        title="A component is outside its zone",
        severity="error",
        why="The product has this component in one zone only.",
        fix="Move the host group to a segment of that zone.",
        find=constraints.only_in_zone,
    ),
    Rule(
        id="option-choice",
        title="An option is not chosen, or chosen twice",
        severity="warning",
        why="Which ports exist depends on it; a host that runs another choice is a second one.",
        fix="Choose under options, and remove hosts that run another choice.",
        find=general.option_choice,
    ),
    Rule(
        id="port-conflict",
        title="Two listeners share a number on one host",
        severity="error",
        why="The second one to start fails: the address is in use.",
        fix="Give one of them another number, under numbers of the host group or the instance.",
        find=general.port_conflict,
    ),
    Rule(
        id="route-to-zone",
        title="A zone has no way to where it must reach",
        severity="error",
        why="Hosts of the zone cannot reach the servers at all.",
        fix="Add a gateway to the zone, or to one that has a way.",
        find=constraints.route_to_zone,
    ),
    Rule(
        id="segments-overlap",
        title="The networks of two segments overlap",
        severity="warning",
        why="An address in both belongs to either, and a firewall rule for one opens the other.",
        fix="Correct the networks; what no host of the segment uses need not be in them.",
        find=general.segments_overlap,
    ),
    Rule(
        id="wide-range",
        title="A listener opens a wide range of numbers",
        severity="warning",
        why="A firewall that lets a wide range through lets through whatever else listens there.",
        fix="Narrow the range at the listener and in the site's data; "
        "or, if the product needs it, raise limits.wide_range in policy.yaml.",
        find=general.wide_range,
    ),
)


WAIVER_EXPIRED = Rule(
    id="waiver-expired",
    title="A waiver has expired",
    severity="error",
    why="What it covered counts again, and somebody promised to look by that day.",
    fix="Mend the finding, or renew the waiver with a new day and a reason that still holds.",
    find=lambda catalogue, derived, limits: iter(()),
)
WAIVER_UNUSED = Rule(
    id="waiver-unused",
    title="A waiver covers nothing",
    severity="warning",
    why="Lists of waivers rot: one that covers nothing hides the next finding of that name.",
    fix="Remove it, or correct its rule or what it is about.",
    find=lambda catalogue, derived, limits: iter(()),
)
WAIVER_RULES = (WAIVER_EXPIRED, WAIVER_UNUSED)
"""Found by whoever applies the waivers, not by looking at the flows."""
