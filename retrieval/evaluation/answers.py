"""Ask every question of a corpus as a user would, and judge what is found and shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from index.types import Filter
from retrieval.answer import Found, find_answers
from retrieval.errors import QuestionEmpty
from retrieval.evaluation.answer_judgement import (
    AnswerFigures,
    JudgedAnswer,
    answer_figures,
    judge_answers,
)
from retrieval.evaluation.metrics.answerability import ReliabilityBin, RiskPoint
from retrieval.evaluation.metrics.figures import bins_of, risk_curve
from retrieval.evaluation.pages.plots import latency
from retrieval.evaluation.questions import Question, QuestionSet
from retrieval.types import Pipeline

STAGES = ("total", "search", "read")
"""What is told of a question's time; the total is of all that a user waits for."""


@dataclass(frozen=True, slots=True)
class AnswersEvaluation:
    """What Dateline did on questions over a corpus.

    `by_question` has "why" and "other" (see `asks_why`). `by_source` is sorted by source; questions
    without one are in none of them. `bins` and `curve` are of all questions. `answers` are by
    question, in the file's order. `milliseconds` are by stage, as in `STAGES`, one for each
    question that has a word: all else depends on the corpus, the questions and the pipeline alone.
    """

    threshold: float
    overall: AnswerFigures
    by_question: Mapping[str, AnswerFigures]
    by_source: Mapping[str, AnswerFigures]
    bins: tuple[ReliabilityBin, ...]
    curve: tuple[RiskPoint, ...]
    answers: Mapping[str, JudgedAnswer]
    milliseconds: Mapping[str, Mapping[str, float]]

    def latencies(self) -> dict[str, tuple[float, float]]:
        """By stage, the median and the 95th percentile; nothing if no question has a word."""
        taken = self.milliseconds.values()
        found = {stage: [times[stage] for times in taken] for stage in STAGES if taken}
        return {stage: (latency(each, 0.5), latency(each, 0.95)) for stage, each in found.items()}


def _ignore(_question_id: str) -> None:
    """Do nothing."""


def evaluate_answers(
    asked: QuestionSet,
    pipeline: Pipeline,
    corpus_ids: Mapping[str, str],
    *,
    on_done: Callable[[str], object] = _ignore,
) -> AnswersEvaluation:
    """Ask all questions of a pipeline over the corpus.

    `corpus_ids` are the corpus's ids by the database's. `on_done` is called after each question.
    """
    answers: dict[str, JudgedAnswer] = {}
    milliseconds: dict[str, dict[str, float]] = {}
    for question in asked.questions.values():
        found = _ask(question, pipeline)
        if found is None:
            answers[question.id] = judge_answers(question, (), (), (), corpus_ids)
        else:
            answers[question.id] = judge_answers(
                question, found.hits, found.spans, found.chosen, corpus_ids
            )
            timings = found.reply.timings_ms
            milliseconds[question.id] = {stage: timings[stage] for stage in STAGES}
        on_done(question.id)
    every = list(answers.values())
    judged = [each.judged for each in every]
    sources = sorted({each.source for each in judged} - {""})
    return AnswersEvaluation(
        threshold=pipeline.threshold,
        overall=answer_figures(every),
        by_question={
            "why": answer_figures([each for each in every if each.judged.why]),
            "other": answer_figures([each for each in every if not each.judged.why]),
        },
        by_source={
            source: answer_figures([each for each in every if each.judged.source == source])
            for source in sources
        },
        bins=tuple(bins_of(judged)),
        curve=tuple(risk_curve(judged)),
        answers=answers,
        milliseconds=milliseconds,
    )


def _ask(question: Question, pipeline: Pipeline) -> Found | None:
    """All that is found for a question; None for one without a word."""
    try:
        return find_answers(question.text, Filter(), pipeline, any_length=True)
    except QuestionEmpty:
        return None
