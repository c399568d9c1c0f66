"""What Windows would only say when the line is run: a name that nothing sets, a call that fits not.

A script in strict mode ends at such a line, so each is looked for in the tree of the grammar.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from tests.checker.powershell import parse, told, walk

_GIVEN = {"_", "args", "env", "executioncontext", "false", "host", "matches", "null", "true"}
"""Variables that PowerShell sets, as far as a script here reads them."""


def slips(script: str) -> list[str]:
    """Return what is amiss, one line each: `line: what`."""
    tree = parse(script)
    functions = [node for node in walk(tree) if node.type == "function_statement"]
    inside = {inner.id for function in functions for inner in walk(function)}
    outside = [node for node in walk(tree) if node.id not in inside]
    shared = set(_set_by(outside))
    takes = {told(function.named_children[0]): _parameters(function) for function in functions}
    found = [*_unknown(outside, shared, shared), *_misfits(tree, takes)]
    for function in functions:
        own = list(walk(function))
        found += _unknown(own, shared | set(_set_by(own)), shared)
    return [f"{node.start_point.row + 1}: {what}" for node, what in found]


def _name(variable: Node) -> str:
    return re.sub(r"^[$@]\{?|\}$", "", told(variable)).lower()


def _set_by(nodes: list[Node]) -> Iterator[str]:
    """Yield the names that these nodes set, without those of the script that a function sets."""
    for node in nodes:
        if node.type == "left_assignment_expression" and re.fullmatch(r"\$\w+", told(node)):
            yield told(node)[1:].lower()
        elif node.type in ("foreach_statement", "script_parameter"):
            yield _name(next(child for child in node.children if child.type == "variable"))


def _unknown(nodes: list[Node], known: set[str], shared: set[str]) -> Iterator[tuple[Node, str]]:
    for node in nodes:
        if node.type != "variable":
            continue
        scope, _, name = _name(node).rpartition(":")
        if scope != "env" and name not in (shared if scope else known | _GIVEN):
            yield node, f"nothing sets {told(node)}"


def _parameters(function: Node) -> int | None:
    """Return how many values a function takes; None where it takes what there is."""
    if "$args" in told(function):
        return None
    return sum(node.type == "script_parameter" for node in walk(function))


def _misfits(tree: Node, takes: dict[str, int | None]) -> Iterator[tuple[Node, str]]:
    for node in walk(tree):
        name = node.child_by_field_name("command_name") if node.type == "command" else None
        if name is None or takes.get(told(name)) is None:
            continue
        elements = node.child_by_field_name("command_elements")
        parts = elements.named_children if elements else []
        given = sum(part.type != "command_argument_sep" for part in parts)
        if given != takes[told(name)]:
            yield node, f"{told(name)} takes {takes[told(name)]} values, not {given}"
