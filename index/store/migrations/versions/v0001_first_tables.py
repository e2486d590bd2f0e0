"""The first tables: state, collections, documents, sources, passages, vectors, deletions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "state",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("database_id", sa.String, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("next_passage", sa.Integer, nullable=False),
        sa.Column("encoder", sa.String, nullable=True),
    )
    op.create_table(
        "collections",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("created_at", sa.String, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("collection", sa.String, sa.ForeignKey("collections.name"), nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("date", sa.Date, nullable=True),
        sa.Column("date_evidence", sa.String, nullable=True),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("characters", sa.Integer, nullable=False),
        sa.Column("first_passage", sa.Integer, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("added_at", sa.String, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.UniqueConstraint("collection", "sha256", name="one_document_for_the_same_bytes"),
    )
    op.create_index("documents_by_generation", "documents", ["generation"])
    op.create_index("documents_by_date", "documents", ["date"])
    op.create_table(
        "sources",
        sa.Column("collection", sa.String, primary_key=True),
        sa.Column("source", sa.String, primary_key=True),
        sa.Column(
            "document_id",
            sa.String,
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            nullable=False,
        ),
    )
    op.create_index("sources_by_document", "sources", ["document_id"])
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column(
            "document_id",
            sa.String,
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("passages_by_document", "passages", ["document_id"])
    op.create_table(
        "vectors",
        sa.Column(
            "passage_id",
            sa.Integer,
            sa.ForeignKey("passages.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "deletions",
        sa.Column("first_passage", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
    )
    op.create_index("deletions_by_generation", "deletions", ["generation"])
