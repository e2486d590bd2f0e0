"""Promise 3: a document is there wholly or not at all, however the ingest ended."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, select, text

from index.passages import embedded_texts
from index.search.search_index import LocalSearchIndex
from index.store import schema
from index.store.database import Database
from index.store.delete import delete_document
from index.store.write import document_id
from index.types import Encoder, PassageRange
from tests.factories import assert_covers, assert_follows

pytestmark = pytest.mark.real

ROOT = Path(__file__).parent.parent.parent
KILLS = 30
NEW_REPORTS = 100
WORDS = (
    "river dyke rain flood valley mayor residents bridge gauge metres rescue council meltwater "
    "strike depot driver union fire mill smoke engine street square protest price gas minister"
).split()


class Reports:
    """A folder of reports that grows and changes, and what it held before each change."""

    def __init__(self, folder: Path, seed: int) -> None:
        folder.mkdir()
        self.folder = folder
        self.draw = random.Random(seed)
        self.now: dict[str, str] = {}
        self.before: dict[str, str] = {}
        self.withdrawn: set[str] = set()
        self.written = 0

    def write(self, path: Path) -> None:
        self.written += 1
        day = f"2022-{self.draw.randint(1, 12):02}-{self.draw.randint(1, 28):02}"
        sentences = [
            " ".join(self.draw.choices(WORDS, k=self.draw.randint(3, 9))).capitalize() + "."
            for _ in range(self.draw.choice([1, 1, 1, 1, 2, 2, 3, 40]))
        ]
        content = f"Report {self.written} on the {self.draw.choice(WORDS)}\n{day}\n\n"
        content += " ".join(sentences)
        path.write_text(content, encoding="utf-8")
        if (source := str(path)) in self.now:
            self.before[source] = self.now[source]
        self.now[source] = content

    def grow(self) -> None:
        """New reports, and a few old ones changed."""
        self.before = {}
        for source in self.draw.sample(sorted(self.now), k=min(6, len(self.now))):
            self.write(Path(source))
        for _ in range(NEW_REPORTS):
            self.write(self.folder / f"{self.written:04}.txt")

    def withdraw(self) -> list[str]:
        """Take reports away for good; returns the ids of their documents."""
        ids = []
        for source in self.draw.sample(sorted(self.now), k=4):
            Path(source).unlink()
            ids.append(id_of(self.now.pop(source)))
        self.withdrawn.update(ids)
        return ids


def id_of(content: str) -> str:
    return document_id("default", hashlib.sha256(content.encode()).hexdigest())


def start_ingest(home: Path, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "api.main", "ingest", "--home", str(home), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def complete_ingest(home: Path, folder: Path) -> tuple[float, str]:
    """Run it to its end; returns how long it took and what it said."""
    begun = time.monotonic()
    process = start_ingest(home, folder)
    output = process.communicate(timeout=120)[0].decode()
    assert process.returncode == 0, output
    return time.monotonic() - begun, output


def kill_ingest(home: Path, folder: Path, delay: float) -> bool:
    """Kill it after so many seconds; whether it was still running then."""
    process = start_ingest(home, folder)
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate(timeout=60)
    return process.returncode == -9


def check_documents(connection: Connection) -> dict[str, str]:
    """Every document is whole; returns the text at each source."""
    passages, vectors = schema.passages, schema.vectors
    rows = connection.execute(select(vectors.c.passage_id, vectors.c.vector))
    lengths = {row.passage_id: len(row.vector) for row in rows}
    rows = connection.execute(select(passages).order_by(passages.c.document_id, passages.c.id))
    of_document: dict[str, list[tuple[int, int, int, str]]] = {}
    for row in rows:
        of_document.setdefault(row.document_id, []).append((row.id, row.start, row.end, row.text))
        assert lengths.pop(row.id) == 4 * 384
    assert not lengths, "vectors without passages"
    texts: dict[str, str] = {}
    for document in connection.execute(select(schema.documents)):
        own = of_document.pop(document.id)
        assert [number for number, *_ in own] == [
            document.first_passage + at for at in range(document.passages)
        ]
        assert_covers(document.text, [PassageRange(start, end) for _, start, end, _ in own])
        assert all(document.text[start:end] == quote for _, start, end, quote in own)
        assert document.id == id_of(document.text)
        assert document.characters == len(document.text)
        texts[document.id] = document.text
    assert not of_document, "passages without a document"
    sources = connection.execute(select(schema.sources)).all()
    assert {row.document_id for row in sources} == texts.keys()
    assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    return {row.source: texts[row.document_id] for row in sources}


def check_home(home: Path, encoder: Encoder) -> dict[str, str]:
    """The database is whole, and the caches follow it; returns the text at each source."""
    database = Database(home / "dateline.sqlite3")
    with database.read() as connection:
        found = check_documents(connection)
    index = LocalSearchIndex(database, encoder, home / "cache")
    assert_follows(index, database)
    database.close()
    return found


def check_vectors(home: Path, encoder: Encoder) -> None:
    """Each passage has the vector of its own text."""
    database = Database(home / "dateline.sqlite3")
    document, passage = schema.documents, schema.passages
    with database.read() as connection:
        rows = connection.execute(
            select(document.c.title, document.c.date, passage.c.text, schema.vectors.c.vector)
            .join(passage, passage.c.document_id == document.c.id)
            .join(schema.vectors, schema.vectors.c.passage_id == passage.c.id)
            .order_by(passage.c.id)
        ).all()
    for row in rows[::7]:
        [text] = embedded_texts([row.text], row.title, row.date, encoder)
        wanted = encoder.embed_question(text)
        assert np.array_equal(np.frombuffer(row.vector, dtype="<f4"), wanted)
    database.close()


def delete_documents(home: Path, document_ids: list[str]) -> None:
    database = Database(home / "dateline.sqlite3")
    for each in document_ids:
        delete_document(database, each)
    database.close()


def test_an_ingest_killed_at_any_moment_leaves_whole_documents_and_can_be_run_again(
    tmp_path: Path, models_folder: Path, real_encoder: Encoder
) -> None:
    home = tmp_path / "home"
    shutil.copytree(
        models_folder / real_encoder.fingerprint,
        home / "models" / real_encoder.fingerprint,
        copy_function=_link_or_copy,
    )
    reports = Reports(tmp_path / "reports", seed=11)
    reports.grow()
    duration, _ = complete_ingest(home, reports.folder)
    tally: Counter[str] = Counter()
    while tally["kills"] < KILLS:
        tally["rounds"] += 1
        if tally["rounds"] % 3 == 0:
            delete_documents(home, reports.withdraw())
        reports.grow()
        for _ in range(5):
            # Half of the kills past the start, where files are written.
            earliest = reports.draw.choice([0.0, 0.5]) * duration
            delay = reports.draw.uniform(earliest, duration)
            killed = kill_ingest(home, reports.folder, delay)
            tally["kills"] += killed
            # Every other time a copy is looked at: the next run then has to mend the home itself.
            looked_at = home
            if reports.draw.random() < 0.5:
                looked_at = tmp_path / "copy"
                shutil.rmtree(looked_at, ignore_errors=True)
                shutil.copytree(home, looked_at, ignore=shutil.ignore_patterns("models"))
            found = check_home(looked_at, real_encoder)
            for source, content in found.items():
                assert content in (reports.now.get(source), reports.before.get(source))
            missing = reports.now.keys() - found.keys()
            assert not missing & reports.before.keys()
            assert not {id_of(content) for content in found.values()} & reports.withdrawn
            tally["in the middle"] += 0 < len(missing) < NEW_REPORTS
        duration, output = complete_ingest(home, reports.folder)
        assert check_home(home, real_encoder) == reports.now
        assert ", 0 failed" in output
    check_vectors(home, real_encoder)
    print(dict(tally))  # noqa: T201
    assert tally["in the middle"], "no kill hit while reports were being stored"


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
