import random
import string

from hypothesis import given
from hypothesis import strategies as st

from index.store.near_duplicates import BANDS, bands, is_same_story, read_story
from tests.factories import awkward_texts


def make_text(count: int, seed: int = 1) -> list[str]:
    """So many words, by chance."""
    chance = random.Random(seed)
    return ["".join(chance.choices(string.ascii_lowercase, k=6)) for _ in range(count)]


def same(one: str, other: str) -> bool:
    return is_same_story(read_story(one), read_story(other))


def share_a_key(one: str, other: str) -> bool:
    return bool(set(bands(read_story(one))) & set(bands(read_story(other))))


def test_a_story_cut_from_the_end_is_the_same_story() -> None:
    words = make_text(200)
    assert same(" ".join(words), " ".join(words[:110]))
    assert share_a_key(" ".join(words), " ".join(words[:110]))


def test_case_line_ends_and_punctuation_do_not_matter() -> None:
    words = make_text(40)
    assert same(" ".join(words), ",\r\n".join(words).upper())


def test_a_corrected_word_changes_nothing_in_a_long_story() -> None:
    words = make_text(150)
    assert same(" ".join(words), " ".join([*words[:70], "corrected", *words[71:]]))


def test_another_days_report_of_the_same_form_is_another_story() -> None:
    form = (
        "The Federal Reserve entered the government securities market to arrange {} billion "
        "dollars of customer repurchase agreements, a spokesman said. Dealers said that federal "
        "funds were trading at {} per cent when the Fed began its temporary and indirect supply "
        "of reserves to the banking system on {}, with {} dealers bidding for {} of the offers."
    )
    one = form.format("1.5", "6.25", "March 3", "12", "31")
    assert same(one, one)
    assert not same(one, form.format("2.1", "6.75", "April 9", "12", "40"))


def test_a_short_report_must_agree_nearly_word_for_word() -> None:
    text = "There were {} grain ships loading and six ships were waiting to load at Portland today."
    assert same(text.format("five"), text.format("five"))
    assert not same(text.format("five"), text.format("nine"))


def test_a_page_of_many_stories_is_none_of_them() -> None:
    words = make_text(100)
    page = " ".join([*make_text(300, seed=2), *words, *make_text(300, seed=3)])
    assert not same(page, " ".join(words))


def test_other_words_are_another_story_and_share_no_key() -> None:
    one, other = " ".join(make_text(100)), " ".join(make_text(100, seed=2))
    assert not same(one, other)
    assert not share_a_key(one, other)


def test_keys_are_the_same_on_every_machine() -> None:
    keys = bands(read_story("Rain fell on the upper valley, and the river broke its dyke."))
    assert len(keys) == BANDS
    assert keys[:2] == [4480593716310603025, 5364333183114123084]


@given(awkward_texts())
def test_any_text_has_keys_that_the_database_can_hold_and_is_its_own_story(text: str) -> None:
    story = read_story(text)
    keys = bands(story)
    assert len(keys) == BANDS
    assert all(0 <= key < 2**63 for key in keys)
    assert is_same_story(story, read_story(text))


@given(awkward_texts(20), awkward_texts(20))
def test_which_of_two_texts_comes_first_does_not_matter(one: str, other: str) -> None:
    assert same(one, other) == same(other, one)


@given(st.integers(3, 60))
def test_the_same_words_share_every_key(count: int) -> None:
    text = " ".join(make_text(count))
    assert bands(read_story(text)) == bands(read_story(text.title()))
