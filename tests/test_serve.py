"""A preview that cannot listen says so in a line."""

import socket
from pathlib import Path

import pytest

from generator.serve import serve


def test_a_port_in_use_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert serve(tmp_path, port) == 2
    said = capsys.readouterr().err
    assert said == f"127.0.0.1:{port}: Address already in use; choose another with --port\n"
