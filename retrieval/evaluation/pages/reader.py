"""The page that shows how a reader did on examples, and what went wrong with which."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answers.cite import sentences_around
from retrieval.evaluation.files.examples import Example
from retrieval.evaluation.metrics.figures import Judged
from retrieval.evaluation.pages.page import (
    Failure,
    show_accepted,
    show_failures,
    show_page,
    show_quote,
    show_reliability,
    show_rows,
)
from retrieval.evaluation.reader import Prediction, ReaderEvaluation

WRONG, HIDDEN, ANSWERED = (
    "Wrong: the best span is not right",
    "Hidden: the best span is right, but was not shown",
    "Answered, though the context does not",
)
"""The kinds of failure, as they are called on the page."""


def show_reader(
    name: str,
    headings: Sequence[str],
    rows: Sequence[tuple[str, Sequence[str]]],
    examples: Sequence[Example],
    evaluation: ReaderEvaluation,
) -> bytes:
    """The page for a file of this name.

    `rows` are the table of figures: what each is called, and its cells under `headings`.
    """
    failures: dict[str, list[Failure]] = {WRONG: [], HIDDEN: [], ANSWERED: []}
    judgements = zip(examples, evaluation.predictions, evaluation.judged, strict=True)
    for example, prediction, judged in judgements:
        if kind := _kind(prediction, judged):
            content = _content(example, prediction)
            failures[kind].append(
                Failure(example.id, example.question, prediction.confidence, content)
            )
    parts = [
        f"<h2>Figures</h2>\n{show_rows(('', *headings), [(each, *cells) for each, cells in rows])}",
        show_reliability(evaluation.bins, evaluation.curve, evaluation.overall),
        *(show_failures(heading, found) for heading, found in failures.items()),
    ]
    return show_page(f"Reader on {name}", [part for part in parts if part]).encode("utf-8")


def _kind(prediction: Prediction, judged: Judged) -> str | None:
    if not judged.answerable:
        return ANSWERED if prediction.answered else None
    if not judged.right:
        return WRONG
    return None if prediction.answered else HIDDEN


def _content(example: Example, prediction: Prediction) -> str:
    accepted = example.gold()
    expected = show_accepted(accepted) if accepted else "<p>The context does not answer.</p>"
    if not prediction.text:
        return f"{expected}\n<h3>Found first</h3>\n<p>Nothing.</p>"
    start, end = sentences_around(example.context, prediction.start, prediction.end)
    quote = show_quote(example.context[start:end], prediction.start - start, prediction.end - start)
    shown = "shown" if prediction.answered else "not shown"
    return (
        f"{expected}\n<h3>Found first</h3>\n{quote}\n"
        f'<p class="quiet">{prediction.confidence:.4f}, {shown}</p>'
    )
