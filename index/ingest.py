"""A file becomes searchable: find, parse, split, embed, store."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from index.database import Database
from index.errors import UnreadableReport
from index.evaluation_file import why_no_reports
from index.formats.registry import FORMATS, known_suffixes
from index.take_in import take_in, take_in_parsed
from index.types import Encoder, ParsedReport, ReportFile, SearchIndex, Stored
from index.watcher import Watcher


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
