from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from index.types import Filter
from retrieval.evaluation.collection import (
    Collection,
    collection_folder,
    index_collection,
    open_collection,
)
from retrieval.evaluation.files.beir import Beir, read_beir
from retrieval.evaluation.files.trec_run import strictly_decreasing
from retrieval.evaluation.retrieval import (
    DEPTH,
    RetrievalEvaluation,
    compare_with,
    evaluate_retrieval,
)
from retrieval.search.hybrid import search
from tests.fakes import HashEncoder, WordReader
from tests.retrieval.evaluation.collections import DOCUMENTS, JUDGEMENTS, QUERIES, write_beir

T = TypeVar("T")
WORDS = "river dam rain valley mayor dyke flood people town clay".split()


class Shelf:
    """Collections made of folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.encoder = HashEncoder()

    def read(
        self,
        documents: Sequence[Mapping[str, object]] = DOCUMENTS,
        queries: Sequence[Mapping[str, object]] = QUERIES,
        judgements: Sequence[tuple[str, str, str]] = JUDGEMENTS,
    ) -> Beir:
        return read_beir(write_beir(self.folder / "beir", documents, queries, judgements))

    def run(self, beir: Beir, work: Callable[[Collection], T]) -> T:
        folder = collection_folder(beir.corpus, self.encoder, self.folder / "cache")
        index_collection(beir.corpus, self.encoder, folder)
        with open_collection(folder, self.encoder) as collection:
            return work(collection)

    def evaluate(self, beir: Beir) -> RetrievalEvaluation:
        clock = itertools.count(step=0.002)
        return self.run(
            beir,
            lambda found: evaluate_retrieval(beir, found, WordReader(), clock=lambda: next(clock)),
        )


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def many(count: int, text: Callable[[int], str]) -> list[dict[str, object]]:
    return [{"_id": f"d{number}", "title": "", "text": text(number)} for number in range(count)]


def test_the_documents_that_answer_come_first(shelf: Shelf) -> None:
    evaluation = shelf.evaluate(shelf.read())
    run = evaluation.judged.run
    assert list(run) == ["q1", "q2", "q3", "q4", "q5"]
    assert run["q1"][0].document_id == "d1"
    # The same text twice: the corpus's order.
    assert [found.document_id for found in run["q2"][:2]] == ["d3", "d6"]
    assert evaluation.judged.metrics.per_query["q1"]["nDCG@10"] == 1
    assert evaluation.judged.metrics.per_query["q2"]["AP"] == 1
    assert evaluation.judged.metrics.mean["RR@10"] == pytest.approx(
        sum(each["RR@10"] for each in evaluation.judged.metrics.per_query.values()) / 4
    )


def test_what_counts_differently_is_named(shelf: Shelf) -> None:
    beir = shelf.read()
    evaluation = shelf.evaluate(beir)
    assert evaluation.unjudged == ("q5",)
    # q4 has no word to search for.
    assert evaluation.judged.without_result == ("q4",)
    assert evaluation.judged.metrics.per_query["q4"]["AP"] == 0
    assert evaluation.empty_documents == ("d5",)
    assert evaluation.without_relevant == ()
    nothing = Beir(beir.corpus, beir.queries, {"q1": {"d2": 0}})
    assert shelf.evaluate(nothing).without_relevant == ("q1",)


def test_a_ranking_has_a_hundred_documents_of_a_larger_collection(shelf: Shelf) -> None:
    documents = many(130, lambda number: f"The {WORDS[number % 10]} of day {number}. " * 60)
    queries = [{"_id": "q", "text": "What of the river?"}]
    beir = shelf.read(documents, queries, [("q", "d0", "1")])
    ranking = shelf.evaluate(beir).judged.run["q"]
    assert len(ranking) == len({found.document_id for found in ranking}) == DEPTH
    scores = [found.score for found in ranking]
    assert all(high > low for high, low in itertools.pairwise(scores))


def test_the_ranking_begins_as_a_user_s_does(shelf: Shelf) -> None:
    documents = many(130, lambda number: " ".join(WORDS[: number % 11]) + f" day {number}.")
    question = "What of the dam in the valley of rain?"
    beir = shelf.read(documents, [{"_id": "q", "text": question}], [("q", "d0", "1")])

    def users(collection: Collection) -> list[str]:
        hits = search(
            question,
            Filter(),
            10,
            database=collection.database,
            encoder=collection.encoder,
            index=collection.index,
        )
        return [collection.corpus_ids[hit.passage.document_id] for hit in hits]

    ranking = [found.document_id for found in shelf.evaluate(beir).judged.run["q"]]
    assert ranking[:10] == shelf.run(beir, users)


def test_a_document_of_several_passages_counts_once_by_its_best(shelf: Shelf) -> None:
    filler = "Nothing was said about it all day long. " * 60
    documents = many(3, lambda number: filler + ["Who went?", "The mayor went.", "Rain."][number])
    queries = [{"_id": "q", "text": "Which mayor went?"}]
    beir = shelf.read(documents, queries, [("q", "d1", "1")])
    ranking = shelf.evaluate(beir).judged.run["q"]
    assert ranking[0].document_id == "d1"
    assert sorted(found.document_id for found in ranking) == ["d0", "d1", "d2"]


def test_a_query_longer_than_a_user_s_may_be_is_searched_for(shelf: Shelf) -> None:
    text = "I should like to know it, and to know it soon. " * 60 + "Who went on strike?"
    queries = [{"_id": "q", "text": text}]
    beir = shelf.read(DOCUMENTS, queries, [("q", "d3", "1")])
    assert len(text) > 2_000
    assert shelf.evaluate(beir).judged.metrics.mean["RR@10"] == 1


def test_each_query_is_told_and_timed(shelf: Shelf) -> None:
    beir = shelf.read()
    done: list[str] = []
    clock = itertools.count(step=0.002)
    evaluation = shelf.run(
        beir,
        lambda found: evaluate_retrieval(
            beir, found, WordReader(), on_done=done.append, clock=lambda: next(clock)
        ),
    )
    assert done == list(beir.queries)
    assert evaluation.milliseconds == dict.fromkeys(beir.queries, pytest.approx(2))


def test_latency_is_by_nearest_rank() -> None:
    evaluation = RetrievalEvaluation(
        judged=None,  # type: ignore[arg-type]
        unjudged=(),
        without_relevant=(),
        empty_documents=(),
        milliseconds={str(number): float(number) for number in range(100, 0, -1)},
    )
    assert [evaluation.latency(share) for share in (0, 0.5, 0.95, 1)] == [1, 50, 95, 100]


def test_the_same_collection_gives_the_same_evaluation(shelf: Shelf) -> None:
    beir = shelf.read()
    assert shelf.evaluate(beir) == shelf.evaluate(beir)


def test_another_run_is_measured_beside_it(shelf: Shelf) -> None:
    beir = shelf.read()
    evaluation = shelf.evaluate(beir)
    same = compare_with("same", evaluation.judged.run, beir, evaluation)
    assert same.judged == evaluation.judged
    assert {each.p_value for each in same.comparison.metrics.values()} == {1.0}
    worse = compare_with("worse", {"q1": strictly_decreasing([("d2", 1)])}, beir, evaluation)
    assert worse.name == "worse"
    assert worse.judged.without_result == ("q2", "q3", "q4")
    assert worse.comparison.metrics["AP"].wins == 3
    assert [move.query_id for move in worse.comparison.moved] == ["q1", "q2", "q3"]
