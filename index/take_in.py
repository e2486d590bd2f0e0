"""Files and reports become stored documents: parse, split, embed, store."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from sqlalchemy import Connection

from index.collections import check_name
from index.database import Database
from index.errors import UnreadableReport
from index.formats.types import Unreadable
from index.originals import complete
from index.parse import check_source, parse_report_file
from index.passages import embedded_texts, split_passages
from index.store import forget_members, is_stored, store_report
from index.types import Encoder, Original, ParsedReport, PassageRange, ReportFile, Stored, Vectors
from index.watcher import Watcher

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
