import datetime
import re
import threading
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.app import create_app
from api.settings import Settings
from index.store import schema
from index.store.database import Database, moment
from retrieval.conversation.store import create_conversation, list_conversations
from retrieval.types import Pipeline
from tests.api.shapes import assert_error, assert_reply, text_of

Reports = dict[str, dict[str, Any]]
GAS_QUESTION = "Why had the price of gas risen?"
FLOOD_QUESTION = "Which houses were flooded?"
KEYS = {"id", "title", "created_at", "updated_at", "turns_count"}
TURN_KEYS = {
    *("number", "asked_at", "question", "standalone_question", "answerable", "confidence"),
    *("answers", "citations", "note"),
}


def begin(client: TestClient, **fields: Any) -> str:
    response = client.post("/v1/conversations", json=fields)
    assert response.status_code == 201, response.content
    body = response.json()
    assert body.keys() == KEYS
    return str(body["id"])


def ask(client: TestClient, conversation_id: str, question: str, **fields: Any) -> dict[str, Any]:
    """Ask in a conversation, and check all that holds for every reply."""
    body = {"question": question, "conversation_id": conversation_id, **fields}
    reply = assert_reply(client, client.post("/v1/ask", json=body))
    assert reply["conversation_id"] == conversation_id
    return reply


def read(client: TestClient, conversation_id: str) -> dict[str, Any]:
    response = client.get(f"/v1/conversations/{conversation_id}")
    assert response.status_code == 200, response.content
    body = dict(response.json())
    assert body.keys() == KEYS | {"turns"}
    assert body["turns_count"] == len(body["turns"])
    for turn in body["turns"]:
        assert turn.keys() == TURN_KEYS
    return body


def listed(client: TestClient, **parameters: int) -> dict[str, Any]:
    response = client.get("/v1/conversations", params=parameters)
    assert response.status_code == 200
    return dict(response.json())


def test_a_conversation_keeps_what_was_asked_and_replied(
    client: TestClient, reports: Reports
) -> None:
    made = begin(client)
    replies = [ask(client, made, each) for each in (GAS_QUESTION, "Who won the cup?")]
    body = read(client, made)
    assert (body["id"], body["title"]) == (made, GAS_QUESTION)
    assert body["created_at"] < body["updated_at"]
    assert [turn["number"] for turn in body["turns"]] == [1, 2]
    for turn, reply in zip(body["turns"], replies, strict=True):
        for name in ("question", "standalone_question", "answerable", "confidence", "answers"):
            assert turn[name] == reply[name]
        for citation in turn["citations"]:
            assert citation.pop("available") is True
        assert turn["citations"] == reply["citations"]
        asked_at = datetime.datetime.fromisoformat(turn["asked_at"])
        assert asked_at.utcoffset() == datetime.timedelta()


def test_a_conversation_may_be_begun_without_a_body(client: TestClient) -> None:
    response = client.post("/v1/conversations")
    assert response.status_code == 201
    assert response.json()["title"] is None
    assert re.fullmatch(r"conv_[0-9a-f]{32}", response.json()["id"])


def test_conversations_are_listed_by_when_they_were_last_asked_in(client: TestClient) -> None:
    assert listed(client) == {"conversations": [], "total": 0}
    ids = [begin(client, title=f"Number {number}") for number in range(4)]
    ask(client, ids[1], "Why?")
    body = listed(client)
    assert [each["id"] for each in body["conversations"]] == [ids[1], ids[3], ids[2], ids[0]]
    assert [each["turns_count"] for each in body["conversations"]] == [1, 0, 0, 0]
    assert body["total"] == 4
    page = listed(client, limit=2, offset=1)
    assert [each["id"] for each in page["conversations"]] == [ids[3], ids[2]]
    assert page["total"] == 4


@pytest.mark.parametrize(
    "parameters", [{"limit": 0}, {"limit": 1001}, {"offset": -1}, {"offset": 2**31 + 1}]
)
def test_a_page_that_is_none_is_refused(client: TestClient, parameters: dict[str, int]) -> None:
    response = client.get("/v1/conversations", params=parameters)
    assert_error(response, 422, "invalid_value", next(iter(parameters)))


def test_a_conversation_is_renamed(client: TestClient) -> None:
    made = begin(client, title=" Floods\n in  spring ")
    assert read(client, made)["title"] == "Floods in spring"
    response = client.patch(f"/v1/conversations/{made}", json={"title": "G\u00e4s <b>"})
    assert response.status_code == 200
    assert response.json().keys() == KEYS
    assert read(client, made)["title"] == response.json()["title"] == "G\u00e4s <b>"
    ask(client, made, "Why?")
    assert read(client, made)["title"] == "G\u00e4s <b>"


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"title": ""}, "title"),
        ({"title": " \n"}, "title"),
        ({"title": "a" * 201}, "title"),
        ({"title": 5}, "title"),
        ({"title": None}, "title"),
        ({"title": "a\0b"}, "title"),
        ({}, "title"),
        ({"title": "A", "tilte": "B"}, "tilte"),
    ],
)
def test_a_title_that_is_none_is_refused(
    client: TestClient, body: dict[str, Any], param: str
) -> None:
    made = begin(client)
    assert_error(client.patch(f"/v1/conversations/{made}", json=body), 422, "invalid_value", param)
    if body not in ({}, {"title": None}):
        response = client.post("/v1/conversations", json=body)
        assert_error(response, 422, "invalid_value", param)


def test_a_deleted_conversation_is_gone(client: TestClient) -> None:
    made, kept = begin(client), begin(client)
    ask(client, made, "Why?")
    response = client.delete(f"/v1/conversations/{made}")
    assert (response.status_code, response.content) == (204, b"")
    assert [each["id"] for each in listed(client)["conversations"]] == [kept]
    for method, path, body in (
        ("GET", f"/v1/conversations/{made}", None),
        ("GET", f"/v1/conversations/{made}/export", None),
        ("PATCH", f"/v1/conversations/{made}", {"title": "A"}),
        ("DELETE", f"/v1/conversations/{made}", None),
        ("POST", "/v1/ask", {"question": "Why?", "conversation_id": made}),
    ):
        response = client.request(method, path, json=body)
        message = assert_error(response, 404, "unknown_conversation", "conversation_id")
        assert repr(made) in message


def test_a_question_that_is_refused_is_not_kept(client: TestClient) -> None:
    made = begin(client)
    for fields, code in (
        ({"question": "?"}, "question_empty"),
        ({"question": "Why?", "collection": "fires"}, "unknown_collection"),
        ({"question": "Why?", "since": "2022-01-02", "until": "2022-01-01"}, "period_empty"),
    ):
        response = client.post("/v1/ask", json={**fields, "conversation_id": made})
        assert response.json()["error"]["code"] == code
    assert read(client, made)["turns"] == []
    assert read(client, made)["title"] is None
    assert ask(client, made, "Why?")
    assert len(read(client, made)["turns"]) == 1


def test_limits_are_each_questions_own(client: TestClient, reports: Reports) -> None:
    made = begin(client)
    question = "What did the mayor do?"
    first = ask(client, made, question, collection="floods")
    second = ask(client, made, question)
    assert len(first["citations"]) == 1
    assert len(second["citations"]) == 2


def test_questions_asked_at_once_are_all_kept(client: TestClient, reports: Reports) -> None:
    made = begin(client)
    failures: list[BaseException] = []

    def ask_on(name: str) -> None:
        try:
            for number in range(5):
                question = f"{name}{number}: {GAS_QUESTION}"
                body = {"question": question, "conversation_id": made}
                response = client.post("/v1/ask", json=body)
                assert response.status_code == 200, response.content
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=ask_on, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    turns = read(client, made)["turns"]
    assert [turn["number"] for turn in turns] == list(range(1, 16))
    for name in "abc":
        own = [turn["question"] for turn in turns if turn["question"].startswith(name)]
        assert own == [f"{name}{number}: {GAS_QUESTION}" for number in range(5)]


def test_a_conversation_outlives_the_reports_that_it_cites(
    client: TestClient, reports: Reports
) -> None:
    made = begin(client)
    before = ask(client, made, "What did the mayor do?", max_answers=5)
    assert len(before["citations"]) == 2
    gone = reports["gas"]["id"]
    assert client.delete(f"/v1/documents/{gone}").status_code == 204
    (turn,) = read(client, made)["turns"]
    assert turn["answers"] == before["answers"]
    for citation, shown in zip(turn["citations"], before["citations"], strict=True):
        there = citation["document_id"] != gone
        assert citation["available"] is there
        assert citation["url"] == (shown["url"] if there else None)
        assert citation["cited_text"] == shown["cited_text"]
    markdown = client.get(f"/v1/conversations/{made}/export").text
    assert markdown.count("this report is there no more") == 1
    again = ask(client, made, "What did the mayor do?", max_answers=5)
    assert {each["document_id"] for each in again["citations"]} == {reports["flood"]["id"]}


FOLLOW_UPS = ("are you sure?", "show me the source", "anything else?", "who said that?")


@pytest.mark.parametrize("question", FOLLOW_UPS)
def test_a_question_about_the_answer_is_replied_to_alike_from_both_kinds_of_history(
    client: TestClient, reports: Reports, question: str
) -> None:
    made = begin(client)
    first = ask(client, made, GAS_QUESTION)
    kept = ask(client, made, question)
    messages = [
        {"role": "user", "content": GAS_QUESTION},
        {"role": "assistant", "content": first["answers"][0]["text"]},
    ]
    response = client.post("/v1/ask", json={"question": question, "messages": messages})
    told = assert_reply(client, response)
    for body in (kept, told):
        del body["timings_ms"], body["conversation_id"]
    assert kept == told
    assert kept["standalone_question"] != question
    assert (kept["note"] is None) is (question == "show me the source")
    assert read(client, made)["turns"][1]["note"] == kept["note"]


def test_a_question_about_an_answer_whose_report_is_deleted_is_not_answered(
    client: TestClient, reports: Reports
) -> None:
    made = begin(client)
    first = ask(client, made, GAS_QUESTION)
    for citation in first["citations"]:
        client.delete(f"/v1/documents/{citation['document_id']}")
    reply = ask(client, made, "show me the source")
    assert (reply["answers"], reply["citations"]) == ([], [])
    assert reply["note"] == "The report that said so is there no more."


@pytest.mark.parametrize("kind", ["json", "markdown"])
def test_a_conversation_is_saved_as_a_file(client: TestClient, reports: Reports, kind: str) -> None:
    made = begin(client, title='G\u00e4s & "floods"/../\u6587')
    ask(client, made, GAS_QUESTION)
    ask(client, made, FLOOD_QUESTION)
    response = client.get(f"/v1/conversations/{made}/export", params={"format": kind})
    assert response.status_code == 200
    ending, media = {"json": ("json", "application/json"), "markdown": ("md", "text/markdown")}[
        kind
    ]
    assert response.headers["content-type"] == f"{media}; charset=utf-8"
    assert response.headers["content-disposition"] == (
        f'attachment; filename="dateline-gas-floods.{ending}"'
    )
    if kind == "json":
        assert response.json() == read(client, made)
        return
    for citation in (each for turn in read(client, made)["turns"] for each in turn["citations"]):
        start, end = citation["start_char_index"], citation["end_char_index"]
        assert text_of(client, citation["document_id"])[start:end] == citation["cited_text"]
        assert f"](<{citation['url']}>)" in response.text
        assert f"> {citation['cited_text']}" in response.text


def test_the_file_is_markdown_unless_another_kind_is_named(client: TestClient) -> None:
    made = begin(client)
    assert (
        client.get(f"/v1/conversations/{made}/export")
        .headers["content-type"]
        .startswith("text/markdown")
    )
    response = client.get(f"/v1/conversations/{made}/export", params={"format": "pdf"})
    assert "'json' or 'markdown'" in assert_error(response, 422, "invalid_value", "format")


def test_messages_are_gone_by_and_not_kept(client: TestClient, reports: Reports) -> None:
    body = {
        "question": FLOOD_QUESTION,
        "messages": [
            {"role": "assistant", "content": "Hello."},
            {"role": "user", "content": GAS_QUESTION},
            {"role": "assistant", "content": ""},
            {"role": "user", "content": "And then?"},
        ],
    }
    reply = assert_reply(client, client.post("/v1/ask", json=body))
    assert reply["conversation_id"] is None
    assert reply["answerable"] is True
    assert listed(client)["total"] == 0
    assert assert_reply(client, client.post("/v1/ask", json={**body, "messages": []}))["answers"]


def test_messages_and_a_conversation_exclude_each_other(client: TestClient) -> None:
    body = {"question": "Why?", "conversation_id": begin(client)}
    for messages in ([], [{"role": "user", "content": "Why?"}]):
        response = client.post("/v1/ask", json={**body, "messages": messages})
        message = assert_error(response, 422, "history_twice", "messages")
        assert "conversation_id" in message


@pytest.mark.parametrize(
    ("messages", "param"),
    [
        ("Why?", "messages"),
        (["Why?"], "messages.0"),
        ([{"role": "system", "content": "Why?"}], "messages.0.role"),
        ([{"role": "user"}], "messages.0.content"),
        ([{"content": "Why?"}], "messages.0.role"),
        ([{"role": "user", "content": None}], "messages.0.content"),
        ([{"role": "user", "content": "a\0b"}], "messages.0.content"),
        ([{"role": "user", "content": "a" * 20_001}], "messages.0.content"),
        ([{"role": "user", "content": "a", "name": "b"}], "messages.0.name"),
        ([{"role": "user", "content": "a"}] * 201, "messages"),
    ],
)
def test_messages_that_are_none_are_refused(
    client: TestClient, messages: object, param: str
) -> None:
    response = client.post("/v1/ask", json={"question": "Why?", "messages": messages})
    assert_error(response, 422, "invalid_value", param)


@pytest.fixture
def aged(database: Database) -> list[str]:
    """Conversations last asked in 1, 20 and 40 days ago."""
    table = schema.conversations
    with database.write() as connection:
        ids = []
        for days in (1, 20, 40):
            made = create_conversation(connection, f"{days} days").id
            past = moment(datetime.timedelta(days=days))
            connection.execute(update(table).where(table.c.id == made).values(updated_at=past))
            ids.append(made)
    return ids


def ids_in(database: Database) -> list[str]:
    with database.read() as connection:
        return [each.id for each in list_conversations(connection)]


@pytest.mark.parametrize(("days", "kept"), [(None, 3), (30, 2), (7, 1)])
def test_old_conversations_are_deleted_when_the_service_starts_and_one_begins(
    home: Any,
    pipeline: Pipeline,
    database: Database,
    aged: list[str],
    days: int | None,
    kept: int,
) -> None:
    app = create_app(Settings(home=home, conversation_days=days), pipeline)
    with TestClient(app) as client:
        for _ in range(200):
            if len(ids_in(database)) == kept:
                break
            threading.Event().wait(0.02)
        assert ids_in(database) == aged[:kept]
        table = schema.conversations
        with database.write() as connection:
            past = moment(datetime.timedelta(days=365))
            connection.execute(update(table).where(table.c.id == aged[0]).values(updated_at=past))
        made = begin(client)
        assert (aged[0] in ids_in(database)) is (days is None)
        assert made in ids_in(database)


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "ever"])
def test_a_number_of_days_that_is_none_is_refused(
    days: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_CONVERSATION_DAYS", days)
    with pytest.raises(ValueError, match="conversation_days"):
        Settings()
