import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Passage, PieceVectors
from retrieval.cues import Kind
from retrieval.features import SENTENCE_FEATURES, SPAN_FEATURES
from retrieval.read_sentences import (
    SPAN_SENTENCES,
    WEIGHTS_FILE,
    SentenceReader,
    Weights,
    list_sentences,
)
from retrieval.types import Span
from tests.factories import awkward_texts, make_passage
from tests.fakes import HashEncoder


class PieceEncoder(HashEncoder):
    """Embeds every word piece by itself: the same pieces are alike, others are not."""

    def embed_pieces(self, texts: Sequence[str]) -> list[PieceVectors]:
        return [self._embed_pieces(text) for text in texts]

    def _embed_pieces(self, text: str) -> PieceVectors:
        offsets = self.piece_offsets(text)
        rows = [self.embed_question(text[start:end]) for start, end in offsets]
        pieces = np.stack(rows) if rows else np.empty((0, self.dimensions), dtype=np.float32)
        return PieceVectors(offsets, pieces, self.embed_question(text))


def weigh(
    *,
    sentence: dict[str, float] | None = None,
    span: dict[str, float] | None = None,
    calibration: tuple[float, float] = (1.0, 0.0),
) -> Weights:
    """Weights by feature, the same for every kind; all others are 0."""
    rows = []
    for names, given_weights in ((SENTENCE_FEATURES, sentence), (SPAN_FEATURES, span)):
        unknown = (given_weights or {}).keys() - set(names)
        assert not unknown
        row = [(given_weights or {}).get(name, 0.0) for name in names]
        rows.append(np.array([row] * len(Kind)))
    return Weights(rows[0], rows[1], calibration, 0.5)


WHOLE = {"sentence": 1.0}
"""Takes the whole sentence."""
ALIKE = {"likeness": 4.0, "bias": -2.0}
"""As sure as the sentence holds the question's words."""


def read(
    question: str, texts: Sequence[str], weights: Weights, **encoder: int
) -> list[tuple[str, Span]]:
    """Read, check what holds for whatever is read, and give each span with its quote."""
    passages: list[Passage] = [
        make_passage(text, number=number + 1) for number, text in enumerate(texts)
    ]
    found = SentenceReader(PieceEncoder(**encoder), weights).read(question, passages)
    for span in found:
        assert 0 <= span.start < span.end <= len(texts[span.passage])
        assert 0 <= span.confidence <= 1
    keys = [(-span.confidence, span.passage, span.start) for span in found]
    assert keys == sorted(keys)
    for number in range(len(texts)):
        at = sorted((s.start, s.end) for s in found if s.passage == number)
        assert all(first[1] <= second[0] for first, second in itertools.pairwise(at))
    return [(texts[span.passage][span.start : span.end], span) for span in found]


def quotes(question: str, texts: Sequence[str], weights: Weights, **encoder: int) -> list[str]:
    return [quote for quote, _ in read(question, texts, weights, **encoder)]


def test_sentences_come_most_confident_first() -> None:
    texts = ["Rain fell. The river rose.", "The mayor left. The mayor closed the river."]
    assert quotes("mayor river", texts, weigh(sentence=ALIKE, span=WHOLE)) == [
        "The mayor closed the river",
        "The river rose",
        "The mayor left",
        "Rain fell",
    ]


def test_ties_go_by_passage_and_then_by_start() -> None:
    texts = ["One came. Two came.", "Three came.", "Four came. Five came."]
    found = quotes("anything else", texts, weigh(span=WHOLE))
    assert found == ["One came", "Two came", "Three came", "Four came", "Five came"]


def test_confidence_is_the_calibrated_logistic_of_the_score() -> None:
    weights = weigh(sentence={"bias": 0.5}, span=WHOLE, calibration=(2.0, -1.0))
    assert [span.confidence for _, span in read("river", ["Rain fell."], weights)] == [0.5]
    weights = weigh(sentence={"bias": 2.0}, span=WHOLE, calibration=(2.0, -1.0))
    expected = round(1 / (1 + np.exp(-3.0)), 4)
    assert [span.confidence for _, span in read("river", ["Rain fell."], weights)] == [expected]


def test_each_kind_of_question_has_its_own_weights() -> None:
    weights = weigh(span=WHOLE)
    row = list(Kind).index(Kind.FIGURE)
    weights.sentence[row, SENTENCE_FEATURES.index("bias")] = 3.0
    (_, figure), (_, other) = (
        read(question, ["Rain fell."], weights)[0] for question in ("how many?", "what else?")
    )
    assert figure.confidence > other.confidence == 0.5


@pytest.mark.parametrize("texts", [[], [""], [" \r\n"], ["", "\u200b", "...", "\U0001f600"]])
def test_where_there_is_nothing_to_read_there_is_no_span(texts: list[str]) -> None:
    for question in ("why?", "when?", "who?", "river"):
        assert quotes(question, texts, weigh(span=WHOLE)) == []


def test_an_empty_passage_does_not_shift_the_others() -> None:
    ((quote, span),) = read("river", ["", "Rain fell.", ""], weigh(span=WHOLE))
    assert (quote, span.passage) == ("Rain fell", 1)


def test_a_why_question_passes_over_a_sentence_that_only_says_it_again() -> None:
    texts = ["Protests began in Almaty on January 2. Residents were angry: gas was dear."]
    weights = weigh(sentence=ALIKE, span=WHOLE)
    assert quotes("why protests began?", texts, weights) == ["Residents were angry: gas was dear"]
    # Another question may well be answered by it.
    assert quotes("when protests began?", texts, weights)[0] == "on January 2"
    assert quotes("why protests began?", ["Protests began on January 2."], weights) == []


def test_the_span_with_the_right_look_is_taken_where_there_is_one() -> None:
    texts = ["The dyke broke because the clay was soft. Rain fell."]
    weights = weigh(sentence=ALIKE, span=WHOLE)
    assert quotes("why dyke broke", texts, weights) == ["because the clay was soft", "Rain fell"]
    # Of names there are too many: a clause is taken.
    assert quotes("who broke the dyke", ["Anna Grell broke the dyke."], weights) == [
        "Anna Grell broke the dyke"
    ]


def test_the_best_span_of_a_sentence_is_taken() -> None:
    texts = ["Rain fell, the river rose, people fled."]
    assert quotes("river", texts, weigh(span={"covers": 1.0, "share": -0.1})) == ["the river rose"]
    assert quotes("river", texts, weigh(span={"opens": 1.0, "share": -0.1})) == ["Rain fell"]
    # Ties go to the first.
    assert quotes("river", texts, weigh()) == ["Rain fell"]


def test_spans_are_sought_in_the_best_sentences_only() -> None:
    text = " ".join(f"Rain fell on day {number}." for number in range(30))
    assert len(quotes("rain", [text], weigh(span=WHOLE))) == SPAN_SENTENCES


def test_a_sentence_counts_with_the_one_before_it() -> None:
    text = "The dyke broke. Nobody knew. Rain fell."
    found = quotes("dyke broke", [text], weigh(sentence={"window_likeness": 4.0}, span=WHOLE))
    assert found == ["The dyke broke", "Nobody knew", "Rain fell"]


def test_the_window_of_a_sentence_is_it_and_the_one_before() -> None:
    found = list_sentences(["One came.  Two came. Three came.", "Four came."], PieceEncoder())
    assert [(each.passage, each.text, each.window) for each in found] == [
        (0, "One came.", "One came."),
        (0, "Two came.", "One came.  Two came."),
        (0, "Three came.", "Two came. Three came."),
        (1, "Four came.", "Four came."),
    ]


def test_sentences_that_the_encoder_cannot_read_are_passed_over() -> None:
    text = "One came. " + "rain " * 20 + "fell. Three came."
    found = list_sentences([text], PieceEncoder(max_pieces=10))
    # Nor is the window read with such a one in it.
    assert [(each.text, each.window) for each in found] == [
        ("One came.", "One came."),
        ("Three came.", "Three came."),
    ]
    assert quotes("rain", [text], weigh(span=WHOLE), max_pieces=10) == ["One came", "Three came"]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(awkward_texts(8).map(lambda text: text[:400]), max_size=4),
    st.sampled_from(["why?", "when?", "how many?", "where?", "who?", "the river rose", "\u0301"]),
)
def test_no_span_leaves_its_passage(texts: list[str], question: str) -> None:
    for weights in (weigh(sentence=ALIKE, span=WHOLE), weigh(), Weights.load()):
        for quote, _ in read(question, texts, weights):
            assert any(character.isalnum() for character in quote)


def test_the_same_is_read_twice_alike_and_whatever_is_read_beside_it() -> None:
    reader = SentenceReader(PieceEncoder(), Weights.load())
    texts = ["The dyke broke because the clay was soft. Rain fell.", "The mayor left on Tuesday."]
    passages = [make_passage(text) for text in texts]
    question = "why did the dyke break?"
    assert reader.read(question, passages) == reader.read(question, passages)
    alone = reader.read(question, passages[:1])
    assert [span for span in reader.read(question, passages) if span.passage == 0] == alone


def test_the_weights_that_are_shipped_fit() -> None:
    weights = Weights.load()
    assert weights.sentence.shape == (len(Kind), len(SENTENCE_FEATURES))
    assert weights.span.shape == (len(Kind), len(SPAN_FEATURES))
    assert 0 < weights.threshold < 1
    assert SentenceReader(PieceEncoder(), weights).threshold == weights.threshold
    # More likeness must never make less sure.
    assert weights.calibration[0] > 0
    shipped = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    assert shipped["sentence_features"] == list(SENTENCE_FEATURES)
    assert shipped["span_features"] == list(SPAN_FEATURES)


@pytest.mark.parametrize("part", ["sentence", "span"])
@pytest.mark.parametrize("change", ["less", "more", "all less", "renamed", "exchanged"])
def test_weights_of_other_features_are_refused(part: str, change: str, tmp_path: Path) -> None:
    found: dict[str, Any] = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    rows = found[part]
    if change == "more":
        rows["cause"].append(0.5)
    elif change == "less":
        rows["cause"].pop()
    elif change == "all less":
        for row in rows.values():
            row.pop()
    elif change == "renamed":
        found[f"{part}_features"][1] = "wisdom"
    else:
        found[f"{part}_features"][1:3] = found[f"{part}_features"][2:0:-1]
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(ValueError, match=r"fitted for other features: run retrieval\.fit_sent"):
        Weights.load(path)
