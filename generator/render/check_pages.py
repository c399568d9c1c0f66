"""`/check/` and `/sites/<id>/check/`: the check script, how to run it, what each outcome means."""

from hashlib import sha256
from typing import NamedTuple

from generator.load import Atlas
from generator.render import fleet
from generator.render.markdown import code, front_matter, items, link, relative, table, text
from generator.topology import Site

PAGE = "check/index.md"
GENERIC = "check/check.sh"
GENERIC_WINDOWS = "check/check.ps1"
"""The scripts for readers without a site."""
_CALL = "powershell -ExecutionPolicy Bypass -File check.ps1"


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
        " rejects instead of dropping looks the same.",
        "Start the service on the listener, and see there with --local whether it listens. If it"
        " does, look for a firewall rule that rejects.",
        APPLICATION,
    ),
    Outcome(
        "filtered",
        "No answer, twice within the time-out: a firewall on the way, or on the listener, drops"
        " the packets; rarely, the machine is off.",
        "Let the port through, in the direction that is shown and to the address that is shown:"
        " with a load balancer or a translated address it is not the listener's own.",
        NETWORK,
    ),
    Outcome(
        "unreachable",
        "A router, or this host itself, answered that there is no way there: no route, a machine"
        " that is off, or a firewall that says so.",
        "See to the route, or to the machine. The script cannot tell which of them it is.",
        NETWORK,
    ),
    Outcome(
        "unresolved",
        "The name has no address, as this host sees it.",
        "Enter the name in DNS or in the hosts file; compare with another host.",
        f"{NETWORK}, or whoever keeps the name service",
    ),
    Outcome(
        "cannot-test",
        "Nothing is said about the port: it is UDP, where no answer means nothing; it is a"
        " loopback port of another host; no address is documented; a tool is missing; or the run"
        " ended before its turn.",
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
_STATUS = (
    ("0", "all as documented"),
    ("1", "something is not"),
    ("2", "wrong usage, or it is not known which host this is"),
    ("3", "nothing wrong found, but something could not be tested that could have been"),
)


def page(atlas: Atlas, generic: str, windows: str) -> str:
    """Return `/check/`."""
    return "\n".join(
        [
            *front_matter("Check a host", "Try the documented ports on a host, and act on it"),
            "# Check a host",
            "",
            "One file to download and run: it connects to the ports that a host is documented to",
            "connect to, sends nothing, and says which flow does not work and who has to act. It",
            "needs no root and no installation, only bash 4.4 on Linux, and changes nothing.",
            "",
            "## Run it",
            "",
            *_sites(atlas),
            *_fence("bash check.sh", "bash check.sh --optional --tls", "bash check.sh --help"),
            "It finds out by names and addresses which host of the site it runs on; where it",
            "cannot, say so with `--as HOST`. What another host starts it does not try, unless",
            "forced: from here that would say nothing.",
            "",
            "Before anything is installed, two administrators prove the firewall: one has the",
            "script open the ports that the host will serve, the other checks from the other side.",
            "",
            *_fence("bash check.sh --listen --for 300"),
            *items(
                [
                    f"{code('--local')} shows which ports that this host will serve are taken",
                    f"{code('--format json')}, {code('junit')} or {code('tap')} is for programs; "
                    + link("the JSON's schema", relative(PAGE, "schema/check-results.json")),
                ]
            ),
            *_windows(),
            "## Without a site",
            "",
            f"{link('check.sh', relative(PAGE, GENERIC))} takes hosts and ports as arguments:",
            "",
            *_fence(
                "bash check.sh server.example.com 9443 9000", "bash check.sh 192.0.2.10:9100-9103"
            ),
            f"SHA-256: {code(_digest(generic))}",
            "",
            f"{link('check.ps1', relative(PAGE, GENERIC_WINDOWS))} is the same for Windows:",
            "",
            *_fence(f"{_CALL} server.example.com 9443 9000", language="bat"),
            f"SHA-256: {code(_digest(windows))}",
            "",
            *fleet.section(atlas, PAGE),
            "## Exit status",
            "",
            *table(["Status", "Meaning"], _STATUS),
            "## Outcomes",
            "",
            *(line for outcome in OUTCOMES for line in _outcome(outcome)),
        ]
    )


def _windows() -> list[str]:
    """Return what differs on Windows."""
    return [
        "## On Windows",
        "",
        f"{code('check.ps1')} is the same script for Windows PowerShell 5.1, a part of Windows",
        "since 10 and Server 2016, and for PowerShell 7: the same options, outcomes, formats and",
        "exit statuses. It needs no module and no administrator:",
        "",
        *_fence(_CALL, f"{_CALL} -Optional -Tls", f"{_CALL} -Help", language="bat"),
        f"{code('-ExecutionPolicy Bypass')} is for this one run, where a policy lets no downloaded",
        "script run, and changes no setting. Where a policy of the domain forbids it all the same,",
        "PowerShell says so. Windows may ask whether PowerShell may listen: without that",
        f"{code('-Listen')} sees connections from the host itself only.",
        "",
        "How far it is proven: where these pages are made there is no PowerShell, so here the",
        "script is only parsed by a grammar, and held against a list of what 5.1 does not have.",
        f"It is run by the job {code('powershell')} of the project's GitHub workflow, on Windows",
        "PowerShell 5.1 and on PowerShell 7 for Windows and Linux, against real listeners, and",
        "must find there what the bash script finds, case by case from one table.",
        "",
    ]


def _sites(atlas: Atlas) -> list[str]:
    if not atlas.sites:
        return ["Download the script below, and run it:", ""]
    links = ", ".join(
        link(text(site.title), relative(PAGE, f"sites/{site.id}/index.md#check"))
        for site in atlas.sites
    )
    return [f"Download your site's script ({links}), and run it on the host that connects:", ""]


def _outcome(outcome: Outcome) -> list[str]:
    return [
        f'<a id="outcome-{outcome.id}"></a>',
        "",
        f"### {outcome.id}",
        "",
        text(outcome.means),
        "",
        *items([f"**What to do:** {text(outcome.do)}", f"**Who acts:** {outcome.acts}"]),
    ]


def section(site: Site, script: str | None, windows: str | None) -> list[str]:
    """Return the section of a site's page; without a script it is not published."""
    here = f"sites/{site.id}/index.md"
    what = link("What each outcome means", relative(here, f"{PAGE}#outcomes"))
    head = ['<a id="check"></a>', "", "## Check a host", ""]
    if script is None or windows is None:
        how = code(f"portatlas checker {site.id} --out check.sh")
        return [
            *head,
            f"The check script has addresses and is not published here: {how} makes it.",
            "",
        ]
    return [
        *head,
        f"{link('check.sh', 'check.sh')} tries, on a host of this site, what that host connects to",
        f"({link('read it first', 'check/index.md')}; SHA-256 {code(_digest(script))}):",
        "",
        *_fence("bash check.sh"),
        f"{link('check.ps1', 'check.ps1')} is the same for Windows",
        f"(SHA-256 {code(_digest(windows))}):",
        "",
        *_fence(_CALL, language="bat"),
        f"{what}, and who has to act.",
        "",
    ]


def shown(site: Site, script: str) -> str:
    """Return `/sites/<id>/check/`: the script, to read and to copy."""
    here = f"sites/{site.id}/check/index.md"
    title = f"The check script of {site.title}"
    fence = "`" * 4
    return "\n".join(
        [
            *front_matter(title, f"{title}, to read and to copy", search="{exclude: true}"),
            f"# {text(title)}",
            "",
            f"{link('Download', relative(here, f'sites/{site.id}/check.sh'))}, SHA-256",
            f"{code(_digest(script))}. {link('How to run it', relative(here, PAGE))}.",
            "",
            f"{fence}bash",
            script.rstrip("\n"),
            fence,
            "",
        ]
    )


def _digest(script: str) -> str:
    return sha256(script.encode()).hexdigest()


def _fence(*commands: str, language: str = "sh") -> list[str]:
    return [f"```{language}", *commands, "```", ""]
