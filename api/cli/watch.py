"""The command `dateline watch DIR...`."""

from __future__ import annotations

import argparse
import datetime
import functools
import signal
import sys
import threading
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings
    from index.sync.follow import Change


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "watch",
        parents=[home],
        help="keep a collection in step with folders as they change",
        description="Keep a collection in step with folders as they change, as ingest --sync does "
        "once: a line for each change, until interrupted. A file is taken in when it has been "
        "written to the end. Works beside serve on the same home.",
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument(
        "--collection", default="default", metavar="NAME", help="(default: default)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Watch until interrupted, which ends it well."""
    from api.cli.sync import describe
    from api.pipeline import open_database, open_encoder
    from index.store.collections import check_name
    from index.sync.follow import sync_folders
    from index.sync.watch import watch_folders

    check_name(options.collection)
    failed: set[Change] = set()
    encoder = functools.cache(lambda: open_encoder(settings))
    stopping = threading.Event()

    def stop(*_: object) -> None:
        # An exception can be lost where it is raised, in a finaliser for instance: the event not.
        stopping.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    with closing(open_database(settings)) as database:

        def follow(folders: Sequence[Path], writing: Collection[str]) -> None:
            failing: set[Change] = set()

            def note(change: Change) -> None:
                if change.reason is not None:
                    failing.add(change)
                # A file that fails does so each time: it is told once.
                if change.status != "unchanged" and change not in failed:
                    print(describe(change), flush=True)  # noqa: T201

            sync_folders(
                folders,
                database=database,
                encoder=encoder,
                collection=options.collection,
                today=datetime.datetime.now().astimezone().date(),
                skip=writing,
                on_change=note,
            )
            failed.clear()
            failed.update(failing)

        try:
            _say(f"watching {', '.join(map(str, options.folders))}")
            watch_folders(options.folders, follow=follow, say=_say, stopping=stopping)
        except KeyboardInterrupt:
            pass
        _say("stopped")
    return 0


def _say(line: str) -> None:
    print(f"dateline: {line}", file=sys.stderr, flush=True)  # noqa: T201
