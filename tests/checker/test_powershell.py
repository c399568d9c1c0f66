"""The PowerShell script as text: it parses, 5.1 has all of it, and data stays data."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.checker.facts import facts
from generator.checker.powershell import line, string
from generator.checker.script import POWERSHELL, generic, script
from generator.derive.flows import derive
from generator.load import Atlas
from tests.checker.powershell import facts_in, faults, unquoted
from tests.checker.powershell_names import slips
from tests.checker.test_script import HOSTILE

TYPOGRAPHIC = [
    "\u2018;exit\u2019",
    "\u201a\u201b",
    "\u2019",
    "it\u2019s",
    "a\u2028b",
    "$($x)",
    "`$",
    "@'",
    "—x",
]
LINES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x7f", min_codepoint=32)
)
QUOTES = st.text(st.sampled_from("'\u2018\u2019\u201a\u201b\"`$();x "))


@pytest.fixture(scope="module")
def scripts(atlas: Atlas) -> dict[str, str]:
    made = {
        site.id: script(atlas.catalogue, derive(atlas.catalogue, site), "v1", how=POWERSHELL)
        for site in atlas.sites
    }
    return {**made, "generic": generic("v1", how=POWERSHELL)}


def test_the_grammar_reads_every_script_and_5_1_has_all_of_it(scripts: dict[str, str]) -> None:
    assert {name: faults(text) for name, text in scripts.items()} == {name: [] for name in scripts}


@pytest.mark.parametrize(
    "planted",
    [
        "$a = $b ? 1 : 2",
        "$a = $b ?? 2",
        "$a ??= 2",
        "${a}?.b",
        "Get-Process && Get-Process",
        "Get-Process || Get-Process",
        "function x { clean { 1 } }",
        "$a | ForEach-Object -Parallel { 1 }",
        "$a | Where-Object -Parallel { 1 }",
        "Start-Sleep -Duration $a",
        "$a | % { 1 }",
        "$a | ? { 1 }",
        "$a | select -First 1",
        "sleep 1",
        "Get-Error",
        "Test-Connection x",
        "Invoke-Expression $a",
        "& $a",
        ". ./other.ps1",
        "[scriptblock]::Create($a)",
        "$ExecutionContext.InvokeCommand.ExpandString($a)",
        "$a.Invoke()",
        '"`u{1F600}"',
        '"`e[1m"',
        "class A { }",
        "using namespace System",
        "$host = 1",
        "$Input = 1",
        "$script:Matches = 1",
        "foreach ($pid in $a) { 1 }",
        "function x($Args) { 1 }",
        "switch (1) { 1 { 2 } default { 3 } }",  # runs, and is refused: keep to what can be checked
        "if ($a) {",
    ],
)
def test_what_5_1_lacks_or_would_run_data_is_found(scripts: dict[str, str], planted: str) -> None:
    assert faults(planted + "\n")
    text = scripts["generic"].replace("\r\n", "\n")
    assert faults(text.replace("\nAdd-Data\n", f"\n{planted}\nAdd-Data\n"))


def test_what_is_fine_is_not_found() -> None:
    fine = "$a = @(1, 2)\n$a[0] = 3\n$a | Where-Object { $_ -gt 1 }\nNew-Object Net.IPAddress $a\n"
    assert faults(fine) == []


def test_every_name_is_set_and_every_call_fits(scripts: dict[str, str]) -> None:
    assert {name: slips(text) for name, text in scripts.items()} == {name: [] for name in scripts}


@pytest.mark.parametrize(
    "planted",
    [
        "$a = $typo",
        '$a = "at ${Typo}:"',
        '$a = "$($typo.Name)"',
        "$script:Typo += 1",
        "function x { $a = 1 }\n$b = $a",
        "function x { $a }\nfunction y { $a = 1 }",
        "function x($A) { $A }\nx",
        "function x($A) { $A }\nx 1 2",
        "function x($A) { $A }\nx (x 1 -1)",
    ],
)
def test_a_name_that_nothing_sets_and_a_call_that_fits_not_are_found(planted: str) -> None:
    assert len(slips(planted + "\n")) == 1


def test_what_fits_is_not_found() -> None:
    text = """
$Top = 1
function x([string]$A, $B) {
    $script:Top++
    foreach ($one in $B) { $c = $d = "$one ${A}: $($B[0].Name)"; "$c $d $env:X" }
    for ($i = 0; $i -lt 3; $i++) { $B | Where-Object { $_.Name -eq $i } }
    if ($A -match 'x') { $Matches[0] }
}
x ('a' + $Top) @(1, 2)
x -1 $Top[1]
"""
    assert slips(text) == []


def test_windows_reads_it_as_it_is_meant(scripts: dict[str, str]) -> None:
    for text in scripts.values():
        assert text.startswith("\ufeff#")
        assert text.encode().startswith(b"\xef\xbb\xbf"), (
            "else 5.1 takes it for the local code page"
        )
        assert text.count("\n") == text.count("\r\n")
        body, _, rest = text[1:].partition("function Add-Data {")
        data, _, end = rest.partition("\r\n}\r\n")
        assert (body + end).isascii()
        assert data


def test_the_data_of_a_script_is_the_facts(atlas: Atlas, scripts: dict[str, str]) -> None:
    for site in atlas.sites:
        expected = facts(atlas.catalogue, derive(atlas.catalogue, site), "v1")
        assert tuple(facts_in(scripts[site.id])) == expected


@pytest.mark.parametrize("value", HOSTILE + TYPOGRAPHIC)
def test_a_string_means_itself(value: str) -> None:
    assert unquoted(string(value)) == value


@given(st.lists(LINES | QUOTES, min_size=1, max_size=5))
def test_any_fact_comes_back_as_it_was(words: list[str]) -> None:
    text = f"function Add-Data {{\n    Add-Fact {line(*words)}\n}}\n"
    assert faults("function Add-Fact {\n    1\n}\n" + text) == []
    assert facts_in(text) == [tuple(words)]


@pytest.mark.parametrize("value", ["a\nb", "a\0b", "\r", "\x1b[31m", "\x7f"])
def test_what_no_line_can_have_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        string(value)


def test_hostile_data_stays_data(atlas: Atlas) -> None:
    evil = " ".join([*HOSTILE, *TYPOGRAPHIC, "two\nlines"])
    ports = {key: replace(port, title=evil) for key, port in atlas.catalogue.ports.items()}
    catalogue = replace(atlas.catalogue, ports=ports)
    site = next(site for site in atlas.sites if site.id == "single-server")
    made = script(catalogue, derive(catalogue, site), "\u2019;exit", how=POWERSHELL)
    assert faults(made) == []
    found = facts_in(made)
    assert found[0][3] == "\u2019;exit"
    assert {fact[2] for fact in found if fact[0] == "serves"} == {" ".join(evil.split())}


Damage = Callable[[str], Any]


@pytest.mark.parametrize(
    "damage",
    [
        lambda value: f"'{value}'",
        lambda value: "'" + value.replace("'", "''") + "'",
        lambda value: f'"{value}"',
    ],
)
def test_a_wrong_quoting_would_be_found(damage: Damage) -> None:
    """The proof proves something: what quotes less is not taken for the value."""
    with pytest.raises(AssertionError):
        assert unquoted(damage("\u2019;exit\u2019 $x")) == "\u2019;exit\u2019 $x"
