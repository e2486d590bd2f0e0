"""Which documents are one story, found for those that are there; how files looked when read."""

import sqlalchemy as sa
from alembic import op

from index.store.near_duplicates import note_duplicates

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, and fill them."""
    op.create_table(
        "story_keys",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("document_id", sa.String, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "near_duplicates",
        sa.Column(
            "document_id",
            sa.String,
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "other_id",
            sa.String,
            sa.ForeignKey("documents.id", ondelete="CASCADE"),
            primary_key=True,
        ),
    )
    op.create_index("near_duplicates_by_other", "near_duplicates", ["other_id"])
    op.create_table(
        "seen_files",
        sa.Column("collection", sa.String, primary_key=True),
        sa.Column("path", sa.String, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("inode", sa.BigInteger, nullable=False),
    )
    connection = op.get_bind()
    documents = sa.table("documents", sa.column("id"), sa.column("text"))
    for document_id in connection.execute(sa.select(documents.c.id).order_by("id")).scalars().all():
        text = sa.select(documents.c.text).where(documents.c.id == document_id)
        note_duplicates(connection, document_id, connection.execute(text).scalar_one())
