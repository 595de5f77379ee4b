from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pyarrow.compute as pc
import pytest
import shapely

from tests.unit.twin_model.demo.square_city import square_city
from twin_model.case import CaseStage
from twin_model.case_class import default_case_classes
from twin_model.demo.case_mix import cases_by_source, closed_of
from twin_model.demo.case_places import build_cells
from twin_model.demo.case_spread import profile_of
from twin_model.demo.cases import generate_cases
from twin_model.demo.feed import FEED_DAYS
from twin_model.demo.plan import DemoPlan, stream
from twin_model.source import DEFAULT_SOURCES

ANCHOR = date(2026, 11, 23)
MIDNIGHT_UTC = datetime(2026, 11, 22, 16, 0)  # noqa: DTZ001 - the store keeps naive UTC
STEPS = ("reported_at", "filed_at", "dispatched_at", "handled_at", "closed_at")


@pytest.fixture(scope="module")
def city():
    return square_city()


@pytest.fixture(scope="module")
def plan():
    return DemoPlan(ANCHOR, cases=200_000)


@pytest.fixture(scope="module")
def cases(city, plan):
    return generate_cases(city, plan)


@pytest.fixture(scope="module")
def table(cases):
    return cases.case_table


def seconds(table, column):
    return table[column].cast("int64").fill_null(-1).to_numpy() // 1_000_000


@pytest.mark.parametrize("count", [1, 100, 4_321, 50_000])
def test_totals_are_exact_at_any_size(city, count):
    table = generate_cases(city, DemoPlan(ANCHOR, cases=count)).case_table
    by_source = dict(zip(*np.unique(table["source_id"].to_numpy(), return_counts=True), strict=True))
    expected = cases_by_source(count)
    ids = {source.source_id: source.code for source in DEFAULT_SOURCES}
    assert {ids[key]: value for key, value in by_source.items()} == {k: v for k, v in expected.items() if v}
    assert (table["stage"].to_numpy() == CaseStage.CLOSED).sum() == closed_of(count)


def test_rows_are_ordered_by_time_and_numbered(table):
    assert (np.diff(seconds(table, "reported_at")) >= 0).all()
    assert table["case_id"].to_pylist() == list(range(table.num_rows))
    numbers = table["case_no"].to_pylist()
    assert numbers == sorted(set(numbers))
    days = table["reported_day"].to_pylist()
    assert all(number[6:14] == f"{day:%Y%m%d}" for number, day in zip(numbers[::997], days[::997], strict=True))


def test_nothing_happens_at_or_after_the_anchor_or_before_the_history(table):
    for step in STEPS:
        assert pc.max(table[step]).as_py() < MIDNIGHT_UTC
    assert pc.min(table["reported_at"]).as_py() >= MIDNIGHT_UTC - timedelta(days=730)


def test_steps_are_ordered_and_none_is_skipped(table):
    columns = [seconds(table, step) for step in STEPS]
    for earlier, later in pairwise(columns):
        happened = later >= 0
        assert (earlier[happened] >= 0).all()
        assert (earlier[happened] <= later[happened]).all()


def test_stage_agrees_with_the_steps(table):
    stage = table["stage"].to_numpy()
    in_loop = stage <= CaseStage.CLOSED
    for step, first in (
        ("filed_at", CaseStage.FILED),
        ("dispatched_at", CaseStage.DISPATCHED),
        ("handled_at", CaseStage.FEEDBACK),
        ("closed_at", CaseStage.CLOSED),
        ("deadline_at", CaseStage.FILED),
        ("unit_id", CaseStage.DISPATCHED),
    ):
        present = table[step].is_valid().to_numpy()
        np.testing.assert_array_equal(present, in_loop & (stage >= first), err_msg=step)


def test_local_day_and_hour_agree_with_the_moment(table):
    local = seconds(table, "reported_at") + 8 * 3600
    np.testing.assert_array_equal(table["reported_day"].cast("int32").to_numpy(), local // 86_400)
    np.testing.assert_array_equal(table["reported_hour"].to_numpy(), local % 86_400 // 3600)
    closed = table.filter(table["closed_at"].is_valid())
    local = seconds(closed, "closed_at") + 8 * 3600
    np.testing.assert_array_equal(closed["closed_day"].cast("int32").to_numpy(), local // 86_400)
    assert table["closed_day"].null_count == table["closed_at"].null_count


def test_deadline_is_the_limit_after_filing_or_whole_days_later(city, table):
    filed = table.filter(table["filed_at"].is_valid())
    limit = city.case_class["limit_h"].to_numpy()[filed["class_id"].to_numpy()] * 3600
    extension = seconds(filed, "deadline_at") - seconds(filed, "filed_at") - limit
    assert (extension >= 0).all()
    assert (extension % 86_400 == 0).all()
    assert (extension[filed["stage"].to_numpy() == CaseStage.CLOSED] == 0).all()


def test_some_are_closed_late_and_some_open_ones_are_overdue_or_due_soon(table):
    stage, deadline = table["stage"].to_numpy(), seconds(table, "deadline_at")
    closed = stage == CaseStage.CLOSED
    late = (seconds(table, "closed_at") > deadline)[closed].mean()
    assert 0.08 < late < 0.15
    clocked = (stage < CaseStage.CLOSED) & (deadline >= 0)
    left_h = (deadline - (MIDNIGHT_UTC - datetime(1970, 1, 1)).total_seconds())[clocked] / 3600  # noqa: DTZ001
    assert 0.01 < (left_h < 0).mean() < 0.08
    assert ((left_h >= 0) & (left_h < 4)).any()


def test_every_point_is_strictly_inside_its_cell(city, table):
    shapes = np.empty(city.area.num_rows, object)
    shapes[:] = shapely.from_wkb(city.area["geom"].to_numpy(zero_copy_only=False))
    grid = table["grid_id"].to_numpy()
    points = shapely.points(table["lon"].to_numpy(), table["lat"].to_numpy())
    assert shapely.contains_properly(shapes[grid], points).all()


def test_street_and_community_are_the_cell_s_parents(city, table):
    parent = city.area["parent_id"].to_numpy(zero_copy_only=False)
    np.testing.assert_array_equal(parent[table["grid_id"].to_numpy()], table["community_id"].to_numpy())
    np.testing.assert_array_equal(parent[table["community_id"].to_numpy()], table["street_id"].to_numpy())


def test_case_about_a_component_is_near_one_of_its_class_in_the_same_cell(city, table):
    about = table.filter(table["component_id"].is_valid())
    assert about.num_rows > 1000
    component = city.component.take(about["component_id"])
    assert component["class_id"].to_pylist() == about["class_id"].to_pylist()
    assert component["grid_id"].to_pylist() == about["grid_id"].to_pylist()
    apart = np.hypot(
        component["lon"].to_numpy() - about["lon"].to_numpy(), component["lat"].to_numpy() - about["lat"].to_numpy()
    )
    assert apart.max() * 111_320 < 40


def test_component_s_owner_gets_the_case_and_an_unowned_one_goes_to_the_territory(city, table):
    about = table.filter(pc.and_(table["component_id"].is_valid(), table["unit_id"].is_valid()))
    owner = city.component.take(about["component_id"])["owner_unit_id"].to_numpy(zero_copy_only=False)
    unit, owned = about["unit_id"].to_numpy(), ~np.isnan(owner)
    np.testing.assert_array_equal(unit[owned], owner[owned])
    street_code = city.area["code"].to_numpy(zero_copy_only=False)[about["street_id"].to_numpy()[~owned]]
    unit_code = city.unit["code"].to_numpy(zero_copy_only=False)[unit[~owned]]
    assert (unit_code == "S" + street_code).all()


def test_equal_plans_give_identical_tables_and_another_seed_another_city(city, plan, cases):
    again = generate_cases(city, plan)
    assert again.case_table.equals(cases.case_table)
    assert again.planted.equals(cases.planted)
    assert again.feed.equals(cases.feed)
    other = generate_cases(city, DemoPlan(ANCHOR, cases=plan.cases, seed=plan.seed + 1))
    assert not other.case_table.equals(cases.case_table)


def test_newest_cases_carry_an_address_and_a_description(table):
    last = table.slice(table.num_rows - 100).to_pylist()
    assert all("北环路" in row["address"] and "社区" in row["address"] and row["description"] for row in last)
    assert table["address"].null_count == table.num_rows - 20_000


def test_planted_counts_are_those_of_the_table(city, cases, table):
    codes = city.area["code"].to_pylist()
    class_code = city.case_class["code"].to_numpy(zero_copy_only=False)[table["class_id"].to_numpy()]
    street_code = np.array(codes)[table["street_id"].to_numpy()]
    day = table["reported_day"].to_numpy()
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    for row in cases.planted.to_pylist():
        held = (class_code == row["class_code"]) & (day >= row["first_day"]) & (day <= row["last_day"])
        if row["area_code"]:
            held &= street_code == row["area_code"]
        if row["lon"]:
            dx, dy = (lon - row["lon"]) * np.cos(np.radians(row["lat"])), lat - row["lat"]
            held &= np.hypot(dx, dy) * 111_320 <= row["radius_m"]
        assert held.sum() == row["cases"], row["note"]


def test_hot_spots_hold_about_their_magnitude_times_what_is_expected(city, plan, cases, table):
    cells = build_cells(city, stream(plan, "cases", 0))
    codes = city.case_class["code"].to_pylist()
    profile = profile_of(default_case_classes())
    cell_of = np.searchsorted(cells.grid_id, table["grid_id"].to_numpy())
    checked = 0
    used = [row["class_code"] for row in cases.planted.to_pylist() if row["kind"] == "hotspot"]
    for row in cases.planted.to_pylist():
        if row["kind"] != "hotspot" or used.count(row["class_code"]) > 1:
            continue
        class_id = codes.index(row["class_code"])
        dx = (cells.lon - row["lon"]) * np.cos(np.radians(row["lat"]))
        inside = np.hypot(dx, cells.lat - row["lat"]) * 111_320 <= row["radius_m"]
        weight = cells.weight[profile[class_id]]
        day = table["reported_day"].to_numpy()
        members = (table["class_id"].to_numpy() == class_id) & (day >= row["first_day"]) & (day <= row["last_day"])
        expected = members.sum() * weight[inside].sum() / weight.sum()
        if expected < 30:
            continue
        checked += 1
        observed = inside[cell_of[members]].sum()
        assert observed == pytest.approx(min(row["magnitude"] * expected, members.sum()), abs=5 * np.sqrt(observed))
    assert checked >= 3


def test_trends_and_shocks_of_the_district_are_recoverable(city, cases, table):
    class_code = city.case_class["code"].to_numpy(zero_copy_only=False)[table["class_id"].to_numpy()]
    day = table["reported_day"].to_numpy()
    half = np.datetime64(ANCHOR) - 365
    for row in cases.planted.to_pylist():
        members = class_code == row["class_code"]
        if row["kind"] == "trend" and members.sum() > 5000:
            ratio = (members & (day >= half)).sum() / (members & (day < half)).sum()
            assert ratio == pytest.approx(row["magnitude"], rel=0.12)
        if row["kind"] == "shock" and row["class_code"] == "E0406":
            held = (day >= row["first_day"]) & (day <= row["last_day"])
            year_before = (day >= row["first_day"] - np.timedelta64(365, "D")) & (
                day <= row["last_day"] - np.timedelta64(365, "D")
            )
            assert (members & held).sum() > 4 * (members & year_before).sum()


def test_collectors_work_by_day_and_assessors_on_working_days(table):
    ids = {source.code: source.source_id for source in DEFAULT_SOURCES}
    source, hour = table["source_id"].to_numpy(), table["reported_hour"].to_numpy()
    collectors = hour[source == ids["COLLECTOR"]]
    assert ((collectors >= 7) & (collectors < 19)).mean() > 0.9
    weekday = (table["reported_day"].cast("int32").to_numpy() + 3) % 7
    assert (weekday[source == ids["ASSESSMENT"]] < 5).mean() > 0.9


def test_satellite_finds_come_in_batches(table):
    ids = {source.code: source.source_id for source in DEFAULT_SOURCES}
    satellite = table.filter(pc.equal(table["source_id"], ids["SATELLITE"]))
    days = satellite["reported_day"].cast("int32").to_numpy()
    assert len(np.unique(days)) <= 46
    assert (np.diff(np.unique(days)) % 16 == 0).all()


def test_feed_is_ordered_in_the_week_from_the_anchor_and_from_sources_not_counted(cases):
    feed = cases.feed
    assert (np.diff(seconds(feed, "occurs_at")) >= 0).all()
    assert pc.min(feed["occurs_at"]).as_py() >= MIDNIGHT_UTC
    assert pc.max(feed["occurs_at"]).as_py() < MIDNIGHT_UTC + timedelta(days=FEED_DAYS)
    assert set(feed["source_id"].to_pylist()) == {4, 5}
    assert len(set(feed["record_no"].to_pylist())) == feed.num_rows


def test_a_leap_day_as_anchor_and_progress_to_the_end(city):
    told = []
    plan = DemoPlan(date(2028, 2, 29), cases=2_000)
    table = generate_cases(city, plan, lambda phase, fraction: told.append((phase, fraction))).case_table
    assert pc.max(table["reported_day"]).as_py() <= date(2028, 2, 28)
    assert told[0] == ("cases", 0.0)
    assert told[-1] == ("cases", 1.0)
    assert [fraction for _, fraction in told] == sorted(fraction for _, fraction in told)
