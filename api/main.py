"""The command line: `dateline`."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from api.cli import ask, chat, collections, documents, evaluate, ingest, serve, watch

if TYPE_CHECKING:
    from api.settings import Settings

DONE, FAILED, WRONG_USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 failed, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        # Reports are Unicode, whatever the terminal's locale says.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = parser().parse_args(arguments)
    try:
        status: int = options.run(options, _settings(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has had enough; what is still buffered must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("dateline: interrupted", file=sys.stderr)  # noqa: T201
        return 130
    except Exception as error:
        from api.problems import HANDLED, PROBLEMS

        if not isinstance(error, HANDLED):
            raise
        print(f"dateline: {error}", file=sys.stderr)  # noqa: T201
        return PROBLEMS[type(error)].exit_code
    return status


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    top = argparse.ArgumentParser(
        prog="dateline",
        description="Answers questions about reports in the reports' own words.",
        epilog="Everything runs on this machine. Exit status: 0 done, 1 failed, 2 wrong usage.",
    )
    top.add_argument("--version", action="version", version=f"dateline {version('dateline')}")
    home = argparse.ArgumentParser(add_help=False)
    for each in (top, home):
        each.add_argument(
            "--home",
            default=argparse.SUPPRESS,
            metavar="FOLDER",
            help="where everything is kept (else DATELINE_HOME, else the user's data folder)",
        )
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for add in (
        ingest.add,
        watch.add,
        ask.add,
        chat.add,
        serve.add,
        serve.add_mcp,
        documents.add,
        collections.add,
        evaluate.add,
    ):
        add(commands, home)
    return top


def _settings(options: argparse.Namespace) -> Settings:
    from pydantic import ValidationError

    from api.settings import Settings

    given = {name: getattr(options, name, None) for name in ("home", "host", "port", "threshold")}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        print(  # noqa: T201
            f"dateline: --{name} or DATELINE_{name.upper()}: {first['msg']}", file=sys.stderr
        )
        raise SystemExit(WRONG_USAGE) from None


if __name__ == "__main__":
    raise SystemExit(main())
