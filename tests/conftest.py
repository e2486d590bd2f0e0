"""What tests are built from: a home in `tmp_path`, the fakes, and the real models where asked."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Before anything can import huggingface_hub, which reads it once.
os.environ["HF_HUB_OFFLINE"] = "1"

from index.search.search_index import LocalSearchIndex
from index.store.database import Database
from index.types import Encoder
from retrieval.types import Pipeline
from tests.fakes import HashEncoder, WordReader


class ConnectionBlocked(RuntimeError):
    """A test tried to reach something beyond this machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_connections_beyond_loopback() -> Iterator[None]:
    """Let sockets reach 127.0.0.0/8, ::1 and Unix sockets only."""
    original = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}
    look_up = socket.getaddrinfo

    def guarded(name: str) -> Any:
        def call(self: socket.socket, *arguments: Any) -> Any:
            if self.family != getattr(socket, "AF_UNIX", None):
                _check(arguments[-1][0])
            return original[name](self, *arguments)

        return call

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host is not None:
            _check(host.decode() if isinstance(host, bytes) else host)
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        for name in original:
            patch.setattr(socket.socket, name, guarded(name))
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


def _check(host: str) -> None:
    if host in ("localhost", ""):
        return
    try:
        if ipaddress.ip_address(host.partition("%")[0]).is_loopback:
            return
    except ValueError:
        pass
    raise ConnectionBlocked(f"a test tried to reach {host}")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder that the database and the caches are in."""
    return tmp_path / "home"


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    """An empty database."""
    database = Database(home / "dateline.sqlite3")
    yield database
    database.close()


@pytest.fixture
def index(database: Database, encoder: HashEncoder, home: Path) -> LocalSearchIndex:
    """The search index over `database`."""
    return LocalSearchIndex(database, encoder, home / "cache")


@pytest.fixture
def pipeline(database: Database, encoder: HashEncoder, index: LocalSearchIndex) -> Pipeline:
    """All that a question passes through, with the fakes."""
    reader = WordReader()
    return Pipeline(database, encoder, index, reader, reader.threshold)


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the three default models: DATELINE_TEST_MODELS, or made once a session.

    Not to be changed: tests share it.
    """
    from index.models.onnx_encoder import convert_default
    from retrieval.readers.load import DEFAULT_FOLDER
    from retrieval.readers.onnx import convert_reader
    from retrieval.rewriting.term_finder import convert_term_model

    named = os.environ.get("DATELINE_TEST_MODELS")
    folder = Path(named) if named else tmp_path_factory.mktemp("models")
    convert_default(folder)
    convert_reader(DEFAULT_FOLDER, folder)
    convert_term_model(folder)
    return folder


@pytest.fixture(scope="session")
def real_encoder(models_folder: Path) -> Encoder:
    """The default encoder."""
    from index.models.load import DEFAULT_ENCODER, load_encoder

    return load_encoder(DEFAULT_ENCODER, models_folder)
