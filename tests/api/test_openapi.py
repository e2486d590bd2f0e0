"""What the service says of itself."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.schemas.jobs import JobBody
from tests.api.shapes import assert_reply

ERRORS = {
    ("post", "/v1/ask"): {"400", "404", "413", "422", "503"},
    ("post", "/v1/search"): {"400", "404", "413", "422", "503"},
    ("post", "/v1/documents"): {"400", "403", "413", "422", "503"},
    ("get", "/v1/documents"): {"404", "422", "503"},
    ("get", "/v1/documents/{document_id}"): {"404", "422", "503"},
    ("get", "/v1/documents/{document_id}/text"): {"404", "422", "503"},
    ("get", "/v1/documents/{document_id}/parts"): {"404", "422", "503"},
    ("get", "/v1/documents/{document_id}/boxes"): {"404", "422", "503"},
    ("get", "/v1/documents/{document_id}/original"): {"404", "422", "503"},
    ("get", "/v1/jobs"): {"422", "503"},
    ("get", "/v1/jobs/{job_id}"): {"404", "422", "503"},
    ("get", "/v1/jobs/{job_id}/events"): {"404", "422", "503"},
    ("delete", "/v1/jobs/{job_id}"): {"404", "422", "503"},
    ("patch", "/v1/documents/{document_id}"): {"400", "404", "413", "422", "503"},
    ("delete", "/v1/documents/{document_id}"): {"404", "422", "503"},
    ("get", "/v1/collections"): {"503"},
    ("patch", "/v1/collections/{name}"): {"400", "404", "409", "413", "422", "503"},
    ("delete", "/v1/collections/{name}"): {"404", "422", "503"},
    ("post", "/v1/conversations"): {"400", "413", "422", "503"},
    ("get", "/v1/conversations"): {"422", "503"},
    ("get", "/v1/conversations/{conversation_id}"): {"404", "422", "503"},
    ("patch", "/v1/conversations/{conversation_id}"): {"400", "404", "413", "422", "503"},
    ("delete", "/v1/conversations/{conversation_id}"): {"404", "422", "503"},
    ("get", "/v1/conversations/{conversation_id}/export"): {"404", "422", "503"},
    ("get", "/healthz"): set(),
    ("get", "/readyz"): {"503"},
}
ERRORS |= {
    ("post", "/v1/chat/completions"): {"400", "404", "413", "422", "503"},
    ("post", "/v1/embeddings"): {"400", "404", "413", "422", "503"},
    ("get", "/v1/models"): {"503"},
    ("get", "/v1/models/{model}"): {"404", "422", "503"},
}
# Whatever is behind the server's key is refused without it.
ERRORS = {
    (method, path): errors | ({"401"} if path.startswith("/v1/") else set())
    for (method, path), errors in ERRORS.items()
}
ADDRESS = re.compile(r"(?:src|href)\s*=\s*[\"']([^\"']+)|[\"'(]((?:https?:)?//[^\"')]+)")


@pytest.fixture
def schema(client: TestClient) -> dict[str, Any]:
    response = client.get("/openapi.json")
    assert response.status_code == 200
    return dict(response.json())


def named(schema: dict[str, Any], reference: dict[str, str]) -> dict[str, Any]:
    return dict(schema["components"]["schemas"][reference["$ref"].rpartition("/")[2]])


def test_the_routes_are_all_described(schema: dict[str, Any]) -> None:
    described = {(method, path) for path, methods in schema["paths"].items() for method in methods}
    assert described == ERRORS.keys()


@pytest.mark.parametrize(("method", "path"), ERRORS)
def test_a_route_lists_its_errors_in_the_one_shape(
    schema: dict[str, Any], method: str, path: str
) -> None:
    responses = schema["paths"][path][method]["responses"]
    errors = {status: each for status, each in responses.items() if status >= "400"}
    # 422 stands at whatever has a parameter: FastAPI would put another shape there.
    assert errors.keys() == ERRORS[method, path]
    for status in ERRORS[method, path]:
        reference = errors[status]["content"]["application/json"]["schema"]
        detail = named(schema, named(schema, reference)["properties"]["error"])
        assert detail["properties"].keys() == {"message", "type", "param", "code"}
        assert errors[status]["description"]


def test_no_route_promises_an_error_of_another_shape(schema: dict[str, Any]) -> None:
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            for status, response in route["responses"].items():
                if status >= "400":
                    reference = response["content"]["application/json"]["schema"]
                    assert reference["$ref"].endswith("/ErrorBody"), (method, path, status)


POSTED = [
    *("/v1/ask", "/v1/search", "/v1/documents", "/v1/conversations"),
    *("/v1/chat/completions", "/v1/embeddings"),
]


@pytest.mark.parametrize("path", POSTED)
def test_a_posted_example_works_as_it_stands(
    client: TestClient, schema: dict[str, Any], path: str
) -> None:
    body = schema["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    # A body that may be left out is one of two things; one of several kinds is described in place.
    described = body.get("anyOf", [body])[0]
    examples = (named(schema, described) if "$ref" in described else described)["examples"]
    assert examples
    for example in examples:
        response = client.post(path, json=example)
        assert response.status_code in (200, 201, 202), response.content
        if path == "/v1/ask":
            assert_reply(client, response)


def test_an_upload_of_files_is_described_as_one(schema: dict[str, Any]) -> None:
    content = schema["paths"]["/v1/documents"]["post"]["requestBody"]["content"]
    assert content.keys() == {"application/json", "multipart/form-data"}
    form = content["multipart/form-data"]["schema"]
    assert form["properties"].keys() == {"files", "collection"}


def test_an_example_of_a_job_has_the_shape_of_one() -> None:
    extra = JobBody.model_config["json_schema_extra"]
    assert isinstance(extra, dict)
    # Not as the page has it: FastAPI leaves out what is null.
    for example in extra["examples"]:
        assert JobBody.model_validate(example).model_dump(mode="json") == example


def test_what_is_not_json_is_described_as_what_it_is(schema: dict[str, Any]) -> None:
    content = schema["paths"]["/v1/conversations/{conversation_id}/export"]["get"]["responses"][
        "200"
    ]["content"]
    assert content["text/markdown"]["schema"] == {"type": "string"}
    assert named(schema, content["application/json"]["schema"])["title"] == "TranscriptBody"
    assert len(content) == 2


def test_every_field_and_route_is_named_as_in_the_design(schema: dict[str, Any]) -> None:
    fields = schema["components"]["schemas"]["AskRequest"]["properties"]
    assert fields.keys() == {
        *("question", "collection", "conversation_id", "since", "until", "max_answers"),
        "messages",
    }
    assert schema["info"]["title"] == "Dateline"
    assert schema["info"]["version"]


def test_the_description_refers_to_no_other_host(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    addresses = [one or other for one, other in ADDRESS.findall(page.text)]
    assert len(addresses) >= 3
    for address in addresses:
        assert address.startswith("/"), address
        assert not address.startswith("//"), address
        found = client.get(address)
        assert found.status_code == 200, address
        if address.endswith(".css"):
            assert not re.search(r"url\(\s*[\"']?(https?:)?//", found.text)


def test_there_is_no_page_that_takes_a_picture_from_another_host(client: TestClient) -> None:
    # ReDoc's script, also the copy that fastapi_offline brings, shows one from cdn.redoc.ly.
    assert client.get("/redoc").status_code == 404
