"""What somebody with the store's file in his hands can try, and what verification makes of it."""

import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from datastore.log import walk
from datastore.log.finding import Fault
from datastore.log.keys import LogKey, open_key, write_checkpoint
from datastore.log.tables import hashes_of, insert_tiles
from datastore.log.tail import LogTail
from datastore.log.verify import verify
from datastore.store import FILE_NAME, Store
from tests.unit.datastore.log.conftest import FIRST, HISTORY, Writer, case_no, put_cases, put_history
from twin_model.case_chain import entry_bytes
from twin_model.checkpoint import Checkpoint, sign_checkpoint
from twin_model.merkle import Frontier, leaf_hash

EVENTS = 120
SIZE = HISTORY + EVENTS


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Directory of a store with history, and then 120 events of old and new cases; with the heads that were signed."""
    directory = tmp_path_factory.mktemp("whole")
    key = open_key(directory, "citydeck/test")
    notes = []

    def head(con, tail):
        notes.append(write_checkpoint(con, key, size=tail.size, root=tail.root(), moment=FIRST))

    with Store.open(directory, create=True, threads=1) as store, store.write() as con:
        put_history(con)
        writer = Writer(con)
        head(con, writer.tail)
        for number in range(EVENTS):
            # Cases take turns: ten of history and ten new ones.
            place = number % 20
            writer.event(10 + place if place < 10 else HISTORY + place - 10, "note", text=str(number))
            if writer.tail.size in {760, 820}:
                head(con, writer.tail)
    assert len(notes) == 3
    return directory, notes


@pytest.fixture
def key(whole):
    return open_key(whole[0], "citydeck/test")


@pytest.fixture
def logged(whole, tmp_path):
    """Store of one's own with that log, and its heads."""
    shutil.copy(whole[0] / FILE_NAME, tmp_path)
    with Store.open(tmp_path, threads=1) as store:
        yield store, whole[1]


def check(logged, key, *tampering, witness=(), replay=None):
    """Report after some statements of SQL."""
    with logged[0].write() as con:
        for each in tampering:
            if callable(each):
                each(con)
            else:
                con.execute(each)
        return verify(con, key.verifier if key else None, witness=witness, replay=replay)


def leaf_again(con):
    """Make every leaf hash fit its entry again, as a careful forger does."""
    rows = con.execute("SELECT seq, entry FROM case_event").fetchall()
    con.executemany("UPDATE case_event SET leaf = ? WHERE seq = ?", [[leaf_hash(e.encode()), s] for s, e in rows])
    rows = con.execute("SELECT seq, entry FROM log_entry WHERE kind = 'import'").fetchall()
    heads = [[int.from_bytes(leaf_hash(entry.encode())[:8], "big"), seq] for seq, entry in rows]
    con.executemany("UPDATE case_import SET leaf_head = ? WHERE seq = ?", heads)


def tiles_again(con):
    """Make every tile fit the leaves again."""
    column = con.sql("SELECT concat(chr(0), entry) AS hashed FROM log_entry ORDER BY seq").to_arrow_table()["hashed"]
    frontier = Frontier()
    frontier.extend(hashes_of(column))
    con.execute("DELETE FROM log_tile")
    insert_tiles(con, frontier.take_tiles())


def swap(first, second):
    def tamper(con):
        for table in ("case_import", "case_event"):
            con.execute(
                f"UPDATE {table} SET seq = CASE seq WHEN {first} THEN {second} ELSE {first} END "  # noqa: S608
                f"WHERE seq IN ({first}, {second})"
            )

    return tamper


EDIT_EVENT = 'UPDATE case_event SET entry = replace(entry, \'"text":"47"\', \'"text":"48"\')'
EDIT_HISTORY = "UPDATE case_import SET stage = 80 WHERE seq = 301"


def test_a_log_as_it_was_written_is_sound(logged, key):
    report = check(logged, key, witness=logged[1])
    assert report.ok
    assert (report.size, report.heads, report.signed, report.witnessed) == (SIZE, 6, SIZE, SIZE)
    with logged[0].read() as cur:
        assert report.root == LogTail.open(cur).root()


def test_batches_do_not_show(logged, key, monkeypatch):
    monkeypatch.setattr(walk, "BATCH", 111)
    told = []
    with logged[0].read() as cur:
        report = verify(cur, key.verifier, progress=lambda phase, part: told.append((phase, part)))
    assert report.ok
    assert [part for _, part in told] == sorted(part for _, part in told)
    assert {phase for phase, _ in told} == {"entries", "chains", "tables"}
    assert told[-1][1] == 1.0


def test_an_empty_store_is_sound(store, key):
    with store.read() as cur:
        report = verify(cur, key.verifier)
    assert report.ok
    assert (report.size, report.signed) == (0, 0)


@pytest.mark.parametrize(
    ("tampering", "seq", "no"), [(EDIT_EVENT, HISTORY + 47, case_no(17)), (EDIT_HISTORY, 301, case_no(301))]
)
def test_an_edited_entry_is_named(logged, key, tampering, seq, no):
    first = check(logged, key, tampering).first
    assert (first.fault, first.first, first.last, first.case_no) == (Fault.ENTRY, seq, seq, no)
    assert f"entry {seq} of case {no} was changed" in first.text


def test_only_the_edited_entry_is_blamed(logged, key):
    report = check(logged, key, EDIT_EVENT)
    assert {(finding.fault, finding.first) for finding in report.findings} <= {
        (Fault.ENTRY, HISTORY + 47),
        (Fault.CHAIN, HISTORY + 47),
    }


def test_an_edited_event_with_its_leaf_made_anew_is_named_by_the_next_of_its_case(logged, key):
    first = check(logged, key, EDIT_EVENT, leaf_again).first
    assert (first.fault, first.first, first.last, first.case_no) == (
        Fault.CHAIN,
        HISTORY + 47,
        HISTORY + 47,
        case_no(17),
    )


def test_edited_history_with_its_leaf_made_anew_is_found_within_its_tile(logged, key):
    """And the table, which still says what it said, tells which case it is."""
    report = check(logged, key, EDIT_HISTORY, leaf_again)
    assert (report.first.fault, report.first.first, report.first.last) == (Fault.TILE, 256, 511)
    assert (Fault.TABLE, case_no(301)) in {(finding.fault, finding.case_no) for finding in report.findings}


@pytest.mark.parametrize(
    ("tampering", "first", "last"),
    [(EDIT_HISTORY, 0, 699), (EDIT_EVENT.replace("47", "59").replace("48", "x"), 700, 759)],
)
def test_an_edit_with_leaves_and_tiles_made_anew_is_found_between_two_signed_heads(logged, key, tampering, first, last):
    def forget_the_chain(con):  # the last event of its case: nothing follows that would name it
        con.execute("UPDATE cases SET stage = 80 WHERE log_first = 301")

    report = check(logged, key, tampering, leaf_again, tiles_again, forget_the_chain)
    found = next(finding for finding in report.findings if finding.fault in {Fault.REWRITTEN, Fault.CHAIN})
    if found.fault is Fault.REWRITTEN:
        assert (found.first, found.last) == (first, last)
        assert "signed 2026-01-01" in found.text
    else:
        assert found.first == 759


@pytest.mark.parametrize("seq", [301, HISTORY + 5, 0])
def test_a_deleted_entry_is_named(logged, key, seq):
    with logged[0].read() as cur:
        no = cur.execute("SELECT case_no FROM log_entry WHERE seq = ?", [seq]).fetchall()[0][0]
    delete = [f"DELETE FROM {table} WHERE seq = {seq}" for table in ("case_import", "case_event")]  # noqa: S608
    first = check(logged, key, *delete).first
    assert (first.fault, first.first, first.last) == (Fault.MISSING, seq, seq)
    assert first.case_no in {no, ""}


def test_a_deleted_entry_whose_place_is_closed_is_found(logged, key):
    report = check(
        logged, key, "DELETE FROM case_event WHERE seq = 750", "UPDATE case_event SET seq = seq - 1 WHERE seq > 750",
        leaf_again, tiles_again,
    )  # fmt: skip
    assert not report.ok
    assert report.first.first <= 760
    assert {finding.fault for finding in report.findings} >= {Fault.CHAIN, Fault.CUT}


def test_an_inserted_entry_is_named(logged, key):
    insert = "INSERT INTO case_event SELECT * REPLACE (705 AS seq) FROM case_event WHERE seq = 720"
    first = check(logged, key, insert).first
    assert (first.fault, first.first, first.last) == (Fault.REPEATED, 705, 705)


def test_entries_before_the_first_are_found(logged, key):
    insert = "INSERT INTO case_event SELECT * REPLACE (-1 AS seq) FROM case_event WHERE seq = 720"
    assert Fault.REPEATED in {finding.fault for finding in check(logged, key, insert).findings}


def test_an_inserted_entry_that_makes_room_for_itself_is_found(logged, key):
    forged = entry_bytes(kind="note", case_no=case_no(9), actor="x", moment=FIRST, prev=b"", data={}).decode()

    def insert(con):
        con.execute("UPDATE case_event SET seq = seq + 1 WHERE seq >= 790")
        con.execute(
            "INSERT INTO case_event VALUES (790, 790, ?, 'note', ?, 'x', ?, ?)",
            [case_no(9), FIRST.replace(tzinfo=None), forged, leaf_hash(forged.encode())],
        )

    report = check(logged, key, insert, leaf_again, tiles_again)
    rewritten = [finding for finding in report.findings if finding.fault is Fault.REWRITTEN]
    assert not report.ok
    assert [(finding.first, finding.last) for finding in rewritten] in ([], [(760, 819)])


@pytest.mark.parametrize(("first", "second"), [(100, 101), (710, 730), (300, 310)])
def test_entries_in_another_order_are_found(logged, key, first, second):
    report = check(logged, key, swap(first, second))
    assert not report.ok
    assert report.first.first <= first
    assert report.first.last is None or report.first.last < 820


def test_two_events_of_one_case_in_another_order_are_named(logged, key):
    report = check(logged, key, swap(710, 730), tiles_again)
    assert report.first.first == 710 or report.first.case_no == case_no(HISTORY)


@pytest.mark.parametrize("stop", [HISTORY + 100, HISTORY, 300])
def test_a_log_that_was_cut_is_told_by_its_heads(logged, key, stop):
    cut = [f"DELETE FROM {table} WHERE seq >= {stop}" for table in ("case_import", "case_event")]  # noqa: S608
    found = [finding for finding in check(logged, key, *cut, tiles_again).findings if finding.fault is Fault.CUT]
    assert [(finding.first, finding.last) for finding in found] == [(stop, SIZE - 1)]
    assert f"the entries {stop} to {SIZE - 1} are gone" in found[0].text


def cut_everything(con):
    """Cut the log and everything that tells of its end."""
    con.execute("DELETE FROM case_event WHERE seq >= 760")
    con.execute("DELETE FROM log_checkpoint WHERE size > 760")
    con.execute(
        "UPDATE cases SET log_last = e.seq FROM (SELECT case_key, max(seq) AS seq FROM case_event GROUP BY case_key) e "
        "WHERE e.case_key = log_first"
    )
    con.execute("DELETE FROM cases WHERE log_first >= 760")
    con.execute("UPDATE cases SET log_last = log_first WHERE log_last >= 760")
    tiles_again(con)


def test_without_a_witness_a_log_that_was_cut_with_all_its_traces_seems_sound(logged, key):
    """Why a witness is needed."""
    report = check(logged, key, cut_everything)
    assert report.ok
    assert (report.signed, report.witnessed) == (760, 0)


def test_a_witness_tells_that_the_log_was_cut(logged, key):
    report = check(logged, key, cut_everything, witness=logged[1])
    assert [(finding.first, finding.last) for finding in report.findings if finding.fault is Fault.CUT] == [(760, 819)]
    assert Fault.HEAD in {finding.fault for finding in report.findings}


def sign_again(key):
    def tamper(con):
        con.execute("DELETE FROM log_checkpoint")
        tail = LogTail.open(con)
        write_checkpoint(con, key, size=tail.size, root=tail.root(), moment=FIRST)

    return tamper


def rewrite(con):
    con.execute(EDIT_HISTORY)
    con.execute("UPDATE cases SET stage = 80 WHERE log_first = 301")
    leaf_again(con)
    tiles_again(con)


def test_a_fork_that_the_keys_owner_signed_is_told_by_a_witness_only(logged, key):
    assert check(logged, key, rewrite, sign_again(key)).ok
    report = check(logged, key, witness=logged[1])
    assert Fault.FORK in {finding.fault for finding in report.findings}
    assert f"two different heads of size {SIZE} are signed" in " ".join(finding.text for finding in report.findings)


def test_a_forged_head_is_told(logged, key):
    forger = LogKey(key.origin, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    report = check(logged, key, rewrite, sign_again(forger))
    assert Fault.SIGNATURE in {finding.fault for finding in report.findings}
    assert "is not signed by the key" in report.findings[-1].text
    assert report.signed == 0


def test_another_key_than_the_one_that_was_kept_is_told(logged, key):
    other = LogKey(key.origin, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    report = check(logged, other)
    assert [finding.fault for finding in report.findings] == [Fault.SIGNATURE] * 3


def test_a_head_from_outside_that_was_changed_is_told(logged, key):
    report = check(logged, key, witness=[logged[1][0].replace("700", "701")])
    assert [finding.fault for finding in report.findings] == [Fault.SIGNATURE]
    assert report.findings[0].text.startswith("in the checkpoint file: the checkpoint of size 701 was changed")


def test_a_head_of_another_log_is_told(logged, key):
    foreign = sign_checkpoint(Checkpoint("citydeck/other", 1, bytes(32)), key.private)
    assert "is of the log citydeck/other" in check(logged, key, witness=[foreign]).findings[0].text


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE log_checkpoint SET size = 701 WHERE size = 700", Fault.HEAD),
        ("UPDATE log_checkpoint SET root = ''::BLOB WHERE size = 700", Fault.HEAD),
        ("UPDATE log_checkpoint SET note = replace(note, '700', '699') WHERE size = 700", Fault.SIGNATURE),
        ("DELETE FROM log_checkpoint", Fault.HEAD),
    ],
)
def test_tampered_heads_are_told(logged, key, tampering, fault):
    assert {finding.fault for finding in check(logged, key, tampering).findings} == {fault}


@pytest.mark.parametrize(
    ("tampering", "text"),
    [
        ("UPDATE log_tile SET hash = ''::BLOB WHERE tile = 1", "so that the tiles were changed"),
        ("DELETE FROM log_tile WHERE tile = 1", "is missing from the tiles"),
        ("INSERT INTO log_tile FROM log_tile WHERE tile = 1", "is in the tiles 2 times"),
        ("INSERT INTO log_tile VALUES (2, 9, ''::BLOB)", "1 hashes of the tiles are of no complete subtree"),
    ],
)
def test_tampered_tiles_are_told_from_tampered_entries(logged, key, tampering, text):
    """The signed heads show that the entries are as they were."""
    report = check(logged, key, tampering)
    assert [finding.fault for finding in report.findings] == [Fault.TILE]
    assert text in report.findings[0].text
    assert report.first.first is None


@pytest.mark.parametrize(
    "change", ["actor = 'me'", "kind = 'close'", "moment = moment - INTERVAL 1 SECOND", f"case_no = '{case_no(1)}'"]
)
def test_columns_beside_an_entry_are_held_against_it(logged, key, change):
    report = check(logged, key, f"UPDATE case_event SET {change} WHERE seq = 745")  # noqa: S608
    assert (Fault.COLUMN, 745) in {(finding.fault, finding.first) for finding in report.findings}


def test_an_event_moved_to_another_case_is_told(logged, key):
    report = check(logged, key, "UPDATE case_event SET case_key = 12 WHERE seq = 745")
    assert Fault.CHAIN in {finding.fault for finding in report.findings}


def test_an_entry_that_is_no_json_any_more_is_told(logged, key):
    report = check(logged, key, "UPDATE case_event SET entry = '{' WHERE seq = 745", leaf_again)
    assert (Fault.COLUMN, 745) in {(finding.fault, finding.first) for finding in report.findings}


@pytest.mark.parametrize(
    ("tampering", "text"),
    [
        ("UPDATE cases SET stage = 80, lon = 1 WHERE case_id = 500", "differs from its entry 500 in stage, lon"),
        ("DELETE FROM cases WHERE case_id = 500", "of entry 500 was taken out of the cases"),
        ("UPDATE cases SET log_first = NULL WHERE case_id = 500", "is not in the log"),
        ("UPDATE cases SET log_first = 705, log_last = 705 WHERE case_id = 500", "names entry 705 as its first"),
    ],
)
def test_tables_that_say_otherwise_than_history_are_told(logged, key, tampering, text):
    report = check(logged, key, tampering)
    assert {finding.fault for finding in report.findings} == {Fault.TABLE}
    assert text in " ".join(finding.text for finding in report.findings)
    assert report.first.case_no == case_no(500)


def test_a_case_that_never_was_reported_is_told(logged, key):
    report = check(logged, key, lambda con: put_cases(con, 1, 5000))
    assert [finding.text for finding in report.findings] == [f"case {case_no(5000)} is not in the log"]


def test_what_replaying_the_events_shows_is_part_of_the_report(logged, key):
    report = check(logged, key, replay=lambda _con: [(case_no(705), "the stage is not what its events lead to")])
    assert [(finding.fault, finding.case_no) for finding in report.findings] == [(Fault.TABLE, case_no(705))]


def test_without_a_key_nothing_counts_as_signed(logged):
    report = check(logged, None)
    assert report.ok
    assert (report.signed, report.witnessed) == (0, 0)
