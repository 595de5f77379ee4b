-- The first schema: registry, areas, the built city, reference tables and cases.
-- Geometry is EPSG:4490 longitude, latitude; times are UTC; *_m in metres; *_m2 in square metres.

CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);

CREATE TABLE dataset (
    dataset_id SMALLINT PRIMARY KEY,
    name VARCHAR NOT NULL UNIQUE,          -- slug; importing under the same name replaces that data set
    kind VARCHAR NOT NULL,                 -- areas | buildings | roads | landuse | components | cases
    title VARCHAR NOT NULL,
    source VARCHAR NOT NULL,               -- file name, or "generated"
    source_sha256 VARCHAR NOT NULL,        -- of the file, as sha256sum prints it; empty where there is none
    options_sha256 VARCHAR NOT NULL,       -- of all else that decides what is read; both equal means nothing to do
    licence VARCHAR NOT NULL,              -- "unstated" where nobody said
    crs VARCHAR NOT NULL,                  -- as it came in
    simulated BOOLEAN NOT NULL,
    version INTEGER NOT NULL,              -- 1, 2, … with each import that changed something
    imported_at TIMESTAMP NOT NULL,
    rows_loaded BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL,
    rows_unplaced BIGINT NOT NULL,
    note VARCHAR NOT NULL DEFAULT ''       -- what a reader should know; for imports their warnings, one a line
);

CREATE TABLE reject (
    dataset_id SMALLINT NOT NULL,
    row_number BIGINT NOT NULL,            -- 1 is the first record of the file
    reason VARCHAR NOT NULL,               -- stable key: duplicate_id, unclosed_ring, future_time, …
    detail VARCHAR NOT NULL,               -- one sentence: what is wrong and how to mend it
    record VARCHAR NOT NULL                -- the record as found, JSON
);

CREATE TABLE area (
    area_id INTEGER PRIMARY KEY,
    code VARCHAR NOT NULL UNIQUE,
    level UTINYINT NOT NULL,               -- twin_model.area.AreaLevel
    parent_id INTEGER,
    name VARCHAR NOT NULL,
    name_en VARCHAR,
    kind VARCHAR,                          -- street | town | community | village | hill …
    population INTEGER,
    area_m2 DOUBLE,
    lon DOUBLE, lat DOUBLE,                -- label point
    geom GEOMETRY,
    geom_source VARCHAR NOT NULL,          -- surveyed | schematic | derived | none
    dataset_id SMALLINT NOT NULL
);

CREATE TABLE building (
    building_id INTEGER PRIMARY KEY,
    code VARCHAR NOT NULL UNIQUE,
    name VARCHAR,
    "use" VARCHAR,                         -- residential | commercial | office | education | industrial | civic | village | other
    height_m FLOAT NOT NULL,
    height_source VARCHAR NOT NULL,        -- measured | levels | estimated | simulated
    storeys SMALLINT,
    footprint_m2 FLOAT NOT NULL,
    lon DOUBLE NOT NULL, lat DOUBLE NOT NULL,
    street_id INTEGER, community_id INTEGER, grid_id INTEGER,
    geom GEOMETRY NOT NULL,
    dataset_id SMALLINT NOT NULL
);

CREATE TABLE road (
    road_id INTEGER PRIMARY KEY,
    name VARCHAR,
    class VARCHAR NOT NULL,                -- OSM highway values: motorway, trunk, primary, secondary, tertiary, residential, service, path
    width_m FLOAT NOT NULL,
    geom GEOMETRY NOT NULL,                -- LineString or MultiLineString
    dataset_id SMALLINT NOT NULL
);

CREATE TABLE landuse (
    landuse_id INTEGER PRIMARY KEY,
    name VARCHAR,
    kind VARCHAR NOT NULL,                 -- water | park | green | hill | other
    elevation_m FLOAT NOT NULL DEFAULT 0,  -- top of the polygon above the plain (hills are stepped contours)
    geom GEOMETRY NOT NULL,
    dataset_id SMALLINT NOT NULL
);

CREATE TABLE unit (
    unit_id SMALLINT PRIMARY KEY,
    code VARCHAR NOT NULL UNIQUE,
    name_zh VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    kind VARCHAR NOT NULL                  -- department | street | owner | other
);

CREATE TABLE case_source (
    source_id UTINYINT PRIMARY KEY,
    code VARCHAR NOT NULL UNIQUE,
    name_zh VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL,
    proactive BOOLEAN NOT NULL
);

CREATE TABLE case_class (
    class_id SMALLINT PRIMARY KEY,
    code VARCHAR NOT NULL UNIQUE,          -- kind letter + big + small: E0102, C0101; imported classes X-…
    kind VARCHAR NOT NULL,                 -- component | event | other
    big_code VARCHAR NOT NULL,
    big_name_zh VARCHAR NOT NULL, big_name_en VARCHAR NOT NULL,
    small_code VARCHAR NOT NULL,
    name_zh VARCHAR NOT NULL, name_en VARCHAR NOT NULL,
    limit_h FLOAT NOT NULL                 -- hours from filing to the deadline (placeholder defaults, configurable)
);

CREATE TABLE component (
    component_id INTEGER PRIMARY KEY,
    code VARCHAR NOT NULL UNIQUE,          -- 16 digits: 6 administrative + 2 big + 2 small + 6 serial
    class_id SMALLINT NOT NULL,
    owner_unit_id SMALLINT,                -- null: unowned (无主)
    maintainer_unit_id SMALLINT,
    state VARCHAR NOT NULL,                -- intact | damaged | lost
    lon DOUBLE NOT NULL, lat DOUBLE NOT NULL,
    street_id INTEGER, community_id INTEGER, grid_id INTEGER,
    dataset_id SMALLINT NOT NULL
);

-- Ordered by reported_at, so that row groups prune by time. No index: a key is checked when rows come in. A case_no
-- does not prune (its first eight characters are all that row groups keep, and the same everywhere): look one up by
-- the day in it first.
CREATE TABLE cases (
    case_id INTEGER NOT NULL,
    case_no VARCHAR NOT NULL,
    source_ref VARCHAR,                    -- the source's own id
    source_id UTINYINT NOT NULL,
    class_id SMALLINT NOT NULL,
    stage UTINYINT NOT NULL,               -- twin_model.case.CaseStage
    unit_id SMALLINT,
    reported_at TIMESTAMP NOT NULL,
    filed_at TIMESTAMP,
    dispatched_at TIMESTAMP,
    handled_at TIMESTAMP,
    closed_at TIMESTAMP,
    deadline_at TIMESTAMP,
    reported_day DATE NOT NULL,            -- in the city's time zone
    reported_hour UTINYINT NOT NULL,       -- in the city's time zone
    closed_day DATE,                       -- in the city's time zone
    lon DOUBLE, lat DOUBLE,                -- null: unplaced
    street_id INTEGER, community_id INTEGER, grid_id INTEGER,
    component_id INTEGER,
    address VARCHAR,
    description VARCHAR,
    dataset_id SMALLINT NOT NULL
);

-- Records of sources that are not yet fed into the loop (duty desk, public): material for a later feed, never counted.
CREATE TABLE feed_record (
    record_no VARCHAR NOT NULL,
    source_id UTINYINT NOT NULL,
    class_id SMALLINT NOT NULL,
    occurs_at TIMESTAMP NOT NULL,
    lon DOUBLE NOT NULL, lat DOUBLE NOT NULL,
    description VARCHAR NOT NULL,
    dataset_id SMALLINT NOT NULL
);

-- What the generator hid in simulated cases, so that analytics can be tested against the truth.
CREATE TABLE planted_pattern (
    pattern_id SMALLINT PRIMARY KEY,
    kind VARCHAR NOT NULL,                 -- hotspot | trend | seasonality | shock
    class_code VARCHAR,
    area_code VARCHAR,
    lon DOUBLE, lat DOUBLE, radius_m FLOAT,
    first_day DATE, last_day DATE,
    magnitude FLOAT NOT NULL,              -- factor on the expected count (trend: factor a year)
    cases INTEGER NOT NULL,                -- rows that the pattern touched
    note VARCHAR NOT NULL,
    dataset_id SMALLINT NOT NULL
);
