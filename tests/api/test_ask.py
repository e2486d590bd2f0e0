from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import FLOOD, GAS, Upload
from tests.api.shapes import assert_error, assert_reply, text_of
from tests.factories import AWKWARD

Reports = dict[str, dict[str, Any]]


def ask(client: TestClient, question: str, **fields: Any) -> dict[str, Any]:
    """Ask, and check all that holds for every reply."""
    response = client.post("/v1/ask", json={"question": question, **fields})
    return assert_reply(client, response)


def test_a_question_is_answered_with_a_quote_and_where_it_stands(
    client: TestClient, reports: Reports
) -> None:
    body = ask(client, "Why had the price of gas risen?")
    sentence = "Residents were angry because the price of gas had risen."
    assert body["question"] == body["standalone_question"] == "Why had the price of gas risen?"
    assert body["answerable"] is True
    answer, citation = body["answers"][0], body["citations"][0]
    assert answer["text"] == citation["cited_text"] == sentence
    assert answer["confidence"] == body["confidence"] == 1.0
    assert citation["start_char_index"] == GAS.index(sentence)
    assert citation["document_id"] == reports["gas"]["id"]
    assert citation["document_title"] == "Protests in the republic"
    assert citation["document_date"] == "2022-01-05"
    assert citation["source"] == "gas.txt"
    place = f"http://testserver/documents/{reports['gas']['id']}#char="
    assert citation["url"].startswith(place)


def test_what_no_report_says_is_not_answered_but_the_closest_passages_are_shown(
    client: TestClient, reports: Reports
) -> None:
    body = ask(client, "Who won the football cup final?")
    assert body["answerable"] is False
    assert body["answers"] == []
    assert body["confidence"] < 0.5
    assert {each["document_id"] for each in body["citations"]} == {
        report["id"] for report in reports.values()
    }


def test_without_reports_there_is_neither_answer_nor_passage(client: TestClient) -> None:
    body = ask(client, "Why did protests start?")
    assert (body["answerable"], body["answers"], body["citations"]) == (False, [], [])
    assert body["confidence"] == 0.0


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({}, {"gas", "flood"}),
        ({"collection": "floods"}, {"flood"}),
        ({"collection": "default"}, {"gas"}),
        ({"since": "2022-01-06"}, {"flood"}),
        ({"since": "2022-01-05"}, {"gas", "flood"}),
        ({"until": "2023-03-13"}, {"gas"}),
        ({"since": "2023-03-14", "until": "2023-03-14"}, {"flood"}),
        ({"since": "2022-06-01", "until": "2022-07-01"}, set()),
        ({"collection": None, "since": None, "until": None}, {"gas", "flood"}),
    ],
)
def test_limits_choose_which_reports_may_answer(
    client: TestClient, reports: Reports, limits: dict[str, str], named: set[str]
) -> None:
    body = ask(client, "What did the mayor do?", **limits)
    assert {each["document_id"] for each in body["citations"]} == {
        reports[name]["id"] for name in named
    }
    assert body["answerable"] is bool(named)


def test_a_report_without_a_date_passes_no_date_limit(client: TestClient, upload: Upload) -> None:
    assert upload("The mayor left the city.")["date"] is None
    assert ask(client, "What did the mayor do?")["answerable"] is True
    assert ask(client, "What did the mayor do?", since="1900-01-01")["citations"] == []


def test_no_more_answers_are_given_than_asked_for(client: TestClient, upload: Upload) -> None:
    for number in range(1, 8):
        upload(f"The mayor of town {number} left. That was all.")
    question = "Which mayor left?"
    assert len(ask(client, question)["answers"]) == 3
    for most in (1, 2, 7, 20):
        assert len(ask(client, question, max_answers=most)["answers"]) == min(most, 7)


def test_reports_that_say_the_same_are_one_answer_with_several_citations(
    client: TestClient, upload: Upload
) -> None:
    for source in ("one", "two"):
        upload(f"Report {source}.\n\nThe mayor left the city on Tuesday morning.")
    body = ask(client, "When did the mayor leave the city on Tuesday?")
    assert len(body["answers"]) == 1
    assert body["answers"][0]["citations"] == [1, 2]


def test_the_same_question_gets_the_same_reply(client: TestClient, reports: Reports) -> None:
    first, second = (ask(client, "What did the mayor do?") for _ in range(2))
    assert first.pop("timings_ms").keys() == second.pop("timings_ms").keys()
    assert first == second


AWKWARD_REPORTS = [
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f30a The mayor fled. \U0001f600 He was hurt.",
    "Cafe\u0301 re\u0301union.\r\n\r\nThe mayor\u0301 fled the mayor of Sa\u0303o Joa\u0303o.\r\n",
    "\ufeffThe mayor fled.\r\nHe took the river road.\rThe mayor was seen there.",
    "\u05e8\u05d0\u05e9 \u05d4\u05e2\u05d9\u05e8 \u05d1\u05e8\u05d7. \u202eThe mayor fled\u202c. "
    "\u0631\u0626\u064a\u0633 \u0627\u0644\u0628\u0644\u062f\u064a\u0629.",
    "The\u200b ma\u00adyor, the mayor\u2060 fled.\u2028\u2029\x85The mayor\u00a0was\u3000hurt.\x1c",
    "The mayor fled. " + " ".join(AWKWARD) + " The mayor was hurt.",
]


@pytest.mark.parametrize("text", AWKWARD_REPORTS, ids=range(len(AWKWARD_REPORTS)))
def test_offsets_hold_in_any_text(client: TestClient, upload: Upload, text: str) -> None:
    stored = upload(text)
    assert text_of(client, stored["id"]) == text
    assert stored["characters"] == len(text)
    body = ask(client, "Where did the mayor go?", max_answers=20)
    assert body["answerable"] is True
    assert "mayor" in body["answers"][0]["text"]
    # The closest passages hold too.
    assert ask(client, "Who won the cup?")["citations"]


def test_a_question_may_be_of_any_script(client: TestClient, upload: Upload) -> None:
    upload("\u4e2d\u6587. The mayor fled.")
    for question in ("\u0627\u0644\u0628\u0644\u062f\u064a\u0629\u061f", "\U0001d54f?", "e\u0301?"):
        assert ask(client, question)["question"] == question


@pytest.mark.parametrize("question", ["", " \r\n\t", "?!", "\u200b", "\U0001f600"])
def test_a_question_without_words_is_refused(client: TestClient, question: str) -> None:
    response = client.post("/v1/ask", json={"question": question})
    assert_error(response, 422, "question_empty", "question")


@pytest.mark.parametrize("question", ["a" * 100_000, "why " * 600, "why " * 300, "\u4e2d" * 2001])
def test_a_question_too_long_is_refused(client: TestClient, question: str) -> None:
    response = client.post("/v1/ask", json={"question": question})
    message = assert_error(response, 422, "question_too_long", "question")
    assert "ask more briefly" in message
    assert len(message) < 200


def test_an_unknown_collection_is_named_with_those_that_there_are(
    client: TestClient, reports: Reports
) -> None:
    for name in ("fires", "Floods", "", "../floods"):
        response = client.post("/v1/ask", json={"question": "why?", "collection": name})
        message = assert_error(response, 404, "unknown_collection", "collection")
        assert repr(name) in message
        assert "default, floods" in message


@pytest.mark.parametrize("field", ["since", "until"])
@pytest.mark.parametrize(
    "value", ["2022-02-30", "yesterday", "2022-1-5", "20220105", "2022-01-05T00:00", "", 20220105]
)
def test_a_day_that_is_none_is_refused(client: TestClient, field: str, value: object) -> None:
    response = client.post("/v1/ask", json={"question": "why?", field: value})
    message = assert_error(response, 422, "invalid_value", field)
    assert message == f"{field}: {value!r} is no day: write it as 2022-01-05"


def test_a_period_that_ends_before_it_begins_is_refused(client: TestClient) -> None:
    limits = {"since": "2022-01-06", "until": "2022-01-05"}
    response = client.post("/v1/ask", json={"question": "why?", **limits})
    assert_error(response, 422, "period_empty", "since")


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"max_answers": 0}, "max_answers"),
        ({"max_answers": 21}, "max_answers"),
        ({"max_answers": 2.5}, "max_answers"),
        ({"max_answers": "many"}, "max_answers"),
        ({"max_answers": None}, "max_answers"),
        ({"question": 5}, "question"),
        ({"question": None}, "question"),
        ({"question": ["why?"]}, "question"),
        ({"question": {"text": "why?"}}, "question"),
        ({"collection": 5}, "collection"),
        ({"since": ["2022-01-05"]}, "since"),
        ({"conversation_id": 5}, "conversation_id"),
        ({"quesiton": "why?"}, "quesiton"),
        ({"question": "a\0b"}, "question"),
        ({"collection": "a\0b"}, "collection"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    client: TestClient, fields: dict[str, Any], param: str
) -> None:
    response = client.post("/v1/ask", json={"question": "why?", **fields})
    message = assert_error(response, 422, "invalid_value", param)
    assert message.startswith(f"{param}: ")


def test_a_missing_question_is_named(client: TestClient) -> None:
    assert_error(client.post("/v1/ask", json={}), 422, "invalid_value", "question")


def test_an_unknown_conversation_is_refused(client: TestClient, reports: Reports) -> None:
    for conversation_id in ("conv_1", ""):
        fields = {"question": "why?", "conversation_id": conversation_id}
        response = client.post("/v1/ask", json=fields)
        message = assert_error(response, 404, "unknown_conversation", "conversation_id")
        assert repr(conversation_id) in message


def test_search_gives_the_nearest_passages_best_first(client: TestClient, reports: Reports) -> None:
    response = client.post("/v1/search", json={"question": "price of gas"})
    assert response.status_code == 200
    body = response.json()
    assert body.keys() == {"question", "passages"}
    assert body["question"] == "price of gas"
    assert [each["document_id"] for each in body["passages"]] == [
        reports["gas"]["id"],
        reports["flood"]["id"],
    ]
    scores = [each["score"] for each in body["passages"]]
    assert scores == sorted(scores, reverse=True)
    for passage in body["passages"]:
        assert passage.keys() == {
            *("document_id", "document_title", "document_date", "url", "text"),
            *("start_char_index", "end_char_index", "score", "cosine", "bm25"),
        }
        start, end = passage["start_char_index"], passage["end_char_index"]
        assert text_of(client, passage["document_id"])[start:end] == passage["text"]
        assert passage["url"].endswith(f"/documents/{passage['document_id']}#char={start},{end}")
    assert body["passages"][0]["bm25"] > 0 == body["passages"][1]["bm25"]


def test_search_heeds_its_limits(client: TestClient, reports: Reports) -> None:
    def found(**fields: Any) -> list[str]:
        response = client.post("/v1/search", json={"question": "mayor", **fields})
        assert response.status_code == 200, response.content
        return [each["document_id"] for each in response.json()["passages"]]

    assert len(found()) == 2
    assert len(found(count=1)) == 1
    assert found(collection="floods") == found(since="2023-01-01") == [reports["flood"]["id"]]
    assert found(until="2022-12-31") == [reports["gas"]["id"]]


@pytest.mark.parametrize(
    ("fields", "status", "code", "param"),
    [
        ({"question": ""}, 422, "question_empty", "question"),
        ({"question": "a" * 100_000}, 422, "question_too_long", "question"),
        ({"count": 0}, 422, "invalid_value", "count"),
        ({"count": 101}, 422, "invalid_value", "count"),
        ({"max_answers": 1}, 422, "invalid_value", "max_answers"),
        ({"since": "2022-02-30"}, 422, "invalid_value", "since"),
        ({"since": "2022-01-02", "until": "2022-01-01"}, 422, "period_empty", "since"),
        ({"collection": "fires"}, 404, "unknown_collection", "collection"),
    ],
)
def test_search_refuses_as_asking_does(
    client: TestClient, fields: dict[str, Any], status: int, code: str, param: str
) -> None:
    response = client.post("/v1/search", json={"question": "why?", **fields})
    assert_error(response, status, code, param)


def test_what_is_uploaded_answers_at_once(client: TestClient, upload: Upload) -> None:
    assert ask(client, "Which houses were flooded?")["answerable"] is False
    stored = upload(FLOOD)
    body = ask(client, "Which houses were flooded?")
    assert body["answers"][0]["text"] == "Twelve houses were flooded."
    assert body["citations"][0]["document_id"] == stored["id"]


def test_an_answer_that_says_when_has_its_day(client: TestClient, upload: Upload) -> None:
    upload("Flood\n\nTuesday morning.", date="2023-03-15")
    body = ask(client, "Which Tuesday?")
    assert [(each["text"], each["date"]) for each in body["answers"]] == [
        ("Tuesday morning.", "2023-03-14")
    ]


def test_how_the_date_of_a_question_was_understood_is_said(
    client: TestClient, reports: Reports
) -> None:
    body = ask(client, "What did the mayor do on January 5?")
    assert body["note"] == "Reports of 5 to 8 January 2022 come first."
    assert body["standalone_question"] == "What did the mayor do on January 5?"
    assert body["citations"][0]["document_id"] == reports["gas"]["id"]
    body = ask(client, "What did the mayor do today?")
    assert body["note"] == "Reports of 14 March 2023 come first."
    assert body["citations"][0]["document_id"] == reports["flood"]["id"]
    assert ask(client, "What did the mayor do?")["note"] is None
    # A limit is one: what the question asks for counts within.
    body = ask(client, "What did the mayor do on January 5?", since="2022-01-06")
    assert {each["document_id"] for each in body["citations"]} == {reports["flood"]["id"]}


def test_the_date_is_understood_and_kept_in_a_conversation(
    client: TestClient, reports: Reports
) -> None:
    made = client.post("/v1/conversations").json()["id"]
    reply = ask(client, "What did the mayor do on January 5?", conversation_id=made)
    (turn,) = client.get(f"/v1/conversations/{made}").json()["turns"]
    assert turn["note"] == reply["note"] == "Reports of 5 to 8 January 2022 come first."
    assert turn["answers"] == reply["answers"]
