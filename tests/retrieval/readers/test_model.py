import datetime

import numpy as np
import pytest

from index.types import Passage
from retrieval.readers.calibration import PLAIN_WEIGHTS, Calibration
from retrieval.readers.layout import Layout
from retrieval.readers.model import Logits, ModelReader
from retrieval.types import SearchWeights, Span
from tests.factories import make_passage, make_tokenizer

TOKENIZER = make_tokenizer()
PASSAGES = [
    make_passage(text, number=number, document_id=f"doc_{number}")
    for number, text in enumerate(
        [
            "The dyke broke on Monday. Rain fell in the valley.",
            "People left the town.",
            "The mayor of the town had left. The dam broke when the river rose.",
            "Why did the river rose? Heavy rain fell. " * 60,
        ]
    )
]
QUESTION = "why did the dam broke"


class EchoModel:
    """A model that looks for the question's words; every score hangs on all that it reads."""

    def __init__(self) -> None:
        self.read: list[list[str]] = []

    def score(self, layout: Layout) -> Logits:
        self.read.append([TOKENIZER.id_to_token(number) for number in layout.ids])
        asked = set(layout.ids[1 : layout.types.index(1) - 1])
        ids = np.array(layout.ids)
        found = np.isin(ids, list(asked)) + (ids * sum(layout.ids) % 97) / 400
        start = found.astype(np.float32)
        return start, np.roll(start, 1)


def reader(model: EchoModel | None = None) -> ModelReader:
    return ModelReader(model or EchoModel(), TOKENIZER)


def by_passage(
    spans: list[Span], passages: list[Passage]
) -> dict[str, list[tuple[int, int, float]]]:
    """The spans of each passage, by its text."""
    found: dict[str, list[tuple[int, int, float]]] = {each.text: [] for each in passages}
    for span in spans:
        found[passages[span.passage].text].append((span.start, span.end, span.confidence))
    return found


def test_spans_are_quotes_of_their_passages_most_confident_first() -> None:
    spans = reader().read(QUESTION, PASSAGES)
    assert {span.passage for span in spans} == set(range(len(PASSAGES)))
    for span in spans:
        text = PASSAGES[span.passage].text
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip() == text[span.start : span.end]
    assert spans == sorted(spans, key=lambda each: (-each.confidence, each.passage, each.start))


def test_a_passages_spans_do_not_depend_on_what_else_is_read_or_in_which_order() -> None:
    together = by_passage(reader().read(QUESTION, PASSAGES), PASSAGES)
    assert by_passage(reader().read(QUESTION, PASSAGES[::-1]), PASSAGES[::-1]) == together
    for passage in PASSAGES:
        alone = reader().read(QUESTION, [passage])
        assert by_passage(alone, [passage])[passage.text] == together[passage.text]


def test_reading_twice_gives_the_same() -> None:
    one = reader()
    assert one.read(QUESTION, PASSAGES) == one.read(QUESTION, PASSAGES)


def test_another_question_is_answered_by_other_spans() -> None:
    assert reader().read(QUESTION, PASSAGES) != reader().read("when had people left", PASSAGES)


def test_equal_spans_are_in_the_order_of_passages_and_then_of_starts() -> None:
    class Indifferent(EchoModel):
        def score(self, layout: Layout) -> Logits:
            return np.zeros(len(layout.ids), np.float32), np.zeros(len(layout.ids), np.float32)

    spans = reader(Indifferent()).read(QUESTION, PASSAGES[:3])
    assert [(span.passage, span.start) for span in spans] == [
        (0, 0),
        (0, 26),
        (1, 0),
        (2, 0),
        (2, 32),
    ]
    assert {span.confidence for span in spans} == {0.5}


def test_no_passages_have_no_spans() -> None:
    model = EchoModel()
    assert reader(model).read(QUESTION, []) == []
    assert model.read == []


@pytest.mark.parametrize("text", ["", " \n", "..."])
def test_a_passage_without_words_has_no_span(text: str) -> None:
    spans = reader().read(QUESTION, [make_passage(text), PASSAGES[1]])
    assert {span.passage for span in spans} == {1}


def test_title_and_date_are_read_before_the_passage_and_never_quoted() -> None:
    passage = Passage(
        1, "doc_1", 0, 10, "Rain fell.", "The river report", datetime.date(1987, 3, 5)
    )
    model = EchoModel()
    spans = reader(model).read("the river report", [passage])
    assert " ".join(model.read[0]) == (
        "[CLS] the river report [SEP] the river report ( 5 m ##a ##r ##c ##h 1 ##9 ##8 ##7 ) . "
        "rain fell . [SEP]"
    )
    assert spans
    assert all(passage.text[span.start : span.end] in passage.text[:9] for span in spans)


def test_a_long_passage_is_read_in_parts() -> None:
    model = EchoModel()
    reader(model).read(QUESTION, [PASSAGES[3]])
    assert len(model.read) == 2
    assert all(len(read) <= 512 for read in model.read)


def test_confidences_are_those_of_the_calibration() -> None:
    plain = {(s.passage, s.start): s for s in reader().read(QUESTION, PASSAGES)}
    calibration = Calibration(slope=0.0, offset=-1.0, threshold=0.7)
    weights = SearchWeights(1, 2, 3, 4, 5, 6, 0.3)
    calibrated = ModelReader(EchoModel(), TOKENIZER, calibration, weights)
    spans = calibrated.read(QUESTION, PASSAGES)
    assert {(span.passage, span.start) for span in spans} == plain.keys()
    assert {span.confidence for span in spans} == {0.268941}
    assert (calibrated.threshold, calibrated.weights) == (0.7, weights)
    assert (reader().threshold, reader().weights) == (0.5, PLAIN_WEIGHTS)
