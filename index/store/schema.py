"""The tables. The migrations build them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

REVISION = "0005"
"""The newest migration; a database at it needs no upgrade."""

metadata = MetaData()

state = Table(
    "state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("database_id", String, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("next_passage", Integer, nullable=False),
    Column("encoder", String, nullable=True),
)
"""One row. `generation` grows by one with every change of documents."""

collections = Table(
    "collections",
    metadata,
    Column("name", String, primary_key=True),
    Column("created_at", String, nullable=False),
)

originals = Table(
    "originals",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("media_type", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""The bytes that documents were made from, each once; one goes with its last document."""

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("collection", String, ForeignKey("collections.name"), nullable=False),
    Column("sha256", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("date", Date, nullable=True),
    Column("date_evidence", String, nullable=True),
    Column("media_type", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("first_passage", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("added_at", String, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("original", String, ForeignKey("originals.sha256"), nullable=True),
    Column("title_evidence", String, nullable=True),
    Column("author", Text, nullable=True),
    Column("url", Text, nullable=True),
    UniqueConstraint("collection", "sha256", name="one_document_for_the_same_bytes"),
    Index("documents_by_generation", "generation"),
    Index("documents_by_date", "date"),
    Index("documents_by_original", "original"),
)
"""A document's passages have the ids from `first_passage` on, `passages` of them.

`original` is null for what was ingested before originals were kept.
"""

parts = Table(
    "parts",
    metadata,
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("label", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)
"""Stretches of a document's text that have a name in its file, in order: pages, headings, rows."""

page_boxes = Table(
    "page_boxes",
    metadata,
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("width", Float, nullable=False),
    Column("height", Float, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("words", LargeBinary, nullable=False),
)
"""Where the words of a page stand on it; `index.formats.boxes` reads `words`."""

sources = Table(
    "sources",
    metadata,
    Column("collection", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Index("sources_by_document", "document_id"),
)

seen_files = Table(
    "seen_files",
    metadata,
    Column("collection", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("inode", BigInteger, nullable=False),
)
"""How the files of folders that are kept in step looked when they were read last."""

passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Index("passages_by_document", "document_id"),
)

vectors = Table(
    "vectors",
    metadata,
    Column(
        "passage_id",
        Integer,
        ForeignKey("passages.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("vector", LargeBinary, nullable=False),
)
"""float32, little endian."""

deletions = Table(
    "deletions",
    metadata,
    Column("first_passage", Integer, primary_key=True, autoincrement=False),
    Column("passages", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Index("deletions_by_generation", "generation"),
)
"""What a search index at an older generation must forget."""

story_keys = Table(
    "story_keys",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("document_id", String, primary_key=True),
    sqlite_with_rowid=False,
)
"""Documents that share a key may be one story. `near_duplicates.py` makes them from the texts."""

near_duplicates = Table(
    "near_duplicates",
    metadata,
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Index("near_duplicates_by_other", "other_id"),
)
"""Documents of a collection that are one story, each pair in both orders."""

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("title", Text, nullable=True),
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Index("conversations_by_update", "updated_at"),
)
"""When it was created and last asked in, in UTC to the microsecond: as texts they sort."""

turns = Table(
    "turns",
    metadata,
    Column(
        "conversation_id",
        String,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=True),
    Column("reply", JSON(none_as_null=True), nullable=True),
    Column("asked_at", String, nullable=False),
)
"""Numbered in the order asked. Both nulls: the question is still being answered.

A reply is a copy of what was shown, quotes included: it has no key to documents on purpose.
"""

jobs = Table(
    "jobs",
    metadata,
    Column("id", String, primary_key=True),
    Column("collection", String, nullable=False),
    Column("status", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("finished_at", String, nullable=True),
    Column("idempotency_key", String, nullable=True),
    Column("digest", String, nullable=False),
    UniqueConstraint("idempotency_key", name="one_job_for_a_key"),
    Index("jobs_by_creation", "created_at"),
)
"""Uploads to work through, in the order created. `digest` is of all that was sent."""

job_files = Table(
    "job_files",
    metadata,
    Column("job_id", String, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("title", Text, nullable=True),
    Column("date", Date, nullable=True),
    Column("status", String, nullable=False),
    Column("passages_done", Integer, nullable=False),
    Column("passages_total", Integer, nullable=True),
    Column("documents", JSON, nullable=False),
    Column("error", JSON(none_as_null=True), nullable=True),
)
"""A job's files, in the order sent. `name` is the source, `file_name` tells the format.

The bytes of those not done wait in the home's folder of uploads, named by job and number.
"""
