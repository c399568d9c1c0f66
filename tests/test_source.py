"""Text to data and back: what is accepted means the same to everybody, and is where we say."""

import json
import sys
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from generator.characters import invisible
from generator.problems import DataError, Place, Problem, did_you_mean, quoted, shown
from generator.releases import release_key
from generator.source import DEEPEST, Document, parse

VISIBLE = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"), include_characters="\n\t"
)
TEXT = st.text(VISIBLE, max_size=12)
KEYS = st.text(VISIBLE, min_size=1, max_size=8).filter(str.strip)
SCALARS = TEXT | st.integers(-(10**17), 10**17) | st.booleans()
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


class Quoting(yaml.SafeDumper):
    """Writes block style with all text in quotes."""


def _in_quotes(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


Quoting.add_representer(str, _in_quotes)


def sound(text: str) -> Document:
    document, problems = parse(text.encode(), "x.yaml")
    assert problems == []
    assert document is not None
    return document


def complaints(text: str | bytes) -> list[str]:
    _, problems = parse(text.encode() if isinstance(text, str) else text, "x.yaml")
    return [str(problem) for problem in problems]


@given(DATA)
def test_written_in_block_style_it_reads_back_equal(data: Any) -> None:
    text = yaml.dump(data, Dumper=Quoting, allow_unicode=True, default_flow_style=False)
    assert sound(text).data == data


@given(DATA, st.sampled_from([None, 2]))
def test_written_as_json_it_reads_back_equal(data: Any, indent: int | None) -> None:
    assert sound(json.dumps(data, ensure_ascii=False, indent=indent)).data == data


@given(DATA)
def test_places_point_at_the_text(data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1)
    document = sound(text)
    lines = text.split("\n")

    def at(place: Place) -> str:
        return lines[place.line - 1][place.column - 1 :]

    for path in document.values:
        value = data
        for step in path:
            value = value[step]
        start = json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict | list):
            start = start[0]
        assert at(document.value_place(path)).startswith(start)
    for path in document.keys:
        assert at(document.place(path)).startswith(json.dumps(path[-1], ensure_ascii=False))


def test_a_place_that_is_not_there_is_the_nearest_around_it() -> None:
    document = sound("a:\n  b: [x]\n")
    assert document.place(("a", "b", 0, "c")) == Place("x.yaml", 2, 7)
    assert document.place(("a", "z")) == Place("x.yaml", 1, 1)
    assert document.place(("a", "b")) == Place("x.yaml", 2, 3)
    assert document.value_place(("a", "b")) == Place("x.yaml", 2, 6)
    assert document.place(("z",)) == Place("x.yaml", 1, 1)


PLAIN = st.text("0123456789.-+eExXobBnyYNOtruefalsTFAI:_~=<, ", min_size=1, max_size=10)


@given(PLAIN)
@example("1:30")
@example("0o17")
@example("685_230.15")
@example(".inf")
@example("2024-06-01 10:00:00")
@example("-0")
def test_what_is_accepted_plain_is_the_same_to_yaml_1_1(text: str) -> None:
    line = f"a: {text}\n"
    document, problems = parse(line.encode(), "x.yaml")
    if document is not None and not problems:
        theirs = yaml.safe_load(line)
        assert theirs == document.data
        assert type(theirs["a"]) is type(document.data["a"])


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda s: s.encode("utf-8", "replace")))
@example(b"\xef\xbb\xbf")
@example(b"a: \x00")
@example(b"? - [a]\n: *b")
@example(b"&a\n")
@example(b"!!\n- a")
@example("a: \ufffe".encode())
def test_no_bytes_make_it_stumble(text: bytes) -> None:
    _, problems = parse(text, "x.yaml")
    lines = text.decode("utf-8", "replace").split("\n")
    for problem in problems:
        assert 1 <= problem.place.line <= len(lines) + 1
        assert problem.place.column >= 1
        assert problem.message.isprintable()


@given(st.characters(categories=("Cc", "Cf", "Co", "Zl", "Zp"), exclude_characters="\n\t"))
def test_no_character_hides(char: str) -> None:
    code = f"U+{ord(char):04X}"
    for text in (f"a: b{char}c\n", f'a: "b{char}c"\n', f"a: b # c{char}d\n"):
        (said,) = complaints(text)
        assert code in said
    (said,) = complaints(f'a: "b\\U{ord(char):08x}c"\n')
    assert code in said


def test_every_character_is_readable_or_hidden() -> None:
    """What YAML refuses is among what we report: nothing is refused without a word."""
    every = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    visible = "".join(char for char in every if not invisible(char))
    assert len(visible) > 900_000  # the rest is for private use
    assert sound(json.dumps(visible, ensure_ascii=False)).data == visible


@pytest.mark.parametrize("text", ["a: b\r\nc: [d,\r\n e]\r\n", "\ufeffa: b\nc: [d,\n e]\n"])
def test_windows_line_ends_and_byte_order_mark_change_nothing(text: str) -> None:
    document = sound(text)
    assert document.data == {"a": "b", "c": ["d", "e"]}
    assert document.place(("a",)) == Place("x.yaml", 1, 1)
    assert document.place(("c", 1)) == Place("x.yaml", 3, 2)


def test_columns_count_characters_not_bytes() -> None:
    pile = "\N{PILE OF POO}"
    assert complaints(f"{{é{pile}: no}}")[0].startswith("x.yaml:1:6: no is read as true or false")
    assert complaints(f"é{pile}\xff".encode()[:-1]) == ["x.yaml:1:3: is not UTF-8 text"]


def test_a_key_thrice_is_two_complaints() -> None:
    assert complaints("a: {x: 1}\nb: 2\na: {x: 1}\na: {x: 1}\n") == [
        'x.yaml:3:1: "a" stands twice: here and in line 1',
        'x.yaml:4:1: "a" stands twice: here and in line 1',
    ]


def test_depth_has_a_limit() -> None:
    assert complaints("[" * DEEPEST + "]" * DEEPEST) == []
    deeper = DEEPEST + 1
    assert complaints("[" * deeper + "]" * deeper) == [
        f"x.yaml:1:{deeper}: more than {DEEPEST} levels; nothing below is read"
    ]
    assert len(complaints("[" * 100_000)) == 1


# ---- messages -----------------------------------------------------------------------------


@given(st.text(max_size=100))
def test_a_shown_value_is_short_and_on_one_line(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text)) <= 60
    assert quoted(text) == f'"{shown(text)}"'


def test_an_error_is_sorted_and_says_nothing_twice() -> None:
    late = Problem(Place("b.yaml", 2, 1), "late")
    early = Problem(Place("a.yaml", 10, 1), "early")
    earlier = Problem(Place("a.yaml", 9, 1), "earlier")
    error = DataError([late, early, late, earlier])
    assert error.problems == (earlier, early, late)
    assert str(error) == "a.yaml:9:1: earlier\na.yaml:10:1: early\nb.yaml:2:1: late"


def test_did_you_mean_names_the_nearest_or_nobody() -> None:
    assert did_you_mean("agnet", {"agent", "cd-server"}) == '; did you mean "agent"?'
    assert did_you_mean("zookeeper", {"agent", "cd-server"}) == ""
    assert did_you_mean("x", ()) == ""


# ---- releases -----------------------------------------------------------------------------

RELEASES = st.lists(st.integers(0, 9999), min_size=1, max_size=4)


def written(numbers: list[int]) -> str:
    return ".".join(map(str, numbers))


def test_releases_are_ordered_by_their_numbers() -> None:
    in_order = ["8.3", "9.2", "10.0", "10.2", "10.6", "10.11", "2024.03.1", "2024.06.0", "2025.12"]
    by_letters = sorted(in_order)
    assert by_letters != in_order
    assert sorted(by_letters, key=release_key) == in_order
    assert release_key("10.6") == release_key("10.6.0") == release_key("010.06")


@given(RELEASES, RELEASES)
def test_missing_numbers_of_a_release_are_zero(one: list[int], other: list[int]) -> None:
    def filled(numbers: list[int]) -> list[int]:
        return numbers + [0] * (4 - len(numbers))

    assert release_key(written(one)) == release_key(written(filled(one)))
    before = release_key(written(one)) < release_key(written(other))
    assert before == (filled(one) < filled(other))
