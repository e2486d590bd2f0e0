from collections.abc import Callable

from retrieval.about_answers.more import is_same
from retrieval.about_answers.reply import clip, compose, find_place, overlapping, pick, surest
from retrieval.timing import STAGES
from retrieval.types import Pipeline, Reply, Span
from tests.retrieval.about_answers.conftest import MakeReply

Check = Callable[[Reply], Reply]
TEXT = "The river rose. The dyke broke on Tuesday. The mayor left the town on Friday."


def test_answers_are_numbered_anew_in_order(make_reply: MakeReply, check: Check) -> None:
    one = make_reply(TEXT, "The river rose", "Tuesday", "Friday")
    other = make_reply(f"Again. {TEXT}", "The river rose")
    picked = [pick(one)[2], pick(other)[0], pick(one)[1], pick(one)[2]]
    reply = check(compose("Why?", "Why so?", picked, "A remark."))
    assert [each.text for each in reply.answers] == [
        *("Friday", "The river rose", "Tuesday", "Friday")
    ]
    # The same place keeps its number.
    assert [each.citations for each in reply.answers] == [(1,), (2,), (3,), (1,)]
    assert (reply.question, reply.standalone_question) == ("Why?", "Why so?")
    assert reply.note == "A remark."
    assert reply.timings_ms.keys() == set(STAGES)


def test_a_reply_without_answers_has_nothing(check: Check) -> None:
    reply = check(compose("Why?", "Why?", []))
    assert (reply.answerable, reply.confidence, reply.citations) == (False, 0.0, ())


def test_an_answers_place_is_found_again(
    pipeline: Pipeline, make_reply: MakeReply, check: Check
) -> None:
    (picked,) = pick(make_reply(TEXT, "dyke"))
    place = find_place(picked, pipeline)
    assert place is not None
    start, end = place.sentence
    assert place.passage.text[start:end] == "The dyke broke on Tuesday."
    friday = TEXT.index("Friday")
    quoted = place.quote(friday, friday + 6, 0.123456)
    reply = check(compose("When?", "When?", [quoted]))
    assert (reply.answers[0].text, reply.confidence) == ("Friday", 0.1235)


def test_answers_are_the_same_by_words_or_by_place(make_reply: MakeReply) -> None:
    one = pick(make_reply(TEXT, "The dyke", "dyke broke", "river"))
    other = pick(make_reply(f"Again. {TEXT}", "dyke", "broke"))
    assert is_same(one[0], other[0])
    assert is_same(one[0], one[1])
    assert not is_same(one[0], one[2])
    assert not is_same(one[1], other[1])


def test_spans_are_chosen_by_confidence_and_place() -> None:
    spans = [Span(0, 0, 4, 0.2), Span(0, 5, 9, 0.7), Span(0, 8, 12, 0.7)]
    assert overlapping(spans, 4, 5) == []
    assert overlapping(spans, 8, 9) == spans[1:]
    assert surest(spans, 0.7) == spans[1]
    assert surest(spans, 0.71) is None
    assert surest([], 0.0) is None


def test_a_long_quote_is_cut_between_words() -> None:
    assert clip("short\n words ") == "short words"
    cut = clip("word " * 100)
    assert 100 < len(cut) <= 200
    assert cut.endswith("word")
    assert len(clip("\u96e8" * 900)) == 200
