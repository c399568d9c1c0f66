"""The script as text: quoting, shellcheck, size; and what it does without any network."""

import json
import re
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from html import unescape
from pathlib import Path
from shutil import which
from threading import Thread

import pytest
from click.testing import CliRunner

from generator.checker.script import generic, script
from generator.checker.shell import line, word
from generator.cli import main
from generator.derive.flows import derive
from generator.load import Atlas
from generator.public import public
from generator.render.site import render
from tests.conftest import DATA
from tests.site.workspace import Workspace

HOSTILE = [
    "",
    " ",
    "plain",
    "two words",
    "$(touch owned)",
    "`touch owned`",
    "'; touch owned; '",
    "it's",
    "''",
    '"',
    "\\",
    "a\\'b",
    "*",
    "[01:20]",
    "{a,b}",
    "~",
    "!!",
    "#no",
    "-n",
    "a=b",
    "$HOME",
    "&",
    "|",
    ">x",
    "ümlaut → 漢",
    "%s",
]


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_a_word_means_itself(shell: str, tmp_path: Path) -> None:
    if which(shell) is None:
        pytest.skip(f"there is no {shell}")
    text = f"printf '%s\\0' {line(*HOSTILE)}\n"
    done = subprocess.run([shell, "-c", text], capture_output=True, check=True, cwd=tmp_path)
    assert done.stdout.decode().split("\0")[:-1] == HOSTILE
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["a\nb", "a\0b", "\r", "\x1b[31m", "\x7f"])
def test_what_no_line_can_have_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        word(value)


def test_hostile_data_is_only_shown(atlas: Atlas, tmp_path: Path) -> None:
    site = next(site for site in atlas.sites if site.id == "single-server")
    ports = {
        key: replace(port, title=f"{port.title}'; touch owned; $(touch owned) `touch owned`")
        for key, port in atlas.catalogue.ports.items()
    }
    catalogue = replace(atlas.catalogue, ports=ports)
    evil = script(
        catalogue, derive(catalogue, replace(site, release="2024.06.0")), "$(touch owned)"
    )
    done = subprocess.run(
        ["bash", "-c", evil, "check.sh", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "$(touch owned)" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def scripts(atlas: Atlas, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("scripts")
    texts = {
        site.id: script(atlas.catalogue, derive(atlas.catalogue, site), "v1")
        for site in atlas.sites
    }
    found = {}
    for name, text in {**texts, "generic": generic("v1")}.items():
        found[name] = folder / f"{name}.sh"
        found[name].write_text(text, encoding="utf-8")
    return found


def test_shellcheck_finds_nothing(scripts: dict[str, Path]) -> None:
    if which("shellcheck") is None:
        pytest.skip("there is no shellcheck")
    assert all("shellcheck disable" not in path.read_text() for path in scripts.values())
    done = subprocess.run(
        ["shellcheck", "--norc", "--shell=bash", *map(str, scripts.values())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    assert done.returncode == 0


def test_it_is_small(atlas: Atlas) -> None:
    """As it is published: with the pages' address, and a version as long as they are."""
    site = next(site for site in atlas.sites if site.id == "multi-geo")
    address = "https://ports.example.com/cd"
    text = script(atlas.catalogue, derive(atlas.catalogue, site), atlas.version, address)
    assert address in text
    assert len(text.encode()) < 40 * 1024


def test_no_here_document(scripts: dict[str, Path]) -> None:
    """Before bash 5.1 they are temporary files."""
    assert all("<<" not in path.read_text() for path in scripts.values())


def test_links_lead_to_the_published_pages(tmp_path: Path) -> None:
    words = ["--data", str(DATA), "checker", "single-server", "--site-url"]
    told = CliRunner().invoke(main, [*words, "https://ports.example.com/atlas/"])
    assert told.exit_code == 0
    path = tmp_path / "check.sh"
    path.write_text(told.output, encoding="utf-8")
    done = bash(path, "--force", "127.0.0.1", "1")
    assert "More: https://ports.example.com/atlas/check/#outcome-refused" in done.stdout
    for wrong in ("ports.example.com", "https://x.example.com/'; touch owned", "file:///etc"):
        refused = CliRunner().invoke(main, [*words, wrong])
        assert (refused.exit_code, len(refused.output.splitlines())) == (2, 1)


def test_where_the_pages_are_published_the_environment_may_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ["--data", str(DATA), "checker", "single-server"]
    monkeypatch.setenv("SITE_URL", "https://ports.example.com/")
    told = CliRunner().invoke(main, words).output
    assert " https://ports.example.com\n" in told
    assert CliRunner().invoke(main, [*words, "--site-url", "https://x.example"]).output != told
    monkeypatch.setenv("SITE_URL", "")
    assert "ports.example.com" not in CliRunner().invoke(main, words).output


def test_the_page_has_the_script_byte_for_byte(built: Workspace) -> None:
    """Tabs, too, so that the copy button gives what the download gives."""
    page = (built.site / "sites/multi-geo/index.html").read_text("utf-8")
    found = re.search(r"<summary>Read the script.*?<code>(.*?)</code>", page, re.DOTALL)
    assert found is not None
    text = unescape(re.sub(r"<[^>]+>", "", found[1]))
    assert text == (built.site / "sites/multi-geo/check.sh").read_text("utf-8")
    assert "fact flow" not in (built.site / "search/search_index.json").read_text("utf-8")


def test_nothing_is_evaluated(scripts: dict[str, Path]) -> None:
    words = scripts["multi-geo"].read_text().split()
    assert not {"eval", "source", ".", "mktemp"} & set(words) - {"."}


def bash(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(path), *options], capture_output=True, text=True, check=False, timeout=30
    )


def test_dash_is_told_in_one_line(scripts: dict[str, Path]) -> None:
    if which("dash") is None:
        pytest.skip("there is no dash")
    done = subprocess.run(
        ["dash", str(scripts["multi-geo"])], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("This script needs bash 4.4 or newer.")
    assert len(done.stderr.splitlines()) == 1


def test_help_and_version(scripts: dict[str, Path]) -> None:
    told = bash(scripts["multi-geo"], "--help")
    assert (told.returncode, told.stderr) == (0, "")
    assert "Examples:" in told.stdout
    version = bash(scripts["multi-geo"], "--version")
    assert "multi-geo, release 2024.06.0, data v1" in version.stdout
    assert "data v1" in bash(scripts["generic"], "--version").stdout


def test_without_a_site(scripts: dict[str, Path]) -> None:
    assert bash(scripts["generic"]).returncode == 2
    for words in (["localhost"], ["localhost", "0"], ["localhost", "9-1"], ["a b", "80"]):
        assert bash(scripts["generic"], *words).returncode == 2, words
    done = bash(scripts["generic"], "127.0.0.1", "1", "[::1]:1-2", "--format", "tap")
    assert done.returncode == 1
    assert done.stdout.startswith("TAP version 13\n1..3\nnot ok 1 - asked:127.0.0.1:1")


def test_other_hosts_than_the_documented_want_force(scripts: dict[str, Path]) -> None:
    assert bash(scripts["multi-geo"], "127.0.0.1", "1").returncode == 2
    assert bash(scripts["multi-geo"], "--force", "127.0.0.1", "1").returncode == 1


def test_the_command(tmp_path: Path) -> None:
    out = tmp_path / "check.sh"
    words = ["--data", str(DATA), "checker", "single-server"]
    done = CliRunner().invoke(main, [*words, "--out", str(out)])
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"{out} written\n")
    assert CliRunner().invoke(main, words).output == out.read_text()
    assert CliRunner().invoke(main, ["--data", str(DATA), "checker", "nowhere"]).exit_code == 2


def test_the_pages_offer_it_and_a_public_site_does_not(atlas: Atlas) -> None:
    whole = render(atlas).texts
    assert "outcome-open-but-forbidden" in whole["check/index.md"]
    script_text = whole["sites/multi-geo/check.sh"]
    page = whole["sites/multi-geo/index.md"]
    assert script_text in page, "shown, to read and to copy"
    assert sha256(script_text.encode()).hexdigest() in page
    assert "(check.sh)" in page
    published = render(public(atlas), scripts=False).texts
    assert not [path for path in published if path.startswith("sites/") and "check" in path]
    for name in ("check/check.sh", "check/check.ps1"):
        assert published[name] == whole[name]
    for name in ("check.sh", "check.ps1"):
        digest = sha256(whole[f"sites/multi-geo/{name}"].encode()).hexdigest()
        assert digest in whole["sites/multi-geo/index.md"]


def test_tls_says_protocol_and_end_date(scripts: dict[str, Path], tmp_path: Path) -> None:
    if which("openssl") is None:
        pytest.skip("there is no openssl")
    words = "req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 30 -subj /CN=x"
    subprocess.run(["openssl", *words.split()], check=True, capture_output=True, cwd=tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            for _ in range(2):  # the probe, then the handshake
                one, _ = server.accept()
                with suppress(OSError), context.wrap_socket(one, server_side=True) as talk:
                    talk.recv(1)

        thread = Thread(target=answer, daemon=True)
        thread.start()
        where = f"127.0.0.1:{server.getsockname()[1]}"
        found = json.loads(bash(scripts["generic"], "--tls", "--format", "json", where).stdout)
        thread.join(5)
    assert found["results"][0]["tls"]["protocol"].startswith("TLSv1.")
    assert found["results"][0]["tls"]["certificate_until"].endswith("GMT")


def test_a_stop_ends_a_handshake_that_hangs_and_its_openssl(
    scripts: dict[str, Path],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes a connection, says nothing
        port = silent.getsockname()[1]
        words = ["--force", "--tls", "--format", "json", f"127.0.0.1:{port}"]
        with subprocess.Popen(
            ["bash", scripts["multi-geo"], *words, "--timeout", "30"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            silent.accept()[0].close()
            with silent.accept()[0]:  # openssl is there, and waits
                running.terminate()
                out, err = running.communicate(timeout=10)  # openssl's end closes the pipe
    document = json.loads(out)
    assert document["complete"] is False
    assert "tls" not in document["results"][0], "that it was stopped says nothing about TLS"
    assert "interrupted" in err


def test_options_of_the_shell_in_the_environment_change_nothing(scripts: dict[str, Path]) -> None:
    done = subprocess.run(
        ["bash", "-e", scripts["multi-geo"], "--force", "127.0.0.1:1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "refused" in done.stdout


def runs(process: str) -> bool:
    """Tell whether a process goes on; one that ended may wait for somebody to take notice."""
    try:
        status = Path(f"/proc/{process}/status").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return "State:\tZ" not in status and "State:\tX" not in status


def tool(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def asked(path: Path, tools: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a script where there is nothing but these tools."""
    return subprocess.run(
        [which("bash") or "", path, "--force", "--timeout", "0.1", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env={"PATH": str(tools)},
    )


def test_without_getent_bash_itself_asks_for_a_name(
    scripts: dict[str, Path], tmp_path: Path
) -> None:
    assert "unresolved" in asked(scripts["multi-geo"], tmp_path, "nobody.invalid:1").stdout
    told = asked(scripts["multi-geo"], tmp_path, "localhost:1").stdout
    assert "-> localhost:1" in told
    assert "refused" in told


def test_a_name_service_that_is_silent_is_not_taken_for_one_that_knows_no_such_name(
    scripts: dict[str, Path], tmp_path: Path
) -> None:
    tool(tmp_path, "getent", f'echo $$ >>"{tmp_path}/asked"; exec {which("sleep")} 60')
    done = asked(scripts["multi-geo"], tmp_path, "here.invalid:1", "there.invalid:1")
    assert done.returncode == 1
    assert done.stdout.count("unresolved  ") == 2
    assert done.stdout.count("  The name service did not answer in 1 s.\n") == 2
    assert "see to the name service of " in done.stdout
    assert "enter " not in done.stdout
    asking = (tmp_path / "asked").read_text().split()
    end = time.monotonic() + 10  # of 60 that they would go on
    while any(map(runs, asking)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(map(runs, asking)), "nobody goes on asking"


def test_the_budget_bounds_the_asking_for_names(scripts: dict[str, Path], tmp_path: Path) -> None:
    tool(tmp_path, "getent", f"exec {which('sleep')} 60")
    names = [f"n{number}.invalid:1" for number in range(200)]
    begin = time.monotonic()
    done = asked(scripts["multi-geo"], tmp_path, "--budget", "1", "--format", "json", *names)
    assert time.monotonic() - begin < 10
    assert "the time budget of 1 s is over" in done.stderr
    results = json.loads(done.stdout)["results"]
    assert len(results) == 200
    assert {(r["outcome"], r["reason"]) for r in results} == {
        ("cannot-test", "the time budget was over")
    }, "what was not asked for is not unresolved"


def test_stopped_while_names_are_asked_for_it_calls_none_unresolved(
    scripts: dict[str, Path], tmp_path: Path
) -> None:
    tool(tmp_path, "getent", f'echo . >"{tmp_path}/begun"; exec {which("sleep")} 60')
    with subprocess.Popen(
        [which("bash") or "", scripts["multi-geo"], "--force", "--format", "tap", "a.invalid:1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": str(tmp_path)},
    ) as running:
        for _ in range(500):
            if (tmp_path / "begun").exists():
                break
            time.sleep(0.01)
        running.terminate()
        out, err = running.communicate(timeout=4)
    assert "# SKIP interrupted" in out
    assert "interrupted" in err


def test_it_needs_no_program_to_limit_time(scripts: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "getent").symlink_to(which("getent") or "")
    told = asked(scripts["multi-geo"], tmp_path, "localhost:1").stdout
    assert "-> localhost 127.0.0.1:1" in told
    assert "refused" in told
