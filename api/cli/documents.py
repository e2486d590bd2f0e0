"""The commands `dateline documents list | show ID | edit ID | delete ID`."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from api.cli.options import NO_DATE, add_limits, day_or_none, limits, text, title

if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings
    from index.types import Document


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the commands."""
    parser = commands.add_parser("documents", help="list, show, correct and delete reports")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", parents=[home], help="list reports, newest first")
    add_limits(listing)
    listing.add_argument("--json", action="store_true", help="print JSON lines")
    listing.set_defaults(run=run_list)
    showing = actions.add_parser(
        "show", parents=[home], help="print a report's text as it is stored"
    )
    showing.add_argument("id", type=text, metavar="ID")
    instead = showing.add_mutually_exclusive_group()
    instead.add_argument("--json", action="store_true", help="print what is known of it instead")
    instead.add_argument(
        "--original", action="store_true", help="print the bytes that it was made from instead"
    )
    showing.set_defaults(run=run_show)
    editing = actions.add_parser(
        "edit",
        parents=[home],
        help="correct a report's title or date",
        description="Correct a report's title or date, which count in searches too. The correction "
        "lasts until a file with other bytes replaces the report.",
    )
    editing.add_argument("id", type=text, metavar="ID")
    editing.add_argument("--title", type=title, metavar="TITLE")
    editing.add_argument(
        "--date", type=day_or_none, metavar="DATE", help='as 2022-01-05, or "none" to remove it'
    )
    editing.set_defaults(run=run_edit)
    deleting = actions.add_parser("delete", parents=[home], help="delete a report for good")
    deleting.add_argument("id", type=text, metavar="ID")
    deleting.set_defaults(run=run_delete)


def run_list(options: argparse.Namespace, settings: Settings) -> int:
    """One line a report."""
    from api.pipeline import open_database
    from index.store.lookup import list_documents
    from retrieval.search.hybrid import check_limit

    limit = limits(options)
    with closing(open_database(settings)) as database, database.read() as connection:
        check_limit(connection, limit)
        for document in list_documents(connection, limit):
            print(_json(document) if options.json else _line(document))  # noqa: T201
    return 0


def run_show(options: argparse.Namespace, settings: Settings) -> int:
    """The text to the byte, or what is known of it, or what it was made from."""
    from api.pipeline import open_database
    from index.store.lookup import get_document, get_text
    from index.store.originals import get_original

    with closing(open_database(settings)) as database, database.read() as connection:
        if options.json:
            print(_json(get_document(connection, options.id)))  # noqa: T201
        elif options.original:
            sys.stdout.buffer.write(get_original(connection, options.id).content)
        else:
            sys.stdout.buffer.write(get_text(connection, options.id).encode("utf-8"))
    return 0


def run_edit(options: argparse.Namespace, settings: Settings) -> int:
    """Change title and date; 2 if neither is given."""
    from api.pipeline import open_database, open_encoder
    from index.store.edit import Edit, edit_document

    if options.title is None and options.date is None:
        print("dateline: name a --title or a --date to set", file=sys.stderr)  # noqa: T201
        return 2
    date = None if options.date == NO_DATE else options.date
    edit = Edit(options.title, date, has_date=options.date is not None)
    with closing(open_database(settings)) as database:
        edit_document(database, open_encoder(settings), options.id, edit)
    print(f"changed {options.id}", file=sys.stderr)  # noqa: T201
    return 0


def run_delete(options: argparse.Namespace, settings: Settings) -> int:
    """Delete from the database; search indexes follow by themselves."""
    from api.pipeline import open_database
    from index.store.delete import delete_document

    with closing(open_database(settings)) as database:
        delete_document(database, options.id)
    print(f"deleted {options.id}", file=sys.stderr)  # noqa: T201
    return 0


def _line(document: Document) -> str:
    from api.render.wording import safe

    day = "no date   " if document.date is None else document.date.isoformat()
    return f"{document.id}  {day}  {document.collection}  {safe(document.title)}"


def _json(document: Document) -> str:
    from api.schemas.reports import DocumentBody

    return json.dumps(DocumentBody.of(document).model_dump(mode="json"), ensure_ascii=False)
