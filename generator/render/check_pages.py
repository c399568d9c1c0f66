"""`/check/` and `/sites/<id>/check/`: the check script, how to run it, what each outcome means."""

from collections.abc import Mapping
from hashlib import sha256

from generator.load import Atlas
from generator.markdown import code, front_matter, items, link, relative, table, text
from generator.render import fleet
from generator.render.outcomes import OUTCOMES, described
from generator.topology import Site

PAGE = "check/index.md"
GENERIC, GENERIC_WINDOWS = "check/check.sh", "check/check.ps1"
"""The scripts for readers without a site."""
_CALL = "powershell -ExecutionPolicy Bypass -File check.ps1"

_STATUS = (
    ("0", "all as documented"),
    ("1", "something is not; --local: a port is taken; --listen: one could not be opened"),
    ("2", "wrong usage, or it is not known which host this is"),
    (
        "3",
        "nothing wrong found, but something that could be tested was not, or was not written",
    ),
)


def page(atlas: Atlas, scripts: Mapping[str, str]) -> str:
    """Return `/check/`, with the scripts for readers without a site, by path."""
    return "\n".join(
        [
            *front_matter("Check a host", "Try the documented ports on a host, and act on it"),
            "# Check a host",
            "",
            "One file to download and run: it connects to the ports that a host is documented to",
            "connect to, sends nothing, and says which flow does not work and who has to act. It",
            "needs no root and no installation, only bash 4.4 on Linux or PowerShell 5.1 on",
            "Windows, and changes nothing.",
            "",
            "## Run it",
            "",
            *_sites(atlas),
            *_fence("bash check.sh", "bash check.sh --optional --tls", "bash check.sh --help"),
            "It finds out by names and addresses which host of the site it runs on; where it",
            "cannot, say so with `--as HOST`. What another host starts it does not try, unless",
            "forced: from here that would say nothing.",
            "",
            "## Before anything is installed",
            "",
            "Two administrators prove a firewall while there is nothing to connect to yet:",
            "",
            "1. On the host that will listen, one opens the ports that it will serve. Only TCP,",
            "   with `python3`, `perl` or `nc`, whichever is there; ports below 1024 need root:",
            "",
            *_fence("bash check.sh --listen --for 300", indent="    "),
            "2. On each host that will connect, the other runs the script as it is:",
            "",
            *_fence("bash check.sh", indent="    "),
            "3. Both read: the second one, which flow does not get through and who acts; the first",
            "   one, after 300 seconds or ctrl-C, which addresses came to which port. An address",
            "   that nobody documented, such as a translated one, shows there.",
            "",
            "`--local` shows which ports that this host will serve are taken, and by which process",
            "(as far as you may see it): before an installation a conflict, later the product.",
            "",
            "## For programs",
            "",
            *items(
                [
                    f"{code('--format json')}: {link('schema', _schema('check-results'))}",
                    f"{code('--format junit')}, {code('--format tap')}: a test for each port",
                    (
                        f"{code('--local')} and {code('--listen')} have text and JSON "
                        f"({link('schema', _schema('check-ports'))})"
                    ),
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
            f"SHA-256: {code(_digest(scripts[GENERIC]))}",
            "",
            f"{link('check.ps1', relative(PAGE, GENERIC_WINDOWS))} is the same for Windows:",
            "",
            *_fence(f"{_CALL} server.example.com 9443 9000", language="bat"),
            f"SHA-256: {code(_digest(scripts[GENERIC_WINDOWS]))}",
            "",
            *fleet.section(atlas, PAGE),
            "## Exit status",
            "",
            *table(["Status", "Meaning"], _STATUS),
            "## Outcomes",
            "",
            *(line for outcome in OUTCOMES for line in described(outcome)),
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
        f"{code('-Listen')} sees connections from the host itself only. And Windows asks a closed",
        "port again and again before it takes it for closed, about two seconds: so a",
        f"{code('-Timeout')} of less than 3 is 3 there, else such a port would count as filtered.",
        "A pipe whose reader has gone looks to PowerShell like one that took all, so results that",
        "get lost there are no 3; on a full disk they are.",
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


def section(site: Site, scripts: Mapping[str, str] | None) -> list[str]:
    """Return the section of a site's page; without scripts, by name, they are not published."""
    here = f"sites/{site.id}/index.md"
    what = link("What each outcome means", relative(here, f"{PAGE}#outcomes"))
    head = ['<a id="check"></a>', "", "## Check a host", ""]
    if scripts is None:
        how = code(f"portatlas checker {site.id} --out check.sh")
        return [
            *head,
            f"The check script has addresses and is not published here: {how} makes it.",
            "",
        ]
    return [
        *head,
        f"{link('check.sh', 'check.sh')} tries, on a host of this site, what it connects to,",
        "and says who has to act on what does not work. SHA-256:",
        f"{code(_digest(scripts['check.sh']))}.",
        "",
        *_fence("bash check.sh"),
        f"{link('check.ps1', 'check.ps1')} is the same for Windows",
        f"(SHA-256 {code(_digest(scripts['check.ps1']))}):",
        "",
        *_fence(_CALL, language="bat"),
        f"{what}; {link('--listen, --local and two administrators', relative(here, PAGE))}.",
        "",
        *_shown(scripts["check.sh"]),
    ]


def _shown(script: str) -> list[str]:
    """Return a script to read and to copy, closed until somebody wants it; no search finds it.

    Without colours: those would make five times as much of it.
    """
    fence = "`" * 4
    return [
        '<details markdown="1" data-search-exclude="">',
        f"<summary>Read the script: {len(script.splitlines())} lines</summary>",
        "",
        f"{fence}text",
        script.rstrip("\n"),
        fence,
        "",
        "</details>",
        "",
    ]


def _digest(script: str) -> str:
    return sha256(script.encode()).hexdigest()


def _schema(name: str) -> str:
    return relative(PAGE, f"schema/{name}.json")


def _fence(*commands: str, language: str = "sh", indent: str = "") -> list[str]:
    return [indent + line for line in (f"```{language}", *commands, "```")] + [""]
