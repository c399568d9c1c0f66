"""Kinds of changes of all other entries of the data, with the words of their pages."""

from generator.rules.model import DiffRule

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
DEFAULT_CHANGED = DiffRule(
    id="default-changed",
    title="A default of the catalogue changed",
    severity="warning",
    acts="application team",
    why="Sites that leave a number, a transport, an encryption or a choice at its default are "
    "documented otherwise from now on, though nobody touched them.",
    fix="Look at each site whether it really is so; where it is not, say so in the site.",
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
