"""Folders followed, and collections carried over, with the real command and the real models."""

import json
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.store.database import Database
from index.types import Encoder
from tests.index.sync.test_follow import held, in_folder
from tests.real.test_command import COMMAND, SEEDS, dateline, environment, make_home, serve
from tests.real.test_crash import check_home

pytestmark = pytest.mark.real

KILLS = 8
QUESTION = "why did the harbour of Selmouth close?"
HARBOUR = "The harbour of Selmouth closed on Monday because of a chemical spill.\n"
WORDS = "river rose flood town bridge rain mayor left storm harbour ship police road fire".split()


@pytest.fixture
def own_home(tmp_path: Path, models_folder: Path) -> Path:
    return make_home(tmp_path / "home", models_folder)


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [COMMAND, *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_what_is_dropped_into_a_watched_folder_is_answered_by_the_service_beside_it(
    own_home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "other.txt").write_text("A fire burned down the old mill on Friday.\n")
    with serve(own_home) as server:
        server.wait_until_ready()
        watching = start("watch", "--home", own_home, folder)
        try:
            (folder / "harbour.txt").write_text(HARBOUR)
            wait_until(lambda: server.ask(QUESTION)["answerable"])
            before = server.ask(QUESTION)["citations"][0]
            (folder / "harbour.txt").rename(folder / "selmouth.txt")
            wait_until(
                lambda: server.ask(QUESTION)["citations"][0]["source"].endswith("selmouth.txt")
            )
            after = server.ask(QUESTION)["citations"][0]
            assert after["document_id"] == before["document_id"]
            (folder / "selmouth.txt").unlink()
            wait_until(lambda: not server.ask(QUESTION)["answerable"])
        finally:
            watching.send_signal(signal.SIGINT)
            output = watching.communicate(timeout=60)[0]
        assert watching.returncode == 0, output
        assert "Traceback" not in output
        assert f"added {folder}/harbour.txt" in output
        assert f"moved {folder}/harbour.txt -> {folder}/selmouth.txt" in output
        assert f"removed {folder}/selmouth.txt" in output
        assert output.endswith("dateline: stopped\n")


def test_a_sync_killed_at_any_moment_leaves_whole_reports_and_the_next_completes_it(
    own_home: Path, tmp_path: Path, real_encoder: Encoder
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    draw = random.Random(5)

    def change() -> None:
        paths = sorted(folder.iterdir())
        for path in draw.sample(paths, k=min(10, len(paths))):
            path.unlink()
        for path in draw.sample(sorted(folder.iterdir()), k=min(10, len(paths) // 2)):
            path.rename(folder / f"moved-{draw.randrange(10**9)}.txt")
        for _ in range(30):
            text = " ".join(draw.choices(WORDS, k=draw.choice([20, 20, 900])))
            (folder / f"{draw.randrange(10**9)}.txt").write_text(f"{text}.\n")

    killed = 0
    for _ in range(KILLS):
        change()
        process = start("ingest", "--home", own_home, "--sync", folder)
        try:
            process.wait(draw.uniform(0.5, 3))
        except subprocess.TimeoutExpired:
            process.kill()
            killed += 1
        process.communicate(timeout=60)
        if (own_home / "dateline.sqlite3").exists():
            check_home(own_home, real_encoder)
    assert killed
    finished = dateline(own_home, "ingest", "--sync", folder)
    assert finished.returncode == 0, finished.stderr
    database = Database(own_home / "dateline.sqlite3")
    assert held(database) == in_folder(folder)
    database.close()
    check_home(own_home, real_encoder)
    again = dateline(own_home, "ingest", "--sync", folder)
    count = len(list(folder.iterdir()))
    assert again.stdout == (
        f"0 added, 0 replaced, 0 moved, 0 removed, {count} unchanged, 0 failed\n"
    )


def test_a_collection_answers_in_another_home_as_it_did(
    own_home: Path, tmp_path: Path, models_folder: Path
) -> None:
    other = make_home(tmp_path / "other", models_folder)
    archive, second = tmp_path / "a.zip", tmp_path / "b.zip"
    assert dateline(own_home, "ingest", SEEDS, "--collection", "seeds").returncode == 0
    assert dateline(own_home, "collections", "export", "seeds", archive).returncode == 0
    assert dateline(other, "collections", "import", archive).returncode == 0
    assert dateline(other, "collections", "export", "seeds", second).returncode == 0
    assert archive.read_bytes() == second.read_bytes()
    for question in ("why did the dyke give way?", "who won the football cup final?"):
        one, two = (
            json.loads(dateline(home, "ask", question, "--json").stdout)
            for home in (own_home, other)
        )
        del one["timings_ms"], two["timings_ms"]
        assert one == two
