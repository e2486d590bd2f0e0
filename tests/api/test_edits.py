from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.main import main
from index.store.database import Database
from index.store.lookup import get_document
from retrieval.types import Pipeline
from tests.api.conftest import GAS, Upload
from tests.api.shapes import DOCUMENT_KEYS, assert_error, assert_reply, text_of

Reports = dict[str, dict[str, Any]]


def patch(client: TestClient, document_id: str, **fields: Any) -> Any:
    return client.patch(f"/v1/documents/{document_id}", json=fields)


def test_a_title_and_a_date_are_corrected(client: TestClient, reports: Reports) -> None:
    gas = reports["gas"]["id"]
    response = patch(client, gas, title=" Gas  prices\n", date="2022-02-03")
    assert response.status_code == 200
    body = response.json()
    assert body.keys() == DOCUMENT_KEYS
    assert (body["title"], body["date"], body["date_evidence"]) == (
        "Gas prices",
        "2022-02-03",
        "given",
    )
    assert client.get(f"/v1/documents/{gas}").json() == body
    assert text_of(client, gas) == GAS
    # It counts at once: for limits, and in citations.
    fields = {"question": "price of gas", "since": "2022-02-03", "until": "2022-02-03"}
    reply = assert_reply(client, client.post("/v1/ask", json=fields))
    assert [each["document_title"] for each in reply["citations"]] == ["Gas prices"]
    assert client.get("/readyz").status_code == 200


def test_a_date_is_removed_by_null_and_stays_if_left_out(
    client: TestClient, reports: Reports
) -> None:
    gas = reports["gas"]["id"]
    assert patch(client, gas, title="Gas").json()["date"] == "2022-01-05"
    body = patch(client, gas, date=None).json()
    assert (body["title"], body["date"], body["date_evidence"]) == ("Gas", None, None)


def test_the_same_bytes_again_keep_the_correction_and_others_do_not(
    client: TestClient, upload: Upload
) -> None:
    first = upload(GAS, source="gas.txt")
    patch(client, first["id"], title="Gas", date="2020-02-29")
    again = upload(GAS, source="gas.txt")
    assert (again["status"], again["title"], again["date"]) == ("unchanged", "Gas", "2020-02-29")
    other = upload(f"{GAS} He came back.", source="gas.txt")
    assert (other["status"], other["title"]) == ("replaced", "Protests in the republic")


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({}, "body"),
        ({"title": None}, "title"),
        ({"title": ""}, "title"),
        ({"title": " \n"}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"date": "yesterday"}, "date"),
        ({"date": ""}, "date"),
        ({"text": "Rain."}, "text"),
    ],
)
def test_a_correction_that_is_none_is_refused(
    client: TestClient, reports: Reports, fields: dict[str, Any], param: str
) -> None:
    response = patch(client, reports["gas"]["id"], **fields)
    assert_error(response, 422, "invalid_value", param)


def test_an_unknown_report_cannot_be_corrected(client: TestClient) -> None:
    assert_error(patch(client, "doc_0", title="Gas"), 404, "unknown_document", "document_id")


@pytest.fixture
def at_hand(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command gets the fake encoder."""
    monkeypatch.setattr("api.pipeline.open_encoder", lambda _settings: pipeline.encoder)


@pytest.mark.usefixtures("at_hand")
def test_the_command_corrects_title_and_date(
    database: Database, upload: Upload, capsys: pytest.CaptureFixture[str]
) -> None:
    gas = upload(GAS)["id"]

    def edit(*arguments: str) -> tuple[str, str | None]:
        assert main(["documents", "edit", gas, *arguments]) == 0
        assert capsys.readouterr() == ("", f"changed {gas}\n")
        with database.read() as connection:
            found = get_document(connection, gas)
        return found.title, None if found.date is None else found.date.isoformat()

    assert edit("--title", " Gas  prices ") == ("Gas prices", "2022-01-05")
    assert edit("--date", "2020-02-29") == ("Gas prices", "2020-02-29")
    assert edit("--date", "none", "--title", "Gas") == ("Gas", None)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "name a --title or a --date"),
        (["--title", " "], "nothing to read in it"),
        (["--title", "x" * 501], "500 characters at the most"),
        (["--title", "\udcff"], "is no Unicode text"),
        (["--date", "now"], "'now' is no day"),
    ],
)
def test_the_command_refuses_what_is_no_correction(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    try:
        status = main(["documents", "edit", "doc_0", *arguments])
    except SystemExit as exit_:
        status = int(exit_.code or 0)
    assert status == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.usefixtures("at_hand", "database")
def test_the_command_names_an_unknown_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["documents", "edit", "doc_0", "--title", "Gas"]) == 1
    assert "no document has the id 'doc_0'" in capsys.readouterr().err
