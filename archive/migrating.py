"""What a migration is made of: a table made anew, statements one by one; and the list of them.

sqlite-utils is imported where a database is written: whoever only reads must not wait for it.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database

Step = Callable[["Database"], None]


class Migrations:
    """The migrations of a database by the order of their definition; applied by sqlite-utils' own, from their first use
    on."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._steps: list[Step] = []

    def __call__(self) -> Callable[[Step], Step]:
        """Decorates the next migration."""

        def add(step: Step) -> Step:
            self._steps.append(step)
            return step

        return add

    @cached_property
    def _made(self) -> Any:
        from sqlite_utils.migrations import Migrations as Real

        made = Real(self._name)
        for step in self._steps:
            made()(step)
        return made

    def pending(self, database: "Database") -> Iterable[Any]:
        """Those that a database has not had."""
        return self._made.pending(database)  # type: ignore[no-any-return]

    def applied(self, database: "Database") -> Iterable[Any]:
        """Those that a database has had."""
        return self._made.applied(database)  # type: ignore[no-any-return]

    def apply(self, database: "Database", *, stop_before: str | None = None) -> None:
        """Applies those that a database has not had, in order; `stop_before` names one that is not to be."""
        self._made.apply(database, stop_before=stop_before)


def remake(database: "Database", name: str, definition: str, indexes: str) -> None:
    """Makes a table anew, since a CHECK cannot be changed in place. What refers to the table goes on doing so."""
    database.execute(definition.replace(f"CREATE TABLE {name} ", f"CREATE TABLE {name}_new ", 1))
    database.execute(f"INSERT INTO {name}_new SELECT * FROM {name}")
    database.execute(f"DROP TABLE {name}")
    database.execute(f"ALTER TABLE {name}_new RENAME TO {name}")
    each(database, indexes)


def each(database: "Database", script: str) -> None:
    """Statement by statement: `executescript` would end the migration's transaction (a cut then leaves half of it)."""
    for statement in filter(None, map(str.strip, script.split(";"))):
        database.execute(statement)
