"""What a drawing process does: DOT in a file to SVG in a file, complaints into a third.

Graphviz runs as a library inside its wheel. It writes to file descriptor 2 and returns as if all
were well, so that descriptor leads into the file for complaints.
"""

import os
from pathlib import Path

import pygraphviz


def draw(text: str, fonts: str, svg: str, complaints: str) -> None:
    """Draw DOT text into the file `svg`, with the fontconfig file `fonts`."""
    said = os.open(complaints, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 2)
    os.environ["FONTCONFIG_FILE"] = fonts
    drawn = pygraphviz.AGraph(string=text).draw(format="svg", prog="dot")
    Path(svg).write_bytes(drawn)
