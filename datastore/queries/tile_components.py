"""Components, for a tileset."""

import duckdb
import pyarrow as pa


def tile_components(cur: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every component.

    Returns
    -------
    pyarrow.Table
        By component_id: code, class (its code), name (of the class), state, dataset (its title), lon, lat.
    """
    return cur.sql(
        """
        SELECT component.code, case_class.code AS class, case_class.name_zh AS name, state, dataset.title AS dataset,
               lon, lat
        FROM component JOIN case_class USING (class_id)
        JOIN dataset ON dataset.dataset_id = component.dataset_id
        ORDER BY component_id
        """
    ).to_arrow_table()
