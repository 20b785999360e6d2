"""The form of the database, brought up to date by Alembic's migrations, one file a change."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from tocsin.errors import WorkspaceError
from tocsin.share.audit.tables import create_tables
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.outbound import webhooks

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_305_812_440
"""PostgreSQL's lock under which one process brings the form up to date, and others wait."""


def upgrade(database: Database) -> None:
    """Bring the database to the form of this version, in one transaction.

    Args:
        database: the database.

    Raises:
        WorkspaceError: the database was made by a newer version of tocsin; it is left alone.
    """
    script = ScriptDirectory.from_config(_config())
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
        create_tables(connection)
        form = MigrationContext.configure(connection).get_current_revision()
        if form == script.get_current_head():
            return
        if form is not None and form not in {one.revision for one in script.walk_revisions()}:
            raise WorkspaceError(
                f"The database has the form '{form}' of a newer version.",
                remedy="Start the server with that version of tocsin, or a newer one.",
            )
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def differences(connection: Connection) -> list[object]:
    """List how the database differs from the tables that this version declares; none is right."""
    # The audit log makes its own tables.
    options = {"compare_type": True, "include_name": lambda name, *_: not _is_of_log(name)}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, webhooks.metadata))


def _is_of_log(name: str | None) -> bool:
    return name is not None and name.startswith("audit_")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("recursive_version_locations", "true")
    return config
