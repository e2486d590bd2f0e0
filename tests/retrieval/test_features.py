import numpy as np
import pytest

from index.types import PieceVectors
from retrieval.cues import Kind
from retrieval.features import (
    SENTENCE_FEATURES,
    SPAN_FEATURES,
    content_words,
    likeness,
    says_more,
    sentence_features,
    span_features,
)
from retrieval.spans import Candidate


def embed(text: str, directions: dict[str, int]) -> PieceVectors:
    """A piece a word; words with the same direction are the same, others have nothing in common."""
    offsets, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        offsets.append((start, at))
    rows = np.eye(8, dtype=np.float32)[[directions[text[a:b].strip(".?")] for a, b in offsets]]
    return PieceVectors(offsets, rows.reshape(len(offsets), 8), np.eye(8, dtype=np.float32)[0])


def test_likeness_is_the_mean_of_the_best_match_of_each_content_word() -> None:
    directions = {
        "why": 0,
        "did": 1,
        "protests": 2,
        "start": 3,
        "Rallies": 2,
        "began": 3,
        "fell": 4,
    }
    question = "why did protests start"
    asked = embed(question, directions)
    # "why" and "did" are stop words; of "protests" and "start" both, one or none are met.
    assert likeness(question, asked, embed("Rallies began", directions)) == 1.0
    assert likeness(question, asked, embed("Rallies fell", directions)) == 0.5
    assert likeness(question, asked, embed("fell", directions)) == 0.0


def test_likeness_is_zero_where_nothing_can_be_compared() -> None:
    directions = {"why": 0, "did": 1, "rain": 2}
    only_stop_words = embed("why did", directions)
    rain = embed("rain", directions)
    empty = PieceVectors([], np.empty((0, 8), dtype=np.float32), rain.whole)
    assert likeness("why did", only_stop_words, rain) == 0.0
    assert likeness("rain", rain, empty) == 0.0


def test_says_more_counts_what_is_neither_asked_nor_name_nor_time() -> None:
    asked_about = {"protests": 2, "start": 3, "Protests": 2, "began": 3}
    others = {"on": 5, "January": 6, "in": 5, "Almaty": 7, "as": 1, "gas": 4, "was": 1, "dear": 6}
    directions = asked_about | others
    question = "protests start"
    asked = embed(question, directions)

    def more(sentence: str) -> int:
        return says_more(question, asked, sentence, embed(sentence, directions))

    assert more("Protests began") == 0
    assert more("Protests began on January") == 0
    assert more("Protests began in Almaty") == 0
    assert more("Protests began as gas was dear") == 2


def test_says_more_counts_everything_where_the_question_has_no_content() -> None:
    directions = {"why": 0, "gas": 4, "dear": 6, "was": 1}
    asked = embed("why", directions)
    assert says_more("why", asked, "gas was dear", embed("gas was dear", directions)) == 2


def test_content_words_are_stems_without_stop_words() -> None:
    assert content_words("Why did the protests start?") == ["protest", "start"]
    assert content_words("The why of it") == []


def test_features_of_a_sentence_stand_in_their_order() -> None:
    found = sentence_features(Kind.CAUSE, "Because of rain.", (0.5, 0.25), (0.75, -1.0), 3)
    named = dict(zip(SENTENCE_FEATURES, found, strict=True))
    assert named == pytest.approx(
        {
            "bias": 1,
            "cosine": 0.5,
            "window_cosine": 0.75,
            "likeness": 0.25,
            "window_likeness": -1,
            "cue": 1,
            "cue_beside_topic": 0,  # a likeness below 0 is none
            "length": np.log(4) / 3,
            "says_more": np.log(4) / 2,
        }
    )


def test_what_a_sentence_says_more_counts_to_ten() -> None:
    ten, hundred = (
        sentence_features(Kind.OTHER, "Rain.", (0, 0), (0, 0), more) for more in (10, 100)
    )
    assert np.array_equal(ten, hundred)


def test_features_of_a_span_stand_in_their_order() -> None:
    sentence = "The dyke broke because of rain, he said."
    start = sentence.index("because")
    span = Candidate(start, start + len("because of rain"), "cue")
    found = span_features(Kind.CAUSE, ["dyke", "broke"], sentence, span)
    named = dict(zip(SPAN_FEATURES, found, strict=True))
    assert named == pytest.approx(
        {
            "bias": 1,
            "sentence": 0,
            "cue_form": 1,
            "covers": 0,
            "repeats": 0,
            "length": np.log(4) / 3,
            "share": 15 / 40,
            "cue": 1,
            "cue_starts": 1,
            "far": 0,
            "follows_topic": 1,
            "opens": 0,
            "closes": 0,
            "attributes": 0,
        }
    )


def test_a_span_that_repeats_the_question_covers_it() -> None:
    sentence = "The dyke broke, he said."
    whole = span_features(
        Kind.OTHER, ["dyke", "broke"], sentence, Candidate(0, len(sentence) - 1, "sentence")
    )
    named = dict(zip(SPAN_FEATURES, whole, strict=True))
    assert (named["covers"], named["opens"], named["closes"], named["attributes"]) == (1, 1, 1, 1)
    assert named["repeats"] == pytest.approx(2 / 3)
    assert named["sentence"] == 1


def test_a_question_without_content_words_divides_by_nothing() -> None:
    found = span_features(Kind.OTHER, [], "Rain.", Candidate(0, 4, "sentence"))
    assert np.isfinite(found).all()
