"""What a check of a port can come to: each outcome, with the words that explain it."""

from typing import NamedTuple

from generator.markdown import items, text


class Outcome(NamedTuple):
    """What a check of one port can come to: its name, what it means, what to do, who acts."""

    id: str
    means: str
    do: str
    acts: str


NETWORK = "the network team"
APPLICATION = "the application team"
OUTCOMES = (
    Outcome(
        "open",
        "Something accepted the connection. The port is reachable; that the service behind it is"
        " well, and is the right one, is not proven.",
        "Nothing. With --tls the script also shows the protocol and the certificate's end date.",
        "nobody",
    ),
    Outcome(
        "refused",
        "The host answered that nothing listens on the port: the path is open. A firewall that"
        " rejects instead of dropping looks the same, be it on the way, on the listener, or on the"
        " host that runs the script.",
        "Start the service on the listener, and see there with --local whether it listens. If it"
        " does, look for a firewall rule that rejects.",
        APPLICATION,
    ),
    Outcome(
        "filtered",
        "No answer, twice: most likely a firewall drops the packets, on the way, on the listener"
        " or on the host that runs the script: they all look the same from there (only Windows"
        " tells its own, and the reason then says so). It may as well drop the answers on the way"
        " back, which another route takes. Or the listener takes no more connections: it is"
        " overloaded, or a rule limits how many. Or the address is forwarded, by a load balancer or"
        " a translation, to something that is not there. Or the machine is off.",
        "Let the port through, in the direction that is shown and to the address that is shown:"
        " with a load balancer or a translated address it is not the listener's own. If every"
        " firewall lets it through, see whether the packets arrive: if they do, look at the way"
        " back and at the listener's queue; and behind a forwarded address, at what it leads to.",
        NETWORK,
    ),
    Outcome(
        "unreachable",
        "A router, the listener or the host that runs the script answered that there is no way"
        " there: no route, a machine that is off, or a firewall that rejects with such an answer.",
        "See to the route, to the machine, and to the rules that reject, the own firewall's, too."
        " The script cannot tell which of them it is: it shows the words of the system.",
        NETWORK,
    ),
    Outcome(
        "unresolved",
        "The name has no address, as this host sees it. Or nobody told: the reason then says that"
        " the name service did not answer in so many seconds, or cannot be reached, or failed.",
        "Enter the name in DNS or in the hosts file; compare with another host. Where the name"
        " service is silent, see to it and to the way there: DNS is port 53, UDP and TCP.",
        f"{NETWORK}, or whoever keeps the name service",
    ),
    Outcome(
        "cannot-test",
        "Nothing is said about the port: it is UDP, where no answer means nothing; it is a"
        " loopback port of another host; no address is documented; a tool is missing; this"
        " host has no address of the kind, as where IPv6 is off; or the run ended before its turn.",
        "Read the reason. Run the script on the host itself, raise --budget, or complete the"
        " site's data.",
        "whoever runs the script",
    ),
    Outcome(
        "blocked-as-expected",
        "The site says that this flow may not exist, and nothing answered.",
        "Nothing. If the reason says refused, try again when something listens there.",
        "nobody",
    ),
    Outcome(
        "open-but-forbidden",
        "The site says that this flow may not exist, and it is open.",
        "Close it, or correct the site's data if it is meant to be.",
        NETWORK,
    ),
)


def described(outcome: Outcome) -> list[str]:
    """Return the section of an outcome, behind the anchor that scripts and pages link to."""
    return [
        f'<a id="outcome-{outcome.id}"></a>',
        "",
        f"### {outcome.id}",
        "",
        text(outcome.means),
        "",
        *items([f"**What to do:** {text(outcome.do)}", f"**Who acts:** {outcome.acts}"]),
    ]
