"""The sample reports' questions, measured as a collection."""

import json
from pathlib import Path

import pytest

from index.types import Encoder
from retrieval.evaluation.answers import evaluate_answers
from retrieval.evaluation.collection import collection_folder, index_collection, open_collection
from retrieval.evaluation.questions import read_questions
from retrieval.readers.load import DEFAULT_READER, load_reader
from retrieval.types import Pipeline

pytestmark = pytest.mark.real

SEEDS = Path(__file__).parent.parent.parent / "seeds"


def test_the_sample_questions_are_measured(
    tmp_path: Path, real_encoder: Encoder, models_folder: Path
) -> None:
    reports = sorted(path for path in SEEDS.iterdir() if path.suffix in {".txt", ".md"})
    with (tmp_path / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for path in reports:
            text = path.read_bytes().decode("utf-8")
            file.write(f"{json.dumps({'_id': path.name, 'text': text})}\n")
    (tmp_path / "questions.jsonl").write_bytes((SEEDS / "questions.jsonl").read_bytes())
    asked = read_questions(tmp_path)
    folder = collection_folder(asked.corpus, real_encoder, tmp_path)
    index_collection(asked.corpus, real_encoder, folder)
    reader = load_reader(DEFAULT_READER, models_folder)
    with open_collection(folder, real_encoder) as found:
        threshold = reader.weights.threshold
        pipeline = Pipeline(found.database, real_encoder, found.index, reader, threshold)
        evaluation = evaluate_answers(asked, pipeline, found.corpus_ids)
    figures = evaluation.overall
    assert (figures.reading.total, figures.reading.answerable) == (40, 30)
    # Six reports have few passages: nearly all of what answers is read.
    assert (figures.answer_read or 0) >= 0.9
    assert (figures.reading.has_answer_exact or 0) >= 0.7
    assert (figures.reading.no_answer_accuracy or 0) >= 0.7
    assert sum(figures.losses.values()) == pytest.approx(1)
    assert len(evaluation.milliseconds) == 40
