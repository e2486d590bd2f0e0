import numpy as np
import pytest

from index.search.search_index import LocalSearchIndex
from index.store.database import Database
from index.types import Filter
from retrieval.search.expand import Context, context_of, nudge_vector, nudge_words
from retrieval.search.hybrid import search_any_length
from retrieval.types import Turn
from tests.factories import store
from tests.fakes import HashEncoder


def test_a_first_question_has_no_context() -> None:
    assert context_of([]) == ()


def test_the_last_turn_is_the_context() -> None:
    history = [
        Turn("Who?", "Who led the inquiry?", quotes=("Venn.",)),
        Turn("Why?", "Why did it end?", ("rain",), ("The rain ended it.", "It was over.")),
    ]
    found = context_of(history)
    assert [each.text for each in found] == ["Why did it end?", "The rain ended it. It was over."]
    assert all(0 < each.dense < 1 and 0 < each.lexical < 1 for each in found)


def test_answers_stand_in_for_quotes_and_nothing_for_nothing() -> None:
    assert [each.text for each in context_of([Turn("Why?", answers=("rain",))])] == ["Why?", "rain"]
    assert [each.text for each in context_of([Turn("Why?", quotes=(" ...",))])] == ["Why?"]


def test_a_vector_is_moved_towards_the_context() -> None:
    encoder = HashEncoder()
    question, other = encoder.embed_question("dyke"), encoder.embed_question("river")
    moved = nudge_vector(question, [Context("river", 0.5, 0.5)], encoder)
    assert np.allclose(moved, (question + 0.5 * other) / np.linalg.norm(question + 0.5 * other))
    assert np.linalg.norm(moved) == pytest.approx(1)
    assert nudge_vector(question, (), encoder) is question


def test_words_of_the_context_add_their_weight() -> None:
    asked = {"dyke": 1.0, "break": 2.0}
    assert nudge_words(asked, [({"dyke": 1.0, "mill": 3.0}, 0.5), ({"mill": 1.0}, 0.25)]) == {
        "dyke": 1.5,
        "break": 2.0,
        "mill": 1.75,
    }
    assert nudge_words(asked, []) == asked == {"dyke": 1.0, "break": 2.0}


def test_context_decides_between_passages_that_are_as_good(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex
) -> None:
    texts = ["Engineers repaired the dyke at Tharnock.", "Engineers repaired the dyke at Welling."]
    for text in texts:
        store(database, encoder, text)
    for town, text in zip(("Tharnock", "Welling"), texts, strict=True):
        nudged, alone = (
            search_any_length(
                "Who repaired the dyke?",
                Filter(),
                2,
                database=database,
                encoder=encoder,
                index=index,
                context=context,
            )
            for context in ([Context(f"What happened at {town}?", 0.2, 0.2)], [])
        )
        assert nudged[0].passage.text == text
        # How near a passage is to the question itself does not depend on the context.
        assert {hit.passage.id: hit.cosine for hit in nudged} == {
            hit.passage.id: hit.cosine for hit in alone
        }
