"""The script in shells and surroundings that are not as usual: it says so in a line, and ends."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import jsonschema_rs
import pytest

from generator.checker.script import BASH, filled, generic
from generator.validate.structure import schema_text
from tests.checker.netns import usable
from tests.checker.situation import situation

ROOT = pytest.mark.skipif(not usable(), reason="needs root and unshare")
FACTS = (
    ("about", "demo", "1.0", "v1", "g1"),
    ("host", "app", "app[01:02].example.net", "127.0.0.[11:12]", "2"),
    ("host", "db", "db.example.net", "127.0.0.1"),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "check.sh"
    path.write_text(generic("v1"), encoding="utf-8")
    return path


def run(*command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "LC_ALL": "C", **more}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30, env=env)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    return done.stderr


def test_a_trace_does_not_disturb_it(file: Path) -> None:
    done = run("bash", "-x", file, "127.0.0.1:1", "127.0.0.1:2", "--format", "json")
    assert done.returncode == 1
    assert {one["outcome"] for one in json.loads(done.stdout)["results"]} == {"refused"}


def test_a_restricted_shell_is_told(file: Path) -> None:
    assert "restricted" in one_line(run("bash", "-r", file, "127.0.0.1:1"))


@ROOT
def test_without_descriptors_in_dev_it_says_so(file: Path, tmp_path: Path) -> None:
    setup = (
        f'cp "{file}" {tmp_path}/c.sh; mount -t tmpfs none /dev; mknod /dev/null c 1 3;'
        f" exec bash {tmp_path}/c.sh 127.0.0.1:1"
    )
    assert "/dev/fd" in one_line(run("unshare", "-m", "sh", "-c", setup))


@pytest.mark.parametrize("cut", [1, 60])
def test_a_file_without_its_end_is_no_success(file: Path, tmp_path: Path, cut: int) -> None:
    short = tmp_path / "check.sh"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    short.write_text("".join(lines[:-cut]), encoding="utf-8")
    done = run("bash", short, "127.0.0.1:1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("its end is missing\n")


def test_the_help_names_the_script_however_it_is_read(file: Path) -> None:
    with file.open() as text:
        done = subprocess.run(
            ["bash", "-s", "--", "--help"], stdin=text, capture_output=True, text=True, check=True
        )
    assert done.stdout.startswith("Usage: bash check.sh [OPTION]")


@contextmanager
def silent() -> Iterator[int]:
    """Yield a port of loopback that answers nobody: its queue is full."""
    with situation({"quiet": "silent"}, Path()) as values:
        yield int(values["quiet"])


def test_without_its_children_it_ends_all_the_same(file: Path) -> None:
    with silent() as port:
        words = ["bash", str(file), f"127.0.0.1:{port}", "--timeout", "60", "--format", "json"]
        with subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as running:
            time.sleep(1)
            children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
            assert len(children) >= 2, "a clock, and a worker"
            for child in children:
                os.kill(int(child), signal.SIGKILL)
            out, err = running.communicate(timeout=15)
    assert running.returncode == 3
    assert {one["outcome"] for one in json.loads(out)["results"]} == {"cannot-test"}
    assert "interrupted" in err


@pytest.mark.parametrize("most", [12, 16, 32])
def test_with_few_descriptors_it_leaves_nobody_behind(
    file: Path, tmp_path: Path, most: int
) -> None:
    mine = tmp_path / f"check-{most}.sh"
    mine.write_bytes(file.read_bytes())
    words = f"ulimit -n {most}; exec timeout -s KILL 20 bash {mine} 127.0.0.1:1-200 --budget 5"
    run("bash", "-c", words)
    time.sleep(0.5)
    left = run("pgrep", "-f", str(mine))
    assert left.stdout == ""


def site(tmp_path: Path, *more: tuple[str, ...]) -> Path:
    path = tmp_path / "check.sh"
    path.write_text(filled([*FACTS, *more], BASH), encoding="utf-8")
    return path


def test_a_port_that_cannot_be_opened_is_trouble(tmp_path: Path) -> None:
    with socket.create_server(("", 0)) as held:
        number = held.getsockname()[1]
        path = site(tmp_path, ("serves", "web", "Web", str(number), "tcp", "network", "server: db"))
        words = ("bash", path, "--as", "db", "--listen", "--for", "20")
        text, document = run(*words), run(*words, "--format", "json")
    assert text.returncode == 1
    assert f"{number} cannot be opened: Address already in use" in text.stdout
    found = json.loads(document.stdout)
    jsonschema_rs.validator_for(json.loads(schema_text("check-ports"))).validate(found)
    assert found["exit"] == document.returncode == 1


@pytest.mark.parametrize("mode", [("--local",), ("--listen", "--for", "1")])
def test_a_full_disk_is_told_in_a_line(tmp_path: Path, mode: tuple[str, ...]) -> None:
    path = site(tmp_path, ("serves", "talk", "Talk", "1", "udp", "network", "server: db"))
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            ["bash", path, "--as", "db", *mode],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=30,
        )
    assert (done.returncode, done.stderr) == (3, "the results cannot be written\n")


def test_where_there_is_no_tls_no_certificate_is_told_of(file: Path) -> None:
    with situation({"open": "listens"}, Path()) as values:
        done = run("bash", file, "--tls", f"127.0.0.1:{values['open']}")
    assert done.stdout.endswith(f"127.0.0.1:{values['open']}  no TLS\n")


@pytest.mark.skipif(which("openssl") is None, reason="needs openssl")
def test_a_certificate_that_has_ended_is_said_to(file: Path, tmp_path: Path) -> None:
    (tmp_path / "ca.cnf").write_text(
        "[ca]\ndefault_ca = d\n[d]\nnew_certs_dir = .\ndatabase = all\nserial = serial\n"
        "default_md = sha256\npolicy = p\n[p]\ncommonName = supplied\n",
        encoding="ascii",
    )
    (tmp_path / "all").touch()
    (tmp_path / "serial").write_text("01\n", encoding="ascii")
    for words in (
        "req -new -newkey rsa:2048 -nodes -keyout k.pem -out r.pem -subj /CN=x",
        (
            "ca -batch -config ca.cnf -selfsign -keyfile k.pem -in r.pem -out c.pem -notext"
            " -startdate 20200101000000Z -enddate 20200102000000Z"
        ),
    ):
        subprocess.run(["openssl", *words.split()], check=True, capture_output=True, cwd=tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serve = f"s_server -accept 127.0.0.1:{port} -key k.pem -cert c.pem -quiet"
    with subprocess.Popen(
        ["openssl", *serve.split()],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    ) as server:
        try:
            time.sleep(1)
            done = run("bash", file, "--tls", f"127.0.0.1:{port}")
        finally:
            server.terminate()
    assert ", certificate ended on Jan  2 00:00:00 2020 GMT\n" in done.stdout
    assert "valid until" not in done.stdout


def test_what_was_asked_for_is_open_and_not_documented(file: Path) -> None:
    with situation({"open": "listens"}, Path()) as values:
        done = run("bash", file, f"127.0.0.1:{values['open']}")
    assert "1 of 1 ports open\n" in done.stdout
    wrong = run("bash", file, "10.20.1.999:8443").stdout
    assert "It is no address." in wrong
    assert "DNS" not in wrong


def test_other_ports_want_force_and_a_documented_name_has_its_address(tmp_path: Path) -> None:
    path = site(tmp_path)
    said = one_line(run("bash", path, "db.example.net", "1"))
    assert "HOST PORT wants --force; the documented flows are tried without any" in said
    done = run("bash", path, "--force", "db.example.net", "1")
    assert "db.example.net 127.0.0.1:1" in done.stdout
    assert "refused" in done.stdout


@pytest.mark.parametrize(
    "words", [["--listen", "--local"], ["--local", "--listen"], ["--for", "5"]]
)
def test_options_that_do_not_go_together_are_refused(tmp_path: Path, words: list[str]) -> None:
    one_line(run("bash", site(tmp_path), *words, "--as", "db"))
