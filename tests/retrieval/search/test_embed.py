import numpy as np
import pytest
from hypothesis import given, settings

from index.passages import split_passages
from retrieval.search.expand import embed_any_length
from tests.factories import awkward_texts
from tests.fakes import HashEncoder

LONG = (
    "The river rose by four metres. " * 40 + "Who closed the dam at Ambry, and when was it? " * 20
)


def test_a_question_that_is_read_in_full_has_the_encoders_own_vector() -> None:
    encoder = HashEncoder()
    for question in ("Why did the dam break?", "word " * encoder.max_pieces):
        found = embed_any_length(question, encoder)
        assert np.array_equal(found, encoder.embed_question(question))


def test_a_longer_one_has_the_mean_of_its_parts_at_length_1() -> None:
    encoder = HashEncoder()
    parts = [LONG[part.start : part.end] for part in split_passages(LONG, encoder)]
    assert len(parts) > 1
    assert "".join(parts).replace(" ", "") == LONG.replace(" ", "")
    mean = sum(encoder.embed_question(part) for part in parts) / len(parts)
    found = embed_any_length(LONG, encoder)
    assert found.dtype == np.float32
    assert found == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


def test_the_end_of_a_long_question_counts() -> None:
    encoder = HashEncoder()
    dam = encoder.embed_question("Who closed the dam at Ambry, and when was it?")
    river = embed_any_length("The river rose by four metres. " * 80, encoder)
    assert dam @ embed_any_length(LONG, encoder) > dam @ river + 0.2


@settings(deadline=None, max_examples=25)
@given(awkward_texts())
def test_no_text_is_too_odd_to_embed(text: str) -> None:
    vector = embed_any_length(text + " word" * 260, HashEncoder(dimensions=16))
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
