"""`/changes/`: what each change of the data opened and closed, the newest first."""

import re

from generator.changelog import Changelog, Entry
from generator.difference import SiteChange
from generator.load import Atlas
from generator.markdown import code, front_matter, link, relative, table, text
from generator.render.rule_pages import rule_page
from generator.render.site_pages import site_page

PAGE = "changes/index.md"

MOST_LINES = 2_000
"""Rows of the page; of changes that are older, only the verdict is there."""


_HEADS = (
    "Segments", "", "Initiator → listener", "Port", "Encryption", "Requirement", "What else",
    "Rules",
)  # fmt: skip
_ELSE = _HEADS.index("What else")


def page(atlas: Atlas, log: Changelog, source_url: str | None) -> str:
    """Return the page; commits are linked where `source_url` says what they are called there."""
    lines: list[str] = []
    room = MOST_LINES
    for entry in log.entries:
        room -= sum(len(site.lines) for site in entry.what.sites)
        lines += _entry(atlas, entry, source_url, brief=room < 0)
    if log.lacking is not None:
        lines = [f"The history of the data is not at hand: {text(log.lacking)}.", ""]
    elif log.cut is not None:
        lines += [f"Older changes are not shown: {text(log.cut)}.", ""]
    return "\n".join(
        [
            *front_matter(
                "Changes",
                "What each change of the data opened and closed between segments, by site",
                search="{boost: 0.5}",
            ),
            "# Changes",
            "",
            "What each change of the data did to the network, the newest first: by site, what a",
            f"firewall had to open and may close. {code('portatlas diff')} says the same of a",
            "change that is not made yet.",
            "",
            *lines,
        ]
    )


def _entry(atlas: Atlas, entry: Entry, source_url: str | None, *, brief: bool) -> list[str]:
    short = code(entry.commit[:10])
    target = _commit(source_url, entry.commit)
    shown = link(short, target) if target else short
    subject = f" {text(entry.subject)}" if entry.subject else ""
    lines = [
        f"## {entry.day}{subject} {{ #change-{entry.commit[:10]} }}",
        "",
        f"{shown}: {text(entry.what.verdict)}",
        "",
    ]
    if brief:
        return lines
    for site in entry.what.sites:
        lines += _site(atlas, site)
    if entry.what.more:
        more = entry.what.more
        lines += [f"and {more} more site{'' if more == 1 else 's'}", ""]
    return lines


def _commit(source_url: str | None, commit: str) -> str | None:
    """Return where a Git host shows a commit, by where it shows a file of one."""
    found = re.match(r"(.+)/(?:blob|tree|src)/", source_url or "")
    return f"{found[1]}/commit/{commit}" if found else None


def _site(atlas: Atlas, site: SiteChange) -> list[str]:
    there = any(one.id == site.site for one in atlas.sites)
    title = text(site.title)
    name = link(title, relative(PAGE, site_page(site.site))) if there else title
    whole = {"added": "a new site", "removed": "the site is gone"}.get(site.kind)
    if whole:
        return [f"**{name}**: {whole}.", ""]
    rows = [
        [
            text(line.segments),
            text(line.sign),
            f"{text(line.initiators)} → {text(line.listener)}",
            text(line.port),
            text(line.encryption),
            text(line.requirement),
            text(line.others),
            ", ".join(link(text(rule), relative(PAGE, rule_page(rule))) for rule in line.rules),
        ]
        for line in site.lines
    ]
    heads = list(_HEADS)
    if not any(row[_ELSE] for row in rows):
        del heads[_ELSE]
        rows = [[*row[:_ELSE], *row[_ELSE + 1 :]] for row in rows]
    more = [f"and {site.more} more", ""] if site.more else []
    return [f"**{name}**", "", *table(heads, rows), *more]
