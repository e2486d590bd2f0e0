"""The command `dateline ingest PATH...`."""

from __future__ import annotations

import argparse
import collections
import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.output import complain
from index.formats.tables.records import NAMES

if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings
    from index.ingest import FileOutcome
if TYPE_CHECKING:
    from api.settings import Settings


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "ingest",
        parents=[home],
        help="take in reports",
        description="Take in reports: PDF, web pages (HTML, MHTML), Word, PowerPoint, OpenDocument "
        "and RTF files, EPUB, Markdown, plain text, mail (.eml, mbox), tables (CSV, TSV, Excel: a "
        "row a report), JSON lines (a record a report), .gz and .zip of these; and all such files "
        "in folders. A file that is there already is passed over; one that has changed replaces "
        "what it was. With --sync, a collection is kept in step with folders: what is no longer "
        "there goes, what was moved stays the report that it was, and files that look as they did "
        "are not read.",
        epilog="Columns are found by their names (text, body or content; title or headline; date; "
        "id; url; author); without a text column, a row says all its columns. In a folder, files "
        "of questions (with answers, relevant or messages) are passed over.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument(
        "--sync", action="store_true", help="make the collection follow these folders"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="with --sync: only say what would be done"
    )
    parser.add_argument(
        "--allow-empty",
        action="store_true",
        help="with --sync: remove all reports of a folder that is empty or not there",
    )
    parser.add_argument(
        "--collection", default="default", metavar="NAME", help="(default: default)"
    )
    for column in NAMES:
        parser.add_argument(
            f"--{column}-column", metavar="NAME", help=f"the column of a table with the {column}"
        )
    parser.add_argument(
        "--ocr", action="store_true", help="read scanned PDFs with Tesseract, if it is installed"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Ingest, report failures by name and reason, and count the outcomes."""
    if options.sync:
        from api.cli.sync import sync_once

        return sync_once(options, settings, _columns(options))
    if options.dry_run or options.allow_empty:
        print("dateline: --dry-run and --allow-empty go with --sync", file=sys.stderr)  # noqa: T201
        return 2
    from tqdm import tqdm

    from api.pipeline import open_pipeline
    from index.errors import UnreadableReport
    from index.ingest import find_files, ingest

    counts: collections.Counter[str] = collections.Counter()
    files: list[Path] = []
    for path in options.paths:
        try:
            files += find_files(path, on_passed_over=_tell_passed_over)
        except UnreadableReport as error:
            counts["failed"] += 1
            complain(str(path), str(error))
    if not files:
        return 1
    with (
        open_pipeline(settings) as pipeline,
        tqdm(total=len(files), unit=" reports", disable=not sys.stderr.isatty()) as bar,
    ):

        def note(outcome: FileOutcome) -> None:
            counts[outcome.status] += 1
            if bar.n >= bar.total:
                bar.total += 1  # One file may hold many reports.
            bar.update()
            if outcome.status == "failed":
                bar.clear()
                complain(outcome.source, outcome.reason or "unknown reason")

        ingest(
            list(dict.fromkeys(files)),
            database=pipeline.database,
            encoder=pipeline.encoder,
            index=pipeline.index,
            collection=options.collection,
            today=datetime.datetime.now().astimezone().date(),
            columns=_columns(options),
            ocr=options.ocr,
            on_outcome=note,
        )
    order = ("added", "replaced", "unchanged", "failed")
    print(", ".join(f"{counts[status]} {status}" for status in order))  # noqa: T201
    return 1 if counts["failed"] else 0


def _columns(options: argparse.Namespace) -> dict[str, str]:
    """The columns that are named, by what they hold."""
    named = {column: getattr(options, f"{column}_column") for column in NAMES}
    return {column: name for column, name in named.items() if name is not None}


def _tell_passed_over(path: Path, reason: str) -> None:
    complain(str(path), f"passed over: {reason}")
