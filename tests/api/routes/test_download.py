"""What `/v1/documents/{id}/original` serves."""

import hashlib

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.main import main
from api.routes.documents import download
from index.store import schema
from index.store.database import Database
from index.types import Original
from tests.api.conftest import GAS, Upload
from tests.api.shapes import assert_error


def test_the_bytes_are_served_as_a_file_to_save(client: TestClient) -> None:
    content = b"\xef\xbb\xbf<script>alert('Rain fell.')</script>\r\n\r"
    files = [("files", ("r\u00e9port 1.md", content))]
    job = client.post("/v1/documents?wait=true", files=files).json()
    found = client.get(f"/v1/documents/{job['files'][0]['documents'][0]['id']}").json()
    assert found["original_url"] == f"/v1/documents/{found['id']}/original"
    response = client.get(found["original_url"])
    assert response.content == content
    assert hashlib.sha256(response.content).hexdigest() == found["sha256"]
    assert response.headers["content-type"] == "text/markdown"
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"r_port 1.md\"; filename*=UTF-8''r%C3%A9port%201.md"
    )
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "sandbox; default-src 'none'"


def test_a_text_sent_as_json_has_its_utf8(client: TestClient, upload: Upload) -> None:
    stored = upload("\ufeffRain fell \U0001f525.\r\n")
    response = client.get(stored["original_url"])
    assert response.content == "\ufeffRain fell \U0001f525.\r\n".encode()


@pytest.mark.parametrize(
    ("media_type", "served"),
    [
        ("text/plain", "text/plain"),
        ("application/pdf", "application/pdf"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"),
        ("text/plain; charset=utf-7", "application/octet-stream"),
    ],
)
def test_nothing_is_served_as_what_a_browser_runs(media_type: str, served: str) -> None:
    response = download(Original("a", media_type, b"Rain.", ""))
    assert response.headers["content-type"] == served


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [
        ("../../x.txt", "x.txt", "x.txt"),
        ("a\\b.txt", "b.txt", "b.txt"),
        ('a";\r\nX: y.txt', "a____X_ y.txt", "a%22%3B%0D%0AX%3A%20y.txt"),
        ("\u202egnp.exe", "_gnp.exe", "%E2%80%AEgnp.exe"),
    ],
)
def test_a_name_breaks_out_of_no_header(name: str, plain: str, encoded: str) -> None:
    response = download(Original(name, "text/plain", b"Rain.", ""))
    assert response.headers["content-disposition"] == (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
    )


def test_a_report_from_before_has_none_and_says_what_to_do(
    client: TestClient, database: Database, upload: Upload
) -> None:
    stored = upload(GAS)
    with database.write() as connection:
        connection.execute(update(schema.documents).values(original=None))
    url = f"/v1/documents/{stored['id']}"
    assert client.get(url).json()["original_url"] is None
    response = client.get(f"{url}/original")
    message = assert_error(response, 404, "original_not_kept", "document_id")
    assert "upload the same file again" in message
    assert upload(GAS)["original_url"] == f"{url}/original"
    assert client.get(f"{url}/original").content == GAS.encode()


def test_the_command_prints_the_bytes(
    upload: Upload, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    stored = upload("\ufeffRain fell.\r\n")
    assert main(["documents", "show", stored["id"], "--original"]) == 0
    assert capfdbinary.readouterr().out == "\ufeffRain fell.\r\n".encode()
