"""Coverage: what counts, the ratchet, the exit status of both formats, the page and the badge."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as some

from generator.coverage import (
    MEASURES,
    Coverage,
    Measure,
    Row,
    Share,
    below,
    coverage,
    falls,
    measured,
)
from generator.load import Atlas
from generator.public import public
from generator.render import coverage_page
from generator.render.coverage_page import badge, page, percent

from ..conftest import DATA
from ..flows.sites import Data, derived
from ..flows.test_cli_sites import document, on
from ..site.workspace import TINY

SITE: Data = {
    "schema": 1,
    "title": "Made",
    "release": "2024.06.0",
    "options": {"directory": "ldaps"},
    "segments": {"core": {"zone": "default"}},
    "hosts": {
        "cd": {
            "name": "cd.example.com",
            "addresses": ["10.0.0.1"],
            "segment": "core",
            "roles": ["cd-server"],
        },
        "ldap": {"segment": "core", "roles": ["directory-server"]},
        "users": {"network": "10.1.0.0/16", "segment": "core", "roles": ["browser"]},
    },
}


def share(atlas: Atlas, data: Data, measure: Measure) -> Share:
    (row,) = coverage(atlas.catalogue, [derived(data, atlas.catalogue)]).sites
    return row.shares[measure]


def changed(**hosts: Data) -> Data:
    every = {key: entry | hosts.get(key, {}) for key, entry in SITE["hosts"].items()}
    return SITE | {"hosts": every}


# ---- what counts ----------------------------------------------------------------------------


def test_addressed_is_a_name_and_an_address_or_a_network_of_people(atlas: Atlas) -> None:
    assert share(atlas, SITE, "addressed") == Share(2, 3, ("ldap",))
    named = changed(ldap={"name": "ldap.example.com"})
    assert share(atlas, named, "addressed") == Share(2, 3, ("ldap",))
    both = changed(ldap={"name": "ldap.example.com", "addresses": ["10.0.0.2"]})
    assert share(atlas, both, "addressed") == Share(3, 3, ())


def test_a_flow_is_checkable_where_there_is_something_to_dial(atlas: Atlas) -> None:
    flow = "directory-ldaps:cd.cd-server>ldap.directory-server"
    assert share(atlas, SITE, "checkable") == Share(0, 1, (flow,))
    for known in ({"name": "ldap.example.com"}, {"addresses": ["10.0.0.2"]}):
        assert share(atlas, changed(ldap=known), "checkable") == Share(1, 1, ())


def test_udp_is_not_checkable(atlas: Atlas) -> None:
    files = {
        "name": "nas.example.com",
        "addresses": ["10.0.0.3"],
        "segment": "core",
        "roles": ["file-server"],
    }
    agent = {"segment": "core", "roles": ["agent"]}
    data = changed() | {"options": {"file-sharing": "smb"}}
    data["hosts"] |= {"nas": files, "agent": agent}
    missing = share(atlas, data, "checkable").missing
    assert "file-server-netbios-datagram:agent.agent>nas.file-server" in missing
    assert "file-server-smb:agent.agent>nas.file-server" not in missing


def test_the_nearest_owner_counts(atlas: Atlas) -> None:
    assert share(atlas, SITE, "owned") == Share(0, 3, ("cd", "ldap", "users"))
    one = changed(cd={"owner": "server team"})
    assert share(atlas, one, "owned") == Share(1, 3, ("ldap", "users"))
    segment = SITE | {"segments": {"core": {"zone": "default", "owner": "network team"}}}
    assert share(atlas, segment, "owned").percent == 100
    assert share(atlas, SITE | {"owner": "everybody"}, "owned").percent == 100
    made = derived(one | {"owner": "everybody"}, atlas.catalogue).site
    assert [made.owner_of(group) for group in made.groups.values()] == [
        "server team",
        "everybody",
        "everybody",
    ]


def test_evidenced_is_what_an_official_source_confirms(atlas: Atlas) -> None:
    total = coverage(atlas.catalogue, []).total.shares["evidenced"]
    every = [one for port in atlas.catalogue.ports.values() for one in port.evidence]
    confirmed = [one for one in every if one.confidence == "confirmed"]
    assert (total.covered, total.of) == (len(confirmed), len(every))
    assert "directory-ldap: numbers (article-only)" in total.missing


def test_the_whole_is_the_sum_of_the_sites(atlas: Atlas) -> None:
    found = measured(atlas.catalogue, atlas.sites)
    for measure in ("owned", "addressed", "checkable"):
        assert found.total.shares[measure].of == sum(r.shares[measure].of for r in found.sites)
        assert found.total.shares[measure].covered == sum(
            row.shares[measure].covered for row in found.sites
        )
    assert {row.id for row in found.components} == set(atlas.catalogue.components)


# ---- percent, ratchet, limit ----------------------------------------------------------------


@given(some.integers(0, 400), some.integers(0, 400))
def test_a_hundred_percent_is_all(covered: int, more: int) -> None:
    one = Share(covered, covered + more, ())
    assert (one.percent == 100) == (more == 0 and covered > 0)
    assert (one.percent is None) == (covered + more == 0)


def whole(covered: int, of: int) -> Coverage:
    shares: dict[Measure, Share] = dict.fromkeys(MEASURES, Share(covered, of, ()))
    return Coverage(Row("total", "", shares), (), ())


@given(some.integers(0, 30), some.integers(0, 30), some.integers(0, 30), some.integers(0, 30))
def test_it_falls_when_the_part_is_less(one: int, more: int, other: int, rest: int) -> None:
    before, after = whole(one, one + more), whole(other, other + rest)
    fell = bool(falls(before, after))
    if one + more and other + rest:
        assert fell == (other / (other + rest) < one / (one + more))
    else:
        assert not fell
    assert not falls(before, before)


@given(some.integers(0, 30), some.integers(0, 30), some.integers(0, 100))
def test_it_is_below_a_limit_that_it_does_not_reach(one: int, more: int, limit: int) -> None:
    low = below(whole(one, one + more), limit)
    assert low == (MEASURES if one + more and one * 100 / (one + more) < limit else ())


# ---- the command ----------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def unown(data: Path) -> None:
    edit(data / "sites" / "single-server.yaml", "owner: build team\n", "")


FORMATS = pytest.mark.parametrize("form", ["text", "json"])


@FORMATS
def test_fail_under(form: str, atlas: Atlas) -> None:
    least = percent(measured(atlas.catalogue, atlas.sites))
    for limit, status in ((0, 0), (least, 0), (least + 1, 1), (100, 1)):
        result = on(DATA, "coverage", "--format", form, "--fail-under", str(limit))
        assert (result.exit_code, result.stderr) == (status, ""), limit


@FORMATS
def test_the_policy_has_the_limit_unless_the_command_says_another(form: str, data: Path) -> None:
    assert on(data, "coverage", "--format", form).exit_code == 0
    (data / "policy.yaml").write_text("schema: 1\nlimits: {coverage: 95}\n")
    assert on(data, "coverage", "--format", form).exit_code == 1
    assert on(data, "coverage", "--format", form, "--fail-under", "0").exit_code == 0


@FORMATS
def test_against_a_folder(form: str, data: Path) -> None:
    same = on(data, "coverage", "--format", form, "--against", str(DATA))
    assert (same.exit_code, same.stderr) == (0, "")
    unown(data)
    worse = on(data, "coverage", "--format", form, "--against", str(DATA))
    assert (worse.exit_code, worse.stderr) == (1, "")
    better = on(DATA, "coverage", "--format", form, "--against", str(data))
    assert (better.exit_code, better.stderr) == (0, "")


def test_against_a_git_ref(data: Path) -> None:
    def git(*arguments: str) -> None:
        own = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        subprocess.run(("git", *own, *arguments), cwd=data.parent, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    unown(data)
    result = on(data, "coverage", "--against", "HEAD")
    assert result.exit_code == 1
    assert "fell: site single-server: owned 100% of 6 → 0% of 6\n" in result.stdout
    unknown = on(data, "coverage", "--against", "nowhere")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert unknown.stderr.count("\n") == 1


def test_json_has_what_the_text_has_and_what_is_missing(data: Path) -> None:
    unown(data)
    arguments = ("coverage", "--against", str(DATA), "--fail-under", "95")
    found: Any = document(on(data, *arguments, "--format", "json").stdout, "coverage")
    text = on(data, *arguments).stdout
    rows = {
        "all": found["total"],
        **{f"site {row['id']}": row for row in found["sites"]},
        **{f"component {row['id']}": row for row in found["components"]},
    }
    for name, row in rows.items():
        (line,) = re.findall(rf"^{re.escape(name)} .*$", text, re.MULTILINE)
        assert re.findall(r"(\d+)% of (\d+)", line) == [
            (str(row[m]["percent"]), str(row[m]["of"])) for m in MEASURES if row[m]["of"]
        ]
        assert all(len(row[m]["missing"]) == row[m]["of"] - row[m]["covered"] for m in MEASURES)
    assert text.count("too low: ") == len(found["too_low"]) > 0
    assert text.count("fell: ") == len(found["falls"]) > 0


def test_a_folder_without_sites() -> None:
    result = on(TINY / "data", "coverage", "--fail-under", "10")
    assert result.exit_code == 0
    assert re.search(r"^all +\d+% of \d+ +- +- +-$", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("limit", ["-1", "101", "half"])
def test_wrong_usage(limit: str) -> None:
    result = on(DATA, "coverage", "--fail-under", limit)
    assert (result.exit_code, result.stdout) == (2, "")


# ---- page and badge -------------------------------------------------------------------------


def test_the_page_links_what_is_missing(atlas: Atlas) -> None:
    text = page(atlas, measured(atlas.catalogue, atlas.sites))
    ldap = "[`directory-ldap`](../ports/389/index.md#directory-ldap): numbers (article-only)"
    assert f"- {ldap}" in text
    assert "- [kubernetes](../sites/kubernetes/index.md): `bound-agent`" in text
    assert " more" not in text
    for missing in measured(atlas.catalogue, atlas.sites).total.shares["evidenced"].missing:
        assert f"[`{missing.partition(':')[0]}`](" in text


def test_of_very_many_the_page_names_the_command_that_has_all(
    atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_page, "LISTED", 20)
    text = page(atlas, measured(atlas.catalogue, atlas.sites))
    assert re.search(r"and \d more: `portatlas coverage --format json` has all\n", text)


def test_a_public_site_is_measured_on_the_whole_data(atlas: Atlas) -> None:
    whole_data = measured(atlas.catalogue, atlas.sites)
    seen = measured(atlas.catalogue, public(atlas).sites)
    assert seen.total.shares["addressed"] != whole_data.total.shares["addressed"]
    text = page(public(atlas), whole_data)
    hidden = {str(group.name) for site in atlas.sites for group in site.groups.values()}
    hidden |= {
        one for site in atlas.sites for g in site.groups.values() for one in g.shown_addresses
    }
    assert not [one for one in hidden - {"None"} if one in text]


@pytest.mark.parametrize(
    ("covered", "shown"), [((0, 9), "0%"), ((2, 3), "66%"), ((9, 9), "100%"), ((0, 0), "100%")]
)
def test_the_badge_says_its_number(covered: tuple[int, int], shown: str) -> None:
    root = fromstring(badge(whole(*covered)))
    texts = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["ports documented", shown]
    assert root.get("aria-label") == f"ports documented: {shown}"


def test_the_badge_has_the_least(atlas: Atlas) -> None:
    found = measured(atlas.catalogue, atlas.sites)
    shares = [found.total.shares[one].percent for one in MEASURES]
    assert percent(found) == min(one for one in shares if one is not None)
