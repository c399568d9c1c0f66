"""YAML text to plain data that remembers where everything stood.

Data files are a strict subset of YAML: mappings with distinct word keys, lists, text, whole
numbers, true and false. Whatever YAML readers disagree on (`no`, `0443`, `1.10`, dates) is refused
where it stands, and so is whatever a reader of the file cannot see (anchors, tags, invisible
characters).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from generator.characters import decode, invisible, odd_line_break, says_invisible
from generator.problems import Place, Problem, quoted, shown

Path = tuple[str | int, ...]

DEEPEST = 40
"""Levels of nesting that a file may have; our data needs fewer than ten."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_TWISTED = re.compile(r"[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|0o[0-7]+|[-+]?[0-9_]+")
_LETTERS = frozenset("yYnN")
_READ_AS = {
    "bool": "true or false",
    "int": "another number",
    "float": "a fraction",
    "timestamp": "a date",
    "merge": "a merge key",
    "value": "a default value",
}


@dataclass(frozen=True)
class Document:
    """Plain data of one file, and the place of every value and key in it."""

    file: str
    data: Any = None
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Return where the entry is named: at its key, in a list at the item itself."""
        while path and path not in self.keys and path not in self.values:
            path = path[:-1]
        mark = self.keys.get(path) or self.values.get(path, (1, 1))
        return Place(self.file, *mark)

    def value_place(self, path: Path) -> Place:
        """Return where the value at a path begins."""
        while path and path not in self.values:
            path = path[:-1]
        return Place(self.file, *self.values.get(path, (1, 1)))


def parse(text: bytes, file: str) -> tuple[Document | None, list[Problem]]:
    """Read one file: its document, or None if it is no YAML at all, and all problems."""
    decoded, hidden = decode(text, file)
    if decoded is None or odd_line_break(decoded):
        return None, hidden
    builder = _Builder(Document(file), frozenset(problem.place.line for problem in hidden))
    try:
        data = builder.build(yaml.parse(decoded, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        return None, [*hidden, *builder.problems, Problem(*_broken(file, decoded, error))]
    except yaml.YAMLError:  # too deep, or a character that is reported as hidden
        return None, [*hidden, *builder.problems]
    document = builder.document
    return Document(file, data, document.values, document.keys), [*hidden, *builder.problems]


def _broken(file: str, text: str, error: yaml.MarkedYAMLError) -> tuple[Place, str]:
    """Return where and why the text is no YAML; where we know the usual mistake, name it."""
    mark = error.problem_mark
    found = str(error.problem)
    if error.context == "while scanning a quoted scalar" and found.endswith("end of stream"):
        mark, found = error.context_mark, "a quote opens here and is never closed"
    elif found == "could not find expected ':'":
        mark, found = error.context_mark or mark, "a key has no colon after it"
    elif found == "mapping values are not allowed in this context":
        found = "a colon makes no key here; put text that has one in quotes"
    elif found == "did not find expected key":
        found = "no key is found here; look at the indentation, and at quotes"
    elif "tab character" in found or (mark and text[mark.index : mark.index + 1] == "\t"):
        found = "a tab does not indent; use spaces"
    elif found == "found character that cannot start any token" and mark:
        found = f"text cannot begin with {text[mark.index]}; put it in quotes"
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    return place, f"is not YAML: {found}"


class _TooDeep(yaml.YAMLError):
    """Raised after it has been reported."""


class _Builder:
    """Builds data from YAML events, without recursion, collecting problems on the way."""

    def __init__(self, document: Document, hidden: frozenset[int]) -> None:
        self.document = document
        self.hidden = hidden  # lines whose invisible characters are reported already
        self.problems: list[Problem] = []

    def build(self, events: Iterator[yaml.Event]) -> Any:
        # A frame is (path, container, pending key).
        documents: list[Any] = []
        stack: list[tuple[Path, Any, list[str]]] = []
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._add(event, self._scalar(event, self._wants_key(stack)), stack, documents)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._plain(event)
                if len(stack) >= DEEPEST:
                    self._report(event, f"more than {DEEPEST} levels; nothing below is read")
                    raise _TooDeep
                container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                if self._wants_key(stack):
                    self._report(event, "a key must be a word")
                path = self._add(event, container, stack, documents)
                stack.append((path, container, []))
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                stack.pop()
            elif isinstance(event, yaml.AliasEvent):
                self._report(
                    event, f"*{shown(event.anchor)}: references are not read; write it out"
                )
                self._add(event, None, stack, documents)
            elif isinstance(event, yaml.DocumentStartEvent) and documents:
                self._report(event, "a second document begins here; only one is read")
                break
        return documents[0] if documents else None

    @staticmethod
    def _wants_key(stack: list[tuple[Path, Any, list[str]]]) -> bool:
        return bool(stack) and isinstance(stack[-1][1], dict) and not stack[-1][2]

    def _add(
        self,
        event: yaml.Event,
        value: Any,
        stack: list[tuple[Path, Any, list[str]]],
        documents: list[Any],
    ) -> Path:
        """Put a value (or a key) where it belongs; return its path."""
        mark = _start(event)
        if not stack:
            documents.append(value)
            path: Path = ()
        elif isinstance(stack[-1][1], list):
            path = (*stack[-1][0], len(stack[-1][1]))
            stack[-1][1].append(value)
        elif not stack[-1][2]:
            key = value if isinstance(value, str) else repr(value)
            path = (*stack[-1][0], key)
            if key in stack[-1][1]:
                line = self.document.keys[path][0]
                self._report(event, f"{quoted(key)} stands twice: here and in line {line}")
            self.document.keys.setdefault(path, mark)
            stack[-1][2].append(key)
            return path
        else:
            key = stack[-1][2].pop()
            path = (*stack[-1][0], key)
            stack[-1][1].setdefault(key, value)  # of two, the first counts
        self.document.values.setdefault(path, mark)
        return path

    def _scalar(self, event: yaml.ScalarEvent, is_key: bool) -> Any:
        self._plain(event)
        text = event.value
        hidden = invisible(text)
        if hidden is not None and not self._is_reported(event):  # it is written as an escape
            self._report(event, says_invisible(hidden))
        if is_key:
            return self._key(event, text)
        if event.style:  # quoted or a block: always text
            return text
        if text in ("true", "false"):
            return text == "true"
        if _NUMBER.fullmatch(text):
            return int(text)
        twist = _twist(text)
        if twist == "null":
            self._report(event, "has no value: write one, or leave the key out")
            return None
        if twist is not None:
            cure = "write it plainly, or put" if twist == _READ_AS["int"] else "put"
            message = f"{shown(text)} is read as {twist} by some: {cure} it in quotes"
            self._report(event, message)
        return text

    def _key(self, event: yaml.ScalarEvent, text: str) -> str:
        if not text.strip():
            self._report(event, "a key must be a word")
        elif not event.style and text == "<<":
            self._report(event, "<<: other entries are not merged in; write them out")
        elif not event.style and (_NUMBER.fullmatch(text) or _twist(text) is not None):
            self._report(event, f"{shown(text)}: a key must be a word; put it in quotes")
        return text

    def _plain(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._report(event, f"&{shown(event.anchor)}: anchors are not read; leave it out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            short = tag.replace("tag:yaml.org,2002:", "!!", 1)
            self._report(event, f"{shown(short)}: tags are not read; leave it out")

    def _is_reported(self, event: yaml.Event) -> bool:
        end = event.end_mark.line + 1 if event.end_mark else 1
        return not self.hidden.isdisjoint(range(_start(event)[0], end + 1))

    def _report(self, event: yaml.Event, message: str) -> None:
        self.problems.append(Problem(Place(self.document.file, *_start(event)), message))


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _twist(text: str) -> str | None:
    """Return what some reader takes a plain scalar for, or None if all take it as text."""
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            kind = tag.rsplit(":", 1)[-1]
            return "null" if kind == "null" else _READ_AS.get(kind, "something else")
    if text in _LETTERS:
        return _READ_AS["bool"]
    return _READ_AS["int"] if _TWISTED.fullmatch(text) else None
