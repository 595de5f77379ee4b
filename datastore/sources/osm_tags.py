"""Tags of OpenStreetMap that a file keeps together in one column, taken apart into columns."""

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

TAGS = "tags"
_KNOWN = (
    "name", "name:zh", "name:en", "building", "building:levels", "height", "highway", "width", "landuse", "natural",
    "leisure", "ele",
)  # fmt: skip
"""Tags that an importer looks for."""


def with_tags(attributes: pa.Table) -> pa.Table:
    """Attributes with a column for each tag that an importer looks for; the column of all tags becomes JSON text.

    Parameters
    ----------
    attributes : pyarrow.Table
        A ``tags`` column holds mappings, pairs or JSON text; without one the table stays as it is.
    """
    if TAGS not in attributes.column_names:
        return attributes
    rows = [_mapping(value) for value in attributes.column(TAGS).to_pylist()]
    if not any(rows):
        return attributes
    there = set(attributes.column_names)
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]
    taken_apart = attributes.set_column(attributes.column_names.index(TAGS), TAGS, pa.array(texts, pa.string()))
    for name in _KNOWN:
        values = [row.get(name) for row in rows]
        if name not in there and any(value is not None for value in values):
            taken_apart = taken_apart.append_column(name, pa.array(values, pa.string()))
    return taken_apart


def _mapping(value: Any) -> dict[str, str]:  # noqa: ANN401 - any attribute
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            return {}
    pairs = value.items() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return {str(pair[0]): str(pair[1]) for pair in pairs if isinstance(pair, (tuple, list)) and len(pair) == 2}  # noqa: PLR2004 - a pair
