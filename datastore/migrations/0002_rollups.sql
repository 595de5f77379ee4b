-- What the command pages ask all the time, kept ready. Written only by datastore.rollup, in the transaction that
-- changes the cases. Rows of the counted tables add up: n may be spread over several rows of one key.

CREATE TABLE case_by_day (
    reported_day DATE NOT NULL,
    street_id INTEGER,
    source_id UTINYINT NOT NULL,
    stage UTINYINT NOT NULL,
    n INTEGER NOT NULL,
    last_reported_at TIMESTAMP NOT NULL
);

CREATE TABLE case_by_closed_day (          -- stage CLOSED with a closing time only
    closed_day DATE NOT NULL,
    street_id INTEGER,
    source_id UTINYINT NOT NULL,
    stage UTINYINT NOT NULL,
    n INTEGER NOT NULL
);

CREATE TABLE case_by_community (
    street_id INTEGER, community_id INTEGER,
    source_id UTINYINT NOT NULL,
    stage UTINYINT NOT NULL,
    n INTEGER NOT NULL,
    last_reported_at TIMESTAMP NOT NULL
);

CREATE TABLE case_by_grid (
    street_id INTEGER, community_id INTEGER, grid_id INTEGER,
    source_id UTINYINT NOT NULL,
    stage UTINYINT NOT NULL,
    n INTEGER NOT NULL,
    last_reported_at TIMESTAMP NOT NULL
);

-- The open cases, as they stand in cases, ordered by deadline_at, so that the most urgent lie together.
CREATE TABLE open_case (
    case_id INTEGER NOT NULL,
    case_no VARCHAR NOT NULL,
    source_id UTINYINT NOT NULL,
    class_id SMALLINT NOT NULL,
    stage UTINYINT NOT NULL,
    unit_id SMALLINT,
    reported_at TIMESTAMP NOT NULL,
    deadline_at TIMESTAMP,
    reported_day DATE NOT NULL,
    lon DOUBLE, lat DOUBLE,
    street_id INTEGER, community_id INTEGER, grid_id INTEGER
);
