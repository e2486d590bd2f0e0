"""The page that shows how questions were answered, and what went wrong with which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retrieval.evaluation.answer_judgement import JudgedAnswer
from retrieval.evaluation.answer_predictions import MOVED_BY, ComparedAnswers
from retrieval.evaluation.answers import AnswersEvaluation
from retrieval.evaluation.pages.page import (
    Failure,
    escape,
    shorten,
    show_accepted,
    show_comparison,
    show_drawing,
    show_failures,
    show_page,
    show_question,
    show_quote,
    show_reliability,
    show_rows,
    show_section,
    show_text,
)
from retrieval.evaluation.pages.plots import draw_latency, draw_losses
from retrieval.evaluation.questions import Question, QuestionSet

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
    parts += [
        show_failures(heading, _failures(outcome, asked, evaluation.answers))
        for outcome, heading in FAILURES.items()
    ]
    return show_page(f"Answers on {name}", [part for part in parts if part]).encode("utf-8")


def _drawings(evaluation: AnswersEvaluation) -> str:
    losses = evaluation.overall.losses
    drawings = []
    if losses:
        says = ", ".join(f"{outcome} {share:.3f}" for outcome, share in losses.items())
        drawings.append(show_drawing(draw_losses(losses), f"Of the answerable questions: {says}"))
    drawings.append(show_reliability(evaluation.bins, evaluation.curve, evaluation.overall.reading))
    if evaluation.milliseconds:
        totals = [each["total"] for each in evaluation.milliseconds.values()]
        says = "Histogram of the questions' milliseconds"
        drawings.append(show_drawing(draw_latency(totals, "a question"), says))
        rows = [
            (stage, f"{median:.1f}", f"{most:.1f}")
            for stage, (median, most) in evaluation.latencies().items()
        ]
        drawings.append(show_rows(("milliseconds", "median", "95th percentile"), rows))
    return "\n".join(drawings)


def _moved(asked: QuestionSet, evaluation: AnswersEvaluation, compared: ComparedAnswers) -> str:
    folded = [
        show_question(
            move.query_id,
            asked.questions[move.query_id].text,
            f"{move.other:.3f} \u2192 {move.this:.3f}",
            _content(asked, move.query_id, evaluation.answers[move.query_id]),
        )
        for move in compared.comparison.moved
    ]
    return show_section(f"What moved most ({MOVED_BY}, other \u2192 this)", folded)


def _failures(
    outcome: str, asked: QuestionSet, answers: Mapping[str, JudgedAnswer]
) -> list[Failure]:
    return [
        Failure(
            each,
            asked.questions[each].text,
            found.judged.confidence,
            _content(asked, each, found),
        )
        for each, found in answers.items()
        if found.outcome == outcome
    ]


def _content(asked: QuestionSet, question_id: str, found: JudgedAnswer) -> str:
    expected = _expected(asked, asked.questions[question_id])
    return f"{expected}\n<h3>Found first</h3>\n{_best(asked, found)}"


def _expected(asked: QuestionSet, question: Question) -> str:
    if not question.answerable:
        return "<p>No document answers.</p>"
    documents = [
        f"<li>{_document(asked, document_id)}</li>"
        for document_id in question.relevant[:EXPECTED_SHOWN]
    ]
    left = len(question.relevant) - len(documents)
    more = f'<p class="quiet">and {left:,} more</p>' if left else ""
    return (
        f"{show_accepted(question.answers)}\n<h3>Expected in</h3>\n<ul>\n"
        + "\n".join(documents)
        + f"\n</ul>{more}"
    )


def _best(asked: QuestionSet, found: JudgedAnswer) -> str:
    best = found.best
    if best is None:
        return "<p>Nothing.</p>"
    shown = "shown" if found.shown else "not shown"
    return (
        f"{show_quote(best.sentence, best.offset, best.offset + len(best.text))}\n"
        f"<p>{_document(asked, best.document_id)} "
        f'<span class="quiet">{best.confidence:.4f}, {shown}</span></p>'
    )


def _document(asked: QuestionSet, document_id: str) -> str:
    document = asked.corpus.documents[document_id]
    title = document.title if document.title.strip() else document.text
    quiet = f'<span class="quiet">[{escape(document_id)}]</span>'
    return f"{show_text(shorten(title, 120))} {quiet}"
