"""Invitations: links by which clients answer before a session."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "invitation",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("client", sa.String, sa.ForeignKey("client.id"), nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("token_hash", sa.String, nullable=False, unique=True),
        sa.Column("digits_hash", sa.String),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.DateTime(timezone=True)),
        sa.Column("visit", sa.String),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("adviser", sa.String, sa.ForeignKey("adviser.id")),
    )
    for column in ("client", "expires", "visit", "adviser"):
        op.create_index(f"ix_invitation_{column}", "invitation", [column])
    if op.get_bind().dialect.name == "postgresql":
        # ANALYZE would keep samples of this column in pg_statistic, where an erasure does not reach.
        op.execute("ALTER TABLE invitation ALTER COLUMN details SET STATISTICS 0")


def downgrade() -> None:
    """Refuse: a step back would lose what clients have answered."""
    raise NotImplementedError
