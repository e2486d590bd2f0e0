"""Make HTML that stands by itself: no script, and nothing that a browser would have to fetch."""

from __future__ import annotations

import base64
import html
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.english.shorten import shorten as cut
from retrieval.evaluation.metrics.answerability import ReliabilityBin, RiskPoint
from retrieval.evaluation.metrics.compare import MetricComparison
from retrieval.evaluation.metrics.figures import ReaderFigures
from retrieval.evaluation.pages.plots import draw_reliability_svg

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


MOST = 100
"""Questions shown of a kind of failure."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that went wrong, how sure the reader was, and HTML on what was found."""

    id: str
    question: str
    confidence: float
    content: str


def show_failures(heading: str, failures: Sequence[Failure]) -> str:
    """The surest ones of one kind, folded, under a heading; nothing if there are none."""
    surest = sorted(failures, key=lambda each: -each.confidence)[:MOST]
    folded = [
        show_question(each.id, each.question, f"{each.confidence:.3f}", each.content)
        for each in surest
    ]
    if left := len(failures) - len(folded):
        folded.append(f'<p class="quiet">and {left:,} more</p>')
    return show_section(f"{heading} ({len(failures):,})", folded)


def show_question(question_id: str, question: str, figure: str, content: str) -> str:
    """A question that unfolds to the HTML of its content, with a figure at its line's end."""
    summary = f'{show_text(shorten(question))} <span class="quiet">[{escape(question_id)}]</span>'
    whole = "" if shorten(question) == question else f"<p>{show_text(question)}</p>\n"
    return show_folded(summary, figure, whole + content)


def show_accepted(answers: Sequence[str]) -> str:
    """The accepted answers."""
    shown = "\n".join(f"<li>{show_text(answer)}</li>" for answer in answers)
    return f"<h3>Accepted</h3>\n<ul>\n{shown}\n</ul>"


def show_quote(text: str, start: int, end: int) -> str:
    """The text with `text[start:end]` marked."""
    marked = f"{escape(text[:start])}<b>{escape(text[start:end])}</b>{escape(text[end:])}"
    return f'<p><span class="text" dir="auto">{marked}</span></p>'


def show_reliability(
    bins: Sequence[ReliabilityBin], curve: Sequence[RiskPoint], figures: ReaderFigures
) -> str:
    """How far confidences can be relied on, drawn."""
    area, error = figures.risk_coverage_area or 0.0, figures.calibration_error or 0.0
    return show_drawing(
        draw_reliability_svg(bins, curve, area, error),
        f"Reliability: expected calibration error {error:.4f}; area under risk-coverage {area:.4f}",
    )


def show_comparison(name: str, metrics: Mapping[str, MetricComparison]) -> str:
    """HTML: the metrics of this run beside those of the other, which has this name."""
    headings = ("", "this", "other", "difference", "p", "wins", "ties", "losses")
    rows = [
        (
            metric,
            f"{each.this:.4f}",
            f"{each.other:.4f}",
            f"{each.difference:+.4f}",
            f"{each.p_value:.4f}",
            *(f"{count:,}" for count in (each.wins, each.ties, each.losses)),
        )
        for metric, each in metrics.items()
    ]
    return (
        f"<h2>Against {escape(name)}</h2>\n{show_rows(headings, rows)}\n"
        '<p class="quiet">p is that of a paired randomisation test (Smucker, Allan and Carterette '
        "2007), two-sided; a win is a query where this run is better.</p>"
    )
