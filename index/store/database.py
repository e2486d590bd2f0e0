"""Open the database, bring it to the newest migration, and give transactions on it."""

from __future__ import annotations

import copy
import datetime
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError, NoResultFound, OperationalError

from index.errors import HomeUnusable
from index.store.schema import REVISION, state

BUSY_SECONDS = 60.0
"""How long a writer waits for another process's transaction before it gives up."""


class Database:
    """The one truth: documents, passages and vectors.

    Raises HomeUnusable if the file is no database of Dateline's or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._snapshot: Connection | None = None
        try:
            # Reports are their owner's alone; a folder that was there keeps the rights it has.
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            if path.stat().st_uid == os.geteuid():
                # SQLite gives its journals the rights of the database.
                path.chmod(0o600)
            self._engine = _connect(path)
            _migrate(self._engine, path)
            with self.read() as connection:
                self.id: str = connection.execute(select(state.c.database_id)).scalar_one()
        except (DatabaseError, OSError) as error:
            reason = getattr(error, "orig", None) or error
            raise HomeUnusable(
                f"{path} cannot be used as the database: {reason}. Name another folder with "
                "--home, or move that file away and ingest the reports again"
            ) from error
        except NoResultFound as error:
            raise self._without_state() from error

    def _without_state(self) -> HomeUnusable:
        return HomeUnusable(
            f"{self.path} is damaged: it has lost the row that names its state. Put a backup in "
            "its place, or move that file away and ingest the reports again"
        )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database from beginning to end.

        Raises HomeUnusable if the disk or another process keeps it from working, as `write` does.
        """
        if self._snapshot is not None:
            yield self._snapshot
            return
        with self._begin(self._engine) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Database]:
        """The database as it is now: every `read` of what this gives sees this one state.

        For one thread, within the block; what is written meanwhile is seen after it. A snapshot's
        own snapshot is itself.
        """
        if self._snapshot is not None:
            yield self
            return
        with self._begin(self._engine) as connection:
            # SQLite's transaction sees the state at its first query, not at its beginning.
            connection.execute(select(state.c.generation))
            seen = copy.copy(self)
            seen._snapshot = connection
            yield seen

    @property
    def is_snapshot(self) -> bool:
        """Whether it stands still."""
        return self._snapshot is not None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that no other writer runs beside; all of it is kept or none."""
        with self._begin(self._engine.execution_options(writes=True)) as connection:
            yield connection

    @contextmanager
    def _begin(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except OperationalError as error:
            # A full disk, a lock that another process holds on to, a file that went read-only.
            raise HomeUnusable(
                f"{self.path}: {error.orig}. Nothing was changed: mend that and try again"
            ) from error
        except DatabaseError as error:
            # Of SQLite's own class are a damaged page and a file that is no database (any more).
            if type(error) is not DatabaseError:
                raise
            raise HomeUnusable(
                f"{self.path} is damaged: {error.orig}. Put a backup in its place, or move that "
                "file away and ingest the reports again"
            ) from error

    def generation(self) -> int:
        """How many changes of documents there have been."""
        with self.read() as connection:
            generation = connection.execute(select(state.c.generation)).scalar()
        if generation is None:
            raise self._without_state()
        return int(generation)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def use_encoder(self, fingerprint: str) -> None:
        """Note the encoder that made the vectors. Raises HomeUnusable if it was another one."""
        with self.read() as connection:
            present = connection.execute(select(state.c.encoder)).scalar_one()
        if present is None:
            with self.write() as connection:
                connection.execute(
                    update(state).values(encoder=func.coalesce(state.c.encoder, fingerprint))
                )
                present = connection.execute(select(state.c.encoder)).scalar_one()
        if present != fingerprint:
            raise HomeUnusable(
                f"{self.path.parent} holds vectors of the encoder {present}, not of {fingerprint}: "
                "set DATELINE_ENCODER back, or name an empty folder with --home and ingest the "
                "reports again"
            )


def _use_wal(connection: sqlite3.Connection) -> None:
    """Keep a write-ahead log. SQLite does not wait for whoever opens a new database meanwhile."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _connect(path: Path) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": BUSY_SECONDS},
        # A question keeps its snapshot and may need a second connection: with a limit, as many
        # questions at once as there are connections would wait for each other.
        max_overflow=-1,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
        # sqlite3 would begin transactions late and by itself; the listener below begins them.
        connection.isolation_level = None
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock at once: a read that turns into a write can fail half-way.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _migrate(engine: Engine, path: Path) -> None:
    if _revision(engine) == REVISION:
        return
    from alembic import command
    from alembic.config import Config

    with FileLock(path.with_name(path.name + ".lock")):
        found = _revision(engine)
        if found is not None and found > REVISION:
            raise HomeUnusable(
                f"{path} was written by a newer Dateline (its tables are at {found}, this one "
                f"knows {REVISION}): update Dateline, or name another folder with --home"
            )
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with engine.execution_options(writes=True).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if connection.execute(select(func.count()).select_from(state)).scalar_one() == 0:
                connection.execute(
                    insert(state).values(
                        id=1, database_id=uuid.uuid4().hex, generation=0, next_passage=1
                    )
                )


def _revision(engine: Engine) -> str | None:
    with engine.begin() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)


def moment(ago: datetime.timedelta = datetime.timedelta()) -> str:
    """So long ago, in UTC: always of the same length, so that texts sort as the times do."""
    now = datetime.datetime.now(datetime.UTC)
    return (now - ago).isoformat(timespec="microseconds")
