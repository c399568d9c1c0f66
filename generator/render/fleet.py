"""The section of `/check/` about a whole fleet: one command, and its results on the site."""

from generator.load import Atlas
from generator.markdown import code, items, link, relative


def section(atlas: Atlas, page: str) -> list[str]:
    """Return the section; nothing where there is no site to have a fleet."""
    if not atlas.sites:
        return []
    site = atlas.sites[0].id
    schema = link("the observations' schema", relative(page, "schema/api-observed.json"))
    mesh = (
        f"{code('ansible-playbook playbook.yml --tags mesh')} tries the firewalls before anything"
        " is installed: all hosts listen on what they will serve, all check one another, all stop"
    )
    labels = (
        f"a host group's label {code('os: windows')} has its hosts checked by PowerShell;"
        f" {code('fleet: exclude')} leaves a group out, {code('fleet: include')} takes in hosts"
        " that run nothing of the product"
    )
    document = f"{code('/api/v1/observed/SITE.json')} has what was observed, for programs; {schema}"
    return [
        '<a id="fleet"></a>',
        "",
        "## A whole fleet",
        "",
        "With Ansible one command runs the script on every host of a site and gathers the results.",
        "A Linux host gets one connection with one command, as an ordinary user; nothing is",
        "installed there and no file is left. Then the results go into the data, and the site's",
        "page shows each flow as documented and observed, observed otherwise, or never tested.",
        "",
        "```sh",
        f"portatlas export ansible {site} --out fleet",
        "cd fleet && ansible-playbook playbook.yml && cd ..",
        f"portatlas results fleet/results/{site}.json",
        "portatlas build",
        "```",
        "",
        *items([mesh, labels, document]),
    ]
