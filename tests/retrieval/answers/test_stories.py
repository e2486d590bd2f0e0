import datetime

import pytest

from index.store.delete import delete_document
from index.types import Filter, Passage
from retrieval.answers.merge import merge_spans
from retrieval.answers.stories import count_stories, one_a_story, read_once
from retrieval.converse import converse
from retrieval.types import Exchange, Hit, Pipeline, Span
from tests.factories import make_passage, store
from tests.retrieval.test_answer import ask

DYKE = "The river Tharnock broke its dyke on Tuesday because meltwater had softened the clay."
REST = (
    "Police closed the road to Quendlow before dawn and asked drivers to turn back at the mill. "
    "Twelve families left their houses for the school, where the mayor brought blankets and soup. "
    "An engineer of the water authority said that his staff would look at the core of the dyke. "
    "Farmers drove cattle to the hills while soldiers filled sandbags along the lower bank. "
)
STORY = f"{DYKE} {REST}"
PAPERS = (STORY, f"From our own correspondent in Quendlow. {STORY}", f"{STORY}Read more on page 4.")
SAME = {"a": ("b", "c"), "b": ("a", "c"), "c": ("a", "b")}


def make_hit(text: str, document_id: str) -> Hit:
    return Hit(make_passage(text, document_id=document_id), 1.0, 1.0, 0.0)


@pytest.fixture
def papers(pipeline: Pipeline) -> list[str]:
    """The ids of the three reports of one story, beside one of another."""
    store(pipeline.database, pipeline.encoder, "A fire burned down the old mill on the hill.")
    return [
        store(
            pipeline.database,
            pipeline.encoder,
            text,
            title=f"Paper {number}",
            date=datetime.date(2023, 3, number),
        ).document_id
        for number, text in enumerate(PAPERS, start=1)
    ]


def test_an_answer_that_three_papers_print_is_one_and_cites_all_three(
    pipeline: Pipeline, papers: list[str]
) -> None:
    reply = ask("Why did the river Tharnock break its dyke?", pipeline)
    assert len(reply.answers) == 1
    assert reply.answers[0].citations == (1, 2, 3)
    assert {each.document_id for each in reply.citations} == set(papers)
    assert {each.cited_text for each in reply.citations} == {DYKE}


def test_a_paper_that_was_not_read_is_cited_too(pipeline: Pipeline, papers: list[str]) -> None:
    """Search finds no passages of it: only the database tells that it has the story."""
    many = [
        store(
            pipeline.database,
            pipeline.encoder,
            f"{STORY}{'The paper thanks its readers. ' * number}",
        ).document_id
        for number in range(1, 4)
    ]
    reply = ask("Why did the river Tharnock break its dyke?", pipeline)
    assert {each.document_id for each in reply.citations} == {*papers, *many}
    assert len(reply.answers) == 1


def test_a_paper_outside_of_the_days_asked_for_is_not_cited(
    pipeline: Pipeline, papers: list[str]
) -> None:
    limit = Filter(since=datetime.date(2023, 3, 2))
    reply = ask("Why did the river Tharnock break its dyke?", pipeline, limit)
    assert {each.document_id for each in reply.citations} == set(papers[1:])


def test_a_deleted_paper_is_not_cited_any_more(pipeline: Pipeline, papers: list[str]) -> None:
    delete_document(pipeline.database, papers[1])
    reply = ask("Why did the river Tharnock break its dyke?", pipeline)
    assert {each.document_id for each in reply.citations} == {papers[0], papers[2]}


def test_a_story_is_among_the_closest_passages_once(pipeline: Pipeline, papers: list[str]) -> None:
    reply = ask("Which football club won the river cup?", pipeline)
    assert not reply.answerable
    cited = [each.document_id for each in reply.citations]
    assert len(set(cited) & set(papers)) == 1
    assert len(set(cited)) == 2


def test_a_paper_that_says_more_in_the_sentence_is_read_itself(
    pipeline: Pipeline, papers: list[str]
) -> None:
    corrected = STORY.replace("on Tuesday", "on Wednesday")
    other = store(pipeline.database, pipeline.encoder, corrected).document_id
    reply = ask("Why did the river Tharnock break its dyke?", pipeline)
    quoted = {each.document_id: each.cited_text for each in reply.citations}
    assert quoted[other] == DYKE.replace("on Tuesday", "on Wednesday")
    assert quoted.keys() == {*papers, other}


def test_are_you_sure_counts_a_story_once(pipeline: Pipeline, papers: list[str]) -> None:
    question = "Why did the river Tharnock break its dyke?"
    reply = ask(question, pipeline)
    sure = converse("Are you sure?", Filter(), pipeline, history=[Exchange(question, reply)])
    assert sure.note is not None
    assert "Reports that say so: 3, 1 story." in sure.note


def test_what_a_better_passage_of_the_story_says_is_not_read_again() -> None:
    hits = [make_hit("Rain fell. The dam broke.", "a"), make_hit("the dam\r\nbroke", "b")]
    assert read_once(hits, SAME) == hits[:1]
    assert read_once(hits, {}) == hits
    assert read_once(hits[::-1], SAME) == hits[::-1]


def test_a_run_of_words_is_whole_words() -> None:
    hits = [make_hit("The dam broke.", "a"), make_hit("dam brok", "b")]
    assert read_once(hits, SAME) == hits


def test_the_same_words_in_another_report_are_read_where_it_is_no_duplicate() -> None:
    hits = [make_hit("The dam broke.", "a"), make_hit("The dam broke.", "d")]
    assert read_once(hits, SAME) == hits


def test_of_the_same_words_the_preferred_report_is_read_in_the_place_of_the_best() -> None:
    hits = [make_hit(text, name) for text, name in (("It broke.", "a"), ("Rain.", "d"))]
    hits.append(make_hit("It broke.", "b"))

    def preferred(passage: Passage) -> bool:
        return passage.document_id == "b"

    assert read_once(hits, SAME, preferred) == [hits[2], hits[1]]


def test_one_report_may_be_close_twice_and_a_story_once() -> None:
    passages = [make_passage(text, document_id=name) for text, name in (("x", "a"), ("y", "a"))]
    passages.append(make_passage("z", document_id="b"))
    assert one_a_story(passages, SAME) == passages[:2]


def test_stories_are_counted_by_their_duplicates() -> None:
    assert count_stories(["a", "b", "d", "a"], SAME) == 2
    assert count_stories([], SAME) == 0


def test_other_words_of_the_same_sentence_are_one_answer_in_near_duplicates() -> None:
    passages = [
        make_passage(f"{place} {DYKE}", document_id=name)
        for place, name in (("Quendlow.", "a"), ("From our staff.", "b"), ("No.", "d"))
    ]
    spans = []
    for number, words in enumerate(("meltwater had softened the clay", "softened the clay") * 2):
        if number < 3:
            at = passages[number].text.index(words)
            spans.append(Span(number, at, at + len(words), 0.9 - number / 10))
    assert merge_spans(spans[:2], passages, SAME) == [spans[:2]]
    assert merge_spans(spans[:2], passages) == [[spans[0]], [spans[1]]]
    elsewhere = Span(1, passages[1].text.index("Tharnock"), passages[1].text.index("broke"), 0.5)
    assert merge_spans([spans[0], elsewhere], passages, SAME) == [[spans[0]], [elsewhere]]
