"""What the store knows of itself, by name: who it is, which keys sealed it, when it was last used."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; a store without a row of a name knows nothing about that yet."""
    op.create_table(
        "setting",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Refuse: a step back would lose who the store is."""
    raise NotImplementedError
