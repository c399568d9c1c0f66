"""A review as one page that asks no other host for anything: tables, diagrams, all that changed."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from generator.diff.model import SiteDiff
from generator.diff.review import Change, Review
from generator.diff.rows import Party, Row
from generator.export import diff_words as words
from generator.problems import Place

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:"
_FONTS = {"Inter-Regular.otf": 400, "Inter-Bold.otf": 700}


@dataclass(frozen=True, slots=True)
class Shown:
    """The diagrams of a site, by what each is called: SVG texts, or files where these are too many.

    `shows` says what the first one has.
    """

    shows: str
    svgs: Mapping[str, str]
    files: Mapping[str, str]


def html(review: Review, pictures: Mapping[str, Shown]) -> str:
    """Return the page; `pictures` are by the id of a site, of those that have any."""
    tables = words.site_rows(review)
    every = [row for some in tables.values() for row in some]
    verdict = words.verdict(review, every)
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        "<title>What the change does to the network</title>",
        f"<style>\n{_style()}</style>",
        "<main>",
        "<h1>What the change does to the network</h1>",
        f"<p>From <code>{_text(review.diff.before)}</code>",
        f"to <code>{_text(review.diff.after)}</code>.",
        f"Sites in which nothing differs: {review.diff.same}.</p>",
        f'<p class="verdict {review.worst or "info"}">{_text(verdict)}</p>',
        *_changes("What to look at", [c for c in review.changes if c.severity != "info"]),
    ]
    drawn_by = f"portatlas diff {review.diff.before} {review.diff.after} --out DIR"
    for site in words.by_severity(review):
        lines += _site(site, tables[site.id], pictures.get(site.id), drawn_by)
    lines += _changes("To know of", words.to_know_of(review))
    lines += _changes("Waived", review.waived)
    return "\n".join([*lines, "</main>", "</html>", ""])


def _style() -> str:
    """Return the styles, with the font that the drawings were measured with in the page itself."""
    return _faces() + (files("generator.export") / "diff.css").read_text(encoding="utf-8")


def _faces() -> str:
    folder = files("generator") / "fonts"
    return "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; "
        f"src: url(data:font/otf;base64,{b64encode((folder / name).read_bytes()).decode()}) }}\n"
        for name, weight in _FONTS.items()
    )


def _text(value: str) -> str:
    return escape(" ".join(value.split()))


def _site(site: SiteDiff, rows: Sequence[Row], pictures: Shown | None, drawn_by: str) -> list[str]:
    derived = site.derived_after or site.derived_before
    title = derived.site.title if derived else site.id
    lines = [f'<section id="{_text(site.id)}">', f"<h2>{_text(title)}</h2>"]
    if not rows:
        return [*lines, "<p>No flow differs on the network.</p>", "</section>"]
    titles = words.titles(site)
    heads = (
        "Segments", "", "Initiators", "Listener", "Port", "Encryption", "Requirement", "What else",
        "Who acts", "Cause",
    )  # fmt: skip
    cells = [
        [
            _text(words.heading(row, titles)),
            _text(words.sign(row))
            + ("<br><strong>error</strong>" if row.severity == "error" else ""),
            "<br>".join(map(_party, row.initiators)),
            _party(row.listener),
            f"<code>{_text(words.port(row))}</code> {_text(row.title)}",
            _text(words.encryption(row)),
            _text(words.requirement(row)),
            _text("; ".join(words.others(row, titles, every=True))),
            _text(words.acts(row)),
            "<br>".join(map(_place, row.places)),
        ]
        for row in rows
    ]
    kinds = [f"{row.kind}{' clear' if row.encryption == 'none' else ''}" for row in rows]
    return [*lines, *_table(heads, cells, kinds), *_pictures(pictures, drawn_by), "</section>"]


def _pictures(pictures: Shown | None, drawn_by: str) -> list[str]:
    """Return the first diagram, and the others folded; or where they are."""
    if pictures is None:
        return [f"<p>To keep the page small, no picture: <code>{_text(drawn_by)}</code></p>"]
    if not pictures.svgs:
        links = (f'<a href="{_text(path)}">{_text(n)}</a>' for n, path in pictures.files.items())
        return [f"<p>Pictures, as files beside this page: {', '.join(links)}.</p>"]
    lines: list[str] = []
    for index, (name, svg) in enumerate(pictures.svgs.items()):
        if index == 0:
            lines += [
                f'<div class="diagram" tabindex="0">{svg}</div>',
                f"<p>The diagram shows {_text(pictures.shows)}.</p>",
            ]
        else:
            lines += [
                f"<details><summary>{_text(name)}</summary>",
                f'<div class="diagram" tabindex="0">{svg}</div>',
                "</details>",
            ]
    return lines


def _party(party: Party) -> str:
    was = f" ← {_codes(party.shift.old)}" if party.shift.old else ""
    return f"{_text(party.group)} {_codes(party.addresses)}".rstrip() + was


def _codes(values: Iterable[str]) -> str:
    return " ".join(f"<code>{_text(value)}</code>" for value in values)


def _place(place: Place) -> str:
    """Return where a line of the data is; a narrow column breaks it between folders."""
    return f"<code>{_text(words.place(place)).replace('/', '/<wbr>')}</code>"


def _changes(title: str, changes: Sequence[Change]) -> list[str]:
    if not changes:
        return []
    cells = [
        [
            change.severity,
            _text(change.site or "catalogue"),
            _text(change.message),
            _text(change.acts),
            f"<code>{_text(change.rule)}</code>",
            _place(change.place),
            *([_waiver(change)] if change.waiver else []),
        ]
        for change in changes
    ]
    heads = ["Severity", "Site", "What", "Who acts", "Rule", "Where"]
    heads += ["Waived"] if any(change.waiver for change in changes) else []
    return [f"<h2>{_text(title)}</h2>", *_table(heads, cells, [c.severity for c in changes])]


def _waiver(change: Change) -> str:
    if change.waiver is None:
        return ""
    waiver = change.waiver
    return _text(f"until {waiver.expires} by {waiver.owner}: {waiver.reason}")


def _table(
    heads: Iterable[str], rows: Sequence[Sequence[str]], classes: Sequence[str]
) -> list[str]:
    names = tuple(heads)
    head = "".join(f'<th scope="col">{one}</th>' for one in names)
    body = [
        f'<tr class="{kind}">{"".join(_cells(names, row))}</tr>'
        for kind, row in zip(classes, rows, strict=True)
    ]
    return [
        '<div class="table" tabindex="0">',
        f"<table><thead><tr>{head}</tr></thead><tbody>",
        *body,
        "</tbody></table>",
        "</div>",
    ]


def _cells(heads: Sequence[str], row: Sequence[str]) -> Iterable[str]:
    """Return the cells; on a phone, where a row is a card, each says what its head is."""
    return (f'<td data-head="{head}">{cell}</td>' for head, cell in zip(heads, row, strict=True))
