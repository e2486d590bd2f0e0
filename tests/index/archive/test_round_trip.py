import datetime
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from index.archive import take_over
from index.archive.check import open_archive
from index.archive.export import export_collection
from index.archive.take_over import import_collection
from index.errors import ArchiveUnusable, CollectionExists, InvalidCollection, UnknownCollection
from index.ingest import ingest
from index.search.search_index import LocalSearchIndex
from index.store import schema
from index.store.collections import list_names
from index.store.database import Database
from index.store.delete import delete_collection, delete_document
from index.store.edit import Edit, edit_document
from index.store.lookup import get_document, get_text, list_documents
from index.store.originals import get_original
from index.store.places import get_parts
from index.store.rename_collection import rename_collection
from index.store.write import store_report
from index.types import Filter, Original, PassageRange
from retrieval.answer import answer
from retrieval.types import Pipeline, Reply
from tests.factories import assert_follows, awkward_texts, make_report, store
from tests.fakes import HashEncoder, WordReader

TEXTS = (
    "Heavy rain fell on the upper valley. The river Tharnock broke its dyke on Tuesday.",
    "A fire burned down the old mill. Nobody was hurt in the fire.",
    "Heavy rain fell on the upper valley. The river Tharnock broke its dyke on Tuesday night.",
    "\ufeffE\u0301mile\r\nsaid \U0001f600 that the dyke held.",
)
QUESTIONS = ("When did the river break its dyke?", "Who was hurt?", "What burned down?")

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "other" / "dateline.sqlite3")
    yield database
    database.close()


@pytest.fixture
def filled(database: Database, encoder: HashEncoder) -> Database:
    """A collection `press` with originals, an edit and two sources, beside another one."""
    database.use_encoder(encoder.fingerprint)
    store(database, encoder, "Snow fell on the pass.", collection="wire")
    for number, text in enumerate(TEXTS, start=1):
        stored = store(
            database, encoder, text, collection="press", date=datetime.date(2023, 3, number)
        )
    content = b"<p>It broke.</p>"
    sha256 = hashlib.sha256(content).hexdigest()
    stored = store_report(
        database,
        replace(make_report("It broke."), sha256=sha256),
        [PassageRange(0, 9)],
        encoder.embed_passages(["It broke."]),
        collection="press",
        source="/in/a.html",
        original=Original("a.html", "text/html", content, sha256),
    )
    assert stored.status == "added"
    edit_document(database, encoder, stored.document_id, Edit(title="Corrected", has_date=True))
    store(database, encoder, TEXTS[0], collection="press", source="/second/place.txt")
    return database


def export(database: Database, name: str = "press") -> bytes:
    file = io.BytesIO()
    export_collection(database, name, file)
    return file.getvalue()


def write(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "an-archive.zip"
    path.write_bytes(content)
    return path


def replies(database: Database, encoder: HashEncoder, folder: Path, name: str) -> list[Reply]:
    reader = WordReader()
    index = LocalSearchIndex(database, encoder, folder)
    pipeline = Pipeline(database, encoder, index, reader, reader.threshold)
    found = [answer(question, Filter(name), pipeline) for question in QUESTIONS]
    assert_follows(index, database)
    return [replace(reply, timings_ms={}) for reply in found]


def test_what_comes_back_is_the_same_to_the_byte_and_answers_the_same(
    filled: Database, other: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    first = export(filled)
    imported = import_collection(write(tmp_path, first), database=other, encoder=encoder)
    assert (imported.documents, imported.new_ids, imported.embedded_anew) == (5, 0, False)
    assert export(other) == first == export(filled)
    with filled.read() as one, other.read() as two:
        documents = list_documents(one, Filter("press"))
        assert list_documents(two, Filter("press")) == documents
        assert any(each.duplicates for each in documents)
        assert any(len(each.sources) == 2 for each in documents)
        [edited] = [each.id for each in documents if each.title == "Corrected"]
        assert get_original(two, edited) == get_original(one, edited)
        assert get_original(two, edited).content == b"<p>It broke.</p>"
        assert list_names(two) == ["press"]
        for each in documents:
            assert get_text(two, each.id) == get_text(one, each.id)
    wanted = replies(filled, encoder, tmp_path / "a", "press")
    assert any(reply.answerable for reply in wanted)
    assert replies(other, encoder, tmp_path / "b", "press") == wanted


def test_places_come_back_too(
    database: Database, other: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Flood\n\nRain fell.\n\n## Dyke\n\nIt broke.\n")
    index = LocalSearchIndex(database, encoder, tmp_path / "cache")
    [outcome] = ingest(
        [path],
        database=database,
        encoder=encoder,
        index=index,
        collection="press",
        today=datetime.date(2026, 11, 22),
    )
    archive = write(tmp_path, export(database))
    import_collection(archive, database=other, encoder=encoder)
    assert outcome.document_id is not None
    with database.read() as one, other.read() as two:
        parts = get_parts(one, outcome.document_id)
        assert [part.label for part in parts] == ["Flood", "Flood > Dyke"]
        assert get_parts(two, outcome.document_id) == parts


def test_a_collection_imported_beside_itself_gets_new_ids_and_all_else_stays(
    filled: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    path = write(tmp_path, export(filled))
    with pytest.raises(CollectionExists):
        import_collection(path, database=filled, encoder=encoder)
    imported = import_collection(path, database=filled, encoder=encoder, name="copy")
    assert imported.new_ids == imported.documents == 5
    one, two = (replies(filled, encoder, tmp_path / "a", name) for name in ("press", "copy"))
    assert [[each.text for each in reply.answers] for reply in two] == [
        [each.text for each in reply.answers] for reply in one
    ]
    with filled.read() as connection:
        copies = list_documents(connection, Filter("copy"))
        assert sum(bool(each.duplicates) for each in copies) == sum(
            bool(each.duplicates) for each in list_documents(connection, Filter("press"))
        )
    delete_collection(filled, "copy")
    assert export(filled) == path.read_bytes()


def test_what_was_imported_is_known_when_its_files_are_ingested_again(
    filled: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    path = write(tmp_path, export(filled))
    import_collection(path, database=filled, encoder=encoder, name="copy")
    for name in ("press", "copy"):
        again = store(filled, encoder, TEXTS[1], collection=name, source="/elsewhere.txt")
        assert again.status == "unchanged"
        with filled.read() as connection:
            assert get_document(connection, again.document_id).collection == name


def test_another_encoders_vectors_are_made_anew(
    filled: Database, other: Database, tmp_path: Path
) -> None:
    path = write(tmp_path, export(filled))
    told: list[object] = []
    smaller = HashEncoder(max_pieces=120, dimensions=64)
    imported = import_collection(
        path,
        database=other,
        encoder=smaller,
        on_embedding=lambda *what: told.append(what),
        on_embedded=lambda: told.append(None),
    )
    assert imported.embedded_anew
    assert told == [("hash-256", 5), *[None] * 5]
    [reply, *_] = replies(other, smaller, tmp_path / "b", "press")
    assert reply.answers[0].text.startswith("The river Tharnock broke its dyke on Tuesday")


def test_an_empty_collection_comes_back_too(
    database: Database, other: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    delete_document(database, store(database, encoder, "Rain.").document_id)
    path = write(tmp_path, export(database, "default"))
    assert import_collection(path, database=other, encoder=encoder).documents == 0
    assert export(other, "default") == path.read_bytes()


def test_a_renamed_collection_is_exported_under_its_name_with_its_ids(
    filled: Database, other: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    before = replies(filled, encoder, tmp_path / "a", "press")
    rename_collection(filled, "press", "papers")
    assert replies(filled, encoder, tmp_path / "a", "papers") == before
    import_collection(
        write(tmp_path, export(filled, "papers")), database=other, encoder=encoder, name="press"
    )
    assert replies(other, encoder, tmp_path / "b", "press") == before
    # The name is free again, for the very same bytes too.
    stored = store(filled, encoder, TEXTS[1], collection="press")
    with filled.read() as connection:
        assert get_document(connection, stored.document_id).collection == "press"
        assert len(list_documents(connection, Filter())) == 7


def test_names_that_are_unknown_taken_or_none_are_refused(
    filled: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    with pytest.raises(UnknownCollection):
        export(filled, "none")
    with pytest.raises(CollectionExists):
        rename_collection(filled, "press", "wire")
    with pytest.raises(InvalidCollection):
        import_collection(
            write(tmp_path, export(filled)), database=filled, encoder=encoder, name="../x"
        )


def change(content: bytes, changes: Change, *, honest: bool = True) -> bytes:
    """The archive with other files; `honest` says in the manifest what they are now."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    changes(files)
    if honest:
        manifest = json.loads(files["manifest.json"])
        for name in manifest["files"]:
            found = files.get(name, b"")
            manifest["files"][name] = {
                "bytes": len(found),
                "sha256": hashlib.sha256(found).hexdigest(),
            }
        files["manifest.json"] = json.dumps(manifest).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, found in files.items():
            archive.writestr(name, found)
    return file.getvalue()


def edit_line(change: Callable[[dict], object]) -> Change:
    """A change of the first document's line."""

    def edit(files: dict[str, bytes]) -> None:
        lines = files["documents.jsonl"].splitlines(keepends=True)
        document = json.loads(lines[0])
        change(document)
        files["documents.jsonl"] = json.dumps(document).encode() + b"\n" + b"".join(lines[1:])

    return edit


def edit_manifest(**fields: object) -> Change:
    def edit(files: dict[str, bytes]) -> None:
        files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | fields).encode()

    return edit


def flip(name: str) -> Change:
    def edit(files: dict[str, bytes]) -> None:
        files[name] = files[name][:-2] + bytes([files[name][-2] ^ 1]) + files[name][-1:]

    return edit


REFUSED: dict[str, tuple[Change, bool]] = {
    "a byte of the documents": (flip("documents.jsonl"), False),
    "a byte of the vectors": (flip("vectors.f32"), False),
    "no vectors": (lambda files: files.update({"vectors.f32": b""}), True),
    "vectors of length 2": (
        lambda files: files.update(
            {"vectors.f32": (np.frombuffer(files["vectors.f32"], "<f4") * 2).tobytes()}
        ),
        True,
    ),
    "vectors that are no numbers": (
        lambda files: files.update({"vectors.f32": b"\xff" * len(files["vectors.f32"])}),
        True,
    ),
    "a file more": (lambda files: files.update({"../../etc/cron.d/x": b"x"}), False),
    "a file less": (lambda files: files.pop("documents.jsonl"), False),
    "a document less": (
        lambda files: files.update(
            {"documents.jsonl": b"".join(files["documents.jsonl"].splitlines(True)[1:])}
        ),
        True,
    ),
    "a document twice": (
        lambda files: files.update({"documents.jsonl": files["documents.jsonl"] * 2}),
        True,
    ),
    "no JSON": (lambda files: files.update({"documents.jsonl": b"{\n"}), True),
    "deep JSON": (lambda files: files.update({"documents.jsonl": b"[" * 99_999}), True),
    "a manifest that is no JSON": (lambda files: files.update({"manifest.json": b"x"}), False),
    "a manifest of something else": (edit_manifest(format="zip"), True),
    "a newer version": (edit_manifest(version=2), True),
    "newer tables": (edit_manifest(revision="9999"), True),
    "a collection's name that is a path": (edit_manifest(collection="../x"), True),
    "counts below nothing": (edit_manifest(documents=-1), True),
    "an original that is a path": (
        edit_manifest(originals={"../x": {"name": "x", "media_type": "x"}}),
        True,
    ),
    "another text": (edit_line(lambda line: line["document"].update(text="Rain.")), True),
    "a text with NUL": (edit_line(lambda line: line["document"].update(text="a\0")), True),
    "an id of another shape": (edit_line(lambda line: line["document"].update(id="x")), True),
    "a date that is none": (edit_line(lambda line: line["document"].update(date="soon")), True),
    "a title that is a number": (edit_line(lambda line: line["document"].update(title=1)), True),
    "no title": (edit_line(lambda line: line["document"].pop("title")), True),
    "a column more": (edit_line(lambda line: line["document"].update(first_passage=1)), True),
    "a table more": (edit_line(lambda line: line.update(vectors=[])), True),
    "passages beyond the text": (
        edit_line(lambda line: line["passages"][-1].update(end=9_999)),
        True,
    ),
    "passages back to front": (
        edit_line(lambda line: line["passages"].insert(0, {"start": 5, "end": 9})),
        True,
    ),
    "no source": (edit_line(lambda line: line.update(sources=[])), True),
    "an original that is not there": (
        edit_line(lambda line: line["document"].update(original="0" * 64)),
        True,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_archive_with_something_wrong_changes_nothing(
    filled: Database, other: Database, encoder: HashEncoder, tmp_path: Path, what: str
) -> None:
    changes, honest = REFUSED[what]
    path = write(tmp_path, change(export(filled), changes, honest=honest))
    with pytest.raises(ArchiveUnusable) as caught:
        import_collection(path, database=other, encoder=encoder)
    assert str(caught.value).startswith(f"{path}: ")
    with other.read() as connection:
        assert list_names(connection) == []
    assert other.generation() == 0


def test_the_checks_pass_what_is_only_written_anew(
    filled: Database, other: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    path = write(tmp_path, change(export(filled), lambda _files: None))
    assert import_collection(path, database=other, encoder=encoder).documents == 5


@pytest.mark.parametrize("size", [0, 1, 100, -100, -1])
def test_a_file_that_is_cut_off_is_refused(
    filled: Database, other: Database, encoder: HashEncoder, tmp_path: Path, size: int
) -> None:
    path = write(tmp_path, export(filled)[:size])
    with pytest.raises(ArchiveUnusable):
        import_collection(path, database=other, encoder=encoder)
    with pytest.raises(ArchiveUnusable):
        import_collection(tmp_path / "none.zip", database=other, encoder=encoder)


def test_a_bomb_is_refused_before_it_is_unpacked(
    filled: Database, other: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(export(filled))) as archive,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in archive.namelist():
            content = archive.read(name)
            bomb.writestr(name, content + bytes(100_000_000) * (name == "vectors.f32"))
    assert len(file.getvalue()) < 1_000_000
    with pytest.raises(ArchiveUnusable, match=r"vectors\.f32 is not what its manifest says"):
        import_collection(write(tmp_path, file.getvalue()), database=other, encoder=encoder)


def test_an_import_that_fails_half_way_leaves_nothing(
    filled: Database,
    other: Database,
    encoder: HashEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times: list[str] = []

    def fail(_connection: object, document_id: str, _text: str) -> None:
        times.append(document_id)
        if len(times) == 3:
            raise RuntimeError("the disk is full")

    path = write(tmp_path, export(filled))
    with monkeypatch.context() as patch:
        patch.setattr(take_over, "note_duplicates", fail)
        with pytest.raises(RuntimeError):
            import_collection(path, database=other, encoder=encoder)
    with other.read() as connection:
        assert list_names(connection) == []
        assert connection.execute(schema.originals.select()).first() is None
    assert import_collection(path, database=other, encoder=encoder).documents == 5


def test_an_archive_can_be_read_without_any_database(filled: Database, tmp_path: Path) -> None:
    with open_archive(write(tmp_path, export(filled))) as archive:
        texts = [document.row["text"] for document in archive.documents()]
    assert texts == [*TEXTS, "It broke."]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(awkward_texts(20).filter(lambda text: any(map(str.isalnum, text)) and "\0" not in text))
def test_any_text_comes_back_as_it_was(
    database: Database, encoder: HashEncoder, tmp_path: Path, text: str
) -> None:
    database.use_encoder(encoder.fingerprint)
    stored = store(database, encoder, text, collection="any")
    path = write(tmp_path, export(database, "any"))
    delete_collection(database, "any")
    import_collection(path, database=database, encoder=encoder)
    with database.read() as connection:
        assert get_text(connection, stored.document_id) == text
    assert export(database, "any") == path.read_bytes()
    delete_collection(database, "any")
