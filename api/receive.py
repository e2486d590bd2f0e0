"""An upload's bytes go into the home's folder of uploads, and a job into the queue."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from anyio import to_thread
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.requests import ClientDisconnect

from api.errors import InvalidForm, InvalidJson
from api.multipart import FormReader, Part
from api.problems import PROBLEMS, error_object
from api.requests import DocumentRequest
from api.upload_name import shown_name, upload_name
from index.collections import check_name
from index.database import Database
from index.errors import ReportTooLarge, UnreadableReport
from index.jobs import NewFile, create_job
from index.parse import MAX_REPORT_BYTES, check_size, check_text
from index.types import DEFAULT_COLLECTION
from index.uploads import Uploads


async def receive(
    request: Request, key: str | None, *, database: Database, uploads: Uploads
) -> str:
    """Put what the request brings into the queue; the job's id.

    Raises what is wrong with the request as a whole; what is wrong with one of several files, the
    job tells.
    """
    job_id = uploads.begin()
    kept = None
    try:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            collection, files, digest = await _receive_form(request, job_id, uploads)
        elif kind == "application/json" or kind.endswith("+json"):
            collection, files, digest = await _receive_text(request, job_id, uploads)
        else:
            raise _invalid("model_attributes_type")

        def put() -> str:
            with database.write() as connection:
                return create_job(connection, job_id, collection, files, digest=digest, key=key)

        kept = await to_thread.run_sync(put)
    except ClientDisconnect as error:
        # Nobody hears this, but it is no fault of the service's that its log should tell.
        raise InvalidForm("the client went away") from error
    finally:
        if kept != job_id:
            uploads.drop(job_id)
    return kept


Received = tuple[str, list[NewFile], str]
"""Collection, files, and a digest of all that was sent."""


async def _receive_form(request: Request, job_id: str, uploads: Uploads) -> Received:
    reader = FormReader(
        request.headers["content-type"],
        lambda number: uploads.path(job_id, number),
        MAX_REPORT_BYTES,
    )
    try:
        async for data in request.stream():
            # Off the event loop: it writes to the disk.
            await to_thread.run_sync(reader.write, data)
        await to_thread.run_sync(reader.finish)
    finally:
        reader.close()
    collection = DEFAULT_COLLECTION
    for name, value in reader.fields:
        if name != "collection":
            raise _invalid("extra_forbidden", name)
        collection = value.decode("utf-8", "replace")
    check_name(collection)
    for part in reader.files:
        if part.field != "files":
            raise _invalid("extra_forbidden", part.field)
    if not reader.files:
        raise _invalid("missing", "files")
    seen: set[str] = set()
    files = [_new_file(part, seen) for part in reader.files]
    sent = [(part.name.hex(), part.size, part.sha256) for part in reader.files]
    return collection, files, _digest([collection, sent])


def _new_file(part: Part, seen: set[str]) -> NewFile:
    """The file as the job has it; refused if its name or size cannot be."""
    try:
        name = upload_name(part.name)
        if part.size > MAX_REPORT_BYTES:
            raise ReportTooLarge(part.size, MAX_REPORT_BYTES)
        if name in seen:
            raise UnreadableReport(
                "a file before it in this upload has the same name, and would be replaced: give "
                "each its own"
            )
    except UnreadableReport as error:
        problem = PROBLEMS[type(error)]
        reason = error_object(str(error), problem.type, problem.code, "files")
        return NewFile(shown_name(part.name), "", error=reason)
    seen.add(name)
    return NewFile(name, name.rpartition("/")[2])


async def _receive_text(request: Request, job_id: str, uploads: Uploads) -> Received:
    body = _read_json(await request.body())
    check_name(body.collection)
    content = body.text.encode("utf-8")
    check_size(len(content))
    check_text(body.text)
    sha256 = hashlib.sha256(content).hexdigest()
    await to_thread.run_sync(uploads.write, job_id, 0, content)
    file = NewFile(
        body.source or f"upload:{sha256[:16]}", "upload.txt", title=body.title, date=body.date
    )
    return body.collection, [file], _digest([body.model_dump(mode="json")])


def _read_json(content: bytes) -> DocumentRequest:
    """The request, or the errors that FastAPI would give for it."""
    try:
        return DocumentRequest.model_validate(json.loads(content) if content else None)
    except json.JSONDecodeError as error:
        raise InvalidJson(f"{error.msg} (at {error.pos})") from error
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(found) from error
    except RecursionError as error:
        raise InvalidJson("nested too deeply") from error
    except ValueError as error:
        raise InvalidJson("it cannot be read") from error


def _digest(sent: list[Any]) -> str:
    return hashlib.sha256(json.dumps(sent).encode()).hexdigest()


def _invalid(kind: str, *name: str) -> RequestValidationError:
    return RequestValidationError([{"type": kind, "loc": ("body", *name), "msg": "Field required"}])
