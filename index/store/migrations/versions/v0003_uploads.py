"""Original bytes of documents; jobs and their files."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; documents that are there have no original."""
    op.create_table(
        "originals",
        sa.Column("sha256", sa.String, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    # As SQL: SQLite adds a column with its key at once, which Alembic would do in two steps.
    op.execute("ALTER TABLE documents ADD COLUMN original VARCHAR REFERENCES originals (sha256)")
    op.create_index("documents_by_original", "documents", ["original"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("collection", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("created_at", sa.String, nullable=False),
        sa.Column("finished_at", sa.String, nullable=True),
        sa.Column("idempotency_key", sa.String, nullable=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.UniqueConstraint("idempotency_key", name="one_job_for_a_key"),
    )
    op.create_index("jobs_by_creation", "jobs", ["created_at"])
    op.create_table(
        "job_files",
        sa.Column(
            "job_id", sa.String, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=True),
        sa.Column("date", sa.Date, nullable=True),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("passages_done", sa.Integer, nullable=False),
        sa.Column("passages_total", sa.Integer, nullable=True),
        sa.Column("documents", sa.JSON, nullable=False),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
    )
