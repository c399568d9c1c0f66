"""An sshd on each machine of a network of namespaces, and a place from which to log on to them.

Keys, the user and the logs are in the /run of the namespaces, which is gone when they are.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from tests.checker.netns import Network, Ran

BIN = Path(sys.executable).parent
HOME = "/run/fleet"
USER = "checker"
SETUP = f"""
mkdir -p -m 755 {HOME} /run/sshd && cd {HOME} && mkdir -m 755 home keys
mkdir -m 700 cp
cp /etc/passwd passwd
echo '{USER}:x:47110:47110::{HOME}/home:/bin/bash' >> passwd
mount --bind passwd /etc/passwd
chown 47110:47110 home
ssh-keygen -q -t ed25519 -N '' -f key
cp key.pub authorized_keys
while read -r name; do ssh-keygen -q -t ed25519 -N '' -C '' -f "keys/$name"; done
for one in keys/*.pub; do n=${{one#keys/}}; echo "${{n%.pub}} $(cat "$one")"; done > known_hosts
"""


def usable() -> bool:
    """Tell whether there are an ssh server and client, and Ansible."""
    found = which("sshd", path=f"{os.environ['PATH']}:/usr/sbin") and which("ssh-keygen")
    return bool(found) and (BIN / "ansible-playbook").is_file()


@dataclass(frozen=True)
class Fleet:
    """Machines that one can log on to, and the folder from which Ansible does."""

    net: Network
    folder: Path
    hosts: Path

    def play(self, *arguments: str) -> Ran:
        """Run the playbook of the folder from the router, as users run it."""
        env = {
            **os.environ,
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_REMOTE_USER": USER,
            "ANSIBLE_PRIVATE_KEY_FILE": f"{HOME}/key",
            "ANSIBLE_SSH_CONTROL_PATH_DIR": f"{HOME}/cp",
            # No connection outlives the run, so that none outlives the test.
            "ANSIBLE_SSH_ARGS": f"-o ControlMaster=no -o UserKnownHostsFile={HOME}/known_hosts",
        }
        words = ["sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", str(self.folder)]
        words += [str(BIN / "ansible-playbook"), "playbook.yml", *arguments]
        command = self.net.command("router", *words, hosts=self.hosts)
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            stdin=subprocess.DEVNULL,
            env=env,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def read(self, path: str) -> str:
        """Return a file of the namespaces."""
        return subprocess.run(
            self.net.enter("cat", path), capture_output=True, text=True, check=True, timeout=20
        ).stdout

    def said(self, machine: str) -> list[str]:
        """Return what the sshd of a machine was asked to do, a line each."""
        log = self.read(f"{HOME}/{machine}.log")
        return [line for line in log.splitlines() if "Starting session" in line]


@contextmanager
def fleet(net: Network, folder: Path, machines: Iterable[str]) -> Iterator[Fleet]:
    """Let an ordinary user log on to machines, each with a key of its own."""
    names = list(machines)
    hosts = folder / "hosts"
    hosts.write_text(
        "127.0.0.1 localhost\n"
        + "".join(f"{one.addresses[0]} {name}\n" for name, one in net.machines.items()),
        encoding="utf-8",
    )
    listed = "".join(f"{name}\n" for name in names)
    subprocess.run(net.enter("sh", "-ec", SETUP), input=listed, text=True, check=True, timeout=60)
    within = len(net.enter())  # the daemons' parent is there already
    commands = [
        net.command(name, "/usr/sbin/sshd", "-D", *_options(name))[within:] for name in names
    ]
    with subprocess.Popen(
        net.enter(sys.executable, str(Path(__file__).with_name("daemons.py"))),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(commands) + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "ready\n"
            made = Fleet(net, folder, hosts)
            _wait(made, names)
            yield made
        finally:
            process.stdin.close()
            process.wait(10)


def _options(name: str) -> list[str]:
    options = {
        "AuthorizedKeysFile": f"{HOME}/authorized_keys",
        "HostKey": f"{HOME}/keys/{name}",
        "LogLevel": "VERBOSE",
        "PasswordAuthentication": "no",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "MaxStartups": "100",
        "Subsystem": "sftp internal-sftp",
    }
    words = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
    return ["-f", "/dev/null", "-E", f"{HOME}/{name}.log", *words]


def _wait(made: Fleet, names: list[str]) -> None:
    until = time.monotonic() + 20
    logs = [f"{HOME}/{name}.log" for name in names]
    waiting = ["grep", "-sL", "Server listening", *logs]
    while True:
        done = subprocess.run(made.net.enter(*waiting), capture_output=True, text=True, check=False)
        there = made.net.enter("sh", "-c", 'ls -1 "$1"/*.log | wc -l', "sh", HOME)
        count = subprocess.run(there, capture_output=True, text=True, check=False).stdout.strip()
        if not done.stdout and count == str(len(names)):
            return
        assert time.monotonic() < until, f"no sshd comes up here: {done.stdout}"
        time.sleep(0.1)
