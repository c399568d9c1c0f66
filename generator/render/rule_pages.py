"""`/rules/` and `/rules/<id>/`: every rule, what it finds, why, how to mend it, and examples."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from html import escape

from generator.catalogue import Catalogue
from generator.derive.flows import derive
from generator.examples.read import DAY, Example, catalogue, catalogue_text, example
from generator.lint.run import lint
from generator.load import Atlas
from generator.markdown import BEHIND, code, front_matter, items, link, relative, table, text
from generator.policy import Policy
from generator.render import rule_changes
from generator.render.places import correct
from generator.render.port_pages import source_link
from generator.rules.every import COMMANDS, Command
from generator.rules.model import DiffRule, Rule

PAGE = "rules/index.md"
PRODUCT = "rules/example-product/index.md"
"""The page of the made-up product that the examples are about."""

_INTRODUCTION: Mapping[Command, tuple[str, str]] = {
    "lint": ("At every site", "What `portatlas lint` looks for at every site."),
    "diff": (
        "In every change",
        "What `portatlas diff` says of a change of the data. A change has one of them, the worst.",
    ),
}


def pages(atlas: Atlas, source_url: str | None = None) -> dict[str, str]:
    """Return the index and the page of each rule, by path."""
    found = {
        PAGE: "\n".join(_index(atlas.policy)),
        PRODUCT: "\n".join(_product()),
    }
    for command, rules in COMMANDS.items():
        for rule in rules:
            severity = _severity(atlas, rule, source_url)
            found[rule_page(rule.id)] = "\n".join(_lines(atlas.catalogue, command, rule, severity))
    return found


def rule_page(rule: str) -> str:
    """Return the path of a rule's page."""
    return f"rules/{rule}/index.md"


def _index(policy: Policy) -> Iterable[str]:
    lines = [
        *front_matter("Rules", "What is checked, how severe it is, and how to mend it"),
        "# Rules",
        "",
    ]
    for command, rules in COMMANDS.items():
        title, says = _INTRODUCTION[command]
        rows = [
            [
                link(rule.id, relative(PAGE, rule_page(rule.id))),
                policy.level(rule.id, rule.severity),
                text(rule.title),
                *([rule.acts] if isinstance(rule, DiffRule) else []),
            ]
            for rule in sorted(rules, key=lambda rule: rule.id)
        ]
        heads = ["Rule", "Severity", "What it finds", "Who must act"][: len(rows[0])]
        lines += [f"## {title}", "", says, "", *table(heads, rows)]
    return lines


def _severity(atlas: Atlas, rule: Rule, source_url: str | None) -> str:
    """Say how severe a rule is, and where that is changed."""
    level = atlas.policy.level(rule.id, rule.severity)
    if level == rule.severity:
        return f"severity {rule.severity}"
    place = atlas.policy.places[rule.id]
    where = correct(atlas, rule_page(rule.id), place, source_url)
    return f"severity {rule.severity}, here changed to **{level}** by {where}"


def _lines(product: Catalogue, command: Command, rule: Rule, severity: str) -> list[str]:
    held = [
        constraint
        for constraint in product.constraints.values()
        if constraint.check is not None and constraint.check.kind.replace("_", "-") == rule.id
    ]
    behind = items(
        f"**{text(constraint.title)}.** {text(constraint.why)} "
        f"({', '.join(source_link(product, k) for e in constraint.evidence for k in e.sources)})"
        for constraint in held
    )
    return [
        *front_matter(f"Rule {rule.id}", rule.title, search=BEHIND),
        f"# {text(rule.title)}",
        "",
        f"Rule {code(rule.id)} of {code(f'portatlas {command}')}, {severity}.{_acts(rule)}",
        "",
        "## Why",
        "",
        text(rule.why),
        "",
        "## How to mend it",
        "",
        text(rule.fix),
        "",
        *(["## Rules of the product behind it", "", *behind] if behind else []),
        *_examples(command, rule),
    ]


def _acts(rule: Rule) -> str:
    """Say who must act, which rules of changes know."""
    if not isinstance(rule, DiffRule):
        return ""
    return " Nobody must act." if rule.acts == "nobody" else f" The {rule.acts} must act."


def _examples(command: Command, rule: Rule) -> list[str]:
    if isinstance(rule, DiffRule):
        return rule_changes.examples(rule)
    wrong, right = (example(command, rule.id, name) for name in ("wrong", "right"))
    if wrong is None or right is None:
        return []
    page = link("made-up product", relative(rule_page(rule.id), PRODUCT))
    report = lint(catalogue(), derive(catalogue(), wrong.site), DAY)
    return [
        "## Example",
        "",
        f"A site of a {page}; what differs is marked.",
        "",
        "### Wrong",
        "",
        *_block(wrong, right),
        *items(
            f"line {one.place.line}, {one.severity}: {text(one.message)} ({_named(one.rule, rule)})"
            for one in report.findings
        ),
        "### Right",
        "",
        *_block(right, wrong),
    ]


def _named(found: str, rule: Rule) -> str:
    return code(found) if found == rule.id else link(found, f"../{found}/index.md")


def _block(shown: Example, other: Example) -> list[str]:
    """Return a site as code, the lines marked that the other does not have; its title is none."""
    lines, others = (one.text.splitlines() for one in (shown, other))
    matcher = SequenceMatcher(None, others, lines, autojunk=False)
    marked = [
        str(number + 1)
        for kind, _, _, start, end in matcher.get_opcodes()
        if kind != "equal"
        for number in range(start, end)
        if not lines[number].startswith("title:")
    ]
    marks = f' hl_lines="{" ".join(marked)}"' if marked else ""
    return [f'``` {{.yaml linenums="1"{marks}}}', *lines, "```", ""]


def _product() -> list[str]:
    """Return the page that shows the catalogue of the made-up product."""
    product = catalogue().product
    return [
        *front_matter(product.title, product.description, search="{exclude: true}"),
        f"# {text(product.title)}",
        "",
        f"{text(product.description)} Its catalogue, for whoever wants to try an example:",
        "",
        f'<pre class="atlas-lines">\n{escape(catalogue_text())}\n</pre>',
        "",
    ]
