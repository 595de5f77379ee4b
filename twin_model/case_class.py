"""Classes of cases: the default table of component (部件) and event (事件) classes.

The table follows the structure of CJ/T 214 and GB/T 30428.2. Its names are in common use; its numbering has not been
verified against the standard, and its time limits are placeholders. A city loads its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from twin_model.component_class import COMPONENT_CLASSES, BigClassRow
from twin_model.event_class import EVENT_CLASSES

ClassKind = Literal["component", "event", "other"]


@dataclass(frozen=True)
class CaseClass:
    """One class of cases.

    Parameters
    ----------
    class_id : int
        Stored key; components first, then events, each in code order.
    code : str
        Kind letter, big and small code: ``C0101``, ``E0102``.
    kind : {"component", "event", "other"}
        Whether the case is about a thing on the register or about something that happens.
    big_code, big_name_zh, big_name_en : str
        The big class (大类).
    small_code, name_zh, name_en : str
        The small class (小类).
    limit_h : float
        Hours from filing to the deadline; a placeholder.
    """

    class_id: int
    code: str
    kind: ClassKind
    big_code: str
    big_name_zh: str
    big_name_en: str
    small_code: str
    name_zh: str
    name_en: str
    limit_h: float


CASE_CLASS_SCHEMA = pa.schema(
    [
        pa.field("class_id", pa.int16(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("big_code", pa.string(), nullable=False),
        pa.field("big_name_zh", pa.string(), nullable=False),
        pa.field("big_name_en", pa.string(), nullable=False),
        pa.field("small_code", pa.string(), nullable=False),
        pa.field("name_zh", pa.string(), nullable=False),
        pa.field("name_en", pa.string(), nullable=False),
        pa.field("limit_h", pa.float32(), nullable=False),
    ]
)
"""Columns of the class table, as stored."""


def default_case_classes() -> tuple[CaseClass, ...]:
    """Give the default classes, ordered by ``class_id`` (dense from 0)."""
    rows = [*_classes("C", "component", COMPONENT_CLASSES), *_classes("E", "event", EVENT_CLASSES)]
    return tuple(CaseClass(class_id, *row) for class_id, row in enumerate(rows))


def case_class_table(classes: Sequence[CaseClass] | None = None) -> pa.Table:
    """Classes as an Arrow table.

    Parameters
    ----------
    classes : sequence of CaseClass, optional
        Default: `default_case_classes`.

    Returns
    -------
    pyarrow.Table
        One row a class, columns of `CASE_CLASS_SCHEMA`.
    """
    rows = default_case_classes() if classes is None else classes
    columns = [pa.array([getattr(row, field.name) for row in rows], field.type) for field in CASE_CLASS_SCHEMA]
    return pa.Table.from_arrays(columns, schema=CASE_CLASS_SCHEMA)


def _classes(
    letter: str, kind: ClassKind, table: tuple[BigClassRow, ...]
) -> Iterator[tuple[str, ClassKind, str, str, str, str, str, str, float]]:
    for big_code, big_zh, big_en, rows in table:
        for small_code, name_zh, name_en, limit_h in rows:
            code = f"{letter}{big_code}{small_code}"
            yield code, kind, big_code, big_zh, big_en, small_code, name_zh, name_en, float(limit_h)
