"""One line to copy that tests a port: on the initiator's host, or on the listener's own.

Only numbers go into a command, so nothing in the data can become part of one.
"""

from generator.catalogue import Catalogue, Numbers, Port
from generator.markdown import items
from generator.render import tables

PLACEHOLDER = "HOST"
SECONDS = 5


def test_it(catalogue: Catalogue, page: str, port: Port) -> list[str]:
    """Return the section of a port's page that says how to test it."""
    remote = port.transport == "tcp" and port.scope == "network" and port.initiators
    return ["### Test it", "", *(_remote if remote else _local)(catalogue, page, port)]


def _remote(catalogue: Catalogue, page: str, port: Port) -> list[str]:
    names = sorted({initiator.component for initiator in port.initiators})
    starts = " or ".join(tables.component_link(catalogue, page, name) for name in names)
    listener = tables.component_link(catalogue, page, port.listener)
    return [
        f"On the host that connects ({starts}), with the address of the listener ({listener})",
        f"in place of `{PLACEHOLDER}`:",
        "",
        *_commands(_bash(port.numbers), _powershell(port.numbers)),
        *items(
            [
                f"*open*, or *TcpTestSucceeded* is *True*: {_something(port.numbers)} listens",
                f"*124*: no answer in {SECONDS} seconds, as behind a firewall that drops",
                "*1*: the line before it says why; *refused* is from a host where nothing listens",
            ]
        ),
    ]


def _something(numbers: Numbers) -> str:
    return "something" if len(numbers) == 1 else "on that number something"


def _local(catalogue: Catalogue, page: str, port: Port) -> list[str]:
    if port.transport == "udp":
        why = (
            "A UDP port cannot be tested from another host like a TCP port: nothing is"
            " connected, and no answer means nothing."
        )
    elif port.scope == "loopback":
        why = "No other host can reach it."
    else:
        why = "Nobody is known to connect."
    listener = tables.component_link(catalogue, page, port.listener)
    return [
        f"{why} See on the host of the listener ({listener}) whether it listens:",
        "",
        *_commands(_ss(port), _listening(port)),
    ]


def _commands(linux: str, windows: str) -> list[str]:
    return [
        "Linux, in bash:",
        "",
        *("```bash", linux, "```"),
        "",
        "Windows, in PowerShell:",
        "",
        *("```powershell", windows, "```"),
        "",
    ]


def _bash(numbers: Numbers) -> str:
    if len(numbers) == 1:
        probe = f"timeout {SECONDS} bash -c 'exec 3<>/dev/tcp/{PLACEHOLDER}/{numbers.first}'"
        return f'{probe} && echo open || echo "not open ($?)"'
    probe = f'timeout {SECONDS} bash -c "exec 3<>/dev/tcp/{PLACEHOLDER}/$port"'
    return (
        f"for port in {{{numbers.first}..{numbers.last}}}; do {probe}"
        ' && echo "$port open" || echo "$port not open ($?)"; done'
    )


def _powershell(numbers: Numbers) -> str:
    if len(numbers) == 1:
        return f"Test-NetConnection -ComputerName {PLACEHOLDER} -Port {numbers.first}"
    return (
        f"{numbers.first}..{numbers.last} | ForEach-Object"
        f" {{ Test-NetConnection -ComputerName {PLACEHOLDER} -Port $_ }}"
        " | Format-Table RemotePort, TcpTestSucceeded"
    )


def _ss(port: Port) -> str:
    flags = "-lntp" if port.transport == "tcp" else "-lnup"
    first, last = port.numbers.first, port.numbers.last
    where = f"sport = :{first}" if first == last else f"sport >= :{first} and sport <= :{last}"
    return f"sudo ss {flags} '{where}'"


def _listening(port: Port) -> str:
    command = (
        "Get-NetTCPConnection -State Listen" if port.transport == "tcp" else "Get-NetUDPEndpoint"
    )
    first, last = port.numbers.first, port.numbers.last
    return f"{command} -LocalPort {first if first == last else f'({first}..{last})'}"
