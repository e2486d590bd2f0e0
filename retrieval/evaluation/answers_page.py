"""The page that shows how questions were answered, and what went wrong with which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.evaluation.answer_figures import AnswerFigures
from retrieval.evaluation.answer_judgement import FoundSpan, JudgedAnswer
from retrieval.evaluation.answer_predictions import MOVED_BY, ComparedAnswers
from retrieval.evaluation.answers_plots import draw_losses
from retrieval.evaluation.evaluate_answers import AnswersEvaluation
from retrieval.evaluation.html_page import (
    escape,
    shorten,
    show_drawing,
    show_folded,
    show_page,
    show_rows,
    show_section,
    show_text,
)
from retrieval.evaluation.latency import draw_latency
from retrieval.evaluation.plot import draw_reliability_svg
from retrieval.evaluation.questions import Question, QuestionSet
from retrieval.evaluation.show_comparison import show_comparison

MOST = 100
"""Questions shown of a kind of failure."""

EXPECTED_SHOWN = 10
"""Relevant documents shown of a question."""

FAILURES = {
    "retrieval": "Retrieval: no passage with an answer was read",
    "reader": "Reader: the answer was there to be read, but not found",
    "ranking": "Ranking: a right span was found, but another came first",
    "threshold": "Threshold: the right span came first, but was not shown",
    "answered": "Answered, though no document answers",
}
"""The outcomes that are failures, and what they are called on the page."""


def show_answers(
    name: str,
    headings: Sequence[str],
    rows: Sequence[tuple[str, Sequence[str]]],
    asked: QuestionSet,
    evaluation: AnswersEvaluation,
    compared: ComparedAnswers | None = None,
) -> bytes:
    """The page for a collection of this name.

    `rows` are the table of figures: what each is called, and its cells under `headings`.
    """
    parts = [
        f"<h2>Figures</h2>\n{show_rows(('', *headings), [(each, *cells) for each, cells in rows])}",
        _drawings(evaluation),
    ]
    if compared is not None:
        parts += [
            show_comparison(compared.name, compared.comparison.metrics),
            _moved(asked, evaluation, compared),
        ]
    parts += [_failures(outcome, asked, evaluation.answers) for outcome in FAILURES]
    return show_page(f"Answers on {name}", [part for part in parts if part]).encode("utf-8")


def _drawings(evaluation: AnswersEvaluation) -> str:
    figures = evaluation.overall
    drawings = []
    if figures.losses:
        says = ", ".join(f"{outcome} {share:.3f}" for outcome, share in figures.losses.items())
        drawings.append(
            show_drawing(draw_losses(figures.losses), f"Of the answerable questions: {says}")
        )
    drawings.append(_reliability(evaluation, figures))
    totals = [each["total"] for each in evaluation.milliseconds.values()]
    if totals:
        says = "Histogram of the questions' milliseconds"
        drawings.append(show_drawing(draw_latency(totals, "a question"), says))
    return "\n".join(drawings)


def _reliability(evaluation: AnswersEvaluation, figures: AnswerFigures) -> str:
    area = figures.reading.risk_coverage_area or 0.0
    error = figures.reading.calibration_error or 0.0
    return show_drawing(
        draw_reliability_svg(evaluation.bins, evaluation.curve, area, error),
        f"Reliability: expected calibration error {error:.4f}; area under risk-coverage {area:.4f}",
    )


def _moved(asked: QuestionSet, evaluation: AnswersEvaluation, compared: ComparedAnswers) -> str:
    folded = [
        show_folded(
            _summary(asked.questions[move.query_id]),
            f"{move.other:.3f} \u2192 {move.this:.3f}",
            _content(asked, move.query_id, evaluation.answers[move.query_id]),
        )
        for move in compared.comparison.moved
    ]
    return show_section(f"What moved most ({MOVED_BY}, other \u2192 this)", folded)


def _failures(outcome: str, asked: QuestionSet, answers: Mapping[str, JudgedAnswer]) -> str:
    failed = [each for each, found in answers.items() if found.outcome == outcome]
    # The surest mistakes first.
    failed.sort(key=lambda each: -answers[each].judged.confidence)
    folded = [
        show_folded(
            _summary(asked.questions[each]),
            f"{answers[each].judged.confidence:.3f}",
            _content(asked, each, answers[each]),
        )
        for each in failed[:MOST]
    ]
    if left := len(failed) - len(folded):
        folded.append(f'<p class="quiet">and {left:,} more</p>')
    return show_section(f"{FAILURES[outcome]} ({len(failed):,})", folded)


def _summary(question: Question) -> str:
    text = show_text(shorten(question.text))
    return f'{text} <span class="quiet">[{escape(question.id)}]</span>'


def _content(asked: QuestionSet, question_id: str, found: JudgedAnswer) -> str:
    question = asked.questions[question_id]
    parts = []
    if shorten(question.text) != question.text:
        parts.append(f"<p>{show_text(question.text)}</p>")
    parts += [_expected(asked, question), "<h3>Found first</h3>", _best(asked, found)]
    return "\n".join(parts)


def _expected(asked: QuestionSet, question: Question) -> str:
    if not question.answerable:
        return "<p>No document answers.</p>"
    accepted = "\n".join(f"<li>{show_text(answer)}</li>" for answer in question.answers)
    documents = [
        f"<li>{_document(asked, document_id)}</li>"
        for document_id in question.relevant[:EXPECTED_SHOWN]
    ]
    left = len(question.relevant) - len(documents)
    more = f'<p class="quiet">and {left:,} more</p>' if left else ""
    return (
        f"<h3>Accepted</h3>\n<ul>\n{accepted}\n</ul>\n<h3>Expected in</h3>\n<ul>\n"
        + "\n".join(documents)
        + f"\n</ul>{more}"
    )


def _best(asked: QuestionSet, found: JudgedAnswer) -> str:
    best = found.best
    if best is None:
        return "<p>Nothing.</p>"
    shown = "shown" if found.shown else "not shown"
    return (
        f'<p><span class="text" dir="auto">{_marked(best)}</span></p>\n'
        f"<p>{_document(asked, best.document_id)} "
        f'<span class="quiet">{best.confidence:.4f}, {shown}</span></p>'
    )


def _marked(best: FoundSpan) -> str:
    end = best.offset + len(best.text)
    before, after = best.sentence[: best.offset], best.sentence[end:]
    return f"{escape(before)}<b>{escape(best.text)}</b>{escape(after)}"


def _document(asked: QuestionSet, document_id: str) -> str:
    document = asked.corpus.documents[document_id]
    title = document.title if document.title.strip() else document.text
    quiet = f'<span class="quiet">[{escape(document_id)}]</span>'
    return f"{show_text(shorten(title, 120))} {quiet}"
