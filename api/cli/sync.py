"""`dateline ingest --sync`: a collection kept in step with folders."""

from __future__ import annotations

import argparse
import collections
import datetime
import functools
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from api.cli.output import complain
from api.pipeline import open_database, open_encoder
from index.sync.follow import Change, sync_folders

if TYPE_CHECKING:
    from api.settings import Settings
if TYPE_CHECKING:
    from api.settings import Settings


ORDER = ("added", "replaced", "moved", "removed", "unchanged", "failed")


def sync_once(options: argparse.Namespace, settings: Settings, columns: Mapping[str, str]) -> int:
    """Follow the folders once, name what fails, and count; a dry run names every change."""
    counts: collections.Counter[str] = collections.Counter()

    def note(change: Change) -> None:
        counts[change.status] += 1
        if change.status == "failed":
            complain(change.path, change.reason or "unknown reason")
        elif change.status == "passed over":
            complain(change.path, f"passed over: {change.reason}")
        elif options.dry_run and change.status != "unchanged":
            print(f"would be {describe(change)}")  # noqa: T201

    with closing(open_database(settings)) as database:
        sync_folders(
            options.paths,
            database=database,
            # Loading it takes longer than to see that nothing has changed.
            encoder=functools.cache(lambda: open_encoder(settings)),
            collection=options.collection,
            today=datetime.datetime.now().astimezone().date(),
            allow_empty=options.allow_empty,
            dry_run=options.dry_run,
            columns=columns,
            ocr=options.ocr,
            on_change=note,
        )
    print(", ".join(f"{counts[status]} {status}" for status in ORDER))  # noqa: T201
    return 1 if counts["failed"] else 0


def describe(change: Change) -> str:
    """A change in a line."""
    from api.render.wording import safe

    line = f"{change.status} {change.path if change.was is None else change.was}"
    if change.was is not None:
        line += f" -> {change.path}"
    return safe(line if change.reason is None else f"{line}: {change.reason}")
