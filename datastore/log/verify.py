"""Verification: whether anything in the log, or in the tables that follow from it, was altered since it was written."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import duckdb

from datastore.log.chains import chain_findings, history_findings, table_findings
from datastore.log.finding import Fault, Finding, Report, in_order
from datastore.log.heads import Head, Verdict, judge, missing_heads, outside_heads, stored_heads
from datastore.log.tables import log_size
from datastore.log.walk import Walk, walk
from twin_model.checkpoint import VerifierKey
from twin_model.merkle import TILE_WIDTH

Progress = Callable[[str, float], None]
Replay = Callable[[duckdb.DuckDBPyConnection], Sequence[tuple[str, str]]]
"""Cases whose tables are not what their events lead to: case number and one sentence each."""

_WALK_SHARE, _CHAIN_SHARE = 0.75, 0.1


def no_progress(_phase: str, _fraction: float) -> None:
    """Tell nobody."""


def verify(
    con: duckdb.DuckDBPyConnection,
    key: VerifierKey | None,
    *,
    witness: Sequence[str] = (),
    replay: Replay | None = None,
    progress: Progress = no_progress,
) -> Report:
    """Check the whole log of a store.

    Every entry is hashed anew and held against the hash kept with it, the tiles, the chain of its case, and every
    signed head; then the tables against the log. Memory does not grow with the entries; the signed heads, at most one
    for every ten seconds of work, are held all at once, about a kilobyte each.

    Parameters
    ----------
    con : DuckDBPyConnection
        Of a store that nobody writes to meanwhile.
    key : VerifierKey or None
        Public key of the log, had from elsewhere than the store if it is to prove anything. None: signatures are not
        checked.
    witness : sequence of str
        Signed heads that somebody else kept.
    replay : function, optional
        Tells which tables are not what the events lead to.
    progress : function
        Told the phase and the fraction done.

    Returns
    -------
    Report
        With every fault that was found: the entry where it is known, else the narrowest range that can be proven.
    """
    size = log_size(con)
    stored, findings = stored_heads(con, key)
    outside, faults = outside_heads(witness, key)
    findings += [*faults, *missing_heads(stored, outside)]
    if key and size and not stored and not findings:
        findings.append(
            Finding(Fault.HEAD, f"the log has {size} entries and a key, and no signed head: they were deleted")
        )
    heads = [*stored, *outside]
    sizes = sorted({head.size for head in heads})
    progress("entries", 0.0)
    walked = walk(con, size, sizes, lambda part: progress("entries", part * _WALK_SHARE))
    verdict = judge(heads, {0: walked.roots.get(0, b"")} | walked.roots)
    progress("chains", _WALK_SHARE)
    exact = [*walked.entries, *_pinned(_unexplained(chain_findings(con), walked.entries), walked.tiles)]
    findings += [*exact, *verdict.forks, *_ranges(walked, verdict, exact), *_stray(con, size, walked)]
    findings += _cut(con, size, heads)
    progress("tables", _WALK_SHARE + _CHAIN_SHARE)
    tables = [*history_findings(con), *table_findings(replay(con) if replay else ())]
    findings += {finding.case_no or finding.text: finding for finding in reversed(tables)}.values()
    progress("tables", 1.0)
    return Report(
        size=size,
        root=walked.frontier.root() if walked.whole else b"",
        heads=len(heads),
        signed=_covered(heads, walked) if key else 0,
        witnessed=_covered(outside, walked) if key else 0,
        findings=in_order(findings),
    )


def _covered(heads: Sequence[Head], walked: Walk) -> int:
    return max((head.size for head in heads if walked.roots.get(head.size) == head.root), default=0)


def _unexplained(chains: Sequence[Finding], entries: Sequence[Finding]) -> list[Finding]:
    """Broken links, less those that an entry which is missing or was changed has broken."""
    gone = [each.first for each in entries if each.fault is Fault.MISSING and each.first is not None]
    changed = {each.first for each in entries}
    return [
        link
        for link in chains
        if link.fault is Fault.COLUMN
        or not ({link.first, link.last} & changed or any((link.first or 0) < each < (link.last or 0) for each in gone))
    ]


def _pinned(chains: Sequence[Finding], tiles: Sequence[Finding]) -> list[Finding]:
    """Broken links, each laid to the one of its two entries that the tiles speak against: else to the earlier."""
    pinned = []
    for finding in chains:
        first, last = finding.first or 0, finding.last or 0
        wrong = [any(_holds(tile, place) for tile in tiles) for place in (first, last)]
        place = last if wrong == [False, True] else first
        pinned.append(replace(finding, first=place, last=place))
    return pinned


def _ranges(walked: Walk, verdict: Verdict, exact: Sequence[Finding]) -> list[Finding]:
    """Faults that tiles and heads show where no single entry gives itself away, as narrow as both allow."""
    found = []
    for tile in walked.tiles:
        first, last = tile.first or 0, tile.last or 0
        inside = [*exact, *(other for other in walked.tiles if _width(other) < _width(tile))]
        if any(first <= (each.first or 0) <= last for each in inside):
            continue
        if verdict.good > last:
            text = f"{tile.text}; a signed head shows that the entries are as they were, so that the tiles were changed"
            found.append(Finding(Fault.TILE, text))
            continue
        start = max(first, verdict.good)
        stop = min(last, verdict.bad.size - 1) if verdict.bad and verdict.bad.size > start else last
        if (start, stop) != (first, last):
            text = f"{tile.text}; signed heads narrow it down to the entries {start} to {stop}"
            tile = replace(tile, text=text, first=start, last=stop)  # noqa: PLW2901 - the same fault, told better
        found.append(tile)
    bad = verdict.bad
    if bad and not any((each.first or 0) < bad.size for each in [*exact, *found] if each.first is not None):
        text = (
            f"the log was rewritten: one of the entries {verdict.good} to {bad.size - 1}, or their order, is not as it "
            f"was for {bad.name}"
        )
        found.append(Finding(Fault.REWRITTEN, text, verdict.good, bad.size - 1))
    return found


def _stray(con: duckdb.DuckDBPyConnection, size: int, walked: Walk) -> list[Finding]:
    """Rows that belong to no entry and no complete subtree."""
    found = []
    before = con.execute(
        "SELECT (SELECT count(*) FROM case_import WHERE seq < 0) + (SELECT count(*) FROM case_event WHERE seq < 0)"
    ).fetchall()[0][0]
    if before:
        found.append(Finding(Fault.REPEATED, f"{before} entries were put in before the first one", 0, 0))
    expected, width = 0, TILE_WIDTH
    while size // width:
        expected += size // width
        width *= TILE_WIDTH
    tiles = con.execute("SELECT count(*) FROM log_tile").fetchall()[0][0]
    if walked.whole and tiles > expected and not walked.tiles:
        found.append(Finding(Fault.TILE, f"{tiles - expected} hashes of the tiles are of no complete subtree"))
    return found


def _cut(con: duckdb.DuckDBPyConnection, size: int, heads: Sequence[Head]) -> list[Finding]:
    """Tell whether the end of the log is missing."""
    longest = max(heads, key=lambda head: head.size, default=None)
    rows = con.execute(
        "SELECT log_last, case_no FROM cases WHERE log_last >= ? ORDER BY log_last LIMIT 1", [size]
    ).fetchall()
    case_no = rows[0][1] if rows else ""
    if longest and longest.size > size:
        text = f"the log was cut: the entries {size} to {longest.size - 1} are gone, which {longest.name}, covers"
        return [Finding(Fault.CUT, text, size, longest.size - 1, case_no)]
    if rows:
        text = f"the log was cut: it ends before entry {rows[0][0]}, which case {case_no} names as its last"
        return [Finding(Fault.CUT, text, size, rows[0][0], case_no)]
    return []


def _holds(tile: Finding, place: int) -> bool:
    return (tile.first or 0) <= place <= (tile.last or 0)


def _width(tile: Finding) -> int:
    return (tile.last or 0) - (tile.first or 0)
