"""The commands `dateline documents list | show ID | delete ID`."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from api.commands.options import add_limits, limits, text

if TYPE_CHECKING:
    from api.commands.options import Commands
    from api.settings import Settings
    from index.types import Document


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the commands."""
    parser = commands.add_parser("documents", help="list, show and delete reports")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", parents=[home], help="list reports, newest first")
    add_limits(listing)
    listing.add_argument("--json", action="store_true", help="print JSON lines")
    listing.set_defaults(run=run_list)
    showing = actions.add_parser(
        "show", parents=[home], help="print a report's text as it is stored"
    )
    showing.add_argument("id", type=text, metavar="ID")
    showing.add_argument("--json", action="store_true", help="print what is known of it instead")
    showing.set_defaults(run=run_show)
    deleting = actions.add_parser("delete", parents=[home], help="delete a report for good")
    deleting.add_argument("id", type=text, metavar="ID")
    deleting.set_defaults(run=run_delete)


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """One line a report."""
    from api.open import open_database
    from index.lookup import list_documents
    from retrieval.limit import check_limit

    limit = limits(options)
    with closing(open_database(settings)) as database, database.read() as connection:
        check_limit(connection, limit)
        for document in list_documents(connection, limit):
            print(_json(document) if options.json else _line(document))  # noqa: T201
    return 0


def run_show(options: argparse.Namespace, settings: Settings) -> int:
    """The text to the byte, or what is known of it."""
    from api.open import open_database
    from index.lookup import get_document, get_text

    with closing(open_database(settings)) as database, database.read() as connection:
        if options.json:
            print(_json(get_document(connection, options.id)))  # noqa: T201
        else:
            sys.stdout.buffer.write(get_text(connection, options.id).encode("utf-8"))
    return 0


def run_delete(options: argparse.Namespace, settings: Settings) -> int:
    """Delete from the database; search indexes follow by themselves."""
    from api.open import open_database
    from index.delete import delete_document

    with closing(open_database(settings)) as database:
        delete_document(database, options.id)
    print(f"deleted {options.id}", file=sys.stderr)  # noqa: T201
    return 0


def _line(document: Document) -> str:
    from api.show import safe

    day = "no date   " if document.date is None else document.date.isoformat()
    return f"{document.id}  {day}  {document.collection}  {safe(document.title)}"


def _json(document: Document) -> str:
    from api.schemas import DocumentBody

    return json.dumps(DocumentBody.of(document).model_dump(mode="json"), ensure_ascii=False)
