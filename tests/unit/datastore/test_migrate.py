from pathlib import Path

import duckdb
import pytest

from datastore.errors import MigrationChangedError, StoreTooNewError
from datastore.migrate import Migration, apply, known_migrations, pending
from datastore.store import FILE_NAME, Store

FIRST = Migration(1, "first", "CREATE TABLE a (x INTEGER)")
SECOND = Migration(2, "second", "CREATE TABLE b (x INTEGER); INSERT INTO b VALUES (1)")
PATH = Path("data/city.duckdb")


def test_each_migration_is_applied_once() -> None:
    with duckdb.connect() as con:
        apply(con, pending(con, PATH, (FIRST,)))
        assert pending(con, PATH, (FIRST, SECOND)) == (SECOND,)
        apply(con, pending(con, PATH, (FIRST, SECOND)))
        assert pending(con, PATH, (FIRST, SECOND)) == ()
        assert con.execute("SELECT x FROM b").fetchall() == [(1,)]


def test_a_migration_changed_after_it_was_applied_is_found() -> None:
    with duckdb.connect() as con:
        apply(con, (FIRST,))
        with pytest.raises(MigrationChangedError, match=r"0001_first\.sql was changed after"):
            pending(con, PATH, (Migration(1, "first", FIRST.sql + " "),))


def test_a_store_of_a_later_release_is_refused() -> None:
    with duckdb.connect() as con:
        apply(con, (FIRST, SECOND))
        with pytest.raises(StoreTooNewError, match="upgrade citydeck"):
            pending(con, PATH, (FIRST,))


def test_a_store_from_the_future_does_not_open(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    with duckdb.connect(tmp_path / FILE_NAME) as con:
        con.execute("INSERT INTO migration VALUES (99, 'beyond', 'x')")
    with pytest.raises(StoreTooNewError, match="schema 99 beyond"):
        Store.open(tmp_path)


def test_our_migrations_are_numbered_without_gaps() -> None:
    numbers = [migration.number for migration in known_migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", ["0002_gap.sql", "first.sql"])
def test_a_misnamed_or_missing_number_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(ValueError, match=r"numbered from 1|is not named NNNN_name"):
        known_migrations(tmp_path)
