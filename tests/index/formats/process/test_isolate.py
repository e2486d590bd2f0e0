from __future__ import annotations

import gzip
import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from index.errors import UnreadableReport
from index.formats.process import isolate
from index.formats.process.isolate import ParsingProcess
from index.formats.types import Extracted, Reading
from tests.index.formats.made import make_pdf

LONG = make_pdf(["The river rose by a metre on Tuesday. " * 40] * 400)
SHORT = make_pdf(["Rain fell."])


@pytest.fixture
def process() -> Iterator[ParsingProcess]:
    with_limits = ParsingProcess(seconds=30)
    yield with_limits
    with_limits.close()


def texts(process: ParsingProcess) -> list[str]:
    return [
        each.text for each in process.read(SHORT, Reading("a.pdf")) if isinstance(each, Extracted)
    ]


def child_of(process: ParsingProcess) -> int:
    assert process._process is not None
    return process._process.pid


def test_one_process_reads_file_after_file(process: ParsingProcess) -> None:
    assert texts(process) == ["Rain fell."]
    first = child_of(process)
    with pytest.raises(UnreadableReport, match="damaged"):
        process.read(b"%PDF-1.7\nnothing", Reading("a.pdf"))
    assert texts(process) == ["Rain fell."]
    assert child_of(process) == first != os.getpid()


def test_a_crash_costs_the_one_file(process: ParsingProcess) -> None:
    texts(process)
    first = child_of(process)
    killer = threading.Timer(0.2, os.kill, (first, signal.SIGSEGV))
    killer.start()
    with pytest.raises(UnreadableReport, match=r"crashed \(SIGSEGV\)"):
        process.read(LONG, Reading("a.pdf"))
    killer.join()
    assert texts(process) == ["Rain fell."]
    assert child_of(process) != first


def test_a_file_that_takes_too_long_is_given_up() -> None:
    process = ParsingProcess(seconds=1)
    try:
        started = time.monotonic()
        with pytest.raises(UnreadableReport, match="more than 1 seconds"):
            process.read(LONG, Reading("a.pdf"))
        assert time.monotonic() - started < 30
        assert texts(process) == ["Rain fell."]
    finally:
        process.close()


def test_a_file_that_takes_too_much_memory_is_given_up() -> None:
    process = ParsingProcess(memory_bytes=300 << 20)
    try:
        packed = gzip.compress(b'{"text": "' + b"rain " * 40_000_000 + b'"}\n')
        with pytest.raises(UnreadableReport, match=r"memory|crashed"):
            process.read(packed, Reading("a.jsonl.gz"))
        assert texts(process) == ["Rain fell."]
    finally:
        process.close()


def test_a_file_that_gives_too_much_text_is_given_up(
    process: ParsingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolate, "MOST_REPLY_BYTES", 10_000)
    with pytest.raises(UnreadableReport, match="more text comes out of it"):
        process.read(LONG, Reading("a.pdf"))
    assert texts(process) == ["Rain fell."]


def test_a_process_is_replaced_after_so_many_files(
    process: ParsingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolate, "FILES", 2)
    texts(process)
    first = child_of(process)
    texts(process)
    assert child_of(process) == first
    texts(process)
    assert child_of(process) != first


def test_the_process_goes_when_its_requests_end(process: ParsingProcess) -> None:
    texts(process)
    child = process._process
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=10) == 0
