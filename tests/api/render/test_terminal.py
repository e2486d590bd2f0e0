import datetime
import re
from dataclasses import replace

import pytest

from api.render.terminal import BOLD, DIM, PLAIN, show_passage, show_reply, show_sources
from retrieval.types import Answer, Citation, Reply

SENTENCE = "Residents were angry because the price of gas had risen."
QUOTE = "the price of gas had risen"


def make_citation(text: str = SENTENCE, *, number: int = 1, start: int = 100) -> Citation:
    return Citation(
        id=number,
        document_id="doc_1",
        document_title="Protests in the republic",
        document_date=datetime.date(2022, 1, 5),
        source="/reports/gas.txt",
        page=None,
        cited_text=text,
        start=start,
        end=start + len(text),
    )


def make_reply(quote: str = QUOTE, *citations: Citation) -> Reply:
    cited = citations or (make_citation(),)
    start = cited[0].start + cited[0].cited_text.index(quote)
    numbers = tuple(each.id for each in cited)
    answer = Answer(quote, 0.914, numbers, start, start + len(quote))
    return Reply("Why?", "Why?", True, 0.914, (answer,), cited, {"total": 1.0})


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "88")


def test_an_answer_is_marked_inside_its_sentence() -> None:
    shown = show_reply(make_reply(), colour=False)
    answer, source = shown.split("\n\n")
    assert " ".join(answer.split()) == (
        "Residents were angry because **the price of gas had risen**. [1] (91% sure)"
    )
    assert source == (
        "[1] Protests in the republic, 5 January 2022\n    /reports/gas.txt, characters 100-156"
    )


def test_colour_marks_it_where_there_is_colour() -> None:
    shown = show_reply(make_reply(), colour=True)
    assert f"because {BOLD}the price of gas had risen{PLAIN}. [1]" in " ".join(shown.split())
    assert f"{DIM}[1] Protests" in shown
    assert "**" not in shown
    assert shown.endswith(PLAIN)


def test_no_color_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert show_reply(make_reply(), colour=True) == show_reply(make_reply(), colour=False)
    # An empty value is none: https://no-color.org
    monkeypatch.setenv("NO_COLOR", "")
    assert BOLD in show_reply(make_reply(), colour=True)


def test_all_reports_that_say_the_same_are_numbered() -> None:
    first, second = make_citation(), make_citation("Gas got dearer.", number=2)
    shown = show_reply(make_reply(QUOTE, first, second), colour=False)
    assert "**. [1][2] (91% sure)" in " ".join(shown.split())
    assert "\n[2] Protests" in shown


def test_a_report_without_a_date_says_so() -> None:
    citation = Citation(1, "doc_1", "Gas", None, "gas", None, SENTENCE, 0, len(SENTENCE))
    assert "Gas, no date" in show_reply(make_reply(QUOTE, citation), colour=False)


def test_what_the_reports_do_not_say_is_said_with_the_closest_passages() -> None:
    citations = (make_citation(), make_citation("Gas\nis dear.", number=2))
    reply = Reply("Who?", "Who?", False, 0.1, (), citations, {})
    lines = show_reply(reply, colour=False).split("\n\n")
    assert lines[0] == "The reports do not say. The closest passages:"
    assert lines[1] == f"  {SENTENCE} [1]"
    assert lines[2] == "  Gas is dear. [2]"
    assert lines[3].startswith("[1] Protests")


def test_without_reports_it_is_said_that_there_are_none() -> None:
    reply = Reply("Who?", "Who?", False, 0.0, (), (), {})
    shown = show_reply(reply, colour=True)
    assert shown.startswith("The reports do not say. There are none to ask: ")
    assert "dateline ingest" in shown


@pytest.mark.parametrize("passage", ["rain " * 300, "\u96e8" * 900], ids=["words", "no spaces"])
def test_a_long_passage_is_cut_and_not_left_out(passage: str) -> None:
    reply = Reply("Who?", "Who?", False, 0.1, (), (make_citation(passage),), {})
    shown = show_reply(reply, colour=False).split("\n\n")[1]
    assert 200 < len(shown) < 400
    assert "\u2026 [1]" in shown


@pytest.mark.parametrize("colour", [False, True])
def test_a_report_cannot_steer_the_terminal(colour: bool) -> None:
    evil = "Rain \x1b[2J\x1b]0;owned\x07\x9b31m\x08\x7f\r\nfell\x00 on \x85\u2028the \x1b[1mdyke."
    quote = "\x1b[2J\x1b]0;owned\x07\x9b31m\x08\x7f\r\nfell"
    citation = Citation(1, "doc_1", evil, None, evil, None, evil, 0, len(evil))
    replies = [
        make_reply(quote, citation),
        Reply("Who?", "Who?", False, 0.1, (), (citation,), {}),
    ]
    for reply in replies:
        shown = show_reply(reply, colour=colour)
        for ours in (BOLD, DIM, PLAIN):
            shown = shown.replace(ours, "")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028]", shown)
        assert "fell" in shown


def test_how_a_question_was_understood_stands_first() -> None:
    reply = replace(make_reply(), question=" why? ", standalone_question="Why are they angry?")
    understood = "Understood as: Why are they angry?"
    assert show_reply(reply, colour=False).startswith(f"{understood}\n\n  Residents")
    assert show_reply(reply, colour=True).startswith(f"{DIM}{understood}{PLAIN}\n\n")
    same = replace(reply, standalone_question="why?")
    assert "Understood" not in show_reply(same, colour=False)


def test_a_remark_follows_the_answers_or_stands_in_their_place() -> None:
    reply = replace(make_reply(), note="Quite sure: 91%.\x1b[2J")
    blocks = show_reply(reply, colour=False).split("\n\n")
    assert blocks[1] == "Quite sure: 91%.[2J"
    assert blocks[2].startswith("[1] ")
    none = Reply("Who?", "Who?", False, 0.0, (), (), {}, "No further answer.")
    assert show_reply(none, colour=False) == "No further answer."


def test_that_figures_differ_stands_before_them_with_their_days() -> None:
    later = replace(make_citation("Gas.", number=2), document_date=datetime.date(2022, 1, 7))
    undated = replace(make_citation(), document_date=None)
    note = "Reports differ: 20 (7 January 2022), 10 (no date)."
    for cited, day in (((make_citation(), later), "7 January 2022"), ((undated,), "no date")):
        reply = replace(make_reply(QUOTE, *cited), note=note, differ=True)
        blocks = show_reply(reply, colour=False).split("\n\n")
        assert blocks[0] == note
        assert f"({day}, 91% sure)" in " ".join(blocks[1].split())
        assert blocks[2].startswith("[1] ")
        assert len(blocks) == 3


def test_closest_passages_are_shown_beside_how_the_date_was_understood() -> None:
    note = "Reports of 5 January 2022 come first."
    reply = Reply("Who?", "Who?", False, 0.1, (), (make_citation(),), {}, note)
    blocks = show_reply(reply, colour=False).split("\n\n")
    assert blocks[0] == "The reports do not say. The closest passages:"
    assert blocks[2] == note


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("Tuesday", "(91% sure; that is 4 January 2022)"),
        ("4 January", "(91% sure; that is 4 January 2022)"),
        ("4 January 2022", "(91% sure)"),
    ],
)
def test_the_day_that_an_answer_means_is_told_unless_it_says_so(quote: str, told: str) -> None:
    reply = make_reply(quote, make_citation(f"It broke on {quote} in the valley."))
    dated = replace(reply.answers[0], date=datetime.date(2022, 1, 4))
    shown = show_reply(replace(reply, answers=(dated,)), colour=False).split("\n\n")[0]
    assert shown == f"  It broke on **{quote}** in the valley. [1] {told}"


def test_sources_are_listed_alone() -> None:
    sources = (make_citation(), make_citation("Gas.", number=2))
    assert show_sources(sources, colour=False) == (
        "[1] Protests in the republic, 5 January 2022\n    /reports/gas.txt, characters 100-156\n"
        "[2] Protests in the republic, 5 January 2022\n    /reports/gas.txt, characters 100-104"
    )


def test_a_passage_keeps_its_paragraphs_and_marks_the_quote() -> None:
    text = "Gas\r\n\r\nThe price\nrose \x1b[2Jfast.\rSo there."
    start, end = text.index("price"), text.index("fast")
    assert show_passage(text, start, end, colour=False) == (
        "  Gas\n\n  The **price\n  rose [2J**fast.\n  So there."
    )
    assert f"{BOLD}price" in show_passage(text, start, end, colour=True)


def test_the_marks_stand_at_the_answer_in_awkward_text() -> None:
    text = "\U0001f600 e\u0301 \u05e9\u05dc\u05d5\u05dd the mayor\u0301 fled \U0001f468\u200d."
    shown = show_reply(make_reply("the mayor\u0301", make_citation(text)), colour=False)
    assert "**the mayor\u0301** fled" in shown


def test_lines_keep_to_the_terminals_width(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The river rose by four metres in the night and broke its dyke. " * 6
    reply = make_reply("four metres", make_citation(text.strip()))
    for columns, most in ((40, 40), (500, 100)):
        monkeypatch.setenv("COLUMNS", str(columns))
        answer = show_reply(reply, colour=False).split("\n\n")[0].splitlines()
        assert max(map(len, answer)) <= most
        assert all(line.startswith("  ") for line in answer)


@pytest.mark.parametrize(
    ("page", "section", "said"),
    [
        (None, None, ""),
        (3, None, "page 3, "),
        (3, "Outlook > Costs", "page 3, Outlook > Costs, "),
        (None, "Protests in the republic", ""),
    ],
)
def test_a_source_names_page_and_section_unless_the_title_does(
    page: int | None, section: str | None, said: str
) -> None:
    citation = replace(make_citation(), page=page, section=section)
    shown = show_sources((citation,), colour=False)
    assert f"/reports/gas.txt, {said}characters 100-" in shown
