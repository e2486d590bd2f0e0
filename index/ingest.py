"""A file becomes searchable: find, parse, split, embed, store."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.collections import check_name
from index.database import Database
from index.errors import UnreadableReport
from index.parse import FORMATS, check_source, parse_file
from index.passages import embedded_texts, split_passages
from index.store import is_stored, store_report
from index.types import Encoder, ParsedReport, PassageRange, SearchIndex, Stored, Vectors

BATCH_PASSAGES = 64
"""Passages embedded at once, so that short reports keep every core busy too."""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file; `reason` says why it failed."""

    source: str
    status: Literal["added", "replaced", "unchanged", "failed"]
    document_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    source: str
    report: ParsedReport
    ranges: list[PassageRange]


def ingest(
    paths: Sequence[Path],
    *,
    database: Database,
    encoder: Encoder,
    index: SearchIndex,
    collection: str,
    today: datetime.date,
    on_outcome: Callable[[FileOutcome], None] = lambda _: None,
) -> list[FileOutcome]:
    """Ingest files; each is stored whole or not at all, and the others go on if one fails.

    `paths` are files, as `find_files` returns them. The search indexes are at the database's
    generation when this returns. Raises InvalidCollection, and HomeUnusable for another encoder.
    """
    check_name(collection)
    database.use_encoder(encoder.fingerprint)
    outcomes: list[FileOutcome] = []

    def note(outcome: FileOutcome) -> None:
        outcomes.append(outcome)
        on_outcome(outcome)

    prepared = _prepare(paths, database, encoder, collection, today, note)
    for source, stored in _store(prepared, database, encoder, collection):
        note(FileOutcome(source, stored.status, stored.document_id))
    index.catch_up()
    return outcomes


def ingest_report(
    report: ParsedReport,
    *,
    database: Database,
    encoder: Encoder,
    index: SearchIndex,
    collection: str,
    source: str,
) -> Stored:
    """Ingest one report that is parsed already; it is searchable when this returns.

    Raises InvalidCollection, and HomeUnusable for another encoder.
    """
    stored: list[Stored] = []
    ingest_reports(
        [(source, report)],
        database=database,
        encoder=encoder,
        index=index,
        collection=collection,
        on_stored=stored.append,
    )
    return stored[0]


def ingest_reports(
    reports: Iterable[tuple[str, ParsedReport]],
    *,
    database: Database,
    encoder: Encoder,
    index: SearchIndex,
    collection: str,
    on_stored: Callable[[Stored], object] = lambda _: None,
) -> None:
    """Ingest reports that are parsed already, each with its source; they are drawn as needed.

    The search indexes are at the database's generation when this returns. Raises InvalidCollection,
    and HomeUnusable for another encoder.
    """
    check_name(collection)
    database.use_encoder(encoder.fingerprint)
    prepared = (
        _Prepared(source, report, split_passages(report.text, encoder))
        for source, report in reports
    )
    for _, stored in _store(prepared, database, encoder, collection):
        on_stored(stored)
    index.catch_up()


def find_files(path: Path) -> list[Path]:
    """The file itself, or all files of a known format in a folder and its subfolders, sorted.

    Hidden files and folders are passed over. Raises UnreadableReport if there is nothing.
    """
    if path.is_dir():
        found = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in FORMATS
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
            and file.is_file()
        )
        if not found:
            known = ", ".join(sorted(FORMATS))
            raise UnreadableReport(f"no file of a known format in this folder (known: {known})")
        return found
    if not path.exists():
        raise UnreadableReport("no such file or folder")
    return [path]


def _prepare(
    paths: Sequence[Path],
    database: Database,
    encoder: Encoder,
    collection: str,
    today: datetime.date,
    note: Callable[[FileOutcome], None],
) -> Iterator[_Prepared]:
    for path in paths:
        source = str(path.resolve())
        try:
            check_source(source)
            report = parse_file(path, today)
        except UnreadableReport as error:
            note(FileOutcome(source, "failed", reason=str(error)))
            continue
        if (document_id := is_stored(database, collection, source, report.sha256)) is not None:
            note(FileOutcome(source, "unchanged", document_id))
            continue
        yield _Prepared(source, report, split_passages(report.text, encoder))


def _store(
    prepared: Iterable[_Prepared], database: Database, encoder: Encoder, collection: str
) -> Iterator[tuple[str, Stored]]:
    """Embed and store the reports, in order; each with its source."""
    for batch in _batches(prepared):
        for item, vectors in zip(batch, _embed(batch, encoder), strict=True):
            stored = store_report(
                database,
                item.report,
                item.ranges,
                vectors,
                collection=collection,
                source=item.source,
            )
            yield item.source, stored


def _batches(prepared: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    batch: list[_Prepared] = []
    for item in prepared:
        batch.append(item)
        if sum(len(each.ranges) for each in batch) >= BATCH_PASSAGES:
            yield batch
            batch = []
    if batch:
        yield batch


def _embed(batch: Sequence[_Prepared], encoder: Encoder) -> Iterator[Vectors]:
    """The vectors of each report's passages, all embedded together."""
    texts = []
    for item in batch:
        report = item.report
        passages = [report.text[found.start : found.end] for found in item.ranges]
        texts += embedded_texts(passages, report.title, report.date, encoder)
    vectors = encoder.embed_passages(texts)
    at = 0
    for item in batch:
        yield vectors[at : at + len(item.ranges)]
        at += len(item.ranges)
