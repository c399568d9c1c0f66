"""A process that draws: requests as lines of JSON on stdin, an answer a line on stdout.

Graphviz runs as a library inside its wheel. It writes to file descriptor 2 and returns as if all
were well, so for each drawing that descriptor leads into a file of its own.
"""

import json
import os
import sys
import traceback
from pathlib import Path

import pygraphviz


def main() -> None:
    """Answer requests until there are no more."""
    for line in sys.stdin:
        request = json.loads(line)
        said = os.open(request["complaints"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 2)
        os.close(said)
        try:
            drawn = pygraphviz.AGraph(string=request["dot"]).draw(format="svg", prog="dot")
            Path(request["svg"]).write_bytes(drawn)
        except Exception:
            traceback.print_exc()
        sys.stderr.flush()
        print("done", flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
