import base64
import json
import struct

import numpy as np
import pytest

from datastore.sources.city import import_city
from datastore.sources.errors import SourceError
from datastore.sources.gltf import read_gltf
from datastore.sources.options import CityOptions

BOX = np.array([(x, y, z) for z in (0.0, 3.0) for y in (0.0, 2.0) for x in (0.0, 1.0)])
"""Corners of a box of 1 by 2 by 3, z up."""
FACES = np.array(
    [(0, 2, 1), (1, 2, 3), (4, 5, 6), (5, 7, 6), (0, 1, 4), (1, 5, 4),
     (2, 6, 3), (3, 6, 7), (0, 4, 2), (2, 4, 6), (1, 3, 5), (3, 7, 5)]
)  # fmt: skip
PLACE = 'longitude = 116.3\nlatitude = 39.96\nheight = 50\nname = "盒子"\ncode = "box-1"\nuse = "office"\nstoreys = 1\n'


def obj():
    points = "".join(f"v {x} {y} {z}\n" for x, y, z in BOX)
    return (
        "mtllib ../../etc/passwd\n" + points + "".join(f"f {a + 1} {b + 1} {c + 1}\n" for a, b, c in FACES)
    ).encode()


def ply():
    head = f"ply\nformat ascii 1.0\nelement vertex {len(BOX)}\nproperty float x\nproperty float y\nproperty float z\n"
    head += f"element face {len(FACES)}\nproperty list uchar int vertex_indices\nend_header\n"
    body = "".join(f"{x} {y} {z}\n" for x, y, z in BOX) + "".join(f"3 {a} {b} {c}\n" for a, b, c in FACES)
    return (head + body).encode()


def stl():
    triangles = BOX[FACES].astype("<f4")
    records = b"".join(struct.pack("<3f", 0, 0, 0) + triangle.tobytes() + b"\0\0" for triangle in triangles)
    return b"\0" * 80 + struct.pack("<I", len(FACES)) + records


def gltf(document=None, *, uri=None, **node):
    """glTF with the box, y up; its image is in the file."""
    upright = np.column_stack((BOX[:, 0], BOX[:, 2], -BOX[:, 1])).astype("<f4").tobytes()
    uv = np.zeros((len(BOX), 2), dtype="<f4").tobytes()
    data = upright + FACES.astype("<u2").tobytes() + uv + b"\x89PNG\r\n\x1a\n"
    sizes = [len(upright), FACES.size * 2, len(uv), 8]
    starts = np.concatenate(([0], np.cumsum(sizes)))[:-1].tolist()
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, **node}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 2}, "indices": 1, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
        "textures": [{"source": 0}],
        "images": [{"bufferView": 3, "mimeType": "image/png"}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "type": "VEC3", "count": len(BOX)},
            {"bufferView": 1, "componentType": 5123, "type": "SCALAR", "count": FACES.size},
            {"bufferView": 2, "componentType": 5126, "type": "VEC2", "count": len(BOX)},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": start, "byteLength": size} for start, size in zip(starts, sizes, strict=True)
        ],
        "buffers": [{"byteLength": len(data), **({"uri": uri} if uri else {})}],
        **(document or {}),
    }
    return document, data


def glb(document, data):
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    data += b"\0" * (-len(data) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(data), b"BIN\0") + data
    return b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks


MODELS = {"obj": obj(), "ply": ply(), "stl": stl(), "glb": glb(*gltf())}


@pytest.mark.parametrize("ending", MODELS)
def test_each_format_stands_where_its_placement_says(store, tmp_path, now, ask, ending):
    file = tmp_path / f"模型.{ending}"
    file.write_bytes(MODELS[ending])
    file.with_suffix(".toml").write_text(PLACE, encoding="utf-8")
    report = import_city(store, file, CityOptions(), now)
    assert report.counts["models valid"] == 1
    assert ask('SELECT code, name, "use", height_m, height_source, storeys FROM building') == [
        ("box-1", "盒子", "office", 3.0, "model", 1)
    ]
    assert ask("SELECT footprint_m2 FROM building")[0][0] == pytest.approx(2, rel=1e-4)
    assert ask("SELECT lon, lat FROM building")[0] == pytest.approx((116.3, 39.96), abs=3e-5)
    assert ask("SELECT base_m, round(volume_m3, 3) FROM building_model") == [(50.0, 6.0)]


def test_the_image_of_a_gltf_is_kept_with_its_coordinates(store, tmp_path, now, ask):
    (tmp_path / "a.glb").write_bytes(MODELS["glb"])
    (tmp_path / "a.toml").write_text(PLACE, encoding="utf-8")
    import_city(store, tmp_path / "a.glb", CityOptions(), now)
    assert ask("SELECT path, media_type FROM building_texture") == [("image-0", "image/png")]
    assert (
        np.frombuffer(ask("SELECT uv FROM building_model")[0][0], dtype="<f4").reshape(-1, 2).tolist() == [[0, 1]] * 36
    )


def test_a_changed_placement_places_it_anew_and_a_code_that_is_taken_is_refused(store, tmp_path, now, ask):
    file, place = tmp_path / "a.stl", tmp_path / "place.toml"
    file.write_bytes(MODELS["stl"])
    place.write_text(PLACE, encoding="utf-8")
    options = CityOptions(placement=place)
    import_city(store, file, options, now)
    assert import_city(store, file, options, now).unchanged
    place.write_text(PLACE.replace("116.3", "116.4"), encoding="utf-8")
    assert not import_city(store, file, options, now).unchanged
    assert ask("SELECT round(lon, 3) FROM building") == [(116.4,)]
    with pytest.raises(SourceError, match="the code box-1 is in the store already"):
        import_city(store, file, CityOptions(name="other", placement=place), now)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("longitude = 1", "does not say where the model stands"),
        ("x = 1\ny = 2", "the coordinate reference system is missing"),
        ('x = 1\ny = 2\ncrs = "EPSG:1"', "no coordinate reference system"),
        ('longitude = "east"\nlatitude = 1', "longitude = 'east' is no number"),
        ("longitude = 200\nlatitude = 1", "not on the globe"),
        ("longitude = 1\nlatitude = 1\nscale = 0", "scale 0 is not above 0"),
        ("longitude = 1\nlatitude = nan", "is no number"),
        ("longitude = 1\nlatitude = 1\nup = 'x'", "up = 'x'; give one of y, z"),
        ("longitude = 1\nlatitude = 1\nheigth = 1", "unknown key 'heigth'"),
        ("longitude = 1\nlatitude = 1\nname = 3", "name = 3 is no text"),
        ("longitude = 1\nlatitude = 1\nlod = 0", "lod '0' is no number above 0"),
        ("longitude 1", "not TOML"),
    ],
)
def test_a_placement_that_says_too_little_or_nonsense_is_refused(store, tmp_path, now, content, *, text, what):
    before = content()
    (tmp_path / "a.stl").write_bytes(MODELS["stl"])
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=what):
        import_city(store, tmp_path / "a.stl", CityOptions(), now)
    assert content() == before


def test_a_model_without_a_placement_is_told_how_to_get_one(store, tmp_path, now):
    (tmp_path / "a.stl").write_bytes(MODELS["stl"])
    with pytest.raises(SourceError, match=r"a\.toml: the placement of the model cannot be read .*longitude = 116\.3"):
        import_city(store, tmp_path / "a.stl", CityOptions(), now)


def test_x_and_y_are_metres_of_their_system(store, tmp_path, now, ask):
    (tmp_path / "a.stl").write_bytes(MODELS["stl"])
    # The test point of the Beijing zone: 116.298 E, 39.959 N.
    (tmp_path / "a.toml").write_text('x = 440017.409\ny = 4425212.630\ncrs = "EPSG:4548"', encoding="utf-8")
    import_city(store, tmp_path / "a.stl", CityOptions(), now)
    assert ask("SELECT lon, lat FROM building")[0] == pytest.approx((116.298, 39.959), abs=3e-5)
    assert ask("SELECT crs FROM dataset") == [("EPSG:4548",)]


def read(tmp_path, content, name="a.gltf"):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return read_gltf(tmp_path / name)


def test_a_gltf_reads_its_buffer_beside_it_or_within(tmp_path):
    document, data = gltf(uri="a%20b.bin")
    (tmp_path / "a b.bin").write_bytes(data)
    beside = read(tmp_path, document)
    within, _ = gltf(uri="data:application/octet-stream;base64," + base64.b64encode(data).decode())
    assert np.array_equal(beside.corners, read(tmp_path, within).corners)


@pytest.mark.parametrize(
    ("change", "node", "low", "high"),
    [
        ({}, {"translation": [10, 0, 0]}, (10, 0, -2), (11, 3, 0)),
        ({}, {"scale": [2, 2, 2]}, (0, 0, -4), (2, 6, 0)),
        ({}, {"rotation": [0, 2**-0.5, 0, 2**-0.5]}, (-2, 0, -1), (0, 3, 0)),
        ({}, {"matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 5, 0, 1]}, (0, 5, -2), (1, 8, 0)),
    ],
)
def test_nodes_place_their_meshes(tmp_path, change, node, low, high):
    document, data = gltf(change, **node)
    corners = read(tmp_path, glb(document, data), "a.glb").corners.reshape(-1, 3)
    assert (corners.min(axis=0), corners.max(axis=0)) == (pytest.approx(low), pytest.approx(high))


def test_a_mirrored_node_keeps_its_triangles_outward(tmp_path):
    corners = read(tmp_path, glb(*gltf(scale=[-1, 1, 1])), "a.glb").corners
    volume = np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6
    assert volume == pytest.approx(6)


@pytest.mark.parametrize(("mode", "triangles"), [(5, [(0, 1, 2), (1, 3, 2)]), (6, [(0, 1, 2), (0, 2, 3)]), (1, [])])
def test_strips_and_fans_are_triangles_and_lines_are_none(tmp_path, mode, triangles):
    primitive = {"attributes": {"POSITION": 0}, "mode": mode}
    document, data = gltf({"meshes": [{"primitives": [primitive]}]})
    document["accessors"][0]["count"] = 4
    corners = read(tmp_path, glb(document, data), "a.glb").corners
    upright = np.column_stack((BOX[:, 0], BOX[:, 2], -BOX[:, 1]))
    assert corners == pytest.approx(upright[np.array(triangles, dtype=int).reshape(-1, 3)])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"asset": {"version": "1.0"}}, "glTF version 1.0 is not read"),
        ({"extensionsRequired": ["KHR_draco_mesh_compression"]}, "KHR_draco_mesh_compression, which is not read"),
        ({"nodes": [{"mesh": 9}]}, "not a glTF model that can be read"),
        ({"nodes": [{"children": [0]}]}, "in a circle"),
        ({"buffers": [{"uri": "../../secret.bin", "byteLength": 1}]}, "a path that leaves the folder"),
        ({"buffers": [{"uri": "http://127.0.0.1/a.bin", "byteLength": 1}]}, "an address"),
        ({"buffers": [{"uri": "gone.bin", "byteLength": 1}]}, "cannot be read"),
        ({"buffers": [{"uri": "data:;base64,!", "byteLength": 1}]}, "a data URI is broken"),
        ({"bufferViews": [{"buffer": 0, "byteOffset": 10**9, "byteLength": 1}] * 4}, "reaches beyond its buffer"),
    ],
)
def test_a_gltf_that_cannot_be_read_is_told(tmp_path, change, what):
    document, data = gltf(change)
    with pytest.raises(SourceError, match=what):
        read(tmp_path, glb(document, data), "a.glb")


@pytest.mark.parametrize(
    ("name", "content"), [("a.glb", b"glTF\x02"), ("a.gltf", b"{"), ("a.gltf", b"[]"), ("a.glb", b"")]
)
def test_a_broken_gltf_is_told(tmp_path, name, content):
    with pytest.raises(SourceError, match=r"a\.gl(b|tf): "):
        read(tmp_path, content, name)


@pytest.mark.parametrize("ending", ["obj", "stl", "ply"])
def test_what_is_no_model_is_told(store, tmp_path, now, ending):
    (tmp_path / f"a.{ending}").write_bytes(b"\x00\x01 nothing of the kind")
    (tmp_path / "a.toml").write_text(PLACE, encoding="utf-8")
    with pytest.raises(SourceError, match=r"not a model that can be read|there is no triangle in it"):
        import_city(store, tmp_path / f"a.{ending}", CityOptions(), now)
