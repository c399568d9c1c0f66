"""`/roles/server/` and `/roles/client/`: all ports by who listens, and by who connects."""

from generator.catalogue import Catalogue
from generator.load import Atlas
from generator.markdown import BEHIND, front_matter, items, link, relative, text
from generator.render import tables
from generator.views import components, served_by, started_by

PAGE = "roles/index.md"
SERVER = "roles/server/index.md"
CLIENT = "roles/client/index.md"


def pages(atlas: Atlas) -> dict[str, str]:
    """Return both pages, by path."""
    return {
        PAGE: _index(),
        SERVER: _server(atlas.catalogue),
        CLIENT: _client(atlas.catalogue),
    }


def _index() -> str:
    return "\n".join(
        [
            *front_matter("Roles", "All ports by who listens, and by who connects"),
            "# Roles",
            "",
            "The same ports from both ends. A component may have both roles: it listens, and it",
            "connects to others.",
            "",
            *items(
                f"{link(title, relative(PAGE, target))}: the *{role} role*, each component {what}"
                for title, target, role, what in (
                    ("Who listens", SERVER, "server", "with its ports and all who connect"),
                    ("Who connects", CLIENT, "client", "with what it reaches, and why"),
                )
            ),
        ]
    )


def _server(catalogue: Catalogue) -> str:
    lines = [
        *front_matter(
            "Who listens", "All ports by the component that listens: the server role", search=BEHIND
        ),
        "# Who listens",
        "",
        "The *server role*: every component that listens, with its ports and all who connect.",
        f"Seen from the other side: {link('who connects', relative(SERVER, CLIENT))}.",
        "",
    ]
    for component in components(catalogue):
        ports = served_by(catalogue, component.id)
        if ports:
            lines += [f"## {text(component.title)}", ""]
            lines += tables.listening(catalogue, SERVER, ports, listener=False)
    return "\n".join(lines)


def _client(catalogue: Catalogue) -> str:
    lines = [
        *front_matter(
            "Who connects",
            "All ports by the component that connects: the client role",
            search=BEHIND,
        ),
        "# Who connects",
        "",
        "The *client role*: every component that opens connections, with what it reaches and why.",
        f"Seen from the other side: {link('who listens', relative(CLIENT, SERVER))}.",
        "",
    ]
    for component in components(catalogue):
        started = started_by(catalogue, component.id)
        if started:
            lines += [f"## {text(component.title)}", ""]
            lines += tables.starting(catalogue, CLIENT, started)
    return "\n".join(lines)
