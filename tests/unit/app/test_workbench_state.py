"""The address of the workbench: what is written is read again, and nothing that comes in raises."""

from hypothesis import given
from hypothesis import strategies as st

from app.workbench_state import WorkbenchState, format_workbench, parse_workbench
from datastore.queries.desk_queue_cases import SORTS
from twin_model.desk_queue import Queue

codes = st.from_regex(r"[0-9A-Za-z-]{0,12}", fullmatch=True)
states = st.builds(
    WorkbenchState,
    actor=codes,
    queue=st.sampled_from(["", *Queue]).map(str),
    case_class=codes,
    street=codes,
    source=codes,
    unit=codes,
    q=st.text("ab 井盖50%'\"&+;#_", max_size=30).map(lambda text: " ".join(text.split())),
    sort=st.sampled_from(list(SORTS)),
    page=st.integers(1, 9999),
    sel=codes,
    lang=st.sampled_from(["zh-CN", "en"]),
    theme=st.sampled_from(["dark", "light"]),
)


@given(states)
def test_a_written_address_is_read_as_the_same_state(state: WorkbenchState) -> None:
    assert parse_workbench(format_workbench(state)) == (state, ())


@given(st.text(max_size=300))
def test_whatever_comes_in_gives_a_state(search: str) -> None:
    state, _ = parse_workbench(search)
    assert parse_workbench(format_workbench(state))[0] == state


def test_an_address_that_says_nothing_is_empty() -> None:
    assert format_workbench(WorkbenchState()) == "?"


def test_what_cannot_be_used_is_named_and_keeps_its_default() -> None:
    state, bad = parse_workbench("?queue=none&page=x&lang=fr&as=%2F&what=1&sort=up")
    assert state == WorkbenchState()
    assert bad == ("queue", "page", "lang", "as", "what", "sort")


def test_the_camera_of_the_map_is_the_maps_own() -> None:
    assert parse_workbench("?view=116,40,15,50,0") == (WorkbenchState(), ())


def test_the_names_in_addresses_are_short() -> None:
    state = WorkbenchState(actor="dept-D04", case_class="E0102", queue="overdue")
    assert format_workbench(state) == "?as=dept-D04&queue=overdue&class=E0102"
