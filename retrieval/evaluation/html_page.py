"""Make HTML that stands by itself: no script, and nothing that a browser would have to fetch."""

from __future__ import annotations

import base64
import html
import unicodedata
from collections.abc import Sequence

from retrieval.shorten import shorten as cut

SHORTENED_TO = 300
"""Characters of a text that is only to be recognised."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Holds the browser to it, whatever a text tried."""

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 68rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
table { border-collapse: collapse; } th, td { padding: .2rem .7rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
thead th { border-bottom: 1px solid #999; font-weight: 600; }
tbody tr:nth-child(even) { background: #f6f6f6; }
img { max-width: 100%; }
details { display: flow-root; border: 1px solid #ddd; border-radius: 4px; margin: .3rem 0;
  padding: .3rem .7rem; }
summary { cursor: pointer; } summary .figure { float: right; color: #666; margin-left: 1rem; }
ol, ul { margin: .2rem 0; padding-left: 2rem; } li { margin: .25rem 0; }
.quiet { color: #666; } .right { background: #e6f4e6; } .text { unicode-bidi: isolate; }
"""


def show_page(title: str, parts: Sequence[str]) -> str:
    """A whole page; the title is a text, the parts are HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n</body>\n</html>\n"
    )


def escape(text: str) -> str:
    """Any text as HTML that shows just it, in an element's content or in a quoted attribute."""
    # Control characters have no place in HTML.
    plain = (" " if unicodedata.category(each) == "Cc" else each for each in text)
    return html.escape("".join(plain))


def shorten(text: str, characters: int = SHORTENED_TO) -> str:
    """The text's beginning on one line, cut between words where there are spaces between them."""
    return cut(text, characters, " \u2026")


def show_text(text: str) -> str:
    """A text from outside: whatever its script, it stays in its own place."""
    return f'<span class="text" dir="auto">{escape(text)}</span>'


def show_rows(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of texts: the first column names the row."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in headings)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def show_drawing(svg: str, says: str) -> str:
    """A drawing inside the page; `says` is for who cannot see it."""
    content = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return f'<img alt="{escape(says)}" src="data:image/svg+xml;base64,{content}">'


def show_folded(summary: str, figure: str, content: str) -> str:
    """HTML that unfolds at a click; `summary` is HTML, `figure` a text at the line's end."""
    return (
        f'<details>\n<summary>{summary} <span class="figure">{escape(figure)}</span></summary>\n'
        f"{content}\n</details>"
    )


def show_section(heading: str, folded: Sequence[str]) -> str:
    """HTML under a heading, which is a text; nothing where there is none."""
    return "\n".join([f"<h2>{escape(heading)}</h2>", *folded]) if folded else ""
