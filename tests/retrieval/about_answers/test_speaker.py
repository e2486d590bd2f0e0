from collections.abc import Callable
from dataclasses import replace

import pytest

from index.store.delete import delete_document
from retrieval.about_answers.speaker import say_who
from retrieval.types import Pipeline, Reply
from tests.fakes import PhraseReader
from tests.retrieval.about_answers.conftest import MakeReply

Check = Callable[[Reply], Reply]


def who(pipeline: Pipeline, last: Reply, found: dict[str, float] | None = None) -> Reply:
    return say_who(
        "who said that?", last, replace(pipeline, reader=PhraseReader({"Who said": found or {}}))
    )


@pytest.mark.parametrize(
    ("sentence", "quote", "speaker"),
    [
        (
            "The dyke broke because its core was soft, according to the Dorvenna Water Authority.",
            "its core was soft",
            "the Dorvenna Water Authority",
        ),
        (
            "Ruta Vansel said that the dyke failed after a drain let the river through.",
            "a drain",
            "Ruta Vansel",
        ),
        (
            "A survey counted 1,150 flooded houses, the provincial government said.",
            "1,150",
            "the provincial government",
        ),
        (
            "\u201cI want to know who read it,\u201d said Mayor Odile Varnsby.",
            "who read it",
            "Mayor Odile Varnsby",
        ),
        (
            '"They read it," said Odile Varnsby in a statement on Friday.',
            "They read it",
            "Odile Varnsby",
        ),
        (
            "According to eyewitnesses, at least three cars burned down.",
            "three",
            "eyewitnesses",
        ),
        (
            "According to the latest data provided by the authorities, 500 people were hurt.",
            "500",
            "the authorities",
        ),
        ("Only 188 mines may open, industry sources said.", "188", "industry sources"),
        (
            '"It will rise," said Elliott Schlang, analyst at Prescott.',
            "It will rise",
            "Elliott Schlang",
        ),
        ('"It will rise", the Finance Ministry said.', "It will rise", "the Finance Ministry"),
        ("The dyke did break, said Ruta Vansel.", "did break", "Ruta Vansel"),
        ("The mayor, Odile Varnsby, told reporters that 12 had left.", "12", "Odile Varnsby"),
        (
            "QUENDLOW - Police later confirmed that two had died.",
            "two",
            "Police",
        ),
        (
            "The director, Bram Oskeld, confirmed that his office had received two letters.",
            "two letters",
            "Bram Oskeld",
        ),
        (
            "Nine people are missing after the flood, police said on Wednesday.",
            "Nine",
            "police",
        ),
        (
            "Caf\u00e9 owner \u017deljka O\u2019Neill-S\u00e3o told reporters that 12 had left.",
            "12",
            "Caf\u00e9 owner \u017deljka O\u2019Neill-S\u00e3o",
        ),
    ],
)
def test_the_wording_of_the_sentence_names_the_speaker(
    pipeline: Pipeline, make_reply: MakeReply, check: Check, sentence: str, quote: str, speaker: str
) -> None:
    text = f"It rained. {sentence} Kester Aldvane said nothing."
    reply = check(who(pipeline, make_reply(text, quote), {"Kester Aldvane": 0.9}))
    assert [each.text for each in reply.answers] == [speaker]
    assert reply.citations[0].cited_text == sentence
    # Not surer than it was read; shown all the same.
    assert reply.confidence == 0.5
    assert reply.standalone_question == f'Who said "{quote}"?'


def test_a_speaker_whom_the_reader_finds_too_is_as_sure_as_it_was_read(
    pipeline: Pipeline, make_reply: MakeReply
) -> None:
    last = make_reply("The town needs 70 million, Odile Varnsby said.", "70 million")
    assert who(pipeline, last, {"Varnsby": 0.81}).answers[0].text == "Odile Varnsby"
    assert who(pipeline, last, {"Varnsby": 0.81}).confidence == 0.81


@pytest.mark.parametrize(
    ("found", "speaker"),
    [
        ({"Kassym Tokayev": 0.9, "The mayor": 0.95}, "Kassym Tokayev"),
        ({"Kassym Tokayev": 0.4}, None),
        ({"The mayor": 0.95}, None),
        ({"an act of aggression": 0.95}, None),
        ({}, None),
    ],
)
def test_the_reader_names_a_speaker_within_the_sentence_only(
    pipeline: Pipeline,
    make_reply: MakeReply,
    check: Check,
    found: dict[str, float],
    speaker: str | None,
) -> None:
    text = "President Kassym Tokayev called it an act of aggression. The mayor left the city."
    reply = check(who(pipeline, make_reply(text, "an act of aggression"), found))
    assert [each.text for each in reply.answers] == ([speaker] if speaker else [])
    if speaker is None:
        assert reply.note == "The sentence quoted does not say who said so."
        assert reply.citations == ()


def test_a_pronoun_is_looked_up_before_the_sentence(
    pipeline: Pipeline, make_reply: MakeReply, check: Check
) -> None:
    text = "Kassym Tokayev spoke on Friday. He also noted that he will stay in Astana. Police left."
    found = {"He": 0.99, "Kassym Tokayev": 0.7, "Police": 0.9}
    reply = check(who(pipeline, make_reply(text, "stay in Astana"), found))
    assert reply.answers[0].text == "Kassym Tokayev"
    assert reply.citations[0].cited_text == "Kassym Tokayev spoke on Friday."


@pytest.mark.parametrize(
    "text",
    [
        "Five are missing, after a couple reported missing on Tuesday telephoned.",
        "The river rose, which said much of the rain.",
        "It was said that 12 had left.",
        "Mine officials in Malaysia, the leading producer, said only 12 mines will be allowed to.",
    ],
)
def test_no_other_words_are_taken_for_a_speaker(
    pipeline: Pipeline, make_reply: MakeReply, text: str
) -> None:
    quote = "Five" if "Five" in text else "rain" if "rain" in text else "12"
    assert who(pipeline, make_reply(text, quote)).answers == ()


def test_a_report_deleted_meanwhile_names_nobody(pipeline: Pipeline, make_reply: MakeReply) -> None:
    last = make_reply("The town needs 70 million, Odile Varnsby said.", "70 million")
    delete_document(pipeline.database, last.citations[0].document_id)
    assert who(pipeline, last).answers == ()


def test_a_long_quote_is_cut_in_the_question(pipeline: Pipeline, make_reply: MakeReply) -> None:
    quote = "the river rose " * 40 + "and fell"
    reply = who(pipeline, make_reply(f"Police said that {quote}.", quote))
    assert len(reply.standalone_question) < 250
    assert reply.answers[0].text == "Police"
