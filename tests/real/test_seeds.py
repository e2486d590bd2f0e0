"""The sample reports and their questions, and how well they are answered."""

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from index.ingest import find_files, ingest
from index.search.search_index import LocalSearchIndex
from index.store.database import Database
from index.types import Encoder, Filter
from retrieval.answer import answer
from retrieval.readers.load import DEFAULT_READER, load_reader
from retrieval.types import Pipeline, Reply

pytestmark = pytest.mark.real

SEEDS = Path(__file__).parent.parent.parent / "seeds"
SAMPLE_SHA256 = "09d9261111d7148beb901084d0f994ffe5cc09fa188a542645d37f28ca91e5aa"
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
ANSWERABLE = [each for each in QUESTIONS if each["answers"]]


def test_the_sample_report_is_as_it_was_given() -> None:
    content = (SEEDS / "kazakhstan-2022-01-05.txt").read_bytes()
    assert hashlib.sha256(content).hexdigest() == SAMPLE_SHA256


def test_the_questions_have_the_form_of_the_design() -> None:
    assert all(each.keys() == {"_id", "text", "answers", "relevant"} for each in QUESTIONS)
    assert len({each["_id"] for each in QUESTIONS}) == len(QUESTIONS)
    assert len({each["text"] for each in QUESTIONS}) == len(QUESTIONS)
    assert (len(ANSWERABLE), len(QUESTIONS)) == (30, 40)


def test_accepted_answers_stand_in_the_relevant_reports() -> None:
    for each in QUESTIONS:
        texts = [(SEEDS / name).read_bytes().decode("utf-8") for name in each["relevant"]]
        assert bool(each["answers"]) == bool(texts), each["_id"]
        for accepted in each["answers"]:
            assert accepted.strip() == accepted != "", each["_id"]
            assert any(accepted in text for text in texts), (each["_id"], accepted)
        for name, text in zip(each["relevant"], texts, strict=True):
            assert any(accepted in text for accepted in each["answers"]), (each["_id"], name)


DIFFERENT = {
    "how many people are missing?": ["five", "seven", "nine", "twelve", "four"],
    "how many houses were flooded?": ["1,150", "640", "310"],
    "how many deaths were there?": ["three", "two"],
    "how many people have returned?": ["2,900", "2,400"],
}
"""Questions that reports, or two sources in one, answer with different figures; newest first."""
NOT_DIFFERENT = (
    "how many vehicles were burned?",
    "how many cars burned down?",
    "how many people were beaten in Almaty?",
    "how many homes lost electricity?",
    "how much money is needed for repairs?",
    "how much did the province set aside for repairs?",
    "how many people slept in the sports hall?",
    "how many houses are there claims for?",
    "how many schools are housing evacuees?",
    "how far is Brethmoor from Quendlow?",
)
"""Questions for which numbers of other things are found too."""


@pytest.fixture(scope="module")
def replies(
    tmp_path_factory: pytest.TempPathFactory, real_encoder: Encoder, models_folder: Path
) -> dict[str, Reply]:
    """The reply to each question, by the question's id; to those on figures, by the question."""
    home = tmp_path_factory.mktemp("seeds")
    database = Database(home / "dateline.sqlite3")
    index = LocalSearchIndex(database, real_encoder, home / "cache")
    outcomes = ingest(
        find_files(SEEDS),
        database=database,
        encoder=real_encoder,
        index=index,
        collection="default",
        today=datetime.date(2026, 1, 1),
    )
    assert {each.status for each in outcomes} == {"added"}
    reader = load_reader(DEFAULT_READER, models_folder)
    pipeline = Pipeline(database, real_encoder, index, reader, reader.weights.threshold)
    found = {each["_id"]: answer(each["text"], Filter(), pipeline) for each in QUESTIONS}
    found |= {each: answer(each, Filter(), pipeline) for each in (*DIFFERENT, *NOT_DIFFERENT)}
    database.close()
    return found


@pytest.mark.parametrize("question", DIFFERENT)
def test_different_figures_are_said_to_differ_newest_first(
    replies: dict[str, Reply], question: str
) -> None:
    reply = replies[question]
    figures = DIFFERENT[question]
    assert [each.text for each in reply.answers][: len(figures)] == figures
    assert reply.differ
    assert reply.note is not None
    assert all(figure in reply.note for figure in figures)
    days = [reply.citations[each.citations[0] - 1].document_date for each in reply.answers]
    known = [day for day in days[: len(figures)] if day is not None]
    assert known == sorted(known, reverse=True)
    assert len(known) == len(figures)
    assert reply.confidence == max(each.confidence for each in reply.answers)


@pytest.mark.parametrize("question", NOT_DIFFERENT)
def test_numbers_of_other_things_are_not_said_to_differ(
    replies: dict[str, Reply], question: str
) -> None:
    reply = replies[question]
    assert reply.answerable
    assert (reply.differ, reply.note) == (False, None)
    sure = [each.confidence for each in reply.answers]
    assert sure == sorted(sure, reverse=True)


def test_no_other_question_gets_figures_that_differ(replies: dict[str, Reply]) -> None:
    texts = {each["_id"]: each["text"] for each in QUESTIONS}
    differing = {
        texts[number] for number, reply in replies.items() if number in texts and reply.differ
    }
    assert differing <= DIFFERENT.keys()


def test_why_the_protests_started_is_answered_first(replies: dict[str, Reply]) -> None:
    citation = replies["k01"].citations[0]
    assert replies["k01"].answerable
    assert replies["k01"].answers[0].text in QUESTIONS[0]["answers"]
    assert "the rise in the cost of liquefied gas" in citation.cited_text
    assert Path(citation.source).name == "kazakhstan-2022-01-05.txt"


def cites_an_answer(question: dict[str, Any], reply: Reply) -> bool:
    """Whether the sentence cited for the first answer holds an accepted one."""
    if not reply.answers:
        return False
    cited = reply.citations[reply.answers[0].citations[0] - 1].cited_text
    return any(accepted in cited for accepted in question["answers"])


def test_most_answers_cite_a_sentence_that_says_it(replies: dict[str, Reply]) -> None:
    missed = [each["_id"] for each in ANSWERABLE if not cites_an_answer(each, replies[each["_id"]])]
    assert len(ANSWERABLE) - len(missed) >= 24, missed


def test_most_first_answers_are_accepted_ones(replies: dict[str, Reply]) -> None:
    found = {each["_id"]: [a.text for a in replies[each["_id"]].answers[:1]] for each in ANSWERABLE}
    right = [each["_id"] for each in ANSWERABLE if set(found[each["_id"]]) & set(each["answers"])]
    assert len(right) >= 22, found


def test_most_questions_that_no_report_answers_get_silence(replies: dict[str, Reply]) -> None:
    silent = [each for each in QUESTIONS if not each["answers"]]
    answered = [each["_id"] for each in silent if replies[each["_id"]].answerable]
    assert len(answered) <= 3, answered


def test_every_quote_stands_in_its_file(replies: dict[str, Reply]) -> None:
    for reply in replies.values():
        assert reply.citations
        for citation in reply.citations:
            text = Path(citation.source).read_bytes().decode("utf-8")
            assert text[citation.start : citation.end] == citation.cited_text
        for each in reply.answers:
            source = reply.citations[each.citations[0] - 1].source
            assert Path(source).read_bytes().decode("utf-8")[each.start : each.end] == each.text
