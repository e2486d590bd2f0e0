import datetime
import math
from collections.abc import Iterable
from pathlib import Path

import pytest

from index.search.lexical import LexicalIndex, LexicalText
from index.types import Filter, Scored


def passage(
    number: int,
    text: str,
    *,
    title: str = "",
    collection: str = "default",
    date: datetime.date | None = None,
) -> LexicalText:
    return LexicalText(number, collection, date, title, text)


def fill(lexical: LexicalIndex, added: Iterable[LexicalText], generation: int = 1) -> None:
    with lexical.updating():
        lexical.update(generation, added, [])
    lexical.refresh()


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    return LexicalIndex(tmp_path, "ab12", "passages")


def search(
    lexical: LexicalIndex, question: str, count: int = 10, limit: Filter | None = None
) -> list[Scored]:
    return lexical.search(lexical.words(question), count, limit or Filter())


def find(
    lexical: LexicalIndex, question: str, count: int = 10, limit: Filter | None = None
) -> list[int]:
    return [hit.passage_id for hit in search(lexical, question, count, limit)]


def test_rarer_and_more_frequent_words_and_shorter_passages_rank_higher(
    lexical: LexicalIndex,
) -> None:
    fill(
        lexical,
        [
            passage(1, "river one two three four five six seven"),
            passage(2, "river"),
            passage(3, "dyke one two three four five six seven"),
            passage(4, "river river two three four five six seven"),
            passage(5, "nothing of the kind"),
        ],
    )
    assert find(lexical, "river dyke") == [3, 2, 4, 1]


def test_scores_fall_and_are_positive(lexical: LexicalIndex) -> None:
    fill(lexical, [passage(number, "river " * number + "dyke") for number in range(1, 9)])
    scores = [hit.score for hit in search(lexical, "river")]
    assert len(scores) == 8
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("protesting", "Protests began in the city"),
        ("the PROTESTERS", "one protester came"),
        ("cafe", "a caf\u00e9 burned down"),
        ("who was it", "It was he who came"),  # stop words count where there is nothing else
        ("1,200", "about 1,200 people"),
    ],
)
def test_words_are_found_in_other_forms(lexical: LexicalIndex, question: str, text: str) -> None:
    fill(lexical, [passage(1, "Something else entirely"), passage(2, text)])
    assert find(lexical, question)[:1] == [2]


def test_stop_words_do_not_draw_in_passages(lexical: LexicalIndex) -> None:
    fill(lexical, [passage(1, "why did the and of it"), passage(2, "river")])
    assert find(lexical, "why did the river rise?") == [2]


def test_a_word_in_the_title_counts_as_one_in_the_text(lexical: LexicalIndex) -> None:
    fill(
        lexical,
        [
            passage(1, "something", title="river"),
            passage(2, "river", title="something"),
            passage(3, "something", title="something"),
        ],
    )
    one, other = search(lexical, "river")
    assert (one.passage_id, other.passage_id) == (1, 2)
    assert one.score == other.score


def test_words_are_stems_counted_without_stop_words(lexical: LexicalIndex) -> None:
    assert lexical.words("Why did the dykes break? A dyke broke!") == {
        "dyke": 2,
        "break": 1,
        "broke": 1,
    }
    assert lexical.words("who is it") == {"who": 1, "is": 1, "it": 1}


def test_a_words_weight_multiplies_its_score(lexical: LexicalIndex) -> None:
    fill(lexical, [passage(1, "river"), passage(2, "dyke"), passage(3, "river dyke")])
    score = {hit.passage_id: hit.score for hit in lexical.search({"river": 1.0}, 9, Filter())}
    twice = {
        hit.passage_id: hit.score
        for hit in lexical.search({"river": 2.0, "dyke": 0.5}, 9, Filter())
    }
    # Both words are in two of three: as rare as each other.
    assert twice[1] == pytest.approx(2 * score[1], abs=1e-5)
    assert twice[2] == pytest.approx(0.5 * score[1], abs=1e-5)
    assert twice[3] == pytest.approx(2.5 * score[3], abs=1e-5)


def test_rarity_is_the_formula_of_bm25(lexical: LexicalIndex) -> None:
    fill(lexical, [passage(number, "river" if number < 3 else "dyke") for number in range(1, 8)])
    # Eight entries: seven texts, and the one that names the generation.
    assert lexical.rarity(["river", "dyke", "none"]) == {
        "river": pytest.approx(math.log(1 + 6.5 / 2.5)),
        "dyke": pytest.approx(math.log(1 + 3.5 / 5.5)),
        "none": pytest.approx(math.log(1 + 8.5 / 0.5)),
    }


def test_scores_of_texts_are_those_of_a_search(lexical: LexicalIndex) -> None:
    fill(lexical, [passage(number, "river " * number + "dyke") for number in range(1, 30)])
    words = lexical.words("river dyke")
    found = {hit.passage_id: hit.score for hit in lexical.search(words, 99, Filter())}
    assert lexical.scores(words, range(1, 30)) == found
    assert lexical.scores(words, [3, 7, 99]) == {3: found[3], 7: found[7]}
    assert lexical.scores(lexical.words("fire"), [1, 2]) == {}
    assert lexical.scores({}, [1]) == {}
    assert lexical.scores(words, []) == {}


@pytest.mark.parametrize(
    "question",
    [
        "river AND NOT dyke",
        'river OR "the dyke',
        "text:river title:dyke id:0",
        "river) (dyke [1 TO *] {a} ^2 ~3",
        "river && dyke || !x + - /re.*/ \\",
        "state:0 river* dyk?",
        "river\u0000dyke\u200b",
        "river " * 500,
    ],
)
def test_signs_of_query_languages_are_harmless(lexical: LexicalIndex, question: str) -> None:
    fill(lexical, [passage(1, "river"), passage(2, "dyke"), passage(3, "something")])
    found = find(lexical, question)
    assert 1 in found
    assert 0 not in found
    assert 3 not in found


@pytest.mark.parametrize("question", ["", "?!", "\U0001f600", "[](){}", "\u200b"])
def test_a_question_without_words_finds_nothing(lexical: LexicalIndex, question: str) -> None:
    fill(lexical, [passage(1, "river")])
    assert find(lexical, question) == []


@pytest.mark.parametrize(
    ("limit", "found"),
    [
        (Filter(), [1, 2, 3, 4]),
        (Filter(collection="news"), [1, 2]),
        (Filter(collection="none"), []),
        (Filter(since=datetime.date(2022, 1, 6)), [2, 3]),
        (Filter(until=datetime.date(2022, 1, 6)), [1, 2]),
        (Filter("news", datetime.date(2022, 1, 6), datetime.date(2022, 1, 6)), [2]),
        (Filter(since=datetime.date.min, until=datetime.date.max), [1, 2, 3]),
    ],
)
def test_a_filter_lets_pass_what_it_says(
    lexical: LexicalIndex, limit: Filter, found: list[int]
) -> None:
    fill(
        lexical,
        [
            passage(1, "river", collection="news", date=datetime.date(2022, 1, 5)),
            passage(2, "river", collection="news", date=datetime.date(2022, 1, 6)),
            passage(3, "river", collection="briefings", date=datetime.date(2022, 1, 7)),
            passage(4, "river", collection="briefings"),
        ],
    )
    assert find(lexical, "river", limit=limit) == found


def test_a_filter_does_not_change_scores(lexical: LexicalIndex) -> None:
    fill(lexical, [passage(1, "river", collection="news"), passage(2, "dyke", collection="news")])
    limited = search(lexical, "river", limit=Filter(collection="news"))
    assert limited == search(lexical, "river")


@pytest.mark.parametrize("count", [1, 2, 19, 20, 21])
def test_ties_are_ordered_and_cut_by_id(lexical: LexicalIndex, count: int) -> None:
    fill(lexical, [passage(number, "river") for number in range(20, 0, -1)])
    assert find(lexical, "river", count) == list(range(1, 21))[:count]


def test_an_update_adds_removes_and_replaces(lexical: LexicalIndex) -> None:
    fill(lexical, [passage(number, "river") for number in range(1, 7)])
    with lexical.updating():
        lexical.update(2, [passage(7, "river"), passage(6, "dyke")], [(1, 2), (4, 1), (90, 3)])
    assert lexical.ids() == [1, 2, 3, 4, 5, 6]  # not seen yet
    assert lexical.refresh() == 2
    assert lexical.ids() == [3, 5, 6, 7]
    assert len(lexical) == 4
    assert find(lexical, "river") == [3, 5, 7]
    assert find(lexical, "dyke") == [6]


def test_an_update_afresh_forgets_what_was_there(lexical: LexicalIndex) -> None:
    fill(lexical, [passage(1, "river"), passage(2, "river")])
    with lexical.updating():
        lexical.update(5, [passage(3, "river")], [], afresh=True)
    assert lexical.refresh() == 5
    assert lexical.ids() == [3]


def test_a_new_index_is_empty_at_generation_0(lexical: LexicalIndex) -> None:
    assert (lexical.generation, len(lexical), lexical.ids()) == (0, 0, [])
    assert find(lexical, "river") == []


def test_another_instance_sees_what_was_written(lexical: LexicalIndex, tmp_path: Path) -> None:
    other = LexicalIndex(tmp_path, "ab12", "passages")
    fill(lexical, [passage(1, "river")], generation=4)
    assert other.generation == 0
    assert other.refresh() == 4
    assert find(other, "river") == [1]
    assert LexicalIndex(tmp_path, "ab12", "passages").generation == 4


def test_another_databases_passages_are_not_seen(lexical: LexicalIndex, tmp_path: Path) -> None:
    fill(lexical, [passage(1, "river")])
    assert len(LexicalIndex(tmp_path, "cd34", "passages")) == 0


def damaged(folder: Path, pattern: str, content: bytes | None) -> None:
    files = [path for path in folder.glob(f"passages-*/{pattern}") if path.is_file()]
    assert files, [path.name for path in folder.glob("passages-*/*")]
    for path in files:
        path.unlink() if content is None else path.write_bytes(content)


@pytest.mark.parametrize(
    ("pattern", "content"),
    [
        ("meta.json", b"{"),
        ("meta.json", b""),
        ("meta.json", b"\xff\xfe"),
        ("meta.json", None),
        ("*.store", b""),
        ("*.store", None),
        ("*.idx", None),
        ("*.fast", b"x" * 50),
        ("*", b""),
    ],
)
def test_a_damaged_folder_is_opened_empty_and_can_be_filled_again(
    lexical: LexicalIndex, tmp_path: Path, pattern: str, content: bytes | None
) -> None:
    fill(lexical, [passage(1, "river")])
    damaged(tmp_path, pattern, content)
    opened = LexicalIndex(tmp_path, "ab12", "passages")
    assert (opened.generation, len(opened)) == (0, 0)
    fill(opened, [passage(2, "river")], generation=3)
    assert (opened.generation, find(opened, "river")) == (3, [2])
