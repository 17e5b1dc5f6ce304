"""Appointments of the desk, and what a client tells beside code, name and consent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the column. Appointments that were agreed in a visit stay in its record."""
    op.add_column("client", sa.Column("details", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "appointment",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("client", sa.String, sa.ForeignKey("client.id")),
        sa.Column("visit", sa.String),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("adviser", sa.String, sa.ForeignKey("adviser.id")),
    )
    for column in ("client", "at", "adviser"):
        op.create_index(f"ix_appointment_{column}", "appointment", [column])
    if op.get_bind().dialect.name == "postgresql":
        # ANALYZE would keep samples of these columns in pg_statistic, where an erasure does not reach.
        for table in ("client", "appointment"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN details SET STATISTICS 0")


def downgrade() -> None:
    """Refuse: a step back would lose appointments and permissions."""
    raise NotImplementedError
