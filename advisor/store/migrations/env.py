"""Runs the migrations in the transaction of ``schema.upgrade``: all of them, or none."""

from alembic import context

from advisor.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
