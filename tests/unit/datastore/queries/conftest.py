"""A few hundred random cases in a tiny city, in a store and as plain Python beside it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from datastore.meta import write_meta
from datastore.rollup import refresh_rollups
from datastore.store import Store
from twin_model.case import CaseStage
from twin_model.selection import SelectableCase

ZONE = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 3, 10, 16, tzinfo=UTC)
FIRST = datetime(2026, 2, 20, 16, tzinfo=UTC)
AREAS = ["110108", "110108001", "110108002", "110108003"]
COMMUNITIES = [f"{street}{number:03d}" for street in AREAS[1:] for number in (1, 2)]
GRIDS = [f"{community}{number:03d}" for community in COMMUNITIES for number in (1, 2)]
UNITS = ["W01", "W02", "水务(局)"]
CLASSES = ["C0101", "E0101", "E0102", "E0201"]
BUILDINGS = ["B1", "B2", "建筑-3"]
SOURCES = ["COLLECTOR", "VIDEO", "ASSESSMENT"]


@dataclass(frozen=True)
class KnownCase:
    """A case as the store holds it, and as a selection sees it."""

    case_id: int
    seen: SelectableCase
    deadline_at: datetime | None
    closed_day: date | None

    @property
    def reported_day(self) -> date:
        return self.seen.reported_at.astimezone(ZONE).date()


@dataclass(frozen=True)
class TinyCity:
    store: Store
    cases: tuple[KnownCase, ...]


def random_case(case_id: int, dice: random.Random) -> KnownCase:
    reported_at = FIRST + timedelta(seconds=case_id * 3600 + dice.randrange(3600))
    stage = dice.choice([*CaseStage, CaseStage.CLOSED, CaseStage.CLOSED])
    grid = dice.choice([*GRIDS, None])
    placed = frozenset(grid[:length] for length in (6, 9, 12, 15)) if grid else frozenset()
    if grid and dice.random() < 0.2:  # in a community, but in none of its cells
        placed = frozenset(code for code in placed if len(code) < 15)
    located = grid is not None or dice.random() < 0.5
    closed_at = reported_at + timedelta(hours=dice.randrange(1, 200))
    return KnownCase(
        case_id,
        SelectableCase(
            reported_at=reported_at,
            area_codes=placed,
            class_code=dice.choice(CLASSES),
            source_code=dice.choice(SOURCES),
            stage=stage,
            unit_code=dice.choice([*UNITS, None]),
            lon=116.0 + dice.randrange(9) / 8 if located else None,
            lat=40.0 + dice.randrange(9) / 8 if located else None,
            building_code=dice.choice([*BUILDINGS, None]) if located else None,
        ),
        dice.choice([None, AS_OF + timedelta(hours=dice.randrange(-48, 48))]),
        closed_at.astimezone(ZONE).date() if stage is CaseStage.CLOSED and dice.random() < 0.9 else None,
    )


def fill(store: Store, cases: tuple[KnownCase, ...]) -> None:
    codes = [*AREAS, *COMMUNITIES, *GRIDS]
    key = {code: place for place, code in enumerate(codes)}
    with store.write() as con:
        con.execute("DELETE FROM case_class")
        con.executemany(
            "INSERT INTO case_class VALUES (?, ?, 'event', ?, '大', 'big', ?, '小', 'small', 24)",
            [(place, code, code[1:3], code[3:]) for place, code in enumerate(CLASSES)],
        )
        con.executemany(
            "INSERT INTO unit VALUES (?, ?, ?, ?, 'other')", [(i, code, code, code) for i, code in enumerate(UNITS)]
        )
        con.executemany(
            "INSERT INTO area (area_id, code, level, parent_id, name, geom_source, dataset_id) VALUES (?,?,?,?,?,?,0)",
            [(key[code], code, len(code) // 3 - 1, key.get(code[:-3]), f"名{code}", "none") for code in codes],
        )
        con.executemany(
            "INSERT INTO building (building_id, code, height_m, height_source, footprint_m2, lon, lat, geom, "
            "dataset_id) VALUES (?, ?, 9, 'measured', 99, 116, 40, 'POLYGON ((0 0, 1 0, 1 1, 0 0))'::GEOMETRY, 0)",
            list(enumerate(BUILDINGS)),
        )
        source_ids = dict(con.execute("SELECT code, source_id FROM case_source").fetchall())
        for case in cases:
            seen = case.seen
            areas = {len(code): key[code] for code in seen.area_codes}
            con.execute(
                """
                INSERT INTO cases (case_id, case_no, source_id, class_id, stage, unit_id, reported_at, deadline_at,
                    reported_day, reported_hour, closed_day, lon, lat, street_id, community_id, grid_id, building_id,
                    building_m, dataset_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, 0)
                """,
                [
                    case.case_id,
                    f"no-{case.case_id:05d}",
                    source_ids[seen.source_code],
                    CLASSES.index(seen.class_code),
                    int(seen.stage),
                    None if seen.unit_code is None else UNITS.index(seen.unit_code),
                    seen.reported_at.replace(tzinfo=None),
                    case.deadline_at and case.deadline_at.replace(tzinfo=None),
                    case.reported_day,
                    case.closed_day,
                    seen.lon,
                    seen.lat,
                    areas.get(9),
                    areas.get(12),
                    areas.get(15),
                    None if seen.building_code is None else BUILDINGS.index(seen.building_code),
                    None if seen.building_code is None else 2.5,
                ],
            )
        refresh_rollups(con)
        write_meta(con, {"as_of": AS_OF.isoformat()})


@pytest.fixture(scope="session")
def tiny_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyCity]:
    dice = random.Random(7)  # noqa: S311 - test data
    cases = tuple(random_case(case_id, dice) for case_id in range(400))
    with Store.open(tmp_path_factory.mktemp("tiny"), create=True) as store:
        fill(store, cases)
        yield TinyCity(store, cases)
