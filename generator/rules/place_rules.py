"""Kinds of changes of sites, segments and host groups, with the words of their pages."""

from generator.rules.model import DiffRule

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
SEGMENT_READDRESSED = DiffRule(
    id="segment-readdressed",
    title="A segment has other networks",
    severity="warning",
    acts="network team",
    why="Firewall rules that name the networks must follow.",
    fix="Have the rules changed together with the networks.",
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
