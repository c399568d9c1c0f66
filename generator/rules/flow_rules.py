"""Kinds of changes of flows, with the words of their pages: how bad, and who must act."""

from generator.rules.model import DiffRule

NEW_CLEAR_TEXT = DiffRule(
    id="new-clear-text",
    title="A new crossing in clear text",
    severity="error",
    acts="network team",
    why="Whoever can listen on the way between the two segments reads it. It counts at a new site, "
    "too, and where a flow that is there already begins to cross or crosses elsewhere. What is "
    "optional does not count, nor what was in clear text between these two segments already.",
    fix="Choose the encrypted option, change the encryption, or keep both ends in one segment. If "
    "it must be, let a waiver say why, who answers for it and until when.",
)
DIRECTION_REVERSED = DiffRule(
    id="direction-reversed",
    title="A flow goes the other way round",
    severity="error",
    acts="network team",
    why="Firewalls let one direction through: what was opened is of no use any more, and what is "
    "needed now is closed.",
    fix="Make sure that the listener really is the listener. If so, open the new direction before "
    "the change and close the old one after it.",
)
ENCRYPTION_WEAKENED = DiffRule(
    id="encryption-weakened",
    title="A flow is protected less than before",
    severity="error",
    acts="application team",
    why="What was encrypted between these two ends can be read now, or nobody knows whether: by a "
    "setting, by another option in place of the encrypted one, or at a load balancer that opens "
    "what it only passed on.",
    fix="Keep the encryption; or let a waiver say why not, who answers for it and until when.",
)
RANGE_WIDENED = DiffRule(
    id="range-widened",
    title="A crossing needs more port numbers than before",
    severity="error",
    acts="network team",
    why="Every number of a range is let through, whether or not anything listens there. The "
    "numbers of the listener behind what is dialled count as well.",
    fix="Name only the numbers that are used. If all are, open them before the change.",
)
MANDATORY_FLOW_ADDED = DiffRule(
    id="mandatory-flow-added",
    title="Hosts that are there already need a new crossing",
    severity="error",
    acts="network team",
    why="They dial another host now, or one more, be it a new one in place of the old; or one end "
    "was moved, and what stayed within a segment crosses now, or what crossed goes elsewhere. The "
    "product as it runs stops working, in part or whole, when the change comes before the firewall "
    "lets the flow through. A crossing that only leads to another segment because one was cut in "
    "two, so that addresses stay, does not count.",
    fix="Have it opened first, and what was opened for it before closed after the change. A waiver "
    "with an expiry date says that it was.",
)
HOST_FLOW_ADDED = DiffRule(
    id="host-flow-added",
    title="A new host group needs a crossing",
    severity="warning",
    acts="network team",
    why="The new hosts do not work before the firewall lets the flow through. What runs already "
    "is not in danger.",
    fix="Have it opened before the new hosts go live.",
)
OPTIONAL_FLOW_ADDED = DiffRule(
    id="optional-flow-added",
    title="A new optional crossing",
    severity="warning",
    acts="network team",
    why="The product works without it, as long as nobody uses what it is for.",
    fix="Decide whether it is wanted; if so, have it opened.",
)
FLOW_REMOVED = DiffRule(
    id="flow-removed",
    title="A crossing is not needed any more",
    severity="warning",
    acts="network team",
    why="The firewall still lets it through: an open way that nobody uses is one to attack.",
    fix="Have it closed after the change.",
)
CROSSING_CHANGED = DiffRule(
    id="crossing-changed",
    title="A crossing goes to another number, address or transport",
    severity="warning",
    acts="network team",
    why="The firewall lets the old one through and not the new one.",
    fix="Have the new one opened before the change, and the old one closed after it.",
)
REQUIREMENT_RAISED = DiffRule(
    id="requirement-raised",
    title="A crossing is needed more than before",
    severity="warning",
    acts="network team",
    why="Where it was optional, the firewall may not let it through.",
    fix="Make sure that it is open before the change.",
)
REQUIREMENT_LOWERED = DiffRule(
    id="requirement-lowered",
    title="A flow is needed less than before",
    severity="info",
    acts="nobody",
    why="What is open may stay open.",
    fix="Nothing; or close it where nobody uses it.",
)
ENCRYPTION_CHANGED = DiffRule(
    id="encryption-changed",
    title="A flow is protected otherwise, and not less",
    severity="info",
    acts="application team",
    why="Both ends must agree on it at the same time, and certificates must be trusted.",
    fix="Change both ends together.",
)
INSIDE_SEGMENT = DiffRule(
    id="inside-segment",
    title="A flow came, went or changed, and no crossing with it",
    severity="info",
    acts="application team",
    why="No firewall between segments stands in its way, but the listener's own may.",
    fix="Where hosts have a firewall of their own, let it follow.",
)
