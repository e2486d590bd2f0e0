"""The command `dateline ask QUESTION`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from api.cli.options import add_limits, limits, probability, text

if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "ask",
        parents=[home],
        help="ask the reports a question",
        description="Ask the reports a question. The answer is a quote, marked in its sentence, "
        "with its source; or the word that the reports do not say, with the closest passages.",
    )
    parser.add_argument("question", type=text, metavar="QUESTION")
    add_limits(parser)
    parser.add_argument(
        "--threshold",
        type=probability,
        metavar="P",
        help="the confidence, 0 to 1, from which on an answer is shown",
    )
    parser.add_argument("--json", action="store_true", help="print what POST /v1/ask returns")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Ask, and print the reply for a person or as JSON."""
    from api.pipeline import open_pipeline
    from retrieval.converse import converse

    with open_pipeline(settings) as pipeline:
        reply = converse(options.question, limits(options), pipeline)
    if options.json:
        from api.schemas.asking import AskResponse
        from api.urls import file_url

        print(AskResponse.of(reply, file_url).model_dump_json(indent=2))  # noqa: T201
    else:
        from api.render.terminal import show_reply

        print(show_reply(reply, colour=sys.stdout.isatty()))  # noqa: T201
    return 0
