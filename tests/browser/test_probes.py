"""The line to copy from a port's page does what the page says."""

import re
import socket
import subprocess

import pytest

from generator.catalogue import Numbers, Port
from generator.load import Atlas
from generator.render.probes import PLACEHOLDER, _bash
from generator.render.probes import test_it as section_lines
from generator.render.tables import port_page

LINE = re.compile(r"^```bash\n(.+)\n```$", re.M)


def section(atlas: Atlas, port: Port) -> str:
    return "\n".join(section_lines(atlas.catalogue, port_page(port.numbers), port))


def run(line: str) -> str:
    command = line.replace(PLACEHOLDER, "127.0.0.1")
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, timeout=30, check=False
    )
    return done.stdout


def test_open_and_not_open_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        line = _bash(Numbers(number, number))
        assert run(line) == "open\n"
    assert run(line) == "not open (1)\n"


def test_a_range_is_tried_number_by_number() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        tried = dict(
            line.split(" ", 1) for line in run(_bash(Numbers(number - 1, number))).splitlines()
        )
    assert list(tried) == [str(number - 1), str(number)]
    assert tried[str(number)] == "open"


def test_every_port_has_a_line_that_bash_can_read(atlas: Atlas) -> None:
    """And none dials what no other host can reach, or UDP."""
    for port in atlas.catalogue.ports.values():
        text = section(atlas, port)
        (line,) = LINE.findall(text)
        assert text.count("```powershell") == 1
        subprocess.run(["bash", "-n", "-c", line], check=True)
        remote = port.transport == "tcp" and port.scope == "network" and port.initiators
        assert ("/dev/tcp/" in line) == bool(remote)
        assert str(port.numbers.first) in line
        assert str(port.numbers.last) in line


@pytest.mark.parametrize(
    ("port", "says"),
    [("file-server-netbios-datagram", "cannot be tested"), ("agent-local", "No other host")],
)
def test_what_cannot_be_tested_is_said(atlas: Atlas, port: str, says: str) -> None:
    text = section(atlas, atlas.catalogue.ports[port])
    assert says in text
    assert PLACEHOLDER not in text
