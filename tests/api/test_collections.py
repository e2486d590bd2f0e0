from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.main import main
from api.pipeline import open_database
from api.settings import Settings
from index.store.database import Database
from index.store.lookup import list_documents
from index.types import Filter
from tests.api.shapes import assert_error
from tests.factories import store
from tests.fakes import HashEncoder

Reports = dict[str, dict[str, Any]]


def test_a_renamed_collection_answers_under_its_new_name_alone(
    client: TestClient, reports: Reports
) -> None:
    response = client.patch("/v1/collections/floods", json={"name": "water"})
    assert response.status_code == 200
    assert response.json() == {"name": "water", "documents": 1}
    asked = {"question": "When did the river break its dyke?", "collection": "water"}
    reply = client.post("/v1/ask", json=asked).json()
    assert [each["document_id"] for each in reply["citations"]] == [reports["flood"]["id"]]
    gone = client.post("/v1/ask", json={**asked, "collection": "floods"})
    assert_error(gone, 404, "unknown_collection", "collection")
    [document] = client.get("/v1/documents?collection=water").json()["documents"]
    assert document == {**document, "id": reports["flood"]["id"], "collection": "water"}


def test_a_name_that_is_taken_or_none_is_refused(client: TestClient, reports: Reports) -> None:
    taken = client.patch("/v1/collections/floods", json={"name": "default"})
    assert_error(taken, 409, "collection_exists", "name")
    wrong = client.patch("/v1/collections/floods", json={"name": "../x"})
    assert_error(wrong, 422, "invalid_collection", "collection")
    unknown = client.patch("/v1/collections/fires", json={"name": "new"})
    assert_error(unknown, 404, "unknown_collection", "collection")
    assert client.get("/v1/collections").json()["collections"] == [
        {"name": "default", "documents": 1},
        {"name": "floods", "documents": 1},
    ]


def test_a_deleted_collection_answers_nothing(client: TestClient, reports: Reports) -> None:
    assert client.delete("/v1/collections/floods").status_code == 204
    assert_error(client.delete("/v1/collections/floods"), 404, "unknown_collection", "collection")
    reply = client.post("/v1/ask", json={"question": "When did the river break its dyke?"}).json()
    assert reports["flood"]["id"] not in {each["document_id"] for each in reply["citations"]}
    assert client.get(f"/v1/documents/{reports['flood']['id']}").status_code == 404
    assert client.get(f"/v1/documents/{reports['gas']['id']}").status_code == 200


@pytest.fixture
def filled(settings: Settings, encoder: HashEncoder) -> Settings:
    """A home with a report in each of two collections."""
    database = Database(settings.database_path)
    database.use_encoder(encoder.fingerprint)
    store(database, encoder, "Rain fell on the valley.", collection="rain")
    store(database, encoder, "The dam broke.", collection="dams")
    database.close()
    return settings


@pytest.fixture
def _fake_encoder(monkeypatch: pytest.MonkeyPatch, encoder: HashEncoder) -> None:
    monkeypatch.setattr("api.pipeline.load_encoder", lambda _name, _folder: encoder)
    monkeypatch.setattr("api.pipeline.is_converted", lambda _folder: True)


def documents(settings: Settings, collection: str) -> list[str]:
    database = open_database(settings)
    with database.read() as connection:
        found = [each.id for each in list_documents(connection, Filter(collection))]
    database.close()
    return found


def test_collections_are_listed_with_their_counts(
    filled: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["collections", "list"]) == 0
    assert capsys.readouterr().out == "       1  dams\n       1  rain\n"
    assert main(["collections", "list", "--json"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == '{"name": "dams", "documents": 1}'


def test_rename_and_delete_say_what_they_did(
    filled: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    [rain] = documents(filled, "rain")
    assert main(["collections", "rename", "rain", "wet"]) == 0
    assert documents(filled, "wet") == [rain]
    assert main(["collections", "delete", "wet"]) == 0
    assert capsys.readouterr().err == "renamed rain to wet\ndeleted wet: 1 report\n"
    assert main(["collections", "delete", "wet"]) == 1
    assert "no collection is named 'wet'" in capsys.readouterr().err
    assert main(["collections", "rename", "dams", ".."]) == 2


@pytest.mark.usefixtures("_fake_encoder")
def test_what_was_exported_comes_back(
    filled: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "rain.zip"
    before = documents(filled, "rain")
    assert main(["collections", "export", "rain", str(archive)]) == 0
    assert f"exported rain: 1 report, {archive.stat().st_size:,} bytes" in capsys.readouterr().err
    assert main(["collections", "import", str(archive)]) == 1
    assert "there is a collection 'rain' already" in capsys.readouterr().err
    assert main(["collections", "delete", "rain"]) == 0
    assert main(["collections", "import", str(archive)]) == 0
    assert documents(filled, "rain") == before
    assert main(["collections", "import", str(archive), "--as", "rain2"]) == 0
    assert "1 report with new ids" in capsys.readouterr().err


@pytest.mark.usefixtures("_fake_encoder")
def test_vectors_of_another_encoder_are_made_anew_and_that_is_said(
    filled: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], encoder: HashEncoder
) -> None:
    archive = tmp_path / "rain.zip"
    assert main(["collections", "export", "rain", str(archive)]) == 0
    encoder.fingerprint = "hash-other"
    home = str(tmp_path / "other")
    assert main(["collections", "import", str(archive), "--home", home]) == 0
    assert "its vectors are of the encoder hash-256: 1 report embedded anew" in (
        capsys.readouterr().err
    )


def test_an_export_that_fails_leaves_what_was_there(filled: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "rain.zip"
    archive.write_bytes(b"mine")
    assert main(["collections", "export", "snow", str(archive)]) == 1
    assert archive.read_bytes() == b"mine"
    assert [each.name for each in tmp_path.glob("*.zip")] == ["rain.zip"]
    assert main(["collections", "export", "rain", str(tmp_path / "none" / "x.zip")]) == 1


@pytest.mark.usefixtures("_fake_encoder")
def test_a_file_that_is_no_archive_is_refused(
    filled: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "rain.zip"
    archive.write_bytes(b"mine")
    assert main(["collections", "import", str(archive)]) == 1
    assert "rain.zip" in capsys.readouterr().err
