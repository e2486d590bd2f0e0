import hashlib
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import FLOOD, GAS, Upload
from tests.api.shapes import DOCUMENT_KEYS, assert_error, assert_reply, text_of

Reports = dict[str, dict[str, Any]]


def cited(client: TestClient, question: str) -> set[str]:
    """The documents that a question's reply refers to, closest passages included."""
    body = assert_reply(client, client.post("/v1/ask", json={"question": question}))
    return {each["document_id"] for each in body["citations"]}


def test_an_upload_is_known_as_what_it_is(client: TestClient, upload: Upload) -> None:
    fields = {"text": GAS, "source": "gas.txt", "collection": "news"}
    body = upload(**fields)
    assert body.keys() == DOCUMENT_KEYS | {"status"}
    assert body["status"] == "added"
    assert body["title"] == "Protests in the republic"
    assert body["date"] == "2022-01-05"
    assert body["collection"] == "news"
    assert body["sources"] == ["gas.txt"]
    assert body["media_type"] == "text/plain"
    assert body["characters"] == len(GAS)
    assert body["passages"] >= 1
    assert body["sha256"] == hashlib.sha256(GAS.encode()).hexdigest()
    del body["status"]
    assert client.get(f"/v1/documents/{body['id']}").json() == body
    assert text_of(client, body["id"]) == GAS


def test_the_same_upload_again_changes_nothing(client: TestClient, upload: Upload) -> None:
    first, second = upload(GAS), upload(GAS)
    assert second == first | {"status": "unchanged"}
    assert client.get("/v1/documents").json()["total"] == 1


def test_a_text_without_a_source_is_named_by_its_bytes(upload: Upload) -> None:
    digest = hashlib.sha256(GAS.encode()).hexdigest()
    assert upload(GAS)["sources"] == [f"upload:{digest[:16]}"]


def test_the_same_text_from_two_sources_is_one_report(client: TestClient, upload: Upload) -> None:
    first = upload(GAS, source="a.txt")
    second = upload(GAS, source="b.txt")
    assert second["status"] == "unchanged"
    assert second["id"] == first["id"]
    assert second["sources"] == ["a.txt", "b.txt"]
    assert client.get("/v1/documents").json()["total"] == 1


def test_another_text_under_a_known_source_replaces_the_report(
    client: TestClient, upload: Upload
) -> None:
    old = upload(GAS, source="today.txt")
    new = upload(FLOOD, source="today.txt")
    assert new["status"] == "replaced"
    assert cited(client, "What did the mayor do?") == {new["id"]}
    assert_error(client.get(f"/v1/documents/{old['id']}"), 404, "unknown_document", "document_id")
    assert client.get("/v1/documents").json()["total"] == 1


def test_a_source_is_of_one_collection(client: TestClient, upload: Upload) -> None:
    upload(GAS, source="today.txt", collection="a")
    assert upload(FLOOD, source="today.txt", collection="b")["status"] == "added"
    assert client.get("/v1/documents").json()["total"] == 2


def test_a_given_title_and_date_stand_over_those_in_the_text(upload: Upload) -> None:
    body = upload(GAS, title="Gas \U0001f525", date="2020-02-29")
    assert (body["title"], body["date"], body["date_evidence"]) == (
        "Gas \U0001f525",
        "2020-02-29",
        "given",
    )


@pytest.mark.parametrize("text", ["", " \r\n\t", "...", "\ufeff\u200b", "\U0001f600"])
def test_a_text_with_nothing_in_it_is_refused(client: TestClient, text: str) -> None:
    response = client.post("/v1/documents", json={"text": text})
    assert_error(response, 422, "unreadable_report", "text")
    assert client.get("/v1/documents").json() == {"documents": [], "total": 0}


@pytest.mark.parametrize("name", ["", "a b", ".hidden", "_a", "../up", "a/b", "a\n", "x" * 65])
def test_a_collection_has_a_plain_name(client: TestClient, name: str) -> None:
    response = client.post("/v1/documents", json={"text": GAS, "collection": name})
    message = assert_error(response, 422, "invalid_collection", "collection")
    assert repr(name) in message
    assert client.get("/v1/collections").json() == {"collections": []}


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"text": None}, "text"),
        ({"text": 5}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"title": ""}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"source": ""}, "source"),
        ({"source": "x" * 2001}, "source"),
        ({"source": "a\0b"}, "source"),
        ({"date": "2022-02-30"}, "date"),
        ({"date": "yesterday"}, "date"),
        ({"collection": None}, "collection"),
        ({"collection": 5}, "collection"),
        ({"url": "https://example.org"}, "url"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    client: TestClient, fields: dict[str, Any], param: str
) -> None:
    response = client.post("/v1/documents", json={"text": GAS, **fields})
    message = assert_error(response, 422, "invalid_value", param)
    assert message.startswith(f"{param}: ")
    assert client.get("/v1/documents").json()["total"] == 0


def test_a_missing_text_is_named(client: TestClient) -> None:
    response = client.post("/v1/documents", json={"title": "Gas"})
    assert_error(response, 422, "invalid_value", "text")


def test_reports_are_listed_newest_first_page_by_page(client: TestClient, upload: Upload) -> None:
    days = ["2022-01-03", "2022-01-01", "2022-01-05", "2022-01-02", "2022-01-04"]
    for day in days:
        upload(f"A report.\n\nThe mayor spoke on the day {day}.", date=day)
    upload("A report without a day.\n\nThe mayor spoke.")
    whole = client.get("/v1/documents").json()
    assert whole.keys() == {"documents", "total"}
    assert whole["total"] == 6
    assert [each["date"] for each in whole["documents"]] == [*sorted(days, reverse=True), None]
    assert all(each.keys() == DOCUMENT_KEYS for each in whole["documents"])
    paged = []
    for offset in (0, 2, 4, 6):
        page = client.get(f"/v1/documents?limit=2&offset={offset}").json()
        assert page["total"] == 6
        paged += page["documents"]
    assert paged == whole["documents"]


def test_the_list_heeds_its_limits(client: TestClient, reports: Reports) -> None:
    def listed(query: str) -> tuple[list[str], int]:
        response = client.get(f"/v1/documents?{query}")
        assert response.status_code == 200, response.content
        body = response.json()
        return [each["id"] for each in body["documents"]], body["total"]

    gas, flood = reports["gas"]["id"], reports["flood"]["id"]
    assert listed("") == ([flood, gas], 2)
    assert listed("limit=1") == ([flood], 2)
    assert listed("collection=floods") == ([flood], 1)
    assert listed("since=2022-01-06") == ([flood], 1)
    assert listed("until=2022-01-05") == ([gas], 1)
    assert listed("since=2022-01-06&until=2023-03-13") == ([], 0)


@pytest.mark.parametrize(
    ("query", "status", "code", "param"),
    [
        ("limit=0", 422, "invalid_value", "limit"),
        ("limit=1001", 422, "invalid_value", "limit"),
        ("limit=ten", 422, "invalid_value", "limit"),
        ("offset=-1", 422, "invalid_value", "offset"),
        ("offset=99999999999999999999", 422, "invalid_value", "offset"),
        ("since=2022-02-30", 422, "invalid_value", "since"),
        ("until=yesterday", 422, "invalid_value", "until"),
        ("since=2022-01-02&until=2022-01-01", 422, "period_empty", "since"),
        ("collection=fires", 404, "unknown_collection", "collection"),
        ("collection=%ED%A0%80", 404, "unknown_collection", "collection"),
        ("collection=%00", 404, "unknown_collection", "collection"),
    ],
)
def test_the_list_refuses_wrong_limits(
    client: TestClient, query: str, status: int, code: str, param: str
) -> None:
    assert_error(client.get(f"/v1/documents?{query}"), status, code, param)


def test_a_deleted_report_answers_no_more(client: TestClient, reports: Reports) -> None:
    gas, flood = reports["gas"]["id"], reports["flood"]["id"]
    assert cited(client, "What did the mayor do?") == {gas, flood}
    response = client.delete(f"/v1/documents/{gas}")
    assert (response.status_code, response.content) == (204, b"")
    for question in ("What did the mayor do?", "price of gas", "Who won the cup?"):
        assert cited(client, question) == {flood}
        found = client.post("/v1/search", json={"question": question}).json()["passages"]
        assert {each["document_id"] for each in found} == {flood}
    assert [each["id"] for each in client.get("/v1/documents").json()["documents"]] == [flood]
    assert_error(client.delete(f"/v1/documents/{gas}"), 404, "unknown_document", "document_id")


def test_a_deleted_report_can_be_uploaded_again(
    client: TestClient, reports: Reports, upload: Upload
) -> None:
    gas = reports["gas"]["id"]
    client.delete(f"/v1/documents/{gas}")
    again = upload(GAS, source="gas.txt")
    assert (again["id"], again["status"]) == (gas, "added")
    assert gas in cited(client, "price of gas")


@pytest.mark.parametrize("unknown", ["doc_0", "%00", "%F0%9F%98%80", "%ED%A0%80", "a" * 3000])
@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("GET", "/v1/documents/{}"),
        ("GET", "/v1/documents/{}/text"),
        ("GET", "/v1/documents/{}/original"),
        ("DELETE", "/v1/documents/{}"),
    ],
)
def test_an_unknown_report_is_not_found(
    client: TestClient, method: str, route: str, unknown: str
) -> None:
    response = client.request(method, route.format(unknown))
    assert_error(response, 404, "unknown_document", "document_id")


def test_a_text_that_looks_like_a_page_is_shown_as_text(client: TestClient, upload: Upload) -> None:
    stored = upload("<script>alert('The mayor fled.')</script>")
    response = client.get(f"/v1/documents/{stored['id']}/text")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_collections_are_listed_with_their_number_of_reports(
    client: TestClient, reports: Reports, upload: Upload
) -> None:
    upload("The mayor fled.", collection="\u00e9t\u00e9")
    upload("The mayor was hurt.", collection="floods")
    assert client.get("/v1/collections").json() == {
        "collections": [
            {"name": "default", "documents": 1},
            {"name": "floods", "documents": 2},
            {"name": "\u00e9t\u00e9", "documents": 1},
        ]
    }
