"""Links from a page to the line of the data that made it: to correct it at."""

from html import escape
from posixpath import splitext

from generator.load import Atlas, DataFile
from generator.markdown import front_matter, link, relative, text
from generator.problems import Place


def data_page(path: str) -> str:
    """Return the path of the page that shows a data file."""
    return f"data/{splitext(path)[0]}/index.md"


def correct(atlas: Atlas, page: str, place: Place, source_url: str | None) -> str:
    """Link the line of a place: at `source_url` if there is one, else the site's own copy."""
    path = next(file.path for file in atlas.files if file.name == place.file)
    label = f"data/{text(path)}, line {place.line}"
    if source_url is not None:
        return link(label, f"{source_url.rstrip('/')}/{path}#L{place.line}")
    return link(label, relative(page, f"{data_page(path)}#L{place.line}"))


def data_file(file: DataFile) -> str:
    """Return the page that shows a data file with an anchor a line."""
    head = front_matter(file.path, f"The data file {file.path}", search="{exclude: true}")
    lines = [
        f'<a id="L{number}" href="#L{number}">{number:4}</a> {escape(line)}'
        for number, line in enumerate(file.text.splitlines(), 1)
    ]
    body = "\n".join(lines)
    return "\n".join(
        [
            *head,
            f"# data/{text(file.path)}",
            "",
            "The data from which this site is made. Each entry is one place to correct.",
            "",
            f'<pre class="atlas-lines">\n{body}\n</pre>',
            "",
        ]
    )
