"""The parsing process: it reads files that come in on stdin, and can be lost without harm.

A request is a line of JSON and the file's bytes; each document found is a line of JSON in reply,
and a line that says how it ended comes last. Nothing that a file holds is ever run or unpickled.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from index.errors import UnreadableReport
from index.formats.registry import find_format
from index.formats.types import Extracted, Found, Reading


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests until there are no more."""
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request["bytes"])
        _limit_processor_time(request["seconds"])
        for reply in _replies(content, Reading(**request["reading"])):
            replies.write(json.dumps(reply, default=_default).encode("ascii") + b"\n")
        replies.flush()


def encode(found: Found) -> dict[str, Any]:
    """What was found, as JSON can hold it."""
    kind = "document" if isinstance(found, Extracted) else "unreadable"
    return {kind: dataclasses.asdict(found)}


def _replies(content: bytes, reading: Reading) -> Iterator[dict[str, Any]]:
    try:
        for found in find_format(content, reading.name).reader()(content, reading):
            yield encode(found)
    except UnreadableReport as error:
        yield {"error": str(error)}
    except MemoryError:
        yield {"error": "reading it takes more memory than is allowed: split it, or simplify it"}
    except RecursionError:
        yield {"error": "nested too deeply to be read"}
    except Exception as error:  # noqa: BLE001 - a library's own errors, of any class, are the file's
        yield {
            "error": f"damaged, or not what its name says ({type(error).__name__}: {error})"[:400]
        }
    else:
        yield {"done": True}


def _limit_processor_time(seconds: int) -> None:
    """Have the system end the process when this file has cost so much."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not on Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, most)
    )


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # pragma: no cover - not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _stay_offline(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        raise PermissionError("the parsing process opens no connection")


def _default(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str(value)


def main() -> None:
    """Run as `python -c`, with stdin and stdout as pipes and the bytes of memory allowed."""
    sys.addaudithook(_stay_offline)
    _limit_memory(int(sys.argv[1]))
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # A library that prints must not write between the replies.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, replies)
