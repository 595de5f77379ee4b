"""Records that were not taken: kept with the reason and counted, for those who mend them."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_SCHEMA = pa.schema(
    [("row_number", pa.int64()), ("reason", pa.string()), ("detail", pa.string()), ("record", pa.string())]
)


@dataclass
class RejectLog:
    """Collects rejected records while a file is read.

    Parameters
    ----------
    attributes : pyarrow.Table
        The file's records, for the list.
    """

    attributes: pa.Table
    rows: list[tuple[int, str, str, str]] = field(default_factory=list)

    def add(self, index: int, reason: str, detail: str) -> None:
        """Reject the record at a position (0 is the first)."""
        record = self.attributes.slice(index, 1).to_pylist()[0] if self.attributes.num_columns else {}
        self.rows.append((index + 1, reason, detail, json.dumps(record, ensure_ascii=False, default=_plain)))

    def add_object(self, row: int, ref: str, reason: str, detail: str) -> None:
        """Reject an object of a city model by its id; row 1 is the first."""
        self.rows.append((row, reason, detail, json.dumps({"id": ref}, ensure_ascii=False)))

    def add_all(self, reason: NDArray[Any], details: dict[str, str]) -> None:
        """Reject each record with a reason.

        Parameters
        ----------
        reason : (n,) object
            The empty string where the record is fine.
        details : dict of str to str
            Reason -> sentence.
        """
        for index in np.flatnonzero(reason != ""):
            self.add(int(index), str(reason[index]), details[str(reason[index])])

    def reasons(self) -> dict[str, int]:
        """Rejected records by reason."""
        counts: dict[str, int] = {}
        for _, reason, _, _ in self.rows:
            counts[reason] = counts.get(reason, 0) + 1
        return counts

    def store(self, con: duckdb.DuckDBPyConnection, dataset_id: int) -> None:
        """Write the list to the store."""
        if not self.rows:
            return
        columns = [
            pa.array(values, kind.type) for values, kind in zip(zip(*self.rows, strict=True), _SCHEMA, strict=True)
        ]
        con.register("incoming_reject", pa.Table.from_arrays(columns, schema=_SCHEMA))
        con.execute("INSERT INTO reject SELECT ?, * FROM incoming_reject ORDER BY row_number", [dataset_id])
        con.unregister("incoming_reject")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
