from collections.abc import Sequence

from index.types import Passage
from retrieval.readers.calibration import PLAIN_WEIGHTS
from retrieval.search.rerank import READ_PASSAGES, READING_SHARE, rerank
from retrieval.types import Hit, SearchWeights, Span
from tests.factories import make_passage


class MarkReader:
    """Is as sure of a passage as the number in it says, and half as sure of a second span."""

    threshold = 0.5
    weights: SearchWeights = PLAIN_WEIGHTS

    def __init__(self) -> None:
        self.read_texts: list[str] = []

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        self.read_texts += [passage.text for passage in passages]
        spans = []
        for place, passage in enumerate(passages):
            sure = float(passage.text)
            if sure:
                spans += [Span(place, 0, 1, sure / 2), Span(place, 1, 2, sure)]
        return spans


def hit(number: int, score: float, sure: float) -> Hit:
    return Hit(make_passage(str(sure), number=number), score, 0.5, 1.0)


def ranked(hits: Sequence[Hit]) -> list[tuple[int, float]]:
    return [(each.passage.id, each.score) for each in rerank("Why?", hits, MarkReader())]


def test_the_surest_span_of_a_passage_lifts_it() -> None:
    hits = [hit(1, 0.9, 0.0), hit(2, 0.8, 0.1), hit(3, 0.6, 0.9)]
    assert ranked(hits) == [
        (3, round(0.6 + 0.9 * READING_SHARE, 6)),
        (1, 0.9),
        (2, round(0.8 + 0.1 * READING_SHARE, 6)),
    ]


def test_ties_are_in_the_order_of_ids() -> None:
    assert [number for number, _ in ranked([hit(9, 0.5, 0.2), hit(4, 0.5, 0.2)])] == [4, 9]


def test_what_is_not_read_stays_below_in_its_order() -> None:
    hits = [hit(number, round(1 - number / 100, 2), 0.0) for number in range(READ_PASSAGES + 3)]
    hits[READ_PASSAGES] = hit(READ_PASSAGES, hits[READ_PASSAGES].score, 1.0)
    reader = MarkReader()
    assert rerank("Why?", hits, reader) == hits
    assert len(reader.read_texts) == READ_PASSAGES


def test_nothing_found_is_nothing() -> None:
    assert rerank("Why?", [], MarkReader()) == []
