"""Bring a store's tables up to this release: numbered SQL files, each applied once and remembered by checksum."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from datastore.errors import MigrationChangedError, StoreDamagedError, StoreTooNewError

MIGRATIONS_DIR = Path(__file__).parent / "migrations"
_FILE_NAME = re.compile(r"(\d{4})_(\w+)\.sql")


@dataclass(frozen=True)
class Migration:
    """One step of the schema.

    Parameters
    ----------
    number : int
        Place in the order, from 1 without gaps.
    name : str
        What it brings.
    sql : str
        Its statements.
    """

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Checksum of the statements."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def known_migrations(directory: Path = MIGRATIONS_DIR) -> tuple[Migration, ...]:
    """Migrations of this release in their order.

    Raises
    ------
    ValueError
        If a file's name is not ``NNNN_name.sql`` or the numbers leave a gap.
    """
    found = []
    for path in sorted(directory.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise ValueError(f"{path} is not named NNNN_name.sql")
        found.append(Migration(int(match[1]), match[2], path.read_text(encoding="utf-8")))
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"the migrations in {directory} are not numbered from 1 without gaps")
    return tuple(found)


def pending(con: duckdb.DuckDBPyConnection, path: Path, known: tuple[Migration, ...]) -> tuple[Migration, ...]:
    """Migrations that the store lacks.

    Parameters
    ----------
    con : DuckDBPyConnection
        Connection to the store.
    path : Path
        The store's file, for messages.
    known : tuple of Migration
        What this release knows.

    Raises
    ------
    MigrationChangedError
        If an applied migration reads differently now.
    StoreTooNewError
        If the store has a migration that this release does not know.
    StoreDamagedError
        If the file holds tables but was never a store.
    """
    applied = _applied(con, path)
    by_number = {migration.number: migration for migration in known}
    for number, (name, sha256) in applied.items():
        migration = by_number.get(number)
        if migration is None:
            raise StoreTooNewError(
                f"{path} was written by a later release (schema {number} {name}, this release knows {len(known)}); "
                "upgrade citydeck",
                path,
            )
        if migration.sha256 != sha256:
            raise MigrationChangedError(
                f"migration {number:04d}_{name}.sql was changed after {path} had applied it; restore the file and put "
                "the change into a new migration",
                path,
            )
    return tuple(migration for migration in known if migration.number not in applied)


def apply(con: duckdb.DuckDBPyConnection, migrations: tuple[Migration, ...]) -> None:
    """Apply migrations in the transaction that the caller holds."""
    con.execute(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, "
        "sha256 VARCHAR NOT NULL)"
    )
    for migration in migrations:
        con.execute(migration.sql)
        con.execute("INSERT INTO migration VALUES (?, ?, ?)", [migration.number, migration.name, migration.sha256])


def _applied(con: duckdb.DuckDBPyConnection, path: Path) -> dict[int, tuple[str, str]]:
    tables = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "migration" in tables:
        rows = con.execute("SELECT number, name, sha256 FROM migration ORDER BY number").fetchall()
        return {number: (name, sha256) for number, name, sha256 in rows}
    if tables:
        raise StoreDamagedError(f"{path} is a DuckDB file but no citydeck store; move it away", path)
    return {}
