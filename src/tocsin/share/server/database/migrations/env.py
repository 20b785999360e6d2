"""Alembic runs this file, which migrates on the connection that it is given."""

from __future__ import annotations

from alembic import context

from tocsin.share.server.database.outbound import webhooks


def migrate() -> None:
    """Run the migrations that are missing, in the transaction of the connection."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=webhooks.metadata,
        transactional_ddl=False,
        render_as_batch=True,
    )
    context.run_migrations()


# A documentation tool or a test may import the file, when no migration runs.
if getattr(context, "_proxy", None) is not None:
    migrate()
