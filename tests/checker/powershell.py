"""Reads PowerShell as far as it can be without one: a grammar, and what 5.1 is known to lack.

The grammar (tree-sitter's) is no judge of versions, so the tree is walked for what came later, for
short names, and for whatever would run data. It is stricter than 5.1: it refuses some that runs.
"""

import re
from collections.abc import Iterator
from functools import cache

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

CMDLETS = {
    "Get-Command": {"Name", "ErrorAction"},
    "Get-NetTCPConnection": {"State", "ErrorAction"},  # only where Get-Command finds it
    "Get-NetUDPEndpoint": {"ErrorAction"},  # likewise
    "Get-Process": {"Id", "ErrorAction"},
    "Group-Object": {"Property"},
    "New-Object": {"ArgumentList"},
    "Set-StrictMode": {"Version"},
    "Start-Sleep": {"Milliseconds"},
    "Where-Object": set(),
    "Write-Error": set(),
}
"""All that a script may call beside its own functions, with the parameters that it may give: each
is in Windows PowerShell 5.1."""

_LATER = {"&&", "||", "??", "??=", "?.", "?[", "class_statement", "enum_statement", "workflow"}
_RUNS = {"command_invokation_operator", "inlinescript_statement", "trap_statement"}
_MEMBERS = re.compile(
    r"create|expandstring|invokescript|invokecommand|newscriptblock|addscript|addcommand"
    r"|invoke|createdelegate|load(file|from)?",
    re.IGNORECASE,
)
"""What makes code of text, unless its type is one of `_MAKERS`."""
_MAKERS = {"System.Net.Sockets.TcpListener"}
_AUTOMATIC = {
    *("args", "error", "event", "executioncontext", "false", "foreach", "home", "host", "input"),
    *("lastexitcode", "matches", "myinvocation", "null", "pid", "profile", "psboundparameters"),
    *("psitem", "pwd", "sender", "shellid", "stacktrace", "switch", "this", "true", "_", "?"),
    *("iswindows", "islinux", "ismacos", "iscoreclr", "psstyle"),  # 7 has these, 5.1 has not
}
_QUOTES = "'\u2018\u2019\u201a\u201b"


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_powershell.language()))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    for child in node.children:
        yield from walk(child)


def parse(script: str) -> Node:
    """Return the tree of a script; its mark at the beginning is no part of the grammar."""
    return _parser().parse(script.removeprefix("\ufeff").encode()).root_node


def told(node: Node) -> str:
    """Return the text of a node."""
    assert node.text is not None
    return node.text.decode()


def faults(script: str) -> list[str]:
    """Return what is wrong with a script, one line each: `line: what`."""
    tree = parse(script)
    own = {told(node) for node in walk(tree) if node.type == "function_name"}
    return [
        f"{node.start_point.row + 1}: {fault}"
        for node in walk(tree)
        for fault in (*_structure(node), *_calls(node, own), *_names(node))
    ]


def _structure(node: Node) -> Iterator[str]:
    if node.type == "ERROR" or node.is_missing:
        yield f"the grammar does not know {told(node)[:60]!r}"
    if node.type in _LATER | _RUNS:
        yield f"{node.type} {told(node)[:60]!r}"
    if node.type == "expandable_string_literal" and re.search(r"`[eu]", told(node)):
        yield f"an escape of version 6 in {told(node)!r}"


def _calls(node: Node, own: set[str]) -> Iterator[str]:
    if node.type == "command":
        name = node.child_by_field_name("command_name")
        name = name or next(child for child in node.children if child.is_named)
        given = {told(n)[1:] for n in walk(node) if n.type == "command_parameter"}
        if told(name) in own:
            return
        if told(name) not in CMDLETS:
            yield f"{told(name)!r} is no command that 5.1 is known to have"
        elif given - CMDLETS[told(name)]:
            yield f"{told(name)} with {sorted(given - CMDLETS[told(name)])}"
    if node.type == "member_name" and _MEMBERS.fullmatch(told(node)) and node.parent is not None:
        types = [told(n) for n in node.parent.children if n.type == "type_literal"]
        if not {kind.strip("[]") for kind in types} & _MAKERS:
            yield f"{told(node.parent)[:60]!r} may run data"


def _names(node: Node) -> Iterator[str]:
    """Yield variables that PowerShell itself sets, where a script sets them."""
    if node.type == "left_assignment_expression":
        targets = [n for n in walk(node) if n.type == "variable"][:1]
    elif node.type == "foreach_statement":
        targets = [n for n in node.children if n.type == "variable"]
    elif node.type == "script_parameter":
        targets = [n for n in walk(node) if n.type == "variable"][:1]
    else:
        return
    for target in targets:
        name = re.sub(r"^\$\{?(script:)?|\}$", "", told(target).lower())
        if name in _AUTOMATIC and not re.match(r"\$\w+[.\[]", told(node)):
            yield f"{told(target)} is PowerShell's own"


def unquoted(source: str) -> str:
    """Return the value of a string in single quotes, by the rule of PowerShell's own scanner.

    A quote of any of five kinds ends it, unless another one follows.
    """
    assert source[0] in _QUOTES
    value, at = "", 1
    while source[at] not in _QUOTES or source[at + 1 : at + 2] in set(_QUOTES):
        at += 1 + (source[at] in _QUOTES)
        value += source[at - 1]
    assert at == len(source) - 1, f"more after the end of the string: {source[at + 1 :]!r}"
    return value


def facts_in(script: str) -> list[tuple[str, ...]]:
    """Return the facts of a script, each of which is a command with strings for arguments only."""
    tree = parse(script)
    (body,) = (
        node
        for node in walk(tree)
        if node.type == "function_statement" and told(node).startswith("function Add-Data ")
    )
    found = []
    for command in (node for node in walk(body) if node.type == "command"):
        name, elements = (child for child in command.children if child.is_named)
        assert told(name) == "Add-Fact"
        words = [n for n in elements.children if n.type != "command_argument_sep"]
        kinds = {n.type for word in words for n in _inner(word)}
        assert kinds == {"string_literal"}, told(command)
        found.append(tuple(unquoted(told(word)) for word in words))
    return found


def _inner(node: Node) -> list[Node]:
    """Return what an argument is, without the layers of operators that it does not use."""
    while node.type != "string_literal" and len(node.children) == 1:
        node = node.children[0]
    return [node]
