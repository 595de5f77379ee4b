import pytest

from twin_model.cim import CimLevel, building_cim_level, cim_level, dataset_cim_level


@pytest.mark.parametrize(
    ("kind", "level", "basis"),
    [
        ("areas", 1, "outlines"),
        ("roads", 1, "outlines"),
        ("landuse", 1, "outlines"),
        ("components", 1, "typed_points"),
        ("cases", None, "records"),
        ("tileset", None, "background"),
        ("buildings", None, "unknown"),
        ("city", 1, "outlines"),
    ],
)
def test_what_has_no_building_is_an_outline_at_most(kind: str, level: int | None, basis: str) -> None:
    found = cim_level(kind)
    assert (found.level, found.basis) == (level, basis)


@pytest.mark.parametrize(
    ("lods", "counts", "level"),
    [
        ((), {"buildings": 9}, CimLevel(2, "1", "blocks")),
        ((), {"buildings": 9, "estimated": 9}, CimLevel(2, "1", "blocks_estimated")),
        (("0",), {"buildings": 9}, CimLevel(2, "1", "blocks")),
        (("1.2",), {"buildings": 9}, CimLevel(2, "1.2", "blocks")),
        (("2",), {"buildings": 9, "modelled": 9}, CimLevel(2, "2", "no_surfaces")),
        (("2",), {"buildings": 9, "modelled": 9, "semantic": True}, CimLevel(3, "2", "roofs")),
        (("0", "1.2", "2.2"), {"buildings": 9, "modelled": 9, "semantic": True}, CimLevel(3, "1.2 – 2.2", "roofs")),
        (("2.0",), {"buildings": 9, "modelled": 8, "semantic": True}, CimLevel(2, "1 – 2.0", "partly_roofs")),
        (("3",), {"buildings": 9, "modelled": 9, "semantic": True}, CimLevel(3, "3", "detail")),
        (("1", "3"), {"buildings": 9, "modelled": 1, "semantic": True}, CimLevel(2, "1 – 3", "partly_roofs")),
        (("odd",), {"buildings": 9}, CimLevel(2, "1", "blocks")),
    ],
)
def test_the_level_is_what_every_building_reaches(
    lods: tuple[str, ...], counts: dict[str, int], level: CimLevel
) -> None:
    assert cim_level("buildings", lods, **counts) == level  # type: ignore[arg-type]  # one of the counts is a bool


@pytest.mark.parametrize("lod", ["1", "2", "2.2", "3", "3.3", "4"])
@pytest.mark.parametrize("semantic", [False, True])
def test_nothing_is_given_a_level_above_three(lod: str, *, semantic: bool) -> None:
    level = cim_level("city", (lod,), buildings=1, modelled=1, semantic=semantic).level
    assert level in {2, 3}


def test_a_row_of_the_data_sets_gives_its_level() -> None:
    row = {"kind": "city", "lods": ["2.2"], "buildings": 2, "modelled": 2, "estimated": 0, "semantic": True, "rows": 2}
    row["simulated"] = False
    assert dataset_cim_level(row) == CimLevel(3, "2.2", "roofs")


@pytest.mark.parametrize(
    ("best", "source", "semantic", "basis"),
    [
        (None, "measured", False, "blocks"),
        (None, "simulated", False, "blocks_estimated"),
        ("1.3", "model", True, "blocks"),
        ("2.0", "simulated", True, "generated"),
        ("2.0", "model", False, "no_surfaces"),
        ("3.1", "model", True, "detail"),
    ],
)
def test_one_building_has_the_level_of_its_best_model(
    best: str | None, source: str, basis: str, *, semantic: bool
) -> None:
    assert building_cim_level(best, source, semantic=semantic).basis == basis


def test_generated_roofs_lift_no_level() -> None:
    found = cim_level("buildings", ("2.0",), buildings=9, modelled=9, semantic=True, simulated=True)
    assert found == CimLevel(2, "2.0", "generated")
    assert building_cim_level("2.0", "simulated", semantic=True) == found
    assert building_cim_level("2.0", "model", semantic=True).level == 3
