import pytest

from datastore.log.keys import NOTES_FILE, PUBLIC_FILE, read_notes, read_verifier_key
from datastore.log.tables import insert_tiles
from datastore.log.tail import LogTail
from datastore.log.verify import verify
from datastore.sources.cases import import_cases
from datastore.sources.errors import SourceError
from datastore.sources.options import CaseOptions
from twin_model.case_chain import entry_bytes
from twin_model.merkle import leaf_hash

LINES = [f"{number},2026-05-01 09:3{number}:00,,116.00{number},39.905,Graffiti,web,open,Parks," for number in range(4)]


@pytest.fixture
def load(store, now, case_file):
    def run(*lines, **options):
        file, mapping = case_file(*lines)
        return import_cases(store, file, CaseOptions(mapping=mapping, name="cases", **options), now)

    return run


@pytest.fixture
def verified(store):
    """Report on the log, against its own key and the heads of the file."""

    def check():
        data_dir = store.path.parent
        with store.read() as cur:
            key = read_verifier_key(data_dir / PUBLIC_FILE)
            return verify(cur, key, witness=read_notes(data_dir / NOTES_FILE))

    return check


@pytest.fixture
def work(store, now):
    """Put an event of the desk into the log: the case of a source's id goes to another stage."""

    def run(ref):
        with store.write() as con:
            found = con.execute("SELECT case_no, log_first, log_last FROM cases WHERE source_ref = ?", [ref]).fetchall()
            no, first, last = found[0]
            before = con.execute("SELECT entry FROM log_entry WHERE seq = ?", [last]).fetchall()[0][0]
            entry = entry_bytes(
                kind="file", case_no=no, actor="op", moment=now, prev=leaf_hash(before.encode()), data={}
            )
            tail = LogTail.open(con)
            seq = tail.append(leaf_hash(entry))
            at = now.replace(tzinfo=None)
            con.execute(
                "INSERT INTO case_event VALUES (?, ?, ?, 'file', ?, 'op', ?, ?)",
                [seq, first, no, at, entry.decode(), leaf_hash(entry)],
            )
            insert_tiles(con, tail.take_tiles())
            con.execute("UPDATE cases SET log_last = ?, stage = 60, address = 'here' WHERE source_ref = ?", [seq, ref])
            con.execute("INSERT INTO case_desk VALUES (?, ?, '{}')", [first, no])

    return run


def kinds(ask):
    return [kind for (kind,) in ask("SELECT kind FROM log_entry ORDER BY seq")]


def test_imported_cases_enter_the_log_in_their_order_and_it_is_signed(load, ask, verified):
    load(*LINES)
    assert ask("SELECT case_id, log_first, log_last FROM cases ORDER BY case_id") == [(n, n, n) for n in range(4)]
    assert ask("SELECT seq, ref, class, unit, source, stage, lon FROM case_import ORDER BY seq")[1] == (
        1, "1", "X-GRAFFITI", "X-PARKS", "PUBLIC", 40, 116.001,
    )  # fmt: skip
    report = verified()
    assert report.ok
    assert (report.size, report.signed, report.witnessed) == (4, 4, 4)


def test_a_case_that_comes_again_as_it_was_keeps_its_leaf(load, ask, verified):
    load(*LINES[1:])
    load(*LINES)  # the first one in time is new: rows move up, leaves do not
    assert ask("SELECT source_ref, log_first FROM cases ORDER BY case_id") == [("0", 3), ("1", 0), ("2", 1), ("3", 2)]
    assert kinds(ask) == ["import"] * 4
    assert verified().ok


def test_a_case_that_is_gone_from_the_source_is_withdrawn(load, ask, verified):
    load(*LINES)
    load(*LINES[:1], *LINES[2:])
    assert kinds(ask) == ["import"] * 4 + ["withdraw"]
    event = ask("SELECT seq, case_key, case_no, actor, entry FROM case_event")[0]
    gone = ask("SELECT case_no FROM case_import WHERE ref = '1'")[0][0]
    assert event[:4] == (4, 1, gone, "system")
    assert '"data":{"dataset":"cases"},"kind":"withdraw"' in event[4]
    assert gone not in {no for (no,) in ask("SELECT case_no FROM cases")}
    assert verified().ok


def test_a_case_that_has_changed_in_the_source_is_withdrawn_and_comes_anew(load, ask, verified):
    load(*LINES)
    load(*LINES[:3], LINES[3].replace("open", "done"))
    assert kinds(ask) == ["import"] * 4 + ["withdraw", "import"]
    assert ask("SELECT log_first, log_last, stage FROM cases WHERE source_ref = '3'") == [(5, 5, 70)]
    assert ask("SELECT count(DISTINCT case_no) FROM log_entry WHERE seq IN (3, 4, 5)") == [(1,)]
    assert verified().ok


def test_what_was_done_to_a_case_stands_while_the_source_tells_the_same(load, work, ask, verified):
    load(*LINES[1:])
    work("2")
    load(*LINES)
    assert ask("SELECT log_first, log_last, stage, address FROM cases WHERE source_ref = '2'") == [(1, 3, 60, "here")]
    assert ask("SELECT count(*), count(DISTINCT case_id), max(case_id) FROM cases") == [(4, 4, 3)]
    assert ask("SELECT case_key FROM case_desk") == [(1,)]
    assert verified().ok


def test_a_case_that_was_worked_on_and_changes_in_the_source_is_replaced_with_a_warning(load, work, ask, verified):
    load(*LINES)
    work("2")
    report = load(*LINES[:2], LINES[2].replace("open", "done"), LINES[3])
    assert "1 cases that had been worked on here have changed in the source" in report.warnings[0]
    assert kinds(ask) == ["import"] * 4 + ["file", "withdraw", "import"]
    assert ask("SELECT log_first, stage FROM cases WHERE source_ref = '2'") == [(6, 70)]
    assert ask("SELECT count(*) FROM case_desk") == [(0,)]
    assert verified().ok


def test_cases_without_an_id_of_the_source_are_known_by_their_number_alone(load, ask, verified):
    bare = [line[1:] for line in LINES[:2]]
    load(*bare)
    load(*bare, LINES[3])
    assert kinds(ask) == ["import"] * 3
    load(*bare[1:])  # takes the number of the first, and is another case
    assert kinds(ask) == ["import"] * 3 + ["withdraw"] * 3 + ["import"]
    assert verified().ok


def test_other_data_sets_keep_their_leaves(*, store, load, case_file, now, ask, verified):
    load(*LINES[:2])
    file, mapping = case_file(*LINES[2:], name="more.csv")
    import_cases(store, file, CaseOptions(mapping=mapping, name="more"), now)
    load(*LINES[1:2])
    assert kinds(ask) == ["import"] * 4 + ["withdraw"]
    assert ask("SELECT source_ref, log_first FROM cases ORDER BY case_id") == [("1", 1), ("2", 2), ("3", 3)]
    assert verified().ok


def test_hostile_texts_of_a_source_are_logged_as_they_are(load, ask, verified):
    load('"a""\\\u2028😀",2026-05-01 09:30:00,,116.005,39.905,"G""r\\",web,open,"P""k",', *LINES[1:])
    load(*LINES[1:])
    assert kinds(ask) == ["import"] * 4 + ["withdraw"]
    assert ask("SELECT count(*) FROM case_import WHERE ref = ?", 'a"\\\u2028😀') == [(1,)]
    assert verified().ok


def test_an_import_that_fails_leaves_the_log_as_it_was(load, ask, verified):
    load(*LINES)
    with pytest.raises(SourceError):
        load("1,never,,116.005,39.905,Graffiti,web,open,Parks,")
    assert kinds(ask) == ["import"] * 4
    assert verified().ok
