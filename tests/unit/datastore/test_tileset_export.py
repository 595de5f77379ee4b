import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from trimesh.creation import icosphere

from datastore.settle import settle
from datastore.store import Store
from datastore.tileset_export import TileOptions, TilesetExportError, export_tileset
from tests.tile_reader import Content, Read, read_tileset
from twin_model.surface import SurfaceKind
from twin_model.tile_models import SIMPLER_M
from twin_model.tile_points import NEAR_ERROR_M

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6368487000"
    "000284012169cbbde20000000049454e44ae426082"
)
"""One pixel."""


@pytest.fixture(scope="module")
def folder(small_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tiles") / "city"
    export_tileset(small_store, out, TileOptions(height_offset_m=-9.5))
    return out


@pytest.fixture(scope="module")
def tiles(folder: Path) -> Read:
    return read_tileset(folder)


def buildings_of(tiles: Read) -> list[tuple[dict, Content]]:
    named = [tile for tile in tiles.tiles() if "content" in tile]
    return [(tile, tiles.content(tile)) for tile in named if tile["content"]["group"] == 0]


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        found.update(path.relative_to(folder).as_posix().encode() + (path.read_bytes() if path.is_file() else b""))
    return found.hexdigest()


def test_regions_are_those_of_the_vertices_and_hold_all_below(tiles: Read) -> None:
    def check(tile: dict) -> np.ndarray:
        west, south, east, north, low, high = tile["boundingVolume"]["region"]
        found = [check(child) for child in tile.get("children", ())]
        if "content" in tile:
            places = tiles.places(tiles.content(tile))
            found.append(np.array([*places.min(axis=0), *places.max(axis=0)]))
        whole = np.array(found)
        least, most = whole[:, :3].min(axis=0), whole[:, 3:].max(axis=0)
        stated = np.array([*np.degrees([west, south]), low]), np.array([*np.degrees([east, north]), high])
        slack = np.array([1e-6, 1e-6, 0.02])
        assert (stated[0] <= least).all()
        assert (least <= stated[0] + slack).all()
        assert (most <= stated[1]).all()
        assert (stated[1] - slack <= most).all()
        return np.array([*least, *most])

    check(tiles.tree["root"])


def test_errors_never_grow_towards_the_leaves_and_end_at_zero(tiles: Read) -> None:
    for tile in tiles.tiles():
        children = tile.get("children", ())
        assert all(child["geometricError"] <= tile["geometricError"] for child in children)
        assert children or tile["geometricError"] == 0


def test_every_building_is_in_one_leaf_with_its_facts(tiles: Read, small_store: Store) -> None:
    leaves = [content for tile, content in buildings_of(tiles) if not tile.get("children")]
    columns = ("code", "name", "address", "use", "height", "storeys", "lod", "state", "open")
    found = {row[0]: row for leaf in leaves for row in zip(*(leaf.column(name) for name in columns), strict=True)}
    with small_store.read() as cur:
        expected = cur.execute(
            "SELECT b.code, coalesce(name, ''), coalesce(address, ''), \"use\", height_m, storeys, "
            "coalesce(max(lod), '1'), coalesce(max(state), 'block'), "
            "(SELECT count(*) FROM open_case AS o WHERE o.building_id = b.building_id) "
            "FROM building AS b LEFT JOIN building_detail USING (building_id) "
            "LEFT JOIN building_model USING (building_id) "
            "GROUP BY ALL"
        ).fetchall()
    assert sum(len(leaf.column("code")) for leaf in leaves) == len(expected)
    assert found == {row[0]: row for row in expected}


def test_each_feature_is_where_its_building_stands_and_as_high(tiles: Read, small_store: Store) -> None:
    with small_store.read() as cur:
        rows = cur.execute("SELECT code, lon, lat, height_m FROM building").fetchall()
    known = {code: rest for code, *rest in rows}
    for _, content in buildings_of(tiles):
        places, features = tiles.places(content), content.attribute("_FEATURE_ID_0").ravel()
        for feature, code in list(enumerate(content.column("code")))[::25]:
            lon, lat, height = known[code]
            mine = places[features == feature]
            assert mine[:, 0].min() < lon < mine[:, 0].max()
            assert mine[:, 1].min() < lat < mine[:, 1].max()
            assert mine[:, 2].min() == pytest.approx(-9.5, abs=0.006)
            assert mine[:, 2].max() == pytest.approx(height - 9.5, abs=0.006)


def test_triangles_face_the_way_of_their_normals(tiles: Read) -> None:
    for _, content in buildings_of(tiles):
        positions, normals = (content.attribute(name).astype(np.float64) for name in ("POSITION", "NORMAL"))
        corners = positions[content.triangles()]
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        assert ((across * normals[content.triangles()[:, 0]]).sum(axis=1) > 0).all()


def test_the_same_store_gives_the_same_bytes(folder: Path, small_store: Store, tmp_path: Path) -> None:
    export_tileset(small_store, tmp_path / "again", TileOptions(height_offset_m=-9.5))
    assert digest(tmp_path / "again") == digest(folder)


def test_blocks_alone_have_one_level_of_detail_and_no_ground(small_store: Store, tmp_path: Path) -> None:
    report = export_tileset(small_store, tmp_path / "blocks", TileOptions(lod="1", ground=False, components=False))
    tiles = read_tileset(tmp_path / "blocks")
    assert report.models == 0
    assert {lod for _, content in buildings_of(tiles) for lod in content.column("lod")} == {"1"}
    assert sorted(path.name for path in (tmp_path / "blocks").iterdir()) == ["buildings", "tileset.json"]


def test_the_ground_says_what_it_is(tiles: Read) -> None:
    ground = [tile for tile in tiles.tiles() if tile.get("content", {}).get("group") == 1]
    layers = {layer for tile in ground for layer in tiles.content(tile).column("layer")}
    assert layers == {"area", "landuse", "road"}


def test_every_component_is_a_point_where_it_stands(tiles: Read, small_store: Store) -> None:
    with small_store.read() as cur:
        rows = cur.execute(
            "SELECT component.code, case_class.code, state, lon, lat FROM component JOIN case_class USING (class_id)"
        ).fetchall()
    expected = {code: rest for code, *rest in rows}
    found = []
    for tile in tiles.tiles():
        if tile.get("content", {}).get("group") != 2:
            continue
        content = tiles.content(tile)
        assert [each["mode"] for each in content.primitives] == [0]
        assert content.attribute("_FEATURE_ID_0").ravel().tolist() == list(range(len(content.column("code"))))
        columns = [content.column(name) for name in ("code", "class", "state")]
        for code, cls, state, place in zip(*columns, tiles.places(content), strict=True):
            assert [cls, state] == expected[code][:2]
            assert place[:2] == pytest.approx(expected[code][2:], abs=2e-7)
            found.append(code)
    assert sorted(found) == sorted(expected)


def test_points_are_seen_from_near_only(tiles: Read) -> None:
    def check(tile: dict, above: float) -> int:
        if tile.get("content", {}).get("group") == 2:
            assert above == NEAR_ERROR_M
            return 1
        return sum(check(child, tile["geometricError"]) for child in tile.get("children", ()))

    assert check(tiles.tree["root"], 0.0) > 0


def test_large_models_have_simpler_ones_above_them_and_textures_on_them(small_data_dir: Path, tmp_path: Path) -> None:
    ball, skin = icosphere(4), np.full((5120, 3, 2), 0.25, dtype="<f4")
    shutil.copytree(small_data_dir, tmp_path / "data")
    with Store.open(tmp_path / "data") as store:
        with store.write() as con:
            (dataset,) = con.execute("SELECT dataset_id FROM dataset WHERE kind = 'buildings'").fetchone()
            few = "(SELECT building_id FROM building_model ORDER BY building_id LIMIT 20)"
            for table in ("building", "building_model"):
                con.execute(f"DELETE FROM {table} WHERE building_id NOT IN {few}")  # noqa: S608 - of ours
            settle(con)
            con.execute(
                "INSERT INTO building_texture VALUES (7, 'roof.png', 'image/png', '', $png, $dataset),"
                "(8, 'roof.tif', 'image/tiff', '', 'II', $dataset)",
                {"png": PNG, "dataset": dataset},
            )
            con.execute(
                "UPDATE building_model SET vertices = $v, faces = $f, surfaces = $s, texture_ids = $t, uv = $uv "
                "WHERE building_id = (SELECT min(building_id) FROM building_model)",
                {
                    "v": ball.vertices.astype("<f4").tobytes(), "f": ball.faces.astype("<u4").tobytes(),
                    "s": bytes([SurfaceKind.WALL]) * 5120, "uv": skin.tobytes(),
                    "t": np.repeat([7, 8, -1], [3000, 1000, 1120]).astype("<i4").tobytes(),
                },
            )  # fmt: skip
        export_tileset(store, tmp_path / "tiles", TileOptions(ground=False, components=False))
    tiles = read_tileset(tmp_path / "tiles")
    (simple,) = [tile for tile in tiles.tiles() if "-simple" in tile.get("content", {}).get("uri", "")]
    (detail,) = simple["children"]
    assert (simple["geometricError"], detail["geometricError"]) == (SIMPLER_M, 0)
    coarse, fine = tiles.content(simple), tiles.content(detail)
    assert len(coarse.triangles()) < len(fine.triangles()) / 2
    assert coarse.column("code") == fine.column("code")
    assert "images" not in coarse.tree
    (image,) = fine.tree["images"]
    view = fine.tree["bufferViews"][image["bufferView"]]
    assert fine.body[view["byteOffset"] : view["byteOffset"] + view["byteLength"]] == PNG
    textured = [each for each in fine.primitives if "TEXCOORD_0" in each["attributes"]]
    assert sum(fine.accessor(each["indices"]).size for each in textured) == 3 * 3000
    assert np.allclose(fine.accessor(textured[0]["attributes"]["TEXCOORD_0"]), (0.25, 0.75))
    (west, south, east, north, *_) = simple["boundingVolume"]["region"]
    assert (np.degrees([west, south]) <= tiles.places(coarse)[:, :2].min(axis=0)).all()
    assert (tiles.places(coarse)[:, :2].max(axis=0) <= np.degrees([east, north])).all()


def test_simulated_data_is_marked_and_credited(tiles: Read) -> None:
    about = tiles.tree["metadata"]["properties"]
    assert about["simulated"].startswith("true")
    assert "CIM2" in about["cimLevels"]
    for _, content in buildings_of(tiles):
        assert "simulated" in content.tree["asset"]["copyright"]


def test_an_earlier_export_is_replaced_and_other_directories_are_not(
    folder: Path, small_store: Store, tmp_path: Path
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    shutil.copytree(folder, ours)
    (ours / "buildings" / "stale.glb").touch()
    export_tileset(small_store, ours, TileOptions(height_offset_m=-9.5))
    assert digest(ours) == digest(folder)
    theirs.mkdir()
    (theirs / "diary.txt").write_text("mine")
    with pytest.raises(TilesetExportError, match="--force"):
        export_tileset(small_store, theirs, TileOptions())
    assert (theirs / "diary.txt").read_text() == "mine"


def test_an_export_that_is_broken_off_leaves_nothing(small_store: Store, tmp_path: Path) -> None:
    def stop(step: str, _fraction: float) -> None:
        if step == "ground":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_tileset(small_store, tmp_path / "tiles", TileOptions(), stop)
    assert not list(tmp_path.iterdir())


def test_a_store_without_buildings_says_so(store_factory: Callable[..., Store], tmp_path: Path) -> None:
    with pytest.raises(TilesetExportError, match="no buildings"):
        export_tileset(store_factory(), tmp_path / "tiles", TileOptions())
    assert not (tmp_path / "tiles").exists()


def test_a_file_in_the_way_is_not_replaced(small_store: Store, tmp_path: Path) -> None:
    (tmp_path / "tiles").write_text("mine")
    with pytest.raises(TilesetExportError, match="is a file"):
        export_tileset(small_store, tmp_path / "tiles", TileOptions())
