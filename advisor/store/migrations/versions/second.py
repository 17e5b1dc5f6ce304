"""Advisers with their logins, the adviser of each client and visit, and the access log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SQLITE = (
    "CREATE TRIGGER access_keeps_rows BEFORE DELETE ON access BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER access_keeps_values BEFORE UPDATE ON access BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    # INSERT OR REPLACE would delete an existing row without an error.
    """CREATE TRIGGER access_keeps_ids BEFORE INSERT ON access WHEN EXISTS (SELECT 1 FROM access WHERE id = NEW.id)
    BEGIN SELECT RAISE(IGNORE); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION access_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER access_keeps_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON access
    FOR EACH STATEMENT EXECUTE FUNCTION access_is_append_only()""",
)


def upgrade() -> None:
    """Make the tables. Existing clients and visits have no adviser until somebody hands them over."""
    op.create_table(
        "adviser",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False, unique=True),
        sa.Column("password", sa.Text),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("leads", sa.Boolean, nullable=False),
        sa.Column("disabled_on", sa.Date),
        sa.Column("added", TIME, nullable=False),
    )
    op.create_table(
        "login",
        sa.Column("token_hash", sa.String, primary_key=True),
        sa.Column("adviser", sa.String, sa.ForeignKey("adviser.id"), nullable=False),
        sa.Column("begun", TIME, nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.Column("expires", TIME, nullable=False),
    )
    op.create_index("ix_login_adviser", "login", ["adviser"])
    op.create_table(
        "access",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("client", sa.String),
        sa.Column("visit", sa.String),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_index("ix_access_at", "access", ["at"])
    for table in ("client", "visit", "tombstone"):
        # As SQL: SQLite accepts a foreign key only together with its new column.
        op.execute(f"ALTER TABLE {table} ADD COLUMN adviser VARCHAR REFERENCES adviser (id)")
        op.create_index(f"ix_{table}_adviser", table, ["adviser"])
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Refuse: a step back would lose the adviser of each client, and the log."""
    raise NotImplementedError
