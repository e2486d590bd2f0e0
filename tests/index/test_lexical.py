import datetime
from collections.abc import Iterable
from pathlib import Path

import pytest

from index.lexical import LexicalIndex, LexicalPassage
from index.types import Filter


def passage(
    number: int,
    text: str,
    *,
    title: str = "",
    collection: str = "default",
    date: datetime.date | None = None,
) -> LexicalPassage:
    return LexicalPassage(number, collection, date, title, text)


def fill(lexical: LexicalIndex, added: Iterable[LexicalPassage], generation: int = 1) -> None:
    with lexical.updating():
        lexical.update(generation, added, [])
    lexical.refresh()


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    return LexicalIndex(tmp_path, "ab12")


def find(
    lexical: LexicalIndex, question: str, count: int = 10, limit: Filter | None = None
) -> list[int]:
    return [hit.passage_id for hit in lexical.search(question, count, limit or Filter())]


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
    scores = [hit.score for hit in lexical.search("river", 10, Filter())]
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


def test_a_word_in_the_title_counts_and_counts_less(lexical: LexicalIndex) -> None:
    fill(
        lexical,
        [
            passage(1, "something", title="river"),
            passage(2, "river", title="something"),
            passage(3, "something", title="something"),
        ],
    )
    assert find(lexical, "river") == [2, 1]


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
    limited = lexical.search("river", 10, Filter(collection="news"))
    assert limited == lexical.search("river", 10, Filter())


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
    other = LexicalIndex(tmp_path, "ab12")
    fill(lexical, [passage(1, "river")], generation=4)
    assert other.generation == 0
    assert other.refresh() == 4
    assert find(other, "river") == [1]
    assert LexicalIndex(tmp_path, "ab12").generation == 4


def test_another_databases_passages_are_not_seen(lexical: LexicalIndex, tmp_path: Path) -> None:
    fill(lexical, [passage(1, "river")])
    assert len(LexicalIndex(tmp_path, "cd34")) == 0


def damaged(folder: Path, pattern: str, content: bytes | None) -> None:
    files = [path for path in folder.glob(f"lexical-*/{pattern}") if path.is_file()]
    assert files, [path.name for path in folder.glob("lexical-*/*")]
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
    opened = LexicalIndex(tmp_path, "ab12")
    assert (opened.generation, len(opened)) == (0, 0)
    fill(opened, [passage(2, "river")], generation=3)
    assert (opened.generation, find(opened, "river")) == (3, [2])
