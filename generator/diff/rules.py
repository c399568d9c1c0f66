"""All kinds of changes, with the words of their pages: how bad, and who must act."""

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
MUST_NOT_LOOSENED = DiffRule(
    id="must-not-loosened",
    title="What may never exist is forbidden no more",
    severity="error",
    acts="network team",
    why="Somebody said that these flows may never exist. Where the assertion is gone, or names "
    "fewer groups or ports, the next change may make them, and no check reports it. The same holds "
    "where it says what it said, but a host group was moved out of the segment or zone it names.",
    fix="Put the assertion back, or let it name the group where it is now; or let whoever asked "
    "for it agree to what is left of it.",
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
GROUP_GROWN = DiffRule(
    id="group-grown",
    title="A host group has more hosts",
    severity="warning",
    acts="network team",
    why="Firewall rules that list its addresses, or its network, do not know the new ones.",
    fix="Have the new addresses added to the rules before the hosts go live.",
)
GROUP_SHRUNK = DiffRule(
    id="group-shrunk",
    title="A host group has fewer hosts",
    severity="warning",
    acts="network team",
    why="Firewall rules that list its addresses still let through what is gone, and whoever gets "
    "the address next.",
    fix="Have the addresses removed from the rules.",
)
GROUP_READDRESSED = DiffRule(
    id="group-readdressed",
    title="A host group has other addresses",
    severity="warning",
    acts="network team",
    why="Firewall rules list the old ones.",
    fix="Have the new addresses added before the change, and the old ones removed after it.",
)
GROUP_MOVED = DiffRule(
    id="group-moved",
    title="A host group is in another segment or zone",
    severity="warning",
    acts="network team",
    why="Other firewalls stand in its way now: flows that crossed none may cross some, and the "
    "other way round.",
    fix="Have its flows opened from where it goes, before it does; and closed from where it was.",
)
SEGMENT_READDRESSED = DiffRule(
    id="segment-readdressed",
    title="A segment has other networks",
    severity="warning",
    acts="network team",
    why="Firewall rules that name the networks must follow.",
    fix="Have the rules changed together with the networks.",
)
DEFAULT_CHANGED = DiffRule(
    id="default-changed",
    title="A default of the catalogue changed",
    severity="warning",
    acts="application team",
    why="Sites that leave a number, a transport, an encryption or a choice at its default are "
    "documented otherwise from now on, though nobody touched them.",
    fix="Look at each site whether it really is so; where it is not, say so in the site.",
)
SITE_ADDED = DiffRule(
    id="site-added",
    title="A site is new",
    severity="warning",
    acts="network team",
    why="All of its crossings are to be opened: its page lists them by pair of segments.",
    fix="Order them from the site's page, or from the export of its flows.",
)
SITE_REMOVED = DiffRule(
    id="site-removed",
    title="A site is gone",
    severity="warning",
    acts="network team",
    why="Firewalls still let through what it needed.",
    fix="Have all of its crossings closed; the state before has them.",
)
INSIDE_SEGMENT = DiffRule(
    id="inside-segment",
    title="A flow came, went or changed, and no crossing with it",
    severity="info",
    acts="application team",
    why="No firewall between segments stands in its way, but the listener's own may.",
    fix="Where hosts have a firewall of their own, let it follow.",
)
ENCRYPTION_CHANGED = DiffRule(
    id="encryption-changed",
    title="A flow is protected otherwise, and not less",
    severity="info",
    acts="application team",
    why="Both ends must agree on it at the same time, and certificates must be trusted.",
    fix="Change both ends together.",
)
REQUIREMENT_LOWERED = DiffRule(
    id="requirement-lowered",
    title="A flow is needed less than before",
    severity="info",
    acts="nobody",
    why="What is open may stay open.",
    fix="Nothing; or close it where nobody uses it.",
)
GROUP_INSIDE = DiffRule(
    id="group-inside",
    title="A host group changed, and no crossing with it",
    severity="info",
    acts="nobody",
    why="Its hosts, addresses or place are others, but its flows stay within a segment, or it has "
    "none that this touches.",
    fix="Nothing, unless hosts have a firewall of their own.",
)
GROUP_SPLIT = DiffRule(
    id="group-split",
    title="Hosts are in other groups, with the same flows",
    severity="info",
    acts="nobody",
    why="A group was split or joined, or hosts passed from one to another. From machine to machine "
    "nothing differs: firewalls let through what they let through before.",
    fix="Nothing; where a firewall names its objects like the groups, let these follow.",
)
HOSTS_RENAMED = DiffRule(
    id="hosts-renamed",
    title="Hosts are called otherwise",
    severity="info",
    acts="application team",
    why="Their addresses stay; whatever dials them by name must know the new one.",
    fix="Change the names in DNS and in the settings together.",
)
RENAMED = DiffRule(
    id="renamed",
    title="Something is only called otherwise",
    severity="info",
    acts="nobody",
    why="An id changed, and nothing else: the network stays as it is.",
    fix="Nothing.",
)
MUST_NOT_TIGHTENED = DiffRule(
    id="must-not-tightened",
    title="More is forbidden than before",
    severity="info",
    acts="nobody",
    why="Lint reports the flows that break it.",
    fix="Nothing.",
)
WAIVER_CHANGED = DiffRule(
    id="waiver-changed",
    title="A waiver came, or holds for longer",
    severity="warning",
    acts="network team",
    why="A waiver lets a finding or a change stand, perhaps one of the very change that brings it: "
    "whoever is asked for the network must know of it. One that went or ends sooner is an entry "
    "that changed.",
    fix="Read its reason, and whether the owner agrees.",
)
POLICY_LOOSENED = DiffRule(
    id="policy-loosened",
    title="Less is reported than before",
    severity="warning",
    acts="nobody",
    why="Checks that come later are milder. This one is not: a rule has the stricter severity of "
    "before and after. What the policy says of this rule does not count.",
    fix="Ask whoever answers for the policy; a waiver lets a single finding stand, and says why.",
)
ENTRY_CHANGED = DiffRule(
    id="entry-changed",
    title="An entry of the data came, went or changed",
    severity="info",
    acts="nobody",
    why="It is the reason of other changes, or changes no flow.",
    fix="Nothing beyond what its flows ask for.",
)
WORDS = DiffRule(
    id="words",
    title="Only words changed",
    severity="info",
    acts="nobody",
    why="Titles, descriptions, reasons and evidence are for readers.",
    fix="Nothing.",
)

WAIVER_IDLE = DiffRule(
    id="waiver-idle",
    title="A waiver covers nothing of this change",
    severity="info",
    acts="nobody",
    why="It waives a kind of change at a site that changed, and no such change is there: it "
    "was made long ago, or its name is misspelt, or the flow is another one now.",
    fix="Remove it once its change is made; or write `what` as the report of the change has it.",
)

RULES: tuple[DiffRule, ...] = tuple(
    sorted(
        (value for value in tuple(globals().values()) if isinstance(value, DiffRule)),
        key=lambda rule: rule.id,
    )
)
