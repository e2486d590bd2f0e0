import pytest
from sqlalchemy import select, update

from index.errors import InvalidCollection, KeyReused, UnknownJob
from index.jobs.queue import (
    Job,
    JobFile,
    NewFile,
    count_jobs,
    create_job,
    delete_job,
    get_job,
    list_jobs,
    next_job,
    prune_jobs,
)
from index.jobs.run import set_job_status
from index.store import schema
from index.store.database import Database

ERROR: dict[str, str | None] = {"message": "no", "type": "t", "param": None, "code": "c"}
FILES = [NewFile("a.txt", "a.txt"), NewFile("b", "", error=ERROR)]


def put(
    database: Database, job_id: str, *, digest: str = "d", key: str | None = None, **fields: str
) -> str:
    with database.write() as connection:
        collection = fields.get("collection", "default")
        return create_job(connection, job_id, collection, FILES, digest=digest, key=key)


def get(database: Database, job_id: str) -> Job:
    with database.read() as connection:
        return get_job(connection, job_id)


def jobs(database: Database) -> list[str]:
    with database.read() as connection:
        found = [job.id for job in list_jobs(connection, count=100)]
        assert count_jobs(connection) == len(found)
    return found


def test_a_new_job_is_queued_with_its_files(database: Database) -> None:
    assert put(database, "job_1") == "job_1"
    job = get(database, "job_1")
    assert (job.status, job.finished_at, job.collection) == ("queued", None, "default")
    assert job.files == (
        JobFile("a.txt", "queued", 0, None, [], None),
        JobFile("b", "failed", 0, None, [], ERROR),
    )


def test_jobs_are_worked_through_in_the_order_they_came_and_listed_newest_first(
    database: Database,
) -> None:
    for name in ("job_b", "job_a", "job_c"):
        put(database, name)
    assert jobs(database) == ["job_c", "job_a", "job_b"]
    for name in ("job_b", "job_a", "job_c"):
        with database.write() as connection:
            assert next_job(connection) == name
            set_job_status(connection, name, "running")
            # One that was begun comes before the others when a service starts again.
            assert next_job(connection) == name
            set_job_status(connection, name, "done")
    with database.read() as connection:
        assert next_job(connection) is None
    assert get(database, "job_a").finished_at is not None


def test_a_deleted_job_is_unknown_and_its_files_go(database: Database) -> None:
    put(database, "job_1")
    with database.write() as connection:
        delete_job(connection, "job_1")
        assert connection.execute(select(schema.job_files)).all() == []
        with pytest.raises(UnknownJob, match="job_1"):
            delete_job(connection, "job_1")
        with pytest.raises(UnknownJob):
            set_job_status(connection, "job_1", "done")
    with pytest.raises(UnknownJob):
        get(database, "job_1")


def test_a_bad_collection_is_refused(database: Database) -> None:
    with pytest.raises(InvalidCollection):
        put(database, "job_1", collection="no name")
    assert jobs(database) == []


def test_the_same_upload_with_the_same_key_is_one_job(database: Database) -> None:
    assert put(database, "job_1", key="k") == "job_1"
    assert put(database, "job_2", key="k") == "job_1"
    assert put(database, "job_3", key="other") == "job_3"
    assert put(database, "job_4") == "job_4"
    assert jobs(database) == ["job_4", "job_3", "job_1"]


def test_another_upload_with_the_same_key_is_refused(database: Database) -> None:
    put(database, "job_1", key="k")
    with pytest.raises(KeyReused, match=r"job_1.*a key of its own"):
        put(database, "job_2", key="k", digest="other")
    assert jobs(database) == ["job_1"]


def set_back(database: Database, job_id: str, column: str, moment: str) -> None:
    with database.write() as connection:
        table = schema.jobs
        connection.execute(update(table).where(table.c.id == job_id).values({column: moment}))


def test_a_key_lasts_a_day(database: Database) -> None:
    put(database, "job_1", key="k")
    set_back(database, "job_1", "created_at", "2020-01-01T00:00:00.000000+00:00")
    assert put(database, "job_2", key="k", digest="other") == "job_2"
    assert jobs(database) == ["job_2", "job_1"]


def test_only_jobs_done_long_ago_are_forgotten(database: Database) -> None:
    for name in ("job_old", "job_new", "job_waiting"):
        put(database, name)
        set_back(database, name, "created_at", "2020-01-01T00:00:00.000000+00:00")
    for name in ("job_old", "job_new"):
        with database.write() as connection:
            set_job_status(connection, name, "done")
    set_back(database, "job_old", "finished_at", "2020-01-02T00:00:00.000000+00:00")
    with database.write() as connection:
        prune_jobs(connection)
    assert sorted(jobs(database)) == ["job_new", "job_waiting"]
