"""Arrow tables into the store, in bulk."""

import duckdb
import pyarrow as pa

_INCOMING = "incoming_rows"


def insert_table(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table, dataset_id: int | None = None) -> int:
    """Append rows to a table of the store by column name, in the caller's transaction.

    Parameters
    ----------
    con : DuckDBPyConnection
        Writing cursor.
    name : str
        Table of the store.
    rows : pyarrow.Table
        Columns named and typed as in the table; ``geom`` as WKB. Columns that are left out take their default.
    dataset_id : int, optional
        Fills the column of that name.

    Returns
    -------
    int
        Rows inserted.
    """
    columns = {column: '"geom"::GEOMETRY' if column == "geom" else f'"{column}"' for column in rows.column_names}
    if dataset_id is not None:
        columns["dataset_id"] = str(int(dataset_id))
    targets = ", ".join(f'"{column}"' for column in columns)
    con.register(_INCOMING, rows)
    # A failed statement ends the transaction, and with it the registration: unregistering then would hide the reason.
    con.execute(f'INSERT INTO "{name}" ({targets}) SELECT {", ".join(columns.values())} FROM {_INCOMING}')  # noqa: S608 - names come from our schema, values from Arrow
    con.unregister(_INCOMING)
    return int(rows.num_rows)
