"""``/api/table/<name>.arrow``: wire tables for the 3D scene, compressed once and cached by data version."""

import hashlib
from typing import Any, Protocol

import pyarrow as pa
from flask import Blueprint, Response, request

from app.api.table_cache import ENCODERS, TableCache
from app.api.wire_tables import TableRequest, WireTable, level_of, wire_table
from datastore.store import Store
from layers.table_address import OF_CASES, TableAddress
from layers.wire import FORMAT
from twin_model.area import AreaLevel
from twin_model.errors import SelectionError
from twin_model.selection import Everything, canonical
from twin_model.selection_text import from_text, to_text

MIMETYPE = "application/vnd.apache.arrow.stream"
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
CACHE_DIR = "cache"
_DEMO_KEYS = ("demo_seed", "demo_anchor_day", "demo_streets", "demo_cases", "demo_generator")
TILES = 4**15
"""Web map tiles at the zoom level of mesh tiles."""
TILE_DIGITS = len(str(TILES))


class TableData(Protocol):
    """What serving tables needs of the data manager."""

    store: Store


def table_version(data: TableData, name: str = "") -> str:
    """Stamp of what is behind a table's address: another store or another commit has another stamp.

    Parameters
    ----------
    data : TableData
    name : str
        Table; those of `layers.table_address.OF_CASES` change with every case, the others with the city. ``""`` stands
        for all that the store holds.
    """
    store = data.store
    count = store.scene_version() if name and name not in OF_CASES else store.data_version()
    meta = store.meta()
    city = [meta.city_name_zh, meta.time_zone, meta.metric_crs, *(meta.other.get(key) for key in _DEMO_KEYS)]
    told = f"{count} {store.path.stat().st_ino} {city if name and name not in OF_CASES else meta!r} {FORMAT}"
    return f"{count}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"


def table_address(data: TableData) -> TableAddress:
    """Addresses of the tables as the store is now."""
    return TableAddress(table_version(data, "areas"), table_version(data, "cases"))


def table_request(arguments: Any) -> TableRequest:  # noqa: ANN401 - any mapping with get
    """Read a table's parameters.

    Parameters
    ----------
    arguments
        Query parameters ``sel``, ``level``, ``parent``, ``code``, ``kind``, ``metric``, ``tile``, ``lod``; all may be
        absent.

    Raises
    ------
    SelectionError
        If the selection, the level or the tile cannot be read.
    """
    text = arguments.get("sel", "")
    return TableRequest(
        selection=canonical(from_text(text)) if text else Everything(),
        level=level_of(arguments.get("level", AreaLevel.STREET.key)),
        parent=arguments.get("parent", ""),
        code=arguments.get("code", ""),
        kind=arguments.get("kind", ""),
        metric=arguments.get("metric", "open"),
        tile=tile_number(arguments.get("tile", "")),
        lod=arguments.get("lod", ""),
    )


def tile_number(text: str) -> int | None:
    """Mesh tile of its number in an address; None for none.

    Raises
    ------
    SelectionError
        If it is no number of a tile.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= TILE_DIGITS and int(text) < TILES):
        raise SelectionError(f"tile {text!r} is no number from 0 to {TILES - 1}")
    return int(text)


def tables_blueprint(data: TableData) -> Blueprint:
    """Blueprint that serves the wire tables.

    Raises
    ------
    UnknownTableError
        While answering: if no table has the name (404).
    SelectionError
        While answering: if a parameter cannot be read (400).
    """
    blueprint = Blueprint("tables", __name__)
    cache = TableCache(data.store.path.parent / CACHE_DIR)

    @blueprint.get("/api/table/<name>.arrow")
    def _table(name: str) -> Response:
        table, asked = wire_table(name), table_request(request.args)
        version = table_version(data, name)
        coding = request.accept_encodings.best_match(ENCODERS, "identity")
        key = "|".join((version, name, coding, to_text(asked.selection), str(asked)))
        body = cache.get(key, lambda: encoded(data, table, asked, coding, cache))
        response = Response(body, mimetype=MIMETYPE)
        if coding != "identity":
            response.headers["Content-Encoding"] = coding
        response.headers["Cache-Control"] = FOREVER if request.args.get("v") == version else ASK_AGAIN
        response.vary.add("Accept-Encoding")
        response.set_etag(hashlib.sha256(key.encode()).hexdigest()[:20])
        response.make_conditional(request)
        return response

    return blueprint


def encoded(data: TableData, table: WireTable, asked: TableRequest, coding: str, cache: TableCache) -> bytes:
    """Wire table in a content coding, from disk where it lies there already."""
    with data.store.read() as cursor:
        rows = table.rows(cursor, asked, data.store.meta().as_of)

    def make() -> bytes:
        return ENCODERS[coding](table.encode(rows, table.quanta))

    return cache.lasting(_fingerprint(rows), coding, make) if table.lasting else make()


def _fingerprint(rows: pa.Table) -> bytes:
    """Bytes that decide what the rows are encoded to."""
    digest = hashlib.sha256(f"{FORMAT} {rows.schema}".encode())
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows.combine_chunks())
    digest.update(sink.getvalue())
    return digest.digest()
