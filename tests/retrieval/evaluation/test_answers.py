from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from index.store.lookup import get_text
from index.types import Filter
from retrieval.answer import answer
from retrieval.evaluation.answer_predictions import prediction_lines
from retrieval.evaluation.answers import AnswersEvaluation, evaluate_answers
from retrieval.evaluation.collection import (
    Collection,
    collection_folder,
    index_collection,
    open_collection,
)
from retrieval.evaluation.questions import QuestionSet, read_questions
from retrieval.types import Pipeline
from tests.fakes import HashEncoder, PhraseReader, WordReader
from tests.retrieval.evaluation.question_sets import DOCUMENTS, QUESTIONS, write_questions

T = TypeVar("T")


class Desk:
    """Asks the questions of folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.encoder = HashEncoder()

    def read(
        self,
        questions: Sequence[Mapping[str, object]] = QUESTIONS,
        documents: Sequence[Mapping[str, object]] = DOCUMENTS,
    ) -> QuestionSet:
        return read_questions(write_questions(self.folder / "asked", documents, questions))

    def run(self, asked: QuestionSet, work: Callable[[Collection, Pipeline], T]) -> T:
        folder = collection_folder(asked.corpus, self.encoder, self.folder / "cache")
        index_collection(asked.corpus, self.encoder, folder)
        with open_collection(folder, self.encoder) as found:
            pipeline = Pipeline(found.database, self.encoder, found.index, WordReader(), 0.6)
            return work(found, pipeline)

    def evaluate(self, asked: QuestionSet, on_done: Callable[[str], object]) -> AnswersEvaluation:
        return self.run(
            asked,
            lambda found, pipeline: evaluate_answers(
                asked, pipeline, found.corpus_ids, on_done=on_done
            ),
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def ignore(_question_id: str) -> None:
    """Do nothing."""


def test_each_question_is_asked_and_judged(desk: Desk) -> None:
    done: list[str] = []
    evaluation = desk.evaluate(desk.read(), done.append)
    assert done == list(evaluation.answers) == ["dyke", "strike", "cup", "mark"]
    assert {each: found.outcome for each, found in evaluation.answers.items()} == {
        "dyke": "shown",
        "strike": "shown",
        "cup": "silent",
        "mark": "retrieval",
    }
    dyke = evaluation.answers["dyke"]
    # Surest is the sentence that has all three words; the other has two of them.
    assert dyke.shown == ("A dyke broke at noon.", "Years later a dyke broke.")
    assert dyke.judged.exact == 1
    assert dyke.best is not None
    assert dyke.best.document_id == "flood"
    assert evaluation.overall.reading.total == 4
    assert evaluation.overall.losses["retrieval"] == pytest.approx(1 / 3)
    assert evaluation.threshold == 0.6


def test_groups_are_by_question_and_by_source(desk: Desk) -> None:
    evaluation = desk.evaluate(desk.read(), ignore)
    assert evaluation.by_question["why"].reading.total == 1
    assert evaluation.by_question["other"].reading.total == 3
    assert list(evaluation.by_source) == ["news", "odd"]
    assert evaluation.by_source["news"].answer_recall == 1
    assert evaluation.by_source["odd"].answer_recall == 0


def test_spans_are_quotes_of_the_stored_documents(desk: Desk) -> None:
    asked = desk.read()

    def check(found: Collection, pipeline: Pipeline) -> int:
        evaluation = evaluate_answers(asked, pipeline, found.corpus_ids)
        ids = {corpus_id: each for each, corpus_id in found.corpus_ids.items()}
        best = [each.best for each in evaluation.answers.values() if each.best is not None]
        with found.database.read() as connection:
            for span in best:
                text = get_text(connection, ids[span.document_id])
                assert text[span.start : span.end] == span.text
        return len(best)

    assert desk.run(asked, check) == 2


@pytest.mark.parametrize("threshold", [0.0, 0.6, 0.9, 1.0])
def test_what_is_shown_is_what_a_user_gets(desk: Desk, threshold: float) -> None:
    asked = desk.read()

    def check(found: Collection, pipeline: Pipeline) -> None:
        pipeline = replace(pipeline, threshold=threshold)
        evaluation = evaluate_answers(asked, pipeline, found.corpus_ids)
        for question_id in ("dyke", "strike", "cup"):
            judged = evaluation.answers[question_id]
            reply = answer(asked.questions[question_id].text, Filter(), pipeline)
            assert judged.shown == tuple(each.text for each in reply.answers)
            assert judged.judged.confidence == reply.confidence
            if reply.answerable:
                assert judged.best is not None
                assert (judged.best.start, judged.best.end) == (
                    reply.answers[0].start,
                    reply.answers[0].end,
                )
                assert judged.best.sentence == reply.citations[0].cited_text

    desk.run(asked, check)


MISSING = [
    {"_id": "first", "text": "14 March 2023\n\nPolice said that 310 people were missing."},
    {"_id": "second", "text": "16 March 2023\n\nThe governor said 1,150 people were missing."},
]


@pytest.mark.parametrize(
    ("accepted", "relevant", "outcome"),
    [("1,150", "second", "shown"), ("310", "first", "ranking")],
)
def test_of_figures_that_differ_the_first_shown_is_judged_not_the_surest(
    desk: Desk, accepted: str, relevant: str, outcome: str
) -> None:
    question = "How many people were missing?"
    asked = desk.read(
        [{"_id": "q", "text": question, "answers": [accepted], "relevant": [relevant]}],
        [{"title": "", **each} for each in MISSING],
    )

    def check(found: Collection, pipeline: Pipeline) -> None:
        reader = PhraseReader({question: {"310": 0.8, "1,150": 0.5}})
        pipeline = replace(pipeline, reader=reader, threshold=0.3)
        reply = answer(question, Filter(), pipeline)
        assert [each.text for each in reply.answers] == ["1,150", "310"]
        judged = evaluate_answers(asked, pipeline, found.corpus_ids).answers["q"]
        assert judged.shown == tuple(each.text for each in reply.answers)
        assert judged.best is not None
        assert judged.best.text == reply.answers[0].text
        assert judged.best.sentence == reply.citations[0].cited_text
        assert judged.judged.confidence == reply.confidence == 0.8
        assert (judged.outcome, judged.judged.exact) == (outcome, outcome == "shown")
        (line,) = prediction_lines({"q": judged})
        assert (line["text"], line["answers"]) == (reply.answers[0].text, list(judged.shown))

    desk.run(asked, check)


@pytest.mark.parametrize("text", ["Thanks!", "hello"])
def test_a_courtesy_is_looked_for_no_more_than_a_user_s(desk: Desk, text: str) -> None:
    documents = [{"_id": "d", "title": "", "text": "Hello, thanks, said the mayor."}]
    question = {"_id": "q", "text": text, "answers": [], "relevant": []}
    evaluation = desk.evaluate(desk.read([question], documents), ignore)
    assert (evaluation.answers["q"].outcome, evaluation.answers["q"].best) == ("silent", None)


def test_a_question_longer_than_a_user_s_may_be_is_answered(desk: Desk) -> None:
    text = "   " + "I should like to know it, and to know it soon. " * 60 + "Who went on strike?"
    question = {**QUESTIONS[1], "text": text}
    evaluation = desk.evaluate(desk.read([question]), ignore)
    assert len(text) > 2_000
    assert evaluation.answers["strike"].relevant_read


def test_questions_with_a_word_are_timed(desk: Desk) -> None:
    evaluation = desk.evaluate(desk.read(), ignore)
    assert list(evaluation.milliseconds) == ["dyke", "strike", "cup"]
    for taken in evaluation.milliseconds.values():
        assert set(taken) == {"total", "search", "read"}
        assert taken["total"] >= taken["search"] >= 0


def test_the_same_questions_give_the_same_evaluation(desk: Desk) -> None:
    asked = desk.read()
    first, second = (desk.evaluate(asked, ignore) for _ in range(2))
    assert replace(first, milliseconds={}) == replace(second, milliseconds={})
