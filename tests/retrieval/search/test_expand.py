from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest

from retrieval.search.expand import (
    LEARNT_WORDS,
    VECTOR_SHARE,
    WORDS_SHARE,
    learn_words,
    move_vector,
)


def rarity(words: Iterable[str]) -> dict[str, float]:
    """Words that begin with an r are rare, an x is in every text."""
    return {word: {"r": 3.0, "x": 0.0}.get(word[0], 1.0) for word in words}


def test_a_learnt_word_weighs_by_score_share_and_rarity() -> None:
    passages = [(0.8, Counter({"river": 1, "dyke": 3})), (0.4, Counter({"dyke": 1, "xenon": 1}))]
    # river .8 * 1/4 * 3 = .6; dyke .8 * 3/4 + .4 * 1/2 = .8; xenon .4 * 1/2 * 0 = 0: of 1.4
    learnt = learn_words({"flood": 2.0, "dyke": 1.0}, passages, rarity)
    all_new = WORDS_SHARE / (1 - WORDS_SHARE) * 3
    assert learnt == {
        "flood": 2,
        "dyke": pytest.approx(1 + all_new * 0.8 / 1.4),
        "river": pytest.approx(all_new * 0.6 / 1.4),
        "xenon": 0,
    }
    assert sum(learnt.values()) * WORDS_SHARE == pytest.approx(all_new)


def test_only_the_heaviest_words_are_learnt_ties_by_name() -> None:
    words = Counter({f"w{number:02}": 1 for number in range(LEARNT_WORDS + 5)})
    learnt = learn_words({"flood": 1.0}, [(1.0, words)], rarity)
    assert sorted(learnt) == ["flood", *(f"w{number:02}" for number in range(LEARNT_WORDS))]


@pytest.mark.parametrize("passages", [[], [(0.0, Counter({"dyke": 2}))], [(1.0, Counter())]])
def test_nothing_to_learn_leaves_the_question(passages: list[tuple[float, Counter[str]]]) -> None:
    learnt = learn_words({"flood": 1.0}, passages, rarity)
    assert {word: weight for word, weight in learnt.items() if weight} == {"flood": 1.0}


def test_a_vector_is_moved_to_the_mean_and_stays_a_unit() -> None:
    question = np.array([1, 0, 0], dtype=np.float32)
    passages = [np.array([0, 1, 0], dtype=np.float32), np.array([0, 0, 1], dtype=np.float32)]
    moved = move_vector(question, passages)
    wanted = np.array([1 - VECTOR_SHARE, VECTOR_SHARE / 2, VECTOR_SHARE / 2])
    assert moved == pytest.approx(wanted / np.linalg.norm(wanted))
    assert moved.dtype == np.float32
    assert move_vector(question, []) is question
