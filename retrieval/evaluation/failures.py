"""Show questions that went wrong, as parts of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.evaluation.answerability import ReliabilityBin, RiskPoint
from retrieval.evaluation.html_page import (
    escape,
    shorten,
    show_drawing,
    show_folded,
    show_section,
    show_text,
)
from retrieval.evaluation.plot import draw_reliability_svg
from retrieval.evaluation.reader_figures import ReaderFigures

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
