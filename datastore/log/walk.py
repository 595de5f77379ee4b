"""One pass over all entries of the log: hashed anew, and held against their stored hashes and tiles."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from datastore.log.finding import MOST_FINDINGS, Fault, Finding
from datastore.log.import_entry import HASHED_IN_BULK
from datastore.log.import_leaves import leaf_heads
from datastore.log.tables import HASHED, hashes_of
from twin_model.merkle import TILE_WIDTH, Frontier, Tile

BATCH = 1 << 17
"""Entries read at once; two batches are in memory at a time, about 55 MB each."""

Told = Callable[[float], None]

_ENTRIES = (
    f"SELECT seq, case_no, {HASHED_IN_BULK} AS hashed, leaf_head, NULL::BLOB AS leaf FROM case_import "  # noqa: S608 - SQL of ours
    "WHERE seq >= $start AND seq < $stop UNION ALL "
    f"SELECT seq, case_no, {HASHED.format('entry')}, NULL, leaf FROM case_event "
    "WHERE seq >= $start AND seq < $stop"
)


@dataclass
class Walk:
    """What a pass has found so far.

    Parameters
    ----------
    frontier : Frontier
        Of the entries that were read.
    roots : dict of int to bytes
        Root at each size that was asked for.
    entries : list of Finding
        Faults of entries.
    tiles : list of Finding
        Tiles that do not fit the entries below them.
    whole : bool
        Whether every entry was read: none is missing or there twice.
    """

    frontier: Frontier = field(default_factory=Frontier)
    roots: dict[int, bytes] = field(default_factory=dict)
    entries: list[Finding] = field(default_factory=list)
    tiles: list[Finding] = field(default_factory=list)
    whole: bool = True


@dataclass(frozen=True)
class _Batch:
    start: int
    stop: int
    rows: pa.Table
    tiles: dict[tuple[int, int], list[bytes]]


def walk(con: duckdb.DuckDBPyConnection, size: int, wanted: Sequence[int], told: Told) -> Walk:
    """Read and hash all entries, in the order of seq, up to the first that is missing or there twice.

    Parameters
    ----------
    con : DuckDBPyConnection
        Used by one other thread while this runs.
    size : int
        Entries that there should be.
    wanted : sequence of int
        Sizes whose roots are wanted, ascending.
    told : function
        Told the fraction that is done.
    """
    found = Walk()
    sizes = [each for each in wanted if each <= size]
    with closing(_batches(con, size)) as batches:
        for batch in batches:
            seq = np.asarray(batch.rows["seq"].to_numpy(), dtype=np.int64)
            leaves = hashes_of(batch.rows["hashed"])
            sound = _sound_length(seq, batch)
            _check_stored(found, batch, seq, leaves)
            _grow(found, sizes, batch.start, leaves[:sound])
            _check_tiles(found, batch)
            if sound < batch.stop - batch.start or len(seq) > sound:
                found.whole = False
                break
            told(batch.stop / size)
    if not found.whole:  # the connection is ours again
        _name_gap(found, con, batch, seq, sound)
    return found


def _grow(found: Walk, sizes: list[int], start: int, leaves: Sequence[bytes]) -> None:
    """Append leaves, and note the root at each of the wanted sizes on the way."""
    at = 0
    while sizes and sizes[0] <= start + len(leaves):
        end = sizes[0] - start
        found.frontier.extend(leaves[at:end])
        found.roots[sizes.pop(0)] = found.frontier.root()
        at = end
    found.frontier.extend(leaves[at:])


def _batches(con: duckdb.DuckDBPyConnection, size: int) -> Generator[_Batch]:
    """Batches in their order; the next one is read while one is hashed."""
    spans = [(start, min(start + BATCH, size)) for start in range(0, size, BATCH)]
    with ThreadPoolExecutor(1) as pool:
        coming = [pool.submit(_read, con, *span) for span in spans[:1]]
        for place in range(len(spans)):
            batch = coming.pop().result()
            coming += [pool.submit(_read, con, *span) for span in spans[place + 1 : place + 2]]
            yield batch


def _read(con: duckdb.DuckDBPyConnection, start: int, stop: int) -> _Batch:
    rows = con.sql(_ENTRIES, params={"start": start, "stop": stop}).to_arrow_table()
    seq = np.asarray(rows["seq"].to_numpy(), dtype=np.int64)
    if (np.diff(seq) < 0).any():
        rows = rows.take(np.argsort(seq, kind="stable"))
    tiles: dict[tuple[int, int], list[bytes]] = {}
    level, width = 1, TILE_WIDTH
    while stop // width:  # those that this batch completes
        for index, value in con.execute(
            "SELECT tile, hash FROM log_tile WHERE level = ? AND tile >= ? AND tile < ? ORDER BY tile",
            [level, start // width, stop // width],
        ).fetchall():
            tiles.setdefault((level, index), []).append(bytes(value))
        level, width = level + 1, width * TILE_WIDTH
    return _Batch(start, stop, rows, tiles)


def _sound_length(seq: NDArray[np.int64], batch: _Batch) -> int:
    """Entries from the start on that are there once each."""
    length = min(len(seq), batch.stop - batch.start)
    wrong = np.flatnonzero(seq[:length] != np.arange(batch.start, batch.start + length))
    return int(wrong[0]) if len(wrong) else length


def _check_stored(found: Walk, batch: _Batch, seq: NDArray[np.int64], leaves: Sequence[bytes]) -> None:
    """Hold the hashes against those that the rows keep."""
    kept = batch.rows["leaf_head"]
    is_import = kept.is_valid().to_numpy()
    heads = np.asarray(kept.fill_null(0).to_numpy(), dtype=np.uint64)
    wrong = is_import & (heads != leaf_heads(leaves))
    stored = batch.rows["leaf"]
    for row in np.flatnonzero(~is_import).tolist():
        wrong[row] = stored[row].as_py() != leaves[row]
    numbers = batch.rows["case_no"]
    for row in np.flatnonzero(wrong)[: MOST_FINDINGS - len(found.entries)].tolist():
        place, case_no = int(seq[row]), numbers[row].as_py()
        text = f"entry {place}{_of(case_no)} was changed: its hash is not the one that was kept with it"
        found.entries.append(Finding(Fault.ENTRY, text, place, place, case_no))


def _check_tiles(found: Walk, batch: _Batch) -> None:
    for tile in found.frontier.take_tiles():
        kept = batch.tiles.get((tile.level, tile.index), [])
        if kept != [tile.hash] and len(found.tiles) < MOST_FINDINGS:
            found.tiles.append(_tile_finding(tile, kept))


def _tile_finding(tile: Tile, kept: Sequence[bytes]) -> Finding:
    first = tile.index * TILE_WIDTH**tile.level
    last = first + TILE_WIDTH**tile.level - 1
    name = f"hash {tile.index} of level {tile.level}"
    if not kept:
        text = f"{name} is missing from the tiles, over the entries {first} to {last}"
    elif len(kept) > 1:
        text = f"{name} is in the tiles {len(kept)} times, over the entries {first} to {last}"
    else:
        text = (
            f"one of the entries {first} to {last} was changed, or their order, or {name} of the tiles: the one is not "
            "the hash of the others"
        )
    return Finding(Fault.TILE, text, first, last)


def _name_gap(found: Walk, con: duckdb.DuckDBPyConnection, batch: _Batch, seq: NDArray[np.int64], sound: int) -> None:
    """Say which entry is missing or there twice."""
    expected = batch.start + sound
    if sound < len(seq) and seq[sound] < expected:
        place = int(seq[sound])
        case_no = batch.rows["case_no"][sound].as_py()
        text = f"entry {place} is there twice; one of the two{_of(case_no)} was put in"
        found.entries.append(Finding(Fault.REPEATED, text, place, place, case_no))
        return
    rows = con.execute(
        "SELECT case_no FROM cases WHERE log_first = $seq OR log_last = $seq LIMIT 1", {"seq": expected}
    ).fetchall()
    case_no = rows[0][0] if rows else ""
    text = f"entry {expected}{_of(case_no)} was deleted: the log goes on after it"
    found.entries.append(Finding(Fault.MISSING, text, expected, expected, case_no))


def _of(case_no: str) -> str:
    return f" of case {case_no}" if case_no else ""
