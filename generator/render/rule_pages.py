"""`/rules/` and `/rules/<id>/`: every rule, what it finds, why, and how to mend it."""

from generator.catalogue import Catalogue
from generator.lint.model import Rule
from generator.lint.rules import RULES, WAIVER_RULES
from generator.load import Atlas
from generator.render.markdown import code, front_matter, items, link, relative, table, text
from generator.render.port_pages import source_link

PAGE = "rules/index.md"


def pages(atlas: Atlas) -> dict[str, str]:
    """Return the index and the page of each rule, by path."""
    rules = sorted((*RULES, *WAIVER_RULES), key=lambda rule: rule.id)
    found = {rule_page(rule.id): "\n".join(_lines(atlas.catalogue, rule)) for rule in rules}
    rows = [
        [link(rule.id, relative(PAGE, rule_page(rule.id))), rule.severity, text(rule.title)]
        for rule in rules
    ]
    found[PAGE] = "\n".join(
        [
            *front_matter("Rules", "What is checked at every site, and how to mend it"),
            "# Rules",
            "",
            f"What {code('portatlas lint')} checks at every site.",
            "",
            *table(["Rule", "Severity", "What it finds"], rows),
        ]
    )
    return found


def rule_page(rule: str) -> str:
    """Return the path of a rule's page."""
    return f"rules/{rule}/index.md"


def _lines(catalogue: Catalogue, rule: Rule) -> list[str]:
    held = [
        constraint
        for constraint in catalogue.constraints.values()
        if constraint.check is not None and constraint.check.kind.replace("_", "-") == rule.id
    ]
    behind = items(
        f"**{text(constraint.title)}.** {text(constraint.why)} "
        f"({', '.join(source_link(catalogue, k) for e in constraint.evidence for k in e.sources)})"
        for constraint in held
    )
    return [
        *front_matter(f"Rule {rule.id}", rule.title),
        f"# {text(rule.title)}",
        "",
        f"Rule {code(rule.id)}, severity {rule.severity}.",
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
    ]
