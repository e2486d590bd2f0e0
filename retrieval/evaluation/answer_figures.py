"""What the answers to questions over a corpus add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retrieval.evaluation.answer_judgement import LOSSES, SILENCES, JudgedAnswer
from retrieval.evaluation.reader_figures import ReaderFigures, mean, reader_figures


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
