"""Confidence means the same in a collection of one report as in a larger one."""

import datetime
from contextlib import closing
from pathlib import Path

import pytest

from index.ingest import find_files, ingest
from index.search.search_index import LocalSearchIndex
from index.store.database import Database
from index.types import Encoder, Filter
from retrieval.answer import answer
from retrieval.readers.load import DEFAULT_READER, load_reader
from retrieval.types import Pipeline, Reply

pytestmark = pytest.mark.real

REPORT = """Lift at Harrow Street closed

3 June 2024

The lift at Harrow Street station was closed on Monday because a cable had frayed, the operator
said. A new cable costs 18,500 crowns and takes six days to fit.
"""
UNRELATED = """Choir wins prize

4 June 2024

The children's choir of Oldmere won the regional prize on Tuesday with a song about bees. Its
conductor, Mira Sand, thanked the parents.
"""
QUESTIONS = {
    "Why was the lift closed?": "a cable had frayed",
    "How much does a new cable cost?": "18,500 crowns",
    "How long does it take to fit a new cable?": "six days",
}


def ask_all(home: Path, texts: list[str], encoder: Encoder, models: Path) -> dict[str, Reply]:
    """The reply to each question, from a home with these reports alone."""
    reports = home / "reports"
    reports.mkdir(parents=True)
    for number, text in enumerate(texts):
        (reports / f"{number}.txt").write_text(text, encoding="utf-8")
    with closing(Database(home / "dateline.sqlite3")) as database:
        index = LocalSearchIndex(database, encoder, home / "cache")
        ingest(
            find_files(reports),
            database=database,
            encoder=encoder,
            index=index,
            collection="default",
            today=datetime.date(2026, 1, 1),
        )
        reader = load_reader(DEFAULT_READER, models)
        pipeline = Pipeline(database, encoder, index, reader, reader.weights.threshold)
        return {question: answer(question, Filter(), pipeline) for question in QUESTIONS}


def test_a_lone_report_answers_as_beside_an_unrelated_one(
    tmp_path: Path, real_encoder: Encoder, models_folder: Path
) -> None:
    alone = ask_all(tmp_path / "alone", [REPORT], real_encoder, models_folder)
    beside = ask_all(tmp_path / "beside", [REPORT, UNRELATED], real_encoder, models_folder)
    for question, words in QUESTIONS.items():
        first, second = alone[question].answers[0], beside[question].answers[0]
        assert words in first.text
        assert first.text == second.text
        assert abs(first.confidence - second.confidence) <= 0.05, question
