"""A file becomes searchable: find, parse, split, embed, store."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Literal

import numpy as np
from sqlalchemy import Connection

from index.errors import UnreadableReport
from index.formats.registry import FORMATS, known_suffixes
from index.formats.tables.records import why_no_reports
from index.formats.types import Unreadable
from index.parse import check_source, parse_report_file
from index.passages import embedded_texts, split_passages
from index.store.collections import check_name
from index.store.database import Database
from index.store.originals import complete
from index.store.write import forget_members, is_stored, store_report
from index.types import (
    Encoder,
    Original,
    ParsedReport,
    PassageRange,
    ReportFile,
    SearchIndex,
    Stored,
    Vectors,
)


class Watcher:
    """Takes no notice itself: override what is of interest.

    `at_once` is how many passages are embedded at once, between two calls of `embedding`.
    """

    at_once = 64

    def reading(self, file: ReportFile) -> None:
        """The file is about to be read."""

    def parsed(self, file: ReportFile, passages: int) -> None:
        """The file was read: so many of its passages are to be embedded."""

    def embedding(self) -> None:
        """Passages are about to be embedded: it may wait here."""

    def embedded(self, file: ReportFile, passages: int) -> None:
        """So many more passages of the file have their vectors."""

    def stored(
        self, connection: Connection, file: ReportFile, stored: Stored, *, is_last: bool
    ) -> None:
        """A report of the file, perhaps its last, is stored if this transaction ends well."""

    def unchanged(self, file: ReportFile, document_id: str, *, is_last: bool) -> None:
        """A report of the file, perhaps its last, was there already."""

    def done(self, file: ReportFile) -> None:
        """Nothing of the file is left to do."""

    def failed_member(self, file: ReportFile, source: str, reason: str) -> None:
        """One of the reports in the file cannot be read; the others can."""

    def failed(self, file: ReportFile, error: Exception) -> None:
        """Nothing more will come of the file, and why."""


BATCH_PASSAGES = 64
"""Passages that are worked on together, so that short reports keep every core busy too."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    file: ReportFile
    source: str
    report: ParsedReport
    ranges: list[PassageRange]
    original: Original | None = None
    is_last: bool = True
    sources: Collection[str] | None = None
    """What the file's reports are from, with its last one: whatever else was from it is gone."""


def take_in(
    files: Iterable[ReportFile],
    *,
    database: Database,
    encoder: Encoder,
    collection: str,
    today: datetime.date,
    watcher: Watcher,
) -> None:
    """Store the reports of the files, in order; the others go on if a file cannot be read.

    Each report is stored whole or not at all. Raises InvalidCollection, and HomeUnusable for
    another encoder.
    """
    check_name(collection)
    database.use_encoder(encoder.fingerprint)
    prepared = _prepare(files, database, encoder, collection, today, watcher)
    _store(prepared, database, encoder, collection, watcher)


def take_in_parsed(
    reports: Iterable[tuple[ReportFile, ParsedReport]],
    *,
    database: Database,
    encoder: Encoder,
    collection: str,
    watcher: Watcher,
) -> None:
    """The same for reports that are parsed already; their originals are not kept."""
    check_name(collection)
    database.use_encoder(encoder.fingerprint)
    prepared = (
        _Prepared(file, file.source, report, split_passages(report.text, encoder))
        for file, report in reports
    )
    _store(prepared, database, encoder, collection, watcher)


def _prepare(
    files: Iterable[ReportFile],
    database: Database,
    encoder: Encoder,
    collection: str,
    today: datetime.date,
    watcher: Watcher,
) -> Iterator[_Prepared]:
    for file in files:
        watcher.reading(file)
        try:
            check_source(file.source)
            original, reports = parse_report_file(file, today)
        except UnreadableReport as error:
            watcher.failed(file, error)
            continue
        new: list[_Prepared] = []
        sources = {_source(file, report.member) for report in reports}
        known: list[str] = []
        for report in reports:
            source = _source(file, report.member)
            if isinstance(report, Unreadable):
                watcher.failed_member(file, source, report.reason)
                continue
            found = is_stored(database, collection, source, report.sha256)
            if found is None:
                ranges = split_passages(report.text, encoder)
                new.append(_Prepared(file, source, report, ranges, original, is_last=False))
            else:
                complete(database, found, original)
                known.append(found)
        watcher.parsed(file, sum(len(each.ranges) for each in new))
        for number, document_id in enumerate(known, start=1):
            watcher.unchanged(file, document_id, is_last=not new and number == len(known))
        if new:
            yield from new[:-1]
            yield replace(new[-1], is_last=True, sources=sources)
        else:
            forget_members(database, collection, file.source, sources)
            watcher.done(file)


def _source(file: ReportFile, member: str) -> str:
    """What a report is from: its file, and where that holds several, which of them it is."""
    return f"{file.source}#{member}" if member else file.source


def _store(
    prepared: Iterable[_Prepared],
    database: Database,
    encoder: Encoder,
    collection: str,
    watcher: Watcher,
) -> None:
    """Embed and store the reports, in order."""
    for batch in _batches(prepared):
        for item, vectors in zip(batch, _embed(batch, encoder, watcher), strict=True):

            def within(connection: Connection, stored: Stored, item: _Prepared = item) -> None:
                watcher.stored(connection, item.file, stored, is_last=item.is_last)

            store_report(
                database,
                item.report,
                item.ranges,
                vectors,
                collection=collection,
                source=item.source,
                original=item.original,
                within=within,
            )
            if item.sources is not None:
                forget_members(database, collection, item.file.source, item.sources)
            if item.is_last:
                watcher.done(item.file)


def _batches(prepared: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    batch: list[_Prepared] = []
    for item in prepared:
        batch.append(item)
        if sum(len(each.ranges) for each in batch) >= BATCH_PASSAGES:
            yield batch
            batch = []
    if batch:
        yield batch


def _embed(batch: Sequence[_Prepared], encoder: Encoder, watcher: Watcher) -> Iterator[Vectors]:
    """The vectors of each report's passages, all embedded together."""
    texts: list[str] = []
    files: list[ReportFile] = []
    for item in batch:
        report = item.report
        passages = [report.text[found.start : found.end] for found in item.ranges]
        texts += embedded_texts(passages, report.title, report.date, encoder)
        files += [item.file] * len(passages)
    rows: list[Vectors] = []
    for at in range(0, len(texts), watcher.at_once):
        watcher.embedding()
        rows.append(encoder.embed_passages(texts[at : at + watcher.at_once]))
        for file, same in groupby(files[at : at + watcher.at_once]):
            watcher.embedded(file, len(list(same)))
    vectors = np.concatenate(rows)
    at = 0
    for item in batch:
        yield vectors[at : at + len(item.ranges)]
        at += len(item.ranges)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file; `reason` says why it failed."""

    source: str
    status: Literal["added", "replaced", "unchanged", "failed"]
    document_id: str | None = None
    reason: str | None = None


def ingest(
    paths: Sequence[Path],
    *,
    database: Database,
    encoder: Encoder,
    index: SearchIndex,
    collection: str,
    today: datetime.date,
    columns: Mapping[str, str] | None = None,
    ocr: bool = False,
    on_outcome: Callable[[FileOutcome], None] = lambda _: None,
) -> list[FileOutcome]:
    """Ingest files; each is stored whole or not at all, and the others go on if one fails.

    `paths` are files, as `find_files` returns them. The search indexes are at the database's
    generation when this returns. `columns` and `ocr` are as in `ReportFile`. Raises
    InvalidCollection, and HomeUnusable for another encoder.
    """
    watcher = _Outcomes(on_outcome)
    take_in(
        (
            ReportFile(
                path,
                str(path.resolve()),
                path.name,
                is_dated=True,
                columns=tuple((columns or {}).items()),
                ocr=ocr,
            )
            for path in paths
        ),
        database=database,
        encoder=encoder,
        collection=collection,
        today=today,
        watcher=watcher,
    )
    index.catch_up()
    return watcher.outcomes


class _Outcomes(Watcher):
    """Tells of each report when it is stored for good, and of each file that fails."""

    def __init__(self, on_outcome: Callable[[FileOutcome], None]) -> None:
        self.outcomes: list[FileOutcome] = []
        self._on_outcome = on_outcome
        self._found: dict[ReportFile, list[FileOutcome]] = {}

    def stored(
        self,
        connection: Connection,  # noqa: ARG002
        file: ReportFile,
        stored: Stored,
        *,
        is_last: bool,  # noqa: ARG002
    ) -> None:
        found = FileOutcome(file.source, stored.status, stored.document_id)
        self._found.setdefault(file, []).append(found)

    def unchanged(self, file: ReportFile, document_id: str, *, is_last: bool) -> None:  # noqa: ARG002
        found = FileOutcome(file.source, "unchanged", document_id)
        self._found.setdefault(file, []).append(found)

    def done(self, file: ReportFile) -> None:
        # The same path given twice is one key: its second outcome may have come already.
        for outcome in self._found.pop(file, []):
            self._note(outcome)

    def failed_member(self, file: ReportFile, source: str, reason: str) -> None:
        found = FileOutcome(source, "failed", reason=reason)
        self._found.setdefault(file, []).append(found)

    def failed(self, file: ReportFile, error: Exception) -> None:
        self._note(FileOutcome(file.source, "failed", reason=str(error)))

    def _note(self, outcome: FileOutcome) -> None:
        self.outcomes.append(outcome)
        self._on_outcome(outcome)


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
    take_in_parsed(
        ((ReportFile(Path(source), source, source), report) for source, report in reports),
        database=database,
        encoder=encoder,
        collection=collection,
        watcher=_Stored(on_stored),
    )
    index.catch_up()


class _Stored(Watcher):
    def __init__(self, on_stored: Callable[[Stored], object]) -> None:
        self._on_stored = on_stored

    def stored(
        self,
        connection: Connection,  # noqa: ARG002
        file: ReportFile,  # noqa: ARG002
        stored: Stored,
        *,
        is_last: bool,  # noqa: ARG002
    ) -> None:
        self._on_stored(stored)


def find_files(
    path: Path, on_passed_over: Callable[[Path, str], object] = lambda _path, _reason: None
) -> list[Path]:
    """The file itself, or all files of a known format in a folder and its subfolders, sorted.

    Hidden files and folders are passed over, and so are, in a folder, files of questions, which
    `on_passed_over` is told with the reason. Raises UnreadableReport if there is nothing.
    """
    if path.is_dir():
        found = sorted(
            file
            for file in path.rglob("*")
            if file.suffix.lower() in FORMATS
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
            and file.is_file()
        )
        reasons = {file: why_no_reports(file) for file in found}
        for file, reason in reasons.items():
            if reason is not None:
                on_passed_over(file, reason)
        found = [file for file in found if reasons[file] is None]
        if not found:
            raise UnreadableReport(
                f"no file of a known format in this folder (known: {known_suffixes()})"
            )
        return found
    if not path.exists():
        raise UnreadableReport("no such file or folder")
    return [path]
