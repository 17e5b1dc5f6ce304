"""Clients, their visits with every change, tombstones of what was erased, and the catalogues that visits belong to."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "client",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("at_end", sa.String, nullable=False),
        sa.Column("since", sa.Date),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("client", sa.String, sa.ForeignKey("client.id")),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("started", TIME, nullable=False),
        sa.Column("changed", TIME, nullable=False),
    )
    op.create_index("ix_visit_client", "visit", ["client"])
    op.create_table(
        "event",
        sa.Column("visit", sa.String, sa.ForeignKey("visit.id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("patch", sa.Text, nullable=False),
    )
    op.create_table(
        "tombstone",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("erased_on", sa.Date, nullable=False),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("part_of", sa.String),
    )
    op.create_table(
        "catalogue",
        sa.Column("digest", sa.String, primary_key=True),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        # ANALYZE would keep samples of these columns in pg_statistic, where an erasure does not reach.
        for table, column in (
            ("client", "code"), ("client", "name"), ("client", "purpose"), ("visit", "record"), ("event", "patch"),
        ):  # fmt: skip
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    """Refuse: a step back would lose what clients told."""
    raise NotImplementedError
