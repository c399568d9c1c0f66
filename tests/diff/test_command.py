"""`portatlas diff` as people and pipelines run it: refs, folders, formats, exit statuses."""

import json
import shutil
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.commands.diff import Format
from generator.diff.policy_entries import stricter
from generator.policy import Policy

from ..conftest import DATA
from ..findings import public_schemas
from ..flows.test_cli_sites import document
from ..review.repositories import Scratch, pull_request, scratch

FORMATS = get_args(Format)
LINE = (DATA / "sites" / "multi-geo.yaml").read_text("utf-8").splitlines().index(
    "  directory: ldaps"
) + 1
TODAY = ("--today", "2026-11-23")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """A repository in which the pull request of the issue is committed on `change`."""
    here = scratch(tmp_path_factory.mktemp("repository"))
    here.git("checkout", "--quiet", "-b", "change")
    pull_request(here)
    return here


def diff(here: Scratch, *words: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.chdir(here.root)
    result = CliRunner().invoke(main, ["diff", *TODAY, *words], prog_name="portatlas")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    return result


def refused(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


# ---- what is compared -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("main",),
        ("main", "data"),
        ("main", "change"),
        ("main:data", "HEAD:data"),
        ("main", "HEAD:data/"),
    ],
    ids=" ".join,
)
def test_refs_and_folders(
    repository: Scratch, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    result = diff(repository, *words, "--format", "json", monkeypatch=monkeypatch)
    assert (result.exit_code, result.stderr) == (1, "")
    found = document(result.stdout, "diff")
    assert [(c["rule"], c["what"]) for c in found["changes"] if c["severity"] == "error"] == [
        ("new-clear-text", "directory-ldap:cd.cd-server>ldap01.directory-server")
    ]
    assert found["summary"]["sites_same"] == 3
    (change,) = (c for c in found["changes"] if c["severity"] == "error")
    ref = words[0].split(":")[0]
    file = f"{ref}:data/sites/multi-geo.yaml"
    assert change["before"] == [{"file": file, "line": LINE, "column": 3}]
    (after,) = change["after"]
    assert after["file"].endswith("data/sites/multi-geo.yaml")


def test_a_data_folder_that_moved_in_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scratch(tmp_path)
    here.git("mv", "data", "network")
    here.commit("Moved")
    monkeypatch.chdir(here.root)
    result = CliRunner().invoke(main, ["--data", "network", "diff", "HEAD~1:data"])
    assert (result.exit_code, result.output) == (0, "No network change.\n")


def test_from_another_working_directory(
    repository: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["--data", str(repository.data), "diff", "main"])
    assert result.exit_code == 1
    assert result.output.startswith("1 error")


def test_nothing_differs(repository: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    result = diff(repository, "HEAD", monkeypatch=monkeypatch)
    assert (result.exit_code, result.output) == (0, "No network change.\n")


def test_only_words_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = scratch(tmp_path)
    here.edit(here.site("single-server"), ("title: ", "title: Another "))
    result = diff(here, "HEAD", "--fail-on", "warning", monkeypatch=monkeypatch)
    assert result.exit_code == 0
    assert result.output.startswith("No network change. 1 change of words.\n")


def test_a_hook_s_environment_is_not_taken_for_the_data_s(
    repository: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert diff(repository, "main", monkeypatch=monkeypatch).exit_code == 1


def test_what_git_would_change_on_the_way_out_is_read_as_it_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scratch(tmp_path)
    (here.root / ".gitattributes").write_text("*.yaml text eol=crlf export-ignore ident\n")
    here.commit("Attributes")
    result = diff(here, "HEAD", monkeypatch=monkeypatch)
    assert (result.exit_code, result.output) == (0, "No network change.\n")


def test_the_first_data_are_all_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a hook before the first commit of all, and where the base came before the data."""
    here = Scratch(tmp_path)
    shutil.copytree(DATA, here.root / "data")
    here.git("init", "--quiet", "--initial-branch", "main")
    unborn = diff(here, "HEAD", "--format", "json", monkeypatch=monkeypatch)
    assert unborn.stderr == "there is no commit yet: all sites are new\n"
    here.git("commit", "--quiet", "--allow-empty", "-m", "Begin")
    later = diff(here, "HEAD", "--format", "json", monkeypatch=monkeypatch)
    assert later.stderr == "data: there is no such folder at HEAD: all sites are new\n"
    assert later.stdout == unborn.stdout
    changes = json.loads(later.stdout)["changes"]
    sites = {path.stem for path in (DATA / "sites").glob("*.yaml")}
    assert {c["site"] for c in changes if c["rule"] == "site-added"} == sites
    assert refused(diff(here, "HEAD:data", monkeypatch=monkeypatch))


# ---- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), '"nowhere" is neither a folder nor a git ref here\n'),
        (("--", "--output=x"), '"--output=x" is neither a folder nor a git ref here\n'),
        (("--", "-h"), '"-h" is neither a folder nor a git ref here\n'),
        (("main..change",), '"main..change" is neither a folder nor a git ref here\n'),
        (("",), '"" is neither a folder nor a git ref here\n'),
        (("mian",), '"mian" is neither a folder nor a git ref here; did you mean "main"?\n'),
        (("main:nowhere",), "nowhere: there is no such folder at main\n"),
        (("main:../data",), '"../data": a path at a ref begins at the repository\'s root\n'),
    ],
    ids=repr,
)
def test_a_side_that_is_not_there_is_one_line(
    repository: Scratch,
    words: tuple[str, ...],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = refused(diff(repository, *words, monkeypatch=monkeypatch))
    assert said == message
    assert not (repository.root / "x").exists()


def linked(here: Scratch, *names: str) -> None:
    """Put each file or folder of the data elsewhere, and a link in its place."""
    for name in names:
        path = here.data / name
        moved = path.rename(here.root / f"real-{path.name}")
        path.symlink_to(moved)


@pytest.mark.parametrize(
    "names",
    [
        ("ports.yaml",),
        ("policy.yaml", "sites/clustered.yaml", "pages/index.md"),
        ("sites",),
        ("pages",),
        ("sources",),
    ],
    ids=repr,
)
def test_links_are_refused_alike_in_a_folder_and_at_a_ref(
    tmp_path: Path, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scratch(tmp_path)
    linked(here, *names)
    here.commit("Links")
    lines = [f"data/{name}:1:1: is a symbolic link: put there what it leads to" for name in names]
    in_the_folder = refused(diff(here, "HEAD~1", monkeypatch=monkeypatch)).splitlines()
    assert in_the_folder[:-1] == sorted(lines)
    at_the_ref = refused(diff(here, "HEAD~1", "HEAD", monkeypatch=monkeypatch)).splitlines()
    assert at_the_ref[:-1] == sorted(f"HEAD:{line}" for line in lines)


def test_a_submodule_is_refused_at_a_ref(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = scratch(tmp_path)
    commit = here.git("rev-parse", "HEAD").strip()
    here.git("rm", "-r", "--quiet", "--cached", "data/sites")
    here.git("update-index", "--add", "--cacheinfo", f"160000,{commit},data/sites")
    here.git("commit", "--quiet", "--message", "A submodule")
    said = refused(diff(here, "HEAD", monkeypatch=monkeypatch))
    assert said == "HEAD:data/sites is a submodule, of which git has no file here\n"


def test_the_folder_itself_may_be_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = scratch(tmp_path)
    linked(here, ".")
    assert here.data.is_symlink()
    here.commit("The folder is elsewhere")
    assert diff(here, "HEAD", monkeypatch=monkeypatch).output == "No network change.\n"


def test_a_shallow_clone_says_how_to_get_the_rest(
    repository: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git(
        "clone", "--quiet", "--depth", "1", f"file://{repository.root}", str(tmp_path / "clone")
    )
    said = refused(diff(Scratch(tmp_path / "clone"), "HEAD~1", monkeypatch=monkeypatch))
    assert said == (
        '"HEAD~1" is neither a folder nor a git ref here; this clone is shallow: '
        "git fetch --unshallow, or fetch-depth: 0 where it is made\n"
    )


def test_no_repository_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    said = refused(diff(Scratch(tmp_path), "main", monkeypatch=monkeypatch))
    assert said == "data is in no git repository: give a data folder\n"


def test_no_git_is_one_line(
    repository: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = refused(diff(repository, "main", monkeypatch=monkeypatch))
    assert said == "git is not installed: give a data folder instead of a ref\n"


def test_a_base_that_does_not_parse_is_said_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of both sides at once; the base's lines are named as git names them."""
    here = scratch(tmp_path)
    here.edit(here.site("single-server"), ("illustrative: true", "illustrative: maybe"))
    here.edit(here.site("kubernetes"), ("illustrative: true", "illustrative: never"))
    here.commit("Broken")
    here.edit(here.site("single-server"), ("illustrative: maybe", "illustrative: true"))
    lines = refused(diff(here, "HEAD", monkeypatch=monkeypatch)).splitlines()
    assert [line.split(": ")[0] for line in lines[:-1]] == [
        "HEAD:data/sites/kubernetes.yaml:11:15",
        "HEAD:data/sites/single-server.yaml:9:15",
        "data/sites/kubernetes.yaml:11:15",
    ]
    assert lines[-1] == "3 problems"


def test_nothing_is_written_for_a_broken_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scratch(tmp_path)
    refused(diff(here, "nowhere", "--out", "review", monkeypatch=monkeypatch))
    assert not (here.root / "review").exists()


# ---- formats and exit statuses --------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_the_exit_status_is_the_same_in_every_format(
    repository: Scratch, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words, status in (
        (("main",), 1),
        (("main", "--fail-on", "info"), 1),
        (("main", "--fail-on", "none"), 0),
        (("HEAD", "--fail-on", "info"), 0),
        (("nowhere",), 2),
    ):
        result = diff(repository, *words, "--format", form, monkeypatch=monkeypatch)
        assert result.exit_code == status, (words, result.stderr)


def test_a_warning_fails_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = scratch(tmp_path)
    here.edit(here.site("multi-geo"), ("agent[01:10]", "agent[01:12]"))
    here.edit(here.site("multi-geo"), ("10.20.2.[11:20]", "10.20.2.[11:22]"))
    assert diff(here, "HEAD", monkeypatch=monkeypatch).exit_code == 0
    result = diff(here, "HEAD", "--fail-on", "warning", monkeypatch=monkeypatch)
    assert result.exit_code == 1
    assert result.output.count("[group-grown]") == 1


def test_a_policy_changes_what_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = scratch(tmp_path)
    pull_request(here)
    policy = here.data / "policy.yaml"
    policy.write_text("schema: 1\nseverities: {new-clear-text: warning}\n", "utf-8")
    assert diff(here, "HEAD~1", "--fail-on", "error", monkeypatch=monkeypatch).exit_code == 1
    policy.write_text('schema: 1\nseverities: {new-clear-text: "off"}\n', "utf-8")
    text = diff(here, "HEAD~1", "--fail-on", "error", monkeypatch=monkeypatch)
    assert text.exit_code == 1
    assert "[new-clear-text]" in text.output
    assert "policy new-clear-text: error → off [policy-loosened]" in text.output


def test_a_milder_policy_counts_from_the_next_change_on() -> None:
    mild, severe = Policy({"new-clear-text": "off", "words": "warning"}), Policy()
    for sides in ((mild, severe), (severe, mild)):
        found = stricter(*sides)
        assert found.severities == {"words": "warning"}
    assert stricter(mild, mild) == mild


def test_a_policy_does_not_silence_that_it_was_loosened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scratch(tmp_path)
    (here.data / "policy.yaml").write_text(
        'schema: 1\nseverities: {policy-loosened: "off"}\nlimits: {wide_range: 60000}\n', "utf-8"
    )
    result = diff(here, "HEAD", "--fail-on", "warning", monkeypatch=monkeypatch)
    assert result.exit_code == 1
    assert "policy policy-loosened: warning → off [policy-loosened]" in result.output
    assert "policy limits.wide_range: 16 → 60000 [policy-loosened]" in result.output


def test_a_waiver_covers_a_change_until_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scratch(tmp_path)
    pull_request(here)
    waiver = """
waivers:
  - rule: new-clear-text
    what: directory-ldap:cd.cd-server>ldap01.directory-server
    reason: the old directory, until it is replaced
    owner: directory team
    expires: "2026-11-23"
"""
    path = here.site("multi-geo")
    path.write_text(path.read_text("utf-8") + waiver, "utf-8")
    result = diff(here, "HEAD~1", monkeypatch=monkeypatch)
    assert result.exit_code == 0
    assert "until 2026-11-23, directory team: the old directory" in result.output
    monkeypatch.chdir(here.root)
    late = CliRunner().invoke(main, ["diff", "HEAD~1", "--today", "2026-11-24"])
    assert late.exit_code == 1
    lint = CliRunner().invoke(main, ["lint", *TODAY])
    assert "waiver-unused" not in lint.output


def test_machines_get_one_document(repository: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        form: diff(repository, "main", "--format", form, monkeypatch=monkeypatch).stdout
        for form in FORMATS
    }
    found = document(texts["json"], "diff")
    (run,) = public_schemas.sarif(texts["sarif"])["runs"]
    public_schemas.junit(texts["junit"])
    fingerprints = {change["fingerprint"] for change in found["changes"]}
    assert {
        print_ for one in run["results"] for print_ in one["partialFingerprints"].values()
    } == fingerprints
    assert texts["github"].count("\n") == len(found["changes"])
    assert all(line.startswith("::") for line in texts["github"].splitlines())
    assert f"file=data/sites/multi-geo.yaml,line={LINE}," in texts["github"]
    assert texts["html"].startswith("<!doctype html>")
    assert json.dumps(found["changes"][0]["message"])[1:20] in texts["sarif"]


def test_the_document_has_one_line_an_item_and_no_space_for_looks(
    repository: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = diff(repository, "main", "--format", "json", monkeypatch=monkeypatch).stdout
    found = document(text, "diff")
    items = [json.loads(line.rstrip(",")) for line in text.splitlines() if line[:2] == '{"']
    lists = ("changes", "waived", "catalogue", "sites")
    assert items == [item for key in lists for item in found[key]]
    assert len(items) > 2
    assert len(text) < 0.7 * len(json.dumps(found, indent=1))


def test_the_text_fits_a_screen_and_has_no_colour_in_a_pipe(
    repository: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = diff(repository, "main", monkeypatch=monkeypatch).stdout
    assert len(text.splitlines()) <= 24
    assert "\x1b" not in text
    for part in ("1 error", "core → services", "+ opens", "- closes", "network team", f":{LINE}:"):
        assert part in text


def test_a_file_that_is_gone_is_annotated_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scratch(tmp_path)
    here.site("kubernetes").unlink()
    result = diff(here, "HEAD", "--format", "github", monkeypatch=monkeypatch)
    assert result.exit_code == 0
    assert result.output.startswith("::warning file=data/sites/kubernetes.yaml,line=")


@pytest.mark.parametrize("words", [("main",), ("main", "HEAD"), ("main:data", "change:data")])
def test_annotations_are_on_plain_paths(
    repository: Scratch, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = diff(repository, *words, "--format", "github", monkeypatch=monkeypatch).stdout
    files = {line.partition("file=")[2].partition(",")[0] for line in shown.splitlines()}
    assert files == {"data/sites/multi-geo.yaml"}
    text = diff(repository, *words, "--format", "sarif", monkeypatch=monkeypatch).stdout
    (run,) = public_schemas.sarif(text)["runs"]
    uris = {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for result in run["results"]
        for place in result["locations"]
    }
    assert uris == files


def new_site(here: Scratch, text: str) -> dict[str, str]:
    """Add a site in which people reach a directory in another segment; return lines by text."""
    lines = [
        "schema: 1",
        "title: Paris",
        'release: "2024.06.0"',
        "segments:",
        '  core: {zone: default, networks: ["192.0.2.0/25"]}',
        '  services: {zone: default, networks: ["192.0.2.128/25"]}',
        *text.splitlines(),
        "hosts:",
        "  app: {segment: core, roles: [cd-server]}",
        "  ldap01: {segment: services, roles: [directory-server]}",
    ]
    here.site("paris").write_text("\n".join(lines) + "\n", "utf-8")
    return {line: str(number) for number, line in enumerate(lines, 1)}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("options:\n  directory: ldap", "  directory: ldap"),
        (
            "encryption:\n  directory-ldaps: none\noptions:\n  directory: ldaps",
            "  directory: ldaps",
        ),
    ],
)
def test_a_new_site_is_annotated_on_its_own_lines(
    tmp_path: Path, text: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = scratch(tmp_path)
    number = new_site(here, text)[line]
    result = diff(here, "HEAD", "--format", "github", monkeypatch=monkeypatch)
    errors = [one for one in result.stdout.splitlines() if one.startswith("::error")]
    (error,) = (one for one in errors if "directory" in one)
    assert f"file=data/sites/paris.yaml,line={number}," in error
    assert all("file=data/sites/paris.yaml," in one for one in errors)
    text = diff(here, "HEAD", monkeypatch=monkeypatch).stdout
    assert f"data/sites/paris.yaml:{number}: error" in text
    found = document(diff(here, "HEAD", "--format", "json", monkeypatch=monkeypatch).stdout, "diff")
    (site,) = found["sites"]
    (flow,) = (f for f in site["flows"] if f["id"].startswith("directory-") and f["opens"])
    assert "options.directory" in {cause["what"] for cause in flow["causes"]}


def test_out_writes_the_folder(
    repository: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "review"
    result = diff(repository, "main", "--out", str(out), monkeypatch=monkeypatch)
    assert result.stderr.startswith(f"{out}: ")
    assert result.stderr.endswith(" written, 0 unchanged, 0 removed\n")
    assert result.exit_code == 1
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert {"index.html", "comment.md", "diagrams/multi-geo-before.svg"} <= files


@pytest.mark.parametrize("base", ["HEAD^1", "main", "HEAD^1:data"])
def test_a_change_cannot_bring_its_own_base(
    repository: Scratch, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(repository.data, repository.root / base)
    said = refused(diff(repository, base, monkeypatch=monkeypatch))
    assert said.count("\n") == 1
    assert "is a folder and a git ref" in said
    result = diff(repository, f"./{base}", monkeypatch=monkeypatch)
    assert (result.exit_code, result.stdout) == (0, "No network change.\n")
