import datetime
import gzip
import json
from pathlib import Path

import pytest

from index import ingest as module
from index.errors import HomeUnusable, InvalidCollection, UnreadableReport
from index.ingest import FileOutcome, find_files, ingest, ingest_reports
from index.search.search_index import LocalSearchIndex
from index.store.database import Database
from index.store.delete import delete_document
from index.store.lookup import get_text, list_documents
from index.types import DEFAULT_COLLECTION, Document, Filter, Stored, Vectors
from tests.factories import assert_follows, make_report
from tests.fakes import HashEncoder
from tests.index.formats.made import make_zip

TODAY = datetime.date(2024, 6, 15)


class Home:
    """A database with its index, and a folder of reports."""

    def __init__(self, folder: Path, database: Database, index: LocalSearchIndex) -> None:
        self.folder = folder
        self.database = database
        self.index = index
        self.encoder = HashEncoder()

    def write(self, **contents: str) -> None:
        self.folder.mkdir(exist_ok=True)
        for name, content in contents.items():
            (self.folder / f"{name}.txt").write_text(content, encoding="utf-8")

    def ingest(self, *paths: Path, collection: str = DEFAULT_COLLECTION) -> list[FileOutcome]:
        return ingest(
            paths or find_files(self.folder),
            database=self.database,
            encoder=self.encoder,
            index=self.index,
            collection=collection,
            today=TODAY,
        )

    def documents(self) -> list[Document]:
        with self.database.read() as connection:
            return list_documents(connection, Filter())


@pytest.fixture
def reports(tmp_path: Path, database: Database, index: LocalSearchIndex) -> Home:
    return Home(tmp_path / "reports", database, index)


def statuses(outcomes: list[FileOutcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def test_a_folder_is_ingested_and_searchable(reports: Home) -> None:
    reports.write(a="Rain fell.", b="2022-01-05 A fire burned.")
    outcomes = reports.ingest()
    assert statuses(outcomes) == ["added", "added"]
    assert [Path(outcome.source).name for outcome in outcomes] == ["a.txt", "b.txt"]
    assert {found.id for found in reports.documents()} == {each.document_id for each in outcomes}
    assert_follows(reports.index, reports.database)
    assert len(reports.index.lexical({"fire": 1.0}, 5, Filter())) == 1


def test_ingesting_again_changes_nothing(reports: Home) -> None:
    reports.write(a="Rain fell.", b="A fire burned.")
    first = reports.ingest()
    generation = reports.database.generation()
    again = reports.ingest()
    assert statuses(again) == ["unchanged", "unchanged"]
    assert [each.document_id for each in again] == [each.document_id for each in first]
    assert reports.database.generation() == generation


def test_unchanged_files_are_not_embedded_again(
    reports: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports.write(a="Rain fell.")
    reports.ingest()
    monkeypatch.setattr(reports.encoder, "embed_passages", None)
    assert statuses(reports.ingest()) == ["unchanged"]


def test_a_changed_file_takes_its_old_documents_place(reports: Home) -> None:
    reports.write(a="Rain fell.", b="A fire burned.")
    reports.ingest()
    reports.write(a="Snow fell.")
    assert sorted(statuses(reports.ingest())) == ["replaced", "unchanged"]
    with reports.database.read() as connection:
        texts = {get_text(connection, found.id) for found in reports.documents()}
    assert texts == {"Snow fell.", "A fire burned."}
    assert_follows(reports.index, reports.database)
    assert reports.index.lexical({"rain": 1.0}, 5, Filter()) == []


def test_a_deleted_document_comes_back_when_its_file_is_ingested_again(reports: Home) -> None:
    reports.write(a="Rain fell.")
    (first,) = reports.ingest()
    assert first.document_id is not None
    delete_document(reports.database, first.document_id)
    assert statuses(reports.ingest()) == ["added"]


def test_a_file_that_fails_is_told_and_the_others_go_on(reports: Home, tmp_path: Path) -> None:
    reports.write(a="Rain fell.", c="A fire burned.")
    (reports.folder / "b.txt").write_bytes(b"\xff\xfe")
    (reports.folder / "d.txt").write_bytes(b"")
    outcomes = reports.ingest(*find_files(reports.folder), tmp_path / "gone.txt")
    found = {Path(outcome.source).name: outcome for outcome in outcomes}
    assert {name: outcome.status for name, outcome in found.items()} == {
        "a.txt": "added",
        "b.txt": "failed",
        "c.txt": "added",
        "d.txt": "failed",
        "gone.txt": "failed",
    }
    assert "no letter or digit" in (found["b.txt"].reason or "")
    assert found["gone.txt"].reason == "No such file or directory"
    assert found["b.txt"].document_id is None
    assert len(reports.documents()) == 2


def test_a_file_that_became_unreadable_keeps_its_document(reports: Home) -> None:
    reports.write(a="Rain fell.")
    reports.ingest()
    (reports.folder / "a.txt").write_bytes(b"\xff\x00")
    assert statuses(reports.ingest()) == ["failed"]
    assert len(reports.documents()) == 1


def test_the_same_bytes_in_two_files_of_one_run_are_one_document(reports: Home) -> None:
    reports.write(a="Rain fell.", b="Rain fell.")
    assert statuses(reports.ingest()) == ["added", "unchanged"]
    (found,) = reports.documents()
    assert [Path(source).name for source in found.sources] == ["a.txt", "b.txt"]


def test_the_same_path_twice_is_ingested_once(reports: Home) -> None:
    reports.write(a="Rain fell.")
    path = reports.folder / "a.txt"
    assert statuses(reports.ingest(path, path)) == ["added", "unchanged"]
    (found,) = reports.documents()
    assert found.sources == (str(path),)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_the_batch_changes_nothing_but_the_order_of_work(
    reports: Home, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(module, "BATCH_PASSAGES", size)
    embedded: list[int] = []

    class Counting(HashEncoder):
        def embed_passages(self, texts: object) -> Vectors:
            embedded.append(len(texts))  # type: ignore[arg-type]
            return super().embed_passages(texts)  # type: ignore[arg-type]

    reports.encoder = Counting()
    long = "The river rose by four metres on Monday. " * 40
    reports.write(
        **{f"r{number}": f"Report {number}. {long * (number % 3)}" for number in range(7)}
    )
    outcomes = reports.ingest()
    assert statuses(outcomes) == ["added"] * 7
    assert [Path(outcome.source).stem for outcome in outcomes] == [f"r{n}" for n in range(7)]
    assert sum(embedded) == sum(found.passages for found in reports.documents())
    assert all(count >= size for count in embedded[:-1])
    # Each passage has its own vector, not a neighbour's.
    for number in (0, 3, 6):
        question = reports.encoder.embed_question(f"Report {number}. Report {number}.")
        assert reports.index.dense(question, 1, Filter())[0].score == pytest.approx(1, abs=1e-5)


def test_every_outcome_is_told_as_it_comes(reports: Home) -> None:
    reports.write(a="Rain fell.", b="A fire burned.")
    told: list[FileOutcome] = []
    outcomes = ingest(
        find_files(reports.folder),
        database=reports.database,
        encoder=reports.encoder,
        index=reports.index,
        collection="news",
        today=TODAY,
        on_outcome=told.append,
    )
    assert told == outcomes
    assert {found.collection for found in reports.documents()} == {"news"}


def test_a_bad_collection_and_another_encoder_stop_it_before_any_file(reports: Home) -> None:
    reports.write(a="Rain fell.")
    with pytest.raises(InvalidCollection):
        reports.ingest(collection="no name")
    reports.encoder = HashEncoder(dimensions=32)
    with pytest.raises(HomeUnusable):
        reports.ingest()
    assert reports.documents() == []


def test_reports_that_are_parsed_already_are_stored_in_order(reports: Home) -> None:
    stored: list[Stored] = []
    ingest_reports(
        [(f"{number}", make_report(f"Rain fell on day {number}.")) for number in (3, 1, 2)],
        database=reports.database,
        encoder=reports.encoder,
        index=reports.index,
        collection="news",
        on_stored=stored.append,
    )
    assert [each.status for each in stored] == ["added"] * 3
    sources = {document.id: document.sources for document in reports.documents()}
    assert [sources[each.document_id] for each in stored] == [("3",), ("1",), ("2",)]
    assert_follows(reports.index, reports.database)


def test_files_are_found_in_order_in_subfolders_and_hidden_ones_are_not(tmp_path: Path) -> None:
    wanted = ["a.txt", "b/a.md", "b/c.TXT", "b.txt"]
    for name in (*wanted, ".hidden.txt", ".git/a.txt", "b/.x/y/a.md", "c.exe", "readme"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Rain fell.")
    (tmp_path / "folder.txt").mkdir()
    found = find_files(tmp_path)
    assert found == sorted(tmp_path / name for name in wanted)


def test_a_folder_below_a_hidden_one_can_be_named(tmp_path: Path) -> None:
    folder = tmp_path / ".hidden" / "reports"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("Rain fell.")
    assert find_files(folder) == [folder / "a.txt"]


def test_a_file_is_itself(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_text("whatever")
    assert find_files(path) == [path]


def test_nothing_to_ingest_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableReport, match=r"known: \.csv, .*\.md, .*\.zip"):
        find_files(tmp_path)
    with pytest.raises(UnreadableReport, match="no such file or folder"):
        find_files(tmp_path / "gone")


def test_questions_in_a_folder_are_passed_over_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain fell.")
    (tmp_path / "questions.jsonl").write_text('{"_id": "1", "text": "Why?", "relevant": []}\n')
    (tmp_path / "talks.jsonl.gz").write_bytes(gzip.compress(b'{"_id": "1", "messages": []}\n'))
    (tmp_path / "corpus.jsonl").write_text('{"_id": "1", "title": "A", "text": "Rain fell."}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "1", "text": "Why?"}\n')
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\t1\t1\n")
    told: dict[str, str] = {}
    found = find_files(tmp_path, on_passed_over=lambda path, why: told.update({path.name: why}))
    assert [path.name for path in found] == ["a.txt", "corpus.jsonl"]
    assert told.keys() == {"questions.jsonl", "talks.jsonl.gz", "queries.jsonl", "qrels.tsv"}
    assert "'relevant'" in told["questions.jsonl"]


def test_questions_that_are_named_are_refused(reports: Home) -> None:
    reports.folder.mkdir()
    path = reports.folder / "questions.jsonl"
    path.write_text('{"_id": "1", "text": "Why did it rain?", "relevant": []}\n')
    (outcome,) = reports.ingest(path)
    assert outcome.status == "failed"
    assert "questions or judgements, not reports" in (outcome.reason or "")


def test_each_record_of_a_file_is_a_document_and_goes_with_its_record(reports: Home) -> None:
    reports.folder.mkdir()
    path = reports.folder / "reports.jsonl"
    rows = [{"id": f"r{n}", "text": f"Rain fell on day {n}.", "title": f"Day {n}"} for n in (1, 2)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert statuses(reports.ingest(path)) == ["added", "added"]
    assert statuses(reports.ingest(path)) == ["unchanged", "unchanged"]
    assert {each.sources[0].partition("#")[2] for each in reports.documents()} == {"r1", "r2"}
    rows[0]["text"] = "Snow fell on day 1."
    path.write_text(json.dumps(rows[0]) + "\n")
    assert statuses(reports.ingest(path)) == ["replaced"]
    (left,) = reports.documents()
    assert left.title == "Day 1"
    path.write_text("")
    assert statuses(reports.ingest(path)) == ["failed"]
    assert len(reports.documents()) == 1
    assert_follows(reports.index, reports.database)


def test_what_cannot_be_read_in_an_archive_is_told_and_the_rest_is_there(reports: Home) -> None:
    reports.folder.mkdir()
    path = reports.folder / "a.zip"
    path.write_bytes(make_zip({"a.txt": "Rain fell.", "b.pdf": b"%PDF-1.4 no", "c.png": b"x"}))
    outcomes = reports.ingest(path)
    assert {outcome.source.partition("#")[2]: outcome.status for outcome in outcomes} == {
        "b.pdf": "failed",
        "": "added",
    }
