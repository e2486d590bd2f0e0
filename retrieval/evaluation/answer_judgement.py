"""Judge what was found for a question: what is shown, and where a wrong answer was lost.

The formulas of exact match and F1 are those of `text_match`. A span is right if its F1 with an
accepted answer is `RIGHT_F1` or more and it stands in a relevant document: the right words in
another document are no evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.answers.cite import sentences_around
from retrieval.evaluation.metrics.figures import Judged, ReaderFigures, mean, reader_figures
from retrieval.evaluation.metrics.text_match import asks_why, best_exact, best_f1, normalise
from retrieval.evaluation.questions import Question
from retrieval.evaluation.reader import RIGHT_F1
from retrieval.types import Hit, Span

LOSSES = ("shown", "retrieval", "reader", "ranking", "threshold")
"""What became of an answerable question; each is in the first that holds.

"shown": the first answer shown is right. "retrieval": no passage that was read is of a relevant
document and answers. "reader": there is one, but no span that was read is right. "ranking": a right
one was read, but another came first. "threshold": the right one came first and was not shown.
A passage answers if an accepted answer's words stand in it, or a right span was read there.
"""

SILENCES = ("silent", "answered")
"""What became of an unanswerable question."""


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span that was found: `document.text[start:end] == text`.

    The ids are the corpus's. `sentence` is what it stands in, as it is cited, at `offset`.
    """

    text: str
    document_id: str
    start: int
    end: int
    confidence: float
    sentence: str
    offset: int


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """One question's answers, judged.

    `judged` is as for a reader: of the first answer shown, and of the surest span, which is right
    only in a relevant document. `best` is the first answer shown, which need not be the surest span
    where figures differ; that span where none is shown; None where nothing was found. `shown` are
    the answers' texts. `right_document` says whether the first answer shown stands in a relevant
    document, `recalled` and `recalled_exact` whether any answer shown has an F1 of `RIGHT_F1`, or
    is equal. `relevant_read` says whether a passage of a relevant document was read, `answer_read`
    whether an accepted answer's words stand in one. `outcome` is one of `LOSSES` or of `SILENCES`.
    """

    judged: Judged
    best: FoundSpan | None
    shown: tuple[str, ...]
    right_document: bool
    recalled: bool
    recalled_exact: bool
    relevant_read: bool
    answer_read: bool
    outcome: str


def judge_answers(
    question: Question,
    hits: Sequence[Hit],
    spans: Sequence[Span],
    chosen: Sequence[Sequence[Span]],
    corpus_ids: Mapping[str, str],
) -> JudgedAnswer:
    """Judge the spans found in the passages of `hits`, and those of them that are shown.

    `spans` are surest first; `chosen` are groups of them, an answer each, in the order shown.
    """
    first = chosen[0][0] if chosen else next(iter(spans), None)
    shown = tuple(_text(group[0], hits) for group in chosen)
    relevant = [corpus_ids[hit.passage.document_id] in question.relevant for hit in hits]

    def is_right(span: Span) -> bool:
        f1 = best_f1(_text(span, hits), question.answers)
        return relevant[span.passage] and f1 >= RIGHT_F1

    right = [is_right(span) for span in spans]
    read = [
        hit.passage.text for hit, is_relevant in zip(hits, relevant, strict=True) if is_relevant
    ]
    answer_read = any(holds_answer(text, question.answers) for text in read)
    surest = _text(spans[0], hits) if spans else ""
    exact, f1 = score_shown(question, shown[0] if shown else None)
    return JudgedAnswer(
        judged=Judged(
            source=question.source,
            why=asks_why(question.text),
            answerable=question.answerable,
            confidence=spans[0].confidence if spans else 0.0,
            exact=exact,
            f1=f1,
            span_exact=best_exact(surest, question.answers),
            span_f1=best_f1(surest, question.answers),
            right=bool(right) and right[0],
        ),
        best=None if first is None else _found(first, hits, corpus_ids),
        shown=shown,
        right_document=bool(chosen) and relevant[chosen[0][0].passage],
        recalled=recalls(question, shown),
        recalled_exact=any(best_exact(text, question.answers) for text in shown)
        and question.answerable,
        relevant_read=bool(read),
        answer_read=answer_read,
        outcome=_outcome(
            question,
            answer_read=answer_read,
            span_read=any(right),
            first_right=first is not None and is_right(first),
            shown=bool(shown),
        ),
    )


def score_shown(question: Question, text: str | None) -> tuple[float, float]:
    """Exact match and F1 of the first answer shown; None where none is.

    Where no document answers, silence alone is right.
    """
    if not question.answerable:
        silent = float(text is None)
        return silent, silent
    return best_exact(text or "", question.answers), best_f1(text or "", question.answers)


def recalls(question: Question, shown: Sequence[str]) -> bool:
    """Whether one of the answers shown has an F1 of `RIGHT_F1` or more with an accepted one."""
    return question.answerable and any(
        best_f1(text, question.answers) >= RIGHT_F1 for text in shown
    )


def holds_answer(text: str, accepted: Sequence[str]) -> bool:
    """Whether the words of an accepted answer stand in the text in a row, both normalised."""
    words = f" {normalise(text)} "
    return any(f" {normalise(each)} " in words for each in accepted)


def _outcome(
    question: Question, *, answer_read: bool, span_read: bool, first_right: bool, shown: bool
) -> str:
    if not question.answerable:
        return "answered" if shown else "silent"
    if not span_read:
        return "reader" if answer_read else "retrieval"
    if not first_right:
        return "ranking"
    return "shown" if shown else "threshold"


def _text(span: Span, hits: Sequence[Hit]) -> str:
    return hits[span.passage].passage.text[span.start : span.end]


def _found(span: Span, hits: Sequence[Hit], corpus_ids: Mapping[str, str]) -> FoundSpan:
    passage = hits[span.passage].passage
    start, end = sentences_around(passage.text, span.start, span.end)
    return FoundSpan(
        text=passage.text[span.start : span.end],
        document_id=corpus_ids[passage.document_id],
        start=passage.start + span.start,
        end=passage.start + span.end,
        confidence=span.confidence,
        sentence=passage.text[start:end],
        offset=span.start - start,
    )


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Figures of a group of questions; None where no question of the group counts for one.

    `reading` is as for a reader alone, of the first answer shown and the best span of all passages
    (see `JudgedAnswer`): its `no_answer_accuracy` is how often Dateline is silent where no
    document answers.

    The others are over the answerable questions: how often the first answer shown stands in a
    relevant document; how often one of the answers shown is right by its words, and equals an
    accepted one; how many answers are shown; how often a passage of a relevant document was read,
    and one with an accepted answer in it. `losses` are the shares of `LOSSES` among the answerable
    questions, `silences` those of `SILENCES` among the others: each adds up to 1, or is empty.
    """

    reading: ReaderFigures
    right_document: float | None
    answer_recall: float | None
    answer_recall_exact: float | None
    answers_shown: float | None
    passage_recall: float | None
    answer_read: float | None
    losses: Mapping[str, float]
    silences: Mapping[str, float]


def answer_figures(answers: Sequence[JudgedAnswer]) -> AnswerFigures:
    """The figures of the questions, in whatever order they come."""
    answerable = [each for each in answers if each.judged.answerable]
    others = [each for each in answers if not each.judged.answerable]
    return AnswerFigures(
        reading=reader_figures([each.judged for each in answers]),
        right_document=mean(each.right_document for each in answerable),
        answer_recall=mean(each.recalled for each in answerable),
        answer_recall_exact=mean(each.recalled_exact for each in answerable),
        answers_shown=mean(len(each.shown) for each in answerable),
        passage_recall=mean(each.relevant_read for each in answerable),
        answer_read=mean(each.answer_read for each in answerable),
        losses=_shares(answerable, LOSSES),
        silences=_shares(others, SILENCES),
    )


def _shares(answers: Sequence[JudgedAnswer], outcomes: Sequence[str]) -> dict[str, float]:
    if not answers:
        return {}
    found = [each.outcome for each in answers]
    return {outcome: found.count(outcome) / len(found) for outcome in outcomes}
