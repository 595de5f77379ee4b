from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely

from twin_model.demo.city import City
from twin_model.demo.plan import DemoPlan
from twin_model.demo.roof_choice import RULES, Roof
from twin_model.demo.roofs import MODEL_SCHEMA, building_models
from twin_model.local_frame import LocalFrame
from twin_model.mesh import Mesh
from twin_model.mesh_repair import repaired_all
from twin_model.mesh_tile import tile_of
from twin_model.surface import SurfaceKind


def meshes(models):
    for vertices, faces, surfaces in zip(
        *(models[name].to_pylist() for name in ("vertices", "faces", "surfaces")), strict=True
    ):
        corners = np.frombuffer(vertices, np.float32).reshape(-1, 3).astype(np.float64)
        triangles = np.frombuffer(faces, np.uint32).reshape(-1, 3).astype(np.int32)
        yield Mesh(corners, triangles, np.frombuffer(surfaces, np.uint8))


@pytest.fixture(scope="module")
def sample(city: City) -> tuple[pa.Table, list[Mesh]]:
    """Models of some buildings of every use."""
    rng = np.random.default_rng(5)
    models = city.building_model
    models = models.take(pa.array(np.sort(rng.choice(models.num_rows, 400, replace=False))))
    return models, list(meshes(models))


def test_models_are_sound_solids_of_ground_walls_and_roof(sample: tuple[pa.Table, list[Mesh]]) -> None:
    models, found = sample
    for (_, report, _), volume, surface in zip(
        repaired_all(found, solid=True), models["volume_m3"].to_pylist(), models["surface_m2"].to_pylist(), strict=True
    ):
        assert (report.state, report.reason) == ("valid", "")
        assert report.volume_m3 == pytest.approx(volume)
        assert report.surface_m2 == pytest.approx(surface)
    kinds = {SurfaceKind.GROUND, SurfaceKind.WALL, SurfaceKind.ROOF}
    assert all(set(mesh.surfaces) == kinds for mesh in found)


def test_models_stand_on_the_ground_within_their_footprint_and_are_as_high_as_their_building(
    city: City, sample: tuple[pa.Table, list[Mesh]]
) -> None:
    models, found = sample
    buildings = city.building.take(models["building_id"])
    footprints = shapely.from_wkb(buildings["geom"].to_numpy(zero_copy_only=False))
    for number, mesh in enumerate(found):
        assert mesh.vertices[:, 2].min() == 0
        assert mesh.vertices[:, 2].max() == buildings["height_m"][number].as_py()
        lon, lat = models["lon"][number].as_py(), models["lat"][number].as_py()
        corners = LocalFrame(lon, lat).to_geographic(mesh.vertices)
        inside = footprints[number].buffer(1e-6)  # a tenth of a metre
        assert shapely.contains_xy(inside, corners[:, :2]).all()
        assert shapely.contains_xy(footprints[number], lon, lat)


def test_rows_are_those_of_the_store(city: City) -> None:
    models = city.building_model
    assert models.schema == MODEL_SCHEMA
    assert (np.diff(models["building_id"].to_numpy()) > 0).all()
    assert models["lod"].unique().to_pylist() == ["2.0"]
    assert (models["tile"].to_numpy() == tile_of(models["lon"].to_numpy(), models["lat"].to_numpy())).all()
    assert models["texture_ids"].null_count == models.num_rows
    assert models.num_rows > 0.7 * city.building.num_rows


def test_a_buildings_roof_hangs_on_its_code_and_the_seed_only(city: City, plan: DemoPlan) -> None:
    some = city.building.slice(100, 300)
    all_of_them = city.building_model
    ids = set(some["building_id"].to_pylist())
    mine = all_of_them.filter(pa.array([number in ids for number in all_of_them["building_id"].to_pylist()]))
    assert building_models(some, plan.seed).equals(mine.combine_chunks())
    assert not building_models(some, replace(plan, seed=plan.seed + 1).seed).equals(mine)


def test_no_building_gives_no_model(city: City) -> None:
    assert building_models(city.building.slice(0, 0), 1).num_rows == 0


def test_every_roof_has_a_rule_and_the_last_takes_what_is_left() -> None:
    assert {rule.roof for rule in RULES} == set(Roof)
    assert RULES[-1] == type(RULES[-1])(RULES[-1].roof)
