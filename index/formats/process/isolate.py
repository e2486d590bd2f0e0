"""Have files read in a process of their own, so that one which crashes or hangs it costs itself."""

from __future__ import annotations

import atexit
import base64
import dataclasses
import datetime
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.errors import UnreadableReport
from index.formats.types import Extracted, Found, PageBoxes, Part, Reading, Unreadable

SECONDS = 60
"""How long reading one file may take."""

OCR_TIMES = 10
"""How many times as long reading pictures may take."""

MEMORY_BYTES = 2 << 30
"""Address space of the process, where the system can limit it."""

MOST_REPLY_BYTES = 500_000_000
"""What the process may send back for one file."""

MOST_DOCUMENTS = 200_000
"""Documents in one file."""

FILES = 500
"""Files after which a process is replaced: what its libraries leak goes with it."""

_ROOT = Path(__file__).parents[3]
_START = "from index.formats.process.worker import main; main()"


class ParsingProcess:
    """One process for one file at a time; started when first needed, and again after it is lost."""

    def __init__(self, seconds: int = SECONDS, memory_bytes: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    def read(self, content: bytes, reading: Reading) -> list[Found]:
        """The documents in a file's bytes.

        Raises UnreadableReport, also when the process crashes, or takes too much time or memory, or
        sends too much.
        """
        with self._lock:
            process = self._running()
            seconds = self._seconds * (OCR_TIMES if reading.ocr else 1)
            is_late = threading.Event()

            def stop() -> None:
                is_late.set()
                process.kill()

            alarm = threading.Timer(seconds, stop)
            alarm.daemon = True
            alarm.start()
            try:
                found, error = self._ask(process, content, reading, seconds)
            except (BrokenPipeError, EOFError, ValueError):
                self._end()
                raise UnreadableReport(_loss(process, seconds, is_late=is_late.is_set())) from None
            except BaseException:
                # Whatever else it has to say is no reply to the next request.
                self._end()
                raise
            finally:
                alarm.cancel()
        if error is not None:
            raise UnreadableReport(error)
        return found

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._files >= FILES:
            self._end()
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with code from here
                [sys.executable, "-c", _START, str(self._memory_bytes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env=_environment(),
                # Ctrl-C is for this process, which then closes the other's stdin and so ends it.
                start_new_session=True,
            )
            self._files = 0
        self._files += 1
        return self._process

    def _ask(
        self, process: subprocess.Popen[bytes], content: bytes, reading: Reading, seconds: int
    ) -> tuple[list[Found], str | None]:
        """What was found, and why there is no more where that is so."""
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        request = {
            "bytes": len(content),
            "seconds": seconds,
            "reading": dataclasses.asdict(reading),
        }
        process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
        process.stdin.write(content)
        process.stdin.flush()
        found: list[Found] = []
        left = MOST_REPLY_BYTES
        while True:
            line = process.stdout.readline(left + 1)
            left -= len(line)
            if left < 0 or len(found) > MOST_DOCUMENTS:
                raise UnreadableReport("more text comes out of it than a file may hold: split it")
            if not line.endswith(b"\n"):
                raise EOFError
            reply = json.loads(line)
            if "done" in reply or "error" in reply:
                return found, reply.get("error")
            found.append(decode(reply))

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        process.wait()


def _loss(process: subprocess.Popen[bytes], seconds: int, *, is_late: bool) -> str:
    """Why a process was lost."""
    code = process.returncode
    if is_late or code == -getattr(signal, "SIGXCPU", 0):
        return f"reading it takes more than {seconds} seconds: split it, or simplify it"
    cause = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    return f"the program that reads it crashed ({cause}): the file is damaged or made to harm"


def decode(reply: Mapping[str, Any]) -> Found:
    """What `index.formats.process.worker.encode` made."""
    if "unreadable" in reply:
        return Unreadable(**reply["unreadable"])
    fields = dict(reply["document"])
    fields["date"] = datetime.date.fromisoformat(fields["date"]) if fields["date"] else None
    fields["parts"] = tuple(Part(**part) for part in fields["parts"])
    fields["boxes"] = tuple(
        PageBoxes(**{**page, "words": base64.b64decode(page["words"])}) for page in fields["boxes"]
    )
    fields["identity"] = base64.b64decode(fields["identity"]) if fields["identity"] else None
    return Extracted(**fields)


def _environment() -> dict[str, str]:
    """The variables of this process, with Dateline where it was found."""
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


shared = ParsingProcess()
"""The one that Dateline uses; a program reads its files one after another."""

atexit.register(shared.close)
