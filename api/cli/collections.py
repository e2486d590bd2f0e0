"""The commands `dateline collections list | rename | delete | export | import`."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.options import text

if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "collections", help="list, rename, delete, export and import collections"
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", parents=[home], help="list collections, by name")
    listing.add_argument("--json", action="store_true", help="print JSON lines")
    listing.set_defaults(run=run_list)
    renaming = actions.add_parser(
        "rename", parents=[home], help="rename a collection; its reports keep their ids"
    )
    renaming.add_argument("old", type=text, metavar="OLD")
    renaming.add_argument("new", type=text, metavar="NEW")
    renaming.set_defaults(run=run_rename)
    deleting = actions.add_parser(
        "delete", parents=[home], help="delete a collection and all its reports for good"
    )
    deleting.add_argument("name", type=text, metavar="NAME")
    deleting.set_defaults(run=run_delete)
    exporting = actions.add_parser(
        "export",
        parents=[home],
        help="write a collection into one file",
        description="Write a collection into one file: texts, originals, vectors, corrections and "
        "sources. The same collection makes the same bytes.",
    )
    exporting.add_argument("name", type=text, metavar="NAME")
    exporting.add_argument("file", type=Path, metavar="FILE")
    exporting.set_defaults(run=run_export)
    importing = actions.add_parser(
        "import",
        parents=[home],
        help="take in a collection that was exported",
        description="Take in a collection that was exported, all of it or nothing. Vectors of "
        "another encoder are made anew.",
    )
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument(
        "--as", dest="name", type=text, metavar="NAME", help="(default: the name it had)"
    )
    importing.set_defaults(run=run_import)


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """One line a collection."""
    from api.pipeline import open_database
    from index.store.collections import list_names
    from index.store.lookup import count_documents
    from index.types import Filter

    with closing(open_database(settings)) as database, database.read() as connection:
        for name in list_names(connection):
            count = count_documents(connection, Filter(name))
            body = {"name": name, "documents": count}
            print(  # noqa: T201
                json.dumps(body, ensure_ascii=False) if options.json else f"{count:>8}  {name}"
            )
    return 0


def run_rename(options: argparse.Namespace, settings: Settings) -> int:
    """Rename in the database; search indexes follow by themselves."""
    from api.pipeline import open_database
    from index.store.rename_collection import rename_collection

    with closing(open_database(settings)) as database:
        rename_collection(database, options.old, options.new)
    _say(f"renamed {options.old} to {options.new}")
    return 0


def run_delete(options: argparse.Namespace, settings: Settings) -> int:
    """Delete from the database; search indexes follow by themselves."""
    from api.pipeline import open_database
    from index.store.delete import delete_collection

    with closing(open_database(settings)) as database:
        count = delete_collection(database, options.name)
    _say(f"deleted {options.name}: {_reports(count)}")
    return 0


def run_export(options: argparse.Namespace, settings: Settings) -> int:
    """Write the file in one step, when all of it is there."""
    from api.cli.output import check_outputs, replacing
    from api.pipeline import open_database
    from index.archive.export import export_collection
    from index.store.collections import require

    check_outputs([options.file])
    with closing(open_database(settings)) as database:
        with database.read() as connection:
            require(connection, options.name)
        with replacing(options.file) as file:
            manifest = export_collection(database, options.name, file)
    size = options.file.stat().st_size
    _say(f"exported {options.name}: {_reports(manifest.documents)}, {size:,} bytes")
    return 0


def run_import(options: argparse.Namespace, settings: Settings) -> int:
    """Check the file, embed anew what another encoder has embedded, and take all over at once."""
    from tqdm import tqdm

    from api.pipeline import open_database, open_encoder
    from index.archive.take_over import import_collection

    with (
        closing(open_database(settings)) as database,
        tqdm(unit=" reports", disable=not sys.stderr.isatty()) as bar,
    ):

        def tell(encoder: str | None, documents: int) -> None:
            _say(f"its vectors are of the encoder {encoder}: {_reports(documents)} embedded anew")
            bar.total = documents

        imported = import_collection(
            options.file,
            database=database,
            encoder=open_encoder(settings),
            name=options.name,
            on_embedding=tell,
            on_embedded=bar.update,
        )
    _say(f"imported {imported.collection}: {_reports(imported.documents)}")
    if imported.new_ids:
        _say(f"{_reports(imported.new_ids)} with new ids: other collections have theirs")
    return 0


def _reports(count: int) -> str:
    return f"{count} report{'' if count == 1 else 's'}"


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201
