"""A site laid out in network namespaces: one a machine, all joined by a router that can filter.

Everything is inside one mount namespace that lives as long as its holder, and the holder as long
as its standard input: when the tests end, however they end, nothing is left.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from generator.derive.machines import Machine, machines
from generator.derive.model import Derived

ROOT = Path(__file__).parent.parent.parent
GATE, GATE6 = "169.254.0.1", "fd00:aa::1"
"""The router's end of each wire, for IPv4 and IPv6."""
NEEDS = ("ip", "nft", "unshare", "nsenter")


def usable() -> bool:
    """Tell whether namespaces can be made here: as root on Linux, with the tools for it."""
    return sys.platform == "linux" and os.geteuid() == 0 and all(map(which, NEEDS))


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Network:
    """Machines by name, each in the namespace of that name; `router` is between all of them."""

    holder: int
    machines: Mapping[str, Machine]

    def enter(self, *command: str) -> list[str]:
        """Return a command to be run in the mount namespace of the holder."""
        return ["nsenter", "-t", str(self.holder), "-m", "-n", *command]

    def command(
        self, machine: str, *command: str, hostname: str | None = None, hosts: Path | None = None
    ) -> list[str]:
        """Return a command to be run on a machine, under its own host name and hosts file."""
        setup = (
            'hostname "$1"; mount --bind "$2" /etc/hosts;'
            ' mount --bind /dev/null /etc/resolv.conf; shift 2; exec "$@"'
        )
        words = ["ip", "netns", "exec", machine, "unshare", "-um", "sh", "-c", setup, "sh"]
        name = machine if hostname is None else hostname
        return self.enter(*words, name, str(hosts or "/dev/null"), *command)

    def run(
        self,
        machine: str,
        *command: str,
        hostname: str | None = None,
        hosts: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Ran:
        """Run a command on a machine."""
        done = subprocess.run(
            self.command(machine, *command, hostname=hostname, hosts=hosts),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C", **(env or {})},
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def filtering(self, *rules: str) -> Iterator[None]:
        """Let the router obey forward rules for a while."""
        body = "\n".join(rules)
        table = (
            "table inet wall { chain f { type filter hook forward priority 0; policy accept;\n"
            f"{body}\n}}\n}}\n"
        )
        self._nft(table)
        try:
            yield
        finally:
            self._nft("delete table inet wall")

    def translate(self, rules: str) -> None:
        """Let the router translate addresses."""
        self._nft(
            f"table ip nat {{ chain p {{ type nat hook prerouting priority -100;\n{rules}\n}}\n}}\n"
        )

    def _nft(self, text: str) -> None:
        subprocess.run(
            self.enter("ip", "netns", "exec", "router", "nft", "-f", "-"),
            input=text,
            text=True,
            check=True,
            timeout=20,
        )

    @contextmanager
    def listening(self, sockets: list[tuple[str, str, int]]) -> Iterator[None]:
        """Open ports on machines for a while: machine, address, port."""
        wanted = [[f"/run/netns/{name}", address, port] for name, address, port in sockets]
        with subprocess.Popen(
            self.enter(sys.executable, str(Path(__file__).with_name("listeners.py"))),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(json.dumps(wanted) + "\n")
                process.stdin.flush()
                assert process.stdout.readline() == "ready\n"
                yield
            finally:
                process.stdin.close()
                process.wait(10)


@contextmanager
def network(derived: Derived) -> Iterator[Network]:
    """Lay out the machines of a site with their names and addresses."""
    site = derived.site
    all_machines = {
        machine.name: machine
        for group in site.groups.values()
        if not group.people
        for machine in machines(group)
    }
    script = "mount -t tmpfs none /run && mkdir /run/netns && echo ready && exec cat"
    with subprocess.Popen(
        ["unshare", "-mn", "--propagation", "private", "sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        try:
            assert holder.stdout.readline() == "ready\n"
            made = Network(holder.pid, all_machines)
            for batch in _batches(all_machines):
                subprocess.run(
                    made.enter("ip", *batch[0], "-batch", "-"),
                    input="\n".join(batch[1]),
                    text=True,
                    check=True,
                    timeout=60,
                )
            # No limit: a rejection that comes while the kernel still sends is lost.
            forward = (
                "cd /proc/sys/net; echo 1 > ipv4/ip_forward; echo 0 > ipv4/icmp_ratelimit;"
                " echo 1 > ipv6/conf/all/forwarding; echo 0 > ipv6/icmp/ratelimit"
            )
            subprocess.run(
                made.enter("ip", "netns", "exec", "router", "sh", "-c", forward),
                check=True,
                timeout=20,
            )
            yield made
        finally:
            holder.stdin.close()
            holder.wait(10)


def _batches(all_machines: Mapping[str, Machine]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield commands of `ip`: its options, and the lines of a batch."""
    yield [], [f"netns add {name}" for name in ("router", *all_machines)]
    yield (
        ["-n", "router"],
        [
            "link set lo up",
            *(
                f"link add v{index} type veth peer name eth0 netns {name}"
                for index, name in enumerate(all_machines)
            ),
            *(
                line
                for index, machine in enumerate(all_machines.values())
                for line in (
                    f"address add {GATE}/32 dev v{index}",
                    f"address add {GATE6}/128 dev v{index} nodad",
                    f"link set v{index} addrgenmode none",
                    f"address add fe80::1/64 dev v{index} nodad",
                    f"link set v{index} up",
                    *(f"route add {_one(address)} dev v{index}" for address in machine.addresses),
                )
            ),
        ],
    )
    for name, machine in all_machines.items():
        yield (
            ["-n", name],
            [
                "link set lo up",
                *(
                    f"address add {_one(address)} dev eth0{_ready(address)}"
                    for address in machine.addresses
                ),
                # A link-local address of ours: the kernel would look for a double of its own first.
                "link set eth0 addrgenmode none",
                "address add fe80::2/64 dev eth0 nodad",
                "link set eth0 up",
                *(
                    line
                    for gate in (GATE, GATE6)
                    for source in [a for a in machine.addresses if (":" in a) == (":" in gate)][:1]
                    for line in (
                        f"route add {gate} dev eth0",
                        f"route add default via {gate} dev eth0 src {source}",
                    )
                ),
            ],
        )


def _one(address: str) -> str:
    return f"{address}/128" if ":" in address else f"{address}/32"


def _ready(address: str) -> str:
    """Return what makes an IPv6 address usable at once: nobody else can have it."""
    return " nodad" if ":" in address else ""


def documented(derived: Derived, net: Network) -> list[tuple[str, str, int]]:
    """Return every documented TCP listener of a site as a socket to open."""
    found: set[tuple[str, str, int]] = set()
    for one in derived.listeners:
        if one.transport != "tcp":
            continue
        loopback = one.scope == "loopback"
        for name, machine in net.machines.items():
            if machine.group == one.end.group:
                version6 = ":" in "".join(machine.addresses) and not loopback
                address = "::" if version6 else "127.0.0.1" if loopback else "0.0.0.0"
                found |= {
                    (name, address, number)
                    for number in range(one.numbers.first, one.numbers.last + 1)
                }
    return sorted(found)
