"""How the form of the database changed, as Alembic reads it."""
