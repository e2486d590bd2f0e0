import datetime

import pytest

from api.render.markdown import escape, file_name, write_markdown
from api.schemas.asking import AnswerBody
from api.schemas.conversations import StoredCitationBody, TranscriptBody, TurnBody

URL = "http://testserver/documents/doc_1#char=100,128"


def make_citation(
    text: str = "The price of gas had risen.", **fields: object
) -> StoredCitationBody:
    return StoredCitationBody.model_validate(
        {
            "id": 1,
            "document_id": "doc_1",
            "document_title": "Protests",
            "document_date": datetime.date(2022, 1, 5),
            "source": "gas.txt",
            "url": URL,
            "page": None,
            "section": None,
            "cited_text": text,
            "start_char_index": 100,
            "end_char_index": 100 + len(text),
            "available": True,
        }
        | fields
    )


def make_turn(*citations: StoredCitationBody, quote: str = "gas", **fields: object) -> TurnBody:
    answer = AnswerBody(
        text=quote,
        confidence=0.914,
        citation=1,
        citations=[each.id for each in citations] or [1],
        start_char_index=113,
        end_char_index=113 + len(quote),
        date=None,
    )
    return TurnBody.model_validate(
        {
            "number": 1,
            "asked_at": "2022-01-06T10:00:00.000000+00:00",
            "question": "Why?",
            "standalone_question": "Why?",
            "answerable": True,
            "confidence": 0.914,
            "answers": [answer],
            "citations": list(citations) or [make_citation()],
            "note": None,
        }
        | fields
    )


def make_transcript(*turns: TurnBody, title: str | None = "Gas") -> TranscriptBody:
    return TranscriptBody(
        id="conv_0f",
        title=title,
        created_at="2022-01-06T10:00:00.000000+00:00",
        updated_at="2022-01-06T10:00:00.000000+00:00",
        turns_count=len(turns),
        turns=list(turns),
    )


def test_a_conversation_reads_as_it_went() -> None:
    second = make_citation("Gas got dearer (again).", id=2, document_date=None)
    turns = (
        make_turn(make_citation(), second),
        make_turn(number=2, question="when?", standalone_question="When had it risen?", note="Hm."),
    )
    assert write_markdown(make_transcript(*turns)) == (
        "# Gas\n\nAsked of Dateline, 2022-01-06. Answers are quotes of reports.\n\n"
        "## 1. Why?\n\n"
        "**gas** [1][2] (91% sure)\n\n"
        f"1. [Protests](<{URL}>), 5 January 2022 (gas.txt, characters 100-127)\n\n"
        "   > The price of gas had risen.\n\n"
        f"2. [Protests](<{URL}>), no date (gas.txt, characters 100-123)\n\n"
        "   > Gas got dearer (again).\n\n\n"
        "## 2. when?\n\n"
        "Understood as: When had it risen?\n\n"
        "Hm.\n\n"
        "**gas** [1] (91% sure)\n\n"
        f"1. [Protests](<{URL}>), 5 January 2022 (gas.txt, characters 100-127)\n\n"
        "   > The price of gas had risen.\n\n"
    )


def test_the_day_that_an_answer_means_is_told() -> None:
    turn = make_turn(note="Reports of 5 January 2022 come first.")
    day = datetime.date(2022, 1, 4)
    turn = turn.model_copy(update={"answers": [turn.answers[0].model_copy(update={"date": day})]})
    shown = write_markdown(make_transcript(turn))
    assert "Reports of 5 January 2022 come first.\n\n" in shown
    assert "**gas** [1] (91% sure; that is 4 January 2022)\n" in shown


def test_what_the_reports_did_not_say_is_told() -> None:
    turn = make_turn(answerable=False, answers=[])
    assert "The reports do not say. The closest passages:\n\n1. [" in write_markdown(
        make_transcript(turn)
    )
    dated = turn.model_copy(update={"note": "Reports of 5 January 2022 come first."})
    assert "The reports do not say. The closest" in write_markdown(make_transcript(dated))
    turn = make_turn(answerable=False, answers=[], citations=[])
    assert write_markdown(make_transcript(turn)).endswith("The reports do not say.\n")


def test_a_report_that_is_gone_has_no_link() -> None:
    turn = make_turn(make_citation(url=None, available=False))
    written = write_markdown(make_transcript(turn))
    assert (
        "1. Protests, 5 January 2022 (characters 100-127; this report is there no more)" in written
    )
    assert "](" not in written


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (
            "plain words, 1.5 (so) - \u201cthere\u201d!",
            "plain words, 1.5 (so) - \u201cthere\u201d!",
        ),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[a](javascript:b)", r"\[a\](javascript:b)"),
        ("![a](http://b)", r"!\[a\](http://b)"),
        ("**a** _b_ `c` ~~d~~", r"\*\*a\*\* \_b\_ \`c\` \~\~d\~\~"),
        ("# a", r"\# a"),
        ("a\n\n# b\r\n- c", r"a \# b - c"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("12) a", r"12\) a"),
        ("--- a", r"\--- a"),
        ("&lt; a | b \\ $c$", r"\&lt; a \| b \\ \$c\$"),
        ("a\x1b[2J\x00\u2028b\x85c", r"a\[2J b c"),
        (
            "e\u0301 \U0001f600 \u05e9\u05dc\u05d5\u05dd",
            "e\u0301 \U0001f600 \u05e9\u05dc\u05d5\u05dd",
        ),
    ],
)
def test_nothing_quoted_is_markdown(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_everything_from_outside_is_escaped() -> None:
    evil = "<img src=x>\n\n# [a](b)"
    turn = make_turn(
        make_citation(evil, document_title=evil, source=evil),
        quote=evil,
        question=evil,
        standalone_question=f"{evil}?",
        note=evil,
    )
    written = write_markdown(make_transcript(turn, title=evil))
    assert "<img" not in written.replace(r"\<img", "")
    assert "[a](" not in written.replace(r"\[a\](", "")
    headings = [line for line in written.splitlines() if line.lstrip("> ").startswith("#")]
    assert len(headings) == 2


def test_an_address_cannot_end_its_link() -> None:
    turn = make_turn(make_citation(url="http://a>b <c>/documents/doc_1#char=1,2"))
    written = write_markdown(make_transcript(turn))
    assert "](<http://a%3Eb%20%3Cc%3E/documents/doc_1#char=1,2>)" in written


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Why did protests start?", "dateline-why-did-protests-start.md"),
        ('a/..\\b"; c\r\nd', "dateline-a-b-c-d.md"),
        ("Z\u00fcrich", "dateline-zurich.md"),
        ("\u4e2d\u6587", "dateline-conv-0f.md"),
        (None, "dateline-conv-0f.md"),
        ("long " * 40, "dateline-" + "-".join(["long"] * 12) + ".md"),
    ],
)
def test_a_file_has_a_safe_name(title: str | None, name: str) -> None:
    assert file_name(make_transcript(title=title), "markdown") == name
