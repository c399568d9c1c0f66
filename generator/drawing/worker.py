"""Draws one graph in a process of its own: DOT on stdin, SVG on stdout, complaints on stderr.

Graphviz runs as a library inside its wheel. It writes to file descriptor 2 and returns as if all
were well, and now and then takes very long: a process can be listened to and killed.
"""

import sys

import pygraphviz


def main() -> None:
    """Draw what comes in."""
    graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode("utf-8"))
    sys.stdout.buffer.write(graph.draw(format="svg", prog="dot"))


if __name__ == "__main__":
    main()
