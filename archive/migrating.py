"""What a migration is made of: a table made anew, statements one by one."""

from sqlite_utils import Database


def remake(database: Database, name: str, definition: str, indexes: str) -> None:
    """Makes a table anew, since a CHECK cannot be changed in place. What refers to the table goes on doing so."""
    database.execute(definition.replace(f"CREATE TABLE {name} ", f"CREATE TABLE {name}_new ", 1))
    database.execute(f"INSERT INTO {name}_new SELECT * FROM {name}")
    database.execute(f"DROP TABLE {name}")
    database.execute(f"ALTER TABLE {name}_new RENAME TO {name}")
    each(database, indexes)


def each(database: Database, script: str) -> None:
    """Statement by statement: `executescript` would end the migration's transaction (a cut then leaves half of it)."""
    for statement in filter(None, map(str.strip, script.split(";"))):
        database.execute(statement)
