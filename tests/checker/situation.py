"""Ports of every kind on this machine's loopback interface, for as long as a case runs."""

import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread


def _accept(server: socket.socket, context: ssl.SSLContext | None) -> None:
    """Take every connection, and end it; what a closed server says is no matter."""
    with suppress(OSError):
        while True:
            one, _ = server.accept()
            with suppress(OSError), one:
                one.settimeout(5)
                if context is not None:
                    with context.wrap_socket(one, server_side=True) as talk:
                        talk.recv(1)


def _listening(address: str, context: ssl.SSLContext | None = None) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = socket.create_server((address, 0), family=family, backlog=100)
    Thread(target=_accept, args=(server, context), daemon=True).start()
    return server


def _closed() -> socket.socket:
    """Return a port that is taken, so that nobody listens there by chance."""
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    return held


def _silent(stack: ExitStack) -> socket.socket:
    """Return a port whose queue is full: Linux then answers nobody."""
    server = stack.enter_context(socket.socket())
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    for _ in range(9):
        guest = stack.enter_context(socket.socket())
        guest.settimeout(0.2)
        try:
            guest.connect(server.getsockname())
        except TimeoutError:
            return server
    raise RuntimeError("the queue of a listener does not get full here")


def certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    """Return a server's TLS, of version 1.2 as every client has it, and its end as OpenSSL says."""
    # Its own configuration: on Windows openssl may look for one where none is.
    (folder / "r.cnf").write_text("[req]\ndistinguished_name = name\n[name]\n", encoding="ascii")
    words = "req -config r.cnf -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 30"
    subprocess.run(
        ["openssl", *words.split(), "-subj", "/CN=x"], check=True, capture_output=True, cwd=folder
    )
    end = subprocess.run(
        ["openssl", "x509", "-noout", "-enddate", "-in", "c.pem"],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
    ).stdout
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "c.pem", folder / "k.pem")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context, end.strip().removeprefix("notAfter=")


@contextmanager
def situation(kinds: Mapping[str, str], folder: Path) -> Iterator[dict[str, str]]:
    """Open ports of these kinds, by name; yield each name's number, and `until` of a TLS."""
    with ExitStack() as stack:
        values = {"hostname": socket.gethostname().lower()}
        for name, kind in kinds.items():
            if kind == "listens":
                server = _listening("127.0.0.1")
            elif kind == "listens6":
                server = _listening("::1")
            elif kind == "silent":
                server = _silent(stack)
            elif kind == "tls":
                context, values["until"] = certificate(folder)
                server = _listening("127.0.0.1", context)
            elif kind in ("closed", "free"):
                server = _closed()
            else:
                raise ValueError(kind)
            values[name] = str(server.getsockname()[1])
            stack.callback(server.close)
            if kind == "free":
                server.close()
        yield values
