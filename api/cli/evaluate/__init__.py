"""The command `dateline evaluate`: one module a subject."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from api.cli.evaluate import answers, conversation, reader, retrieval

if TYPE_CHECKING:
    from api.cli.options import Commands


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "evaluate", help="measure how good the answers and the search for them are"
    )
    subjects = parser.add_subparsers(metavar="SUBJECT", required=True)
    for module in (reader, retrieval, answers, conversation):
        module.add(subjects, home)
