import contextlib
import os
import signal
import threading
from pathlib import Path

import pytest

from api.main import main
from tests.fakes import HashEncoder
from tests.index.sync.test_follow import write


@pytest.fixture(autouse=True)
def _fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pipeline.load_encoder", lambda _name, _folder: HashEncoder())
    monkeypatch.setattr("api.pipeline.is_converted", lambda _folder: True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        write(tmp_path / "reports" / f"{name}.txt", f"Rain fell on {name}.")
    return tmp_path / "reports"


def test_sync_counts_what_became_of_the_files(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "--sync", str(folder)]) == 0
    assert capsys.readouterr().out == (
        "3 added, 0 replaced, 0 moved, 0 removed, 0 unchanged, 0 failed\n"
    )
    (folder / "a.txt").unlink()
    (folder / "b.txt").rename(folder / "d.txt")
    write(folder / "e.txt", "...")
    assert main(["ingest", "--sync", str(folder)]) == 1
    told = capsys.readouterr()
    assert told.out == "0 added, 0 replaced, 1 moved, 1 removed, 1 unchanged, 1 failed\n"
    assert told.err == (
        f"dateline: {folder}/e.txt: no letter or digit in it: nothing to answer from\n"
    )


def test_a_dry_run_says_what_would_be_done(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["ingest", "--sync", str(folder)])
    (folder / "a.txt").unlink()
    (folder / "b.txt").rename(folder / "d.txt")
    capsys.readouterr()
    assert main(["ingest", "--sync", "--dry-run", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"would be moved {folder}/b.txt -> {folder}/d.txt",
        f"would be removed {folder}/a.txt",
        "0 added, 0 replaced, 1 moved, 1 removed, 1 unchanged, 0 failed",
    ]


def test_a_folder_that_is_gone_is_refused_with_advice(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["ingest", "--sync", str(folder)])
    folder.rename(folder.with_name("away"))
    assert main(["ingest", "--sync", str(folder)]) == 1
    assert "--allow-empty" in capsys.readouterr().err
    assert main(["ingest", "--sync", str(folder), "--allow-empty"]) == 0
    assert "3 removed" in capsys.readouterr().out


def test_options_of_sync_alone_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "--dry-run", str(folder)]) == 2
    assert main(["ingest", "--allow-empty", str(folder)]) == 2
    assert "go with --sync" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_watch_says_each_change_and_ends_well_when_interrupted(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
) -> None:
    monkeypatch.setattr("index.sync.watch.TICK_SECONDS", 0.1)
    said: list[str] = []

    def interrupt(*_arguments: object) -> str:
        # What is said of the last of the three files.
        said.append("")
        if len(said) == 3:
            threading.Thread(target=os.kill, args=[os.getpid(), number]).start()
        return f"change {len(said)}"

    monkeypatch.setattr("api.cli.sync.describe", interrupt)
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert main(["watch", str(folder)]) == 0
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    told = capsys.readouterr()
    assert told.out.splitlines()[:2] == ["change 1", "change 2"]
    assert told.err == f"dateline: watching {folder}\ndateline: stopped\n"


def test_watch_ends_even_if_the_interrupt_is_lost(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.sync.watch.TICK_SECONDS", 0.1)

    def interrupt(*_arguments: object) -> str:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return "change"

    monkeypatch.setattr("api.cli.sync.describe", interrupt)
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert main(["watch", str(folder)]) == 0
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_watch_refuses_a_name_that_no_collection_may_have(folder: Path) -> None:
    assert main(["watch", str(folder), "--collection", "../x"]) == 2
