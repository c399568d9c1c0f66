"""Opens ports inside network namespaces and answers on them, until its standard input ends.

Its standard input begins with one line of JSON: `[[namespace file, address, port], …]`.
"""

import ctypes
import json
import os
import selectors
import socket
import sys

CLONE_NEWNET = 0x40000000


def main() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    watch = selectors.DefaultSelector()
    for namespace, address, port in json.loads(sys.stdin.readline()):
        held = os.open(namespace, os.O_RDONLY)
        if libc.setns(held, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), namespace)
        os.close(held)
        one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((address, port))
        one.listen(200)
        watch.register(one, selectors.EVENT_READ)
    watch.register(sys.stdin, selectors.EVENT_READ)
    print("ready", flush=True)
    while True:
        for key, _ in watch.select():
            if key.fileobj is sys.stdin:
                return
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.accept()[0].close()


if __name__ == "__main__":
    main()
