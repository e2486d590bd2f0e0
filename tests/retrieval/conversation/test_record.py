import datetime
import json

from retrieval.conversation.store import cited_documents, read_reply, write_reply
from retrieval.types import Answer, Citation, Reply

DAY = datetime.date(2022, 1, 5)


def make_reply() -> Reply:
    quote = "Caf\u00e9 \U0001f600"
    citations = tuple(
        Citation(number, f"doc_{number}", "A", day, "a.txt", page, quote, 3, 3 + len(quote))
        for number, day, page in ((1, DAY, None), (2, None, 7))
    )
    answer = Answer(quote, 0.914, (1, 2), 3, 3 + len(quote), DAY)
    return Reply("Why?", "Why so?", True, 0.914, (answer,), citations, {}, "Quite sure.", True)


def test_a_reply_is_read_as_it_was_written() -> None:
    reply = make_reply()
    record = json.loads(json.dumps(write_reply(reply)))
    assert read_reply("Why?", "Why so?", record) == reply


def test_a_reply_written_before_answers_had_dates_is_read() -> None:
    record = write_reply(make_reply())
    for each in record["answers"]:
        del each["date"]
    assert read_reply("Why?", "Why so?", record).answers[0].date is None


def test_a_reply_without_answers_is_too() -> None:
    reply = Reply("Why?", "Why?", False, 0.0, (), (), {})
    assert read_reply("Why?", "Why?", write_reply(reply)) == reply


def test_what_was_written_before_figures_could_differ_is_read() -> None:
    record = write_reply(make_reply())
    del record["differ"]
    assert not read_reply("Why?", "Why so?", record).differ


def test_the_documents_cited_are_known() -> None:
    assert cited_documents([]) == set()
    assert cited_documents([write_reply(make_reply())] * 2) == {"doc_1", "doc_2"}
