-- The closed loop: every change of a case is an event, every event a leaf of one append-only log; what the tables say of
-- a case follows from its events. Times are UTC.

-- What the city looks like changes seldom, what is counted of its cases all the time: two versions.
INSERT OR IGNORE INTO meta SELECT 'scene_version', value FROM meta WHERE key = 'data_version';

-- Rules are documents with versions: calendar, service_level, responsibility, duplicate, workflow, intake. A version is
-- never changed; a later one takes over from valid_from on.
CREATE TABLE rule_version (
    kind VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    valid_from TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by VARCHAR NOT NULL,
    note VARCHAR NOT NULL DEFAULT '',
    body VARCHAR NOT NULL,                 -- JSON document
    sha256 VARCHAR NOT NULL,               -- of the body
    PRIMARY KEY (kind, version)
);

-- Who may act. A key is stored as its SHA-256; without one the actor can be chosen on an open desk only.
CREATE TABLE actor (
    code VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,                 -- public | collector | operator | street | department | district | analyst | wall | admin | system
    unit_code VARCHAR,                     -- of a street's or department's actor
    source_code VARCHAR,                   -- source that the actor's reports come from
    key_sha256 VARCHAR,
    created_at TIMESTAMP NOT NULL,
    retired_at TIMESTAMP
);

ALTER TABLE cases ADD COLUMN log_first BIGINT;      -- seq of the case's first leaf: its key in the log
ALTER TABLE cases ADD COLUMN log_last BIGINT;       -- seq of its latest leaf
ALTER TABLE cases ADD COLUMN parent_no VARCHAR;     -- of a duplicate or of a part
ALTER TABLE cases ADD COLUMN hold VARCHAR;          -- null | suspended | consultation
ALTER TABLE open_case ADD COLUMN hold VARCHAR;

-- Live events, in the order of seq. No index: seq prunes, and a case's events lie between its log_first and log_last.
CREATE TABLE case_event (
    seq BIGINT NOT NULL,
    case_key BIGINT NOT NULL,              -- seq of the case's first leaf
    case_no VARCHAR NOT NULL,              -- '' for an event of no case
    kind VARCHAR NOT NULL,                 -- twin_model.workflow.Action
    moment TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    entry VARCHAR NOT NULL,                -- canonical JSON (RFC 8785): the bytes that are hashed
    leaf BLOB NOT NULL                     -- SHA-256(0x00 || entry)
);

-- History that came in bulk, one leaf a case: its columns, of which view log_entry makes the canonical JSON.
CREATE TABLE case_import (
    seq BIGINT NOT NULL,
    case_no VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    class VARCHAR NOT NULL,
    stage UTINYINT NOT NULL,
    unit VARCHAR,
    reported_at TIMESTAMP NOT NULL,
    filed_at TIMESTAMP, dispatched_at TIMESTAMP, handled_at TIMESTAMP, closed_at TIMESTAMP, deadline_at TIMESTAMP,
    lon DOUBLE, lat DOUBLE,
    component VARCHAR,
    ref VARCHAR,                           -- the source's own id
    parent VARCHAR,
    leaf_head UBIGINT NOT NULL             -- first 8 bytes of the leaf hash, big-endian
);

-- Hashes of complete subtrees of 256, 256^2, … leaves.
CREATE TABLE log_tile (
    level UTINYINT NOT NULL,
    tile BIGINT NOT NULL,
    hash BLOB NOT NULL
);

-- Signed heads of the log (C2SP tlog-checkpoint), in the order of size.
CREATE TABLE log_checkpoint (
    size BIGINT NOT NULL,
    root BLOB NOT NULL,
    moment TIMESTAMP NOT NULL,
    note VARCHAR NOT NULL
);

-- What is known of a case that has been touched live and has no column in cases.
CREATE TABLE case_desk (
    case_key BIGINT PRIMARY KEY,
    case_no VARCHAR NOT NULL,
    file VARCHAR NOT NULL                  -- JSON of twin_model.case_file.CaseFile
);

-- The source's own id of each case or candidate that came in live or in bulk: the same one is the same report.
CREATE TABLE intake_ref (
    source_id UTINYINT NOT NULL,
    source_ref VARCHAR NOT NULL,
    token VARCHAR NOT NULL,                -- number of the case or candidate
    PRIMARY KEY (source_id, source_ref)
);

-- Personal data of who reported, apart from the case and from the log, which holds SHA-256(salt || body) only.
CREATE TABLE reporter (
    case_no VARCHAR NOT NULL,
    salt BLOB NOT NULL,
    body VARCHAR NOT NULL,                 -- canonical JSON: name, phone, email, device, account
    received_at TIMESTAMP NOT NULL
);

CREATE TABLE photo (
    sha256 VARCHAR NOT NULL,               -- of the stored file, <data>/photos/ab/<sha256>.jpg
    case_no VARCHAR NOT NULL,
    seq BIGINT NOT NULL,                   -- event that brought it
    moment TIMESTAMP NOT NULL,             -- of that event
    phase VARCHAR NOT NULL,                -- before | after | other
    received_sha256 VARCHAR NOT NULL,
    received_format VARCHAR NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL, bytes INTEGER NOT NULL,
    taken_at TIMESTAMP,
    time_rule VARCHAR NOT NULL,            -- how taken_at was found (twin_model.photo.TimeRule)
    lon DOUBLE, lat DOUBLE,                -- of the EXIF place
    distance_m DOUBLE,                     -- from the case's place
    dhash UBIGINT NOT NULL,
    sharpness DOUBLE NOT NULL
);

-- What a source is not sure of: no case yet.
CREATE TABLE candidate (
    candidate_no VARCHAR PRIMARY KEY,
    source_id UTINYINT NOT NULL,
    source_ref VARCHAR,
    class_id SMALLINT NOT NULL,
    confidence FLOAT NOT NULL,
    lon DOUBLE, lat DOUBLE,
    moment TIMESTAMP NOT NULL,
    body VARCHAR NOT NULL,                 -- JSON: description, address, evidence
    state VARCHAR NOT NULL,                -- new | promoted | dismissed
    case_no VARCHAR
);
-- A text as canonical JSON (RFC 8785) writes it. Texts without a character to escape, nearly all, take the short way.
CREATE MACRO jcs_text(t) AS concat('"', CASE
    WHEN regexp_matches(t, '["\\\x00-\x1f]') THEN array_to_string(list_transform(regexp_extract_all(t, '(?s).'),
        lambda c: CASE c
            WHEN '"' THEN '\"' WHEN '\' THEN '\\'
            WHEN chr(8) THEN '\b' WHEN chr(9) THEN '\t' WHEN chr(10) THEN '\n' WHEN chr(12) THEN '\f'
            WHEN chr(13) THEN '\r'
            ELSE CASE WHEN c < ' ' THEN printf('\u%04x', ord(c)) ELSE c END
        END), '')
    ELSE t END, '"');

CREATE MACRO jcs_moment(t) AS strftime(t, '"%Y-%m-%dT%H:%M:%S.%fZ"');

-- The entry of a case in case_import: keys in order, fields without a value left out, degrees as the shortest text.
CREATE MACRO case_import_entry(case_no, source, class, stage, unit, reported_at, filed_at, dispatched_at, handled_at,
    closed_at, deadline_at, lon, lat, component, ref, parent) AS concat(
    '{"case":', jcs_text(case_no),
    ',"class":', jcs_text(class),
    ',"closed_at":' || jcs_moment(closed_at),
    CASE WHEN component IS NOT NULL THEN concat(',"component":', jcs_text(component)) END,
    ',"deadline_at":' || jcs_moment(deadline_at),
    ',"dispatched_at":' || jcs_moment(dispatched_at),
    ',"filed_at":' || jcs_moment(filed_at),
    ',"handled_at":' || jcs_moment(handled_at),
    ',"kind":"import"',
    ',"lat":"' || lat::VARCHAR || '"',
    ',"lon":"' || lon::VARCHAR || '"',
    CASE WHEN parent IS NOT NULL THEN concat(',"parent":', jcs_text(parent)) END,
    CASE WHEN ref IS NOT NULL THEN concat(',"ref":', jcs_text(ref)) END,
    ',"reported_at":', jcs_moment(reported_at),
    ',"source":', jcs_text(source),
    ',"stage":', stage::VARCHAR,
    CASE WHEN unit IS NOT NULL THEN concat(',"unit":', jcs_text(unit)) END,
    ',"v":1}');

-- Every entry of the log: history and live events.
CREATE VIEW log_entry AS
SELECT seq, seq AS case_key, case_no, 'import' AS kind,
    case_import_entry(case_no, source, class, stage, unit, reported_at, filed_at, dispatched_at, handled_at, closed_at,
        deadline_at, lon, lat, component, ref, parent) AS entry
FROM case_import
UNION ALL
SELECT seq, case_key, case_no, kind, entry FROM case_event;
