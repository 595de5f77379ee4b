-- The twin: buildings in several levels of detail, what their sources say of them, and the cases at each.
-- Meshes are stored in metres east, north and up of their origin (twin_model.local_frame); binary columns are
-- little-endian.

-- What a building's source says beyond the columns of building: one row a building at most.
CREATE TABLE building_detail (
    building_id INTEGER PRIMARY KEY,
    source_ref VARCHAR,                    -- the source's own id: CityJSON key, gml:id …
    address VARCHAR,
    base_m DOUBLE,                         -- ground at the building, metres above the source's vertical datum
    attributes VARCHAR NOT NULL DEFAULT '{}',  -- JSON object, as found
    dataset_id SMALLINT NOT NULL
);

-- One row for each LoD of a building that came with a shape of its own. The block (LoD 1) that follows from the
-- footprint and the height is not stored.
CREATE TABLE building_model (
    building_id INTEGER NOT NULL,
    lod VARCHAR NOT NULL,                  -- as CityJSON writes it: 0, 1, 1.2, 2, 2.2, 3 …
    tile INTEGER NOT NULL,                 -- of the building's point: x * 2^15 + y of its web map tile at zoom 15
    lon DOUBLE NOT NULL, lat DOUBLE NOT NULL,
    base_m DOUBLE NOT NULL,                -- height of the origin above the source's vertical datum: the lowest vertex
    vertices BLOB NOT NULL,                -- float32, 3 a vertex: metres east, north, up of (lon, lat, base_m)
    faces BLOB NOT NULL,                   -- uint32, 3 a triangle, outward by the right-hand rule
    surfaces BLOB NOT NULL,                -- uint8, 1 a triangle: twin_model.surface.SurfaceKind
    texture_ids BLOB,                      -- int32, 1 a triangle: building_texture.texture_id, -1 none; null: no textures
    uv BLOB,                               -- float32, 6 a triangle: u, v of its corners (v up)
    state VARCHAR NOT NULL,                -- valid | repaired | as_found
    reason VARCHAR NOT NULL DEFAULT '',    -- stable keys, comma-separated: what was repaired or is still wrong
    watertight BOOLEAN NOT NULL,
    volume_m3 DOUBLE,                      -- null unless watertight
    surface_m2 DOUBLE NOT NULL,
    dataset_id SMALLINT NOT NULL
);

CREATE TABLE building_texture (
    texture_id INTEGER PRIMARY KEY,
    path VARCHAR NOT NULL,                 -- as the file names it
    media_type VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    image BLOB NOT NULL,
    dataset_id SMALLINT NOT NULL
);

-- Background layers: 3D Tiles kept as files below <data>/tilesets/<name>/.
CREATE TABLE tileset (
    name VARCHAR PRIMARY KEY,              -- as in its address /tiles/<name>/tileset.json
    ground_m DOUBLE NOT NULL DEFAULT 0,    -- height above the ellipsoid that is drawn at the level of the plain
    west DOUBLE, south DOUBLE, east DOUBLE, north DOUBLE,
    bytes BIGINT NOT NULL,
    dataset_id SMALLINT NOT NULL
);

-- Where a case happened: the building that it lies in or, within meta join_distance_m, the nearest one.
ALTER TABLE cases ADD COLUMN building_id INTEGER;
ALTER TABLE cases ADD COLUMN building_m FLOAT;      -- distance to its footprint, metres; 0 inside; null without one
ALTER TABLE open_case ADD COLUMN building_id INTEGER;

CREATE TABLE case_by_building (            -- a rollup like those of 0002
    building_id INTEGER NOT NULL,
    street_id INTEGER, community_id INTEGER, grid_id INTEGER,
    source_id UTINYINT NOT NULL,
    stage UTINYINT NOT NULL,
    n INTEGER NOT NULL,
    last_reported_at TIMESTAMP NOT NULL
);
