import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from datastore.fingerprint import fingerprint
from datastore.meta import write_meta
from datastore.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

CSV_HEAD = "id,reported,closed,lon,lat,kind,from,state,dept,area"
MAPPING = """
crs = "EPSG:4490"
time_zone = "Asia/Shanghai"

[columns]
id = "id"
reported_at = "reported"
closed_at = "closed"
lon = "lon"
lat = "lat"
class = "kind"
source = "from"
stage = "state"
unit = "dept"
area = "area"

[create]
class = true
unit = true

[values.source]
web = "PUBLIC"
walk = "COLLECTOR"

[values.stage]
open = "HANDLING"
done = "CLOSED"
"""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "store", create=True, threads=2) as opened:
        with opened.write() as con:
            write_meta(con, {"city_name_zh": "某区", "city_name_en": "Some District"})
        yield opened


@pytest.fixture
def content(store):
    """Everything in the store that an import may touch, as one comparable value."""

    def read():
        with store.read() as cur:
            registry = cur.execute("SELECT * FROM dataset ORDER BY ALL").fetchall()
            rejects = cur.execute("SELECT * FROM reject ORDER BY ALL").fetchall()
            meta = cur.execute("SELECT * FROM meta ORDER BY ALL").fetchall()
            return fingerprint(cur), registry, rejects, meta

    return read


@pytest.fixture
def ask(store):
    def rows(sql, *values):
        with store.read() as cur:
            return cur.execute(sql, list(values)).fetchall()

    return rows


@pytest.fixture
def geojson(tmp_path: Path):
    """Write features, given as (geometry, properties), to a GeoJSON file."""

    def write(*features, name="layer.geojson"):
        path = tmp_path / name
        body = [{"type": "Feature", "geometry": shape, "properties": properties} for shape, properties in features]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": body}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def square():
    """Geometry of a square by its south-west corner and side, degrees."""

    def draw(west, south, side=0.01):
        east, north = west + side, south + side
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}

    return draw


@pytest.fixture
def two_streets(geojson, square):
    return geojson(
        (square(116.0, 39.9), {"code": "110108001", "name": "东街道", "kind": "街道", "population": 10}),
        (square(116.01, 39.9), {"code": "110108002", "name": "西镇", "kind": "镇", "population": 20}),
        name="streets.geojson",
    )


@pytest.fixture
def case_file(tmp_path: Path):
    """Write lines under the usual head to a CSV file, and the usual mapping, changed as asked."""

    def write(*lines, head=CSV_HEAD, mapping=MAPPING, replace=(), name="cases.csv", encoding="utf-8"):
        for old, new in replace:
            assert old in mapping
            mapping = mapping.replace(old, new)
        file, toml = tmp_path / name, tmp_path / "mapping.toml"
        file.write_text("\n".join([head, *lines]) + "\n", encoding=encoding)
        toml.write_text(mapping, encoding="utf-8")
        return file, toml

    return write
