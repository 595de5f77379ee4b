"""PostgreSQL beside the desk: the same rows under indexes, and a trigger that writes a chained log.

The machine's own PostgreSQL runs with its default settings, so that a commit is on the disk when it is answered, on an
empty directory and a socket that nobody else uses. As root, it runs as the user ``postgres``. ``pgbench`` is the
client, with prepared statements. Two logs are measured: one chain through all entries, as the desk's log is one, for
which each insert waits for the one before it; and a chain for each case alone, which needs no waiting and tells less.
"""

import csv
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

USER = "postgres"
PLACES = "/usr/lib/postgresql/*/bin"
PROGRAMS = ("initdb", "pg_ctl", "psql", "pgbench")
CHAINS: Mapping[str, str] = {"log": "PostgreSQL", "case": "PostgreSQL, a chain for each case"}
ADDRESS = "学院路 15 号院外人行道"
DESCRIPTION = "人行道上有散落垃圾，约两平方米，影响通行（基准 benchmark）"
STATE_BYTES = 900
"""Of a case's state as JSON, as the desk keeps it."""

SCHEMA = """
CREATE TABLE cases (
    case_id integer NOT NULL, case_no varchar NOT NULL, source_ref varchar, source_id smallint NOT NULL,
    class_id smallint NOT NULL, stage smallint NOT NULL, unit_id smallint, reported_at timestamp NOT NULL,
    filed_at timestamp, dispatched_at timestamp, handled_at timestamp, closed_at timestamp, deadline_at timestamp,
    reported_day date NOT NULL, reported_hour smallint NOT NULL, closed_day date, lon float8, lat float8,
    street_id integer, community_id integer, grid_id integer, component_id integer, building_id integer,
    building_m real, address varchar, description varchar, dataset_id smallint NOT NULL, log_first bigint,
    log_last bigint, parent_no varchar, hold varchar, state varchar
);
CREATE UNIQUE INDEX cases_no ON cases (case_no);
CREATE UNIQUE INDEX cases_ref ON cases (source_id, source_ref);
CREATE TABLE log_event (
    seq bigint NOT NULL, case_no varchar NOT NULL, kind varchar NOT NULL, moment timestamp NOT NULL,
    actor varchar NOT NULL, entry varchar NOT NULL, leaf bytea NOT NULL
);
CREATE TABLE log_head (seq bigint NOT NULL, leaf bytea NOT NULL);
INSERT INTO log_head VALUES (0, '');
CREATE SEQUENCE log_seq;
CREATE SEQUENCE case_number CACHE 32;
CREATE FUNCTION to_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kinds text[]; place bigint; head bytea := ''; line text; what text; new cases;
BEGIN
    IF TG_ARGV[0] = 'log' THEN SELECT seq, leaf INTO place, head FROM log_head FOR UPDATE; END IF;
    FOR new IN SELECT * FROM added LOOP
        kinds := CASE new.dataset_id WHEN 1 THEN ARRAY['report', 'file', 'dispatch'] ELSE ARRAY['import'] END;
        IF TG_ARGV[0] = 'case' THEN head := ''; END IF;
        FOREACH what IN ARRAY kinds LOOP
            place := CASE TG_ARGV[0] WHEN 'log' THEN place + 1 ELSE nextval('log_seq') END;
            line := jsonb_build_object(
                'kind', what, 'case', new.case_no, 'actor', 'collector', 'moment', new.reported_at,
                'prev', encode(head, 'hex'),
                'data', jsonb_build_object('class', new.class_id, 'source', new.source_id, 'ref', new.source_ref,
                    'lon', new.lon, 'lat', new.lat, 'address', new.address, 'description', new.description,
                    'unit', new.unit_id, 'deadline', new.deadline_at))::text;
            head := sha256(convert_to(line, 'UTF8'));
            INSERT INTO log_event VALUES (place, new.case_no, what, new.reported_at, 'collector', line, head);
        END LOOP;
    END LOOP;
    IF TG_ARGV[0] = 'log' THEN UPDATE log_head SET seq = place, leaf = head; END IF;
    RETURN NULL;
END $$;
"""
_TRIGGER = """
CREATE TRIGGER to_log AFTER INSERT ON cases REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION to_log('{chain}');"""
_ROW = """
INSERT INTO cases
SELECT {number}, '110108' || to_char({number}, 'FM00000000000000'), 'old-' || {number}, 1, {number} % 90, 70,
    {number} % 60, m, m, m, m, m, m, m::date, 9, m::date, 116 + ({number} % 5000) / 10000.0,
    39.9 + ({number} % 4000) / 10000.0, {number} % 29, {number} % 650, {number} % 25000, NULL, {number} % 115000, 3.5,
    '{address}', '{description}', 0, {number}, {number}, NULL, NULL, NULL
FROM generate_series(1, {rows}) AS {number},
    LATERAL (SELECT timestamp '2025-01-01' + {number} * interval '15 seconds' AS m) AS moments;
"""
_SCRIPT = """
\\set class random(1, 90)
\\set unit random(1, 60)
\\set east random(0, 500000)
\\set north random(0, 400000)
\\set grid random(1, 25000)
\\set building random(1, 115000)
INSERT INTO cases
SELECT n, '1101082026' || to_char(n, 'FM00000000000'), 'bench-' || n, 1, :class, 30, :unit, m, m, m, NULL, NULL,
    m + interval '4 hours', m::date, 9, NULL, 116 + :east / 1000000.0, 39.9 + :north / 1000000.0, :grid % 29,
    :grid % 650, :grid, NULL, :building, 3.5, '{address}', '{description}', 1, n, n, NULL, NULL, '{state}'
FROM (SELECT nextval('case_number') AS n, localtimestamp AS m) AS new;
"""


@dataclass(frozen=True)
class PeerFigures:
    """What was measured of one of the two logs.

    Parameters
    ----------
    name : str
    single_ms : mapping of float to float
        Milliseconds that a share of the cases of one client stayed below.
    rates : mapping of int to float
        Cases a second by number of clients.
    bulk_rate : float
        Cases a second by COPY.
    """

    name: str
    single_ms: Mapping[float, float] = field(default_factory=dict)
    rates: Mapping[int, float] = field(default_factory=dict)
    bulk_rate: float = 0.0


@dataclass(frozen=True)
class Peer:
    """An installed PostgreSQL; see `Peer.found`."""

    programs: Path

    @classmethod
    def found(cls) -> "Peer | None":
        """PostgreSQL of this machine; None, with a sentence, where it cannot be run."""
        places = [Path(each).parent for each in [shutil.which("initdb")] if each]
        places += sorted(Path("/").glob(PLACES.lstrip("/")), key=lambda place: (len(str(place)), place), reverse=True)
        for place in places:
            if all((place / program).is_file() for program in PROGRAMS):
                if os.geteuid() == 0 and not _has_user():
                    break
                return cls(place)
        print("PostgreSQL is not installed: left out (apt-get install postgresql)")  # noqa: T201 - its output
        return None

    def figures(self, rows: int, seconds: float, clients: Sequence[int], bulk_rows: int) -> list[PeerFigures]:
        """Measure both logs.

        Parameters
        ----------
        rows : int
            Cases that are there before.
        seconds : float
            For each number of clients.
        clients : sequence of int
        bulk_rows : int
            Cases that come at once.
        """
        return [self._one(chain, rows, seconds, clients, bulk_rows) for chain in CHAINS]

    def _one(self, chain: str, rows: int, seconds: float, clients: Sequence[int], bulk_rows: int) -> PeerFigures:
        with running(self.programs) as server:
            server.fill(chain, rows)
            single, _ = server.insert(1, seconds)
            rates = {count: server.insert(count, seconds)[1] for count in clients}
            bulk = server.copy(bulk_rows)
        return PeerFigures(CHAINS[chain], {share: _at(single, share) for share in (0.5, 0.95)}, rates, bulk)


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL."""

    programs: Path
    place: Path

    def call(self, program: str, *arguments: str) -> None:
        """Run one of its programs.

        Raises
        ------
        CalledProcessError
            If it fails.
        """
        command = [*_as_user(), str(self.programs / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.place)  # noqa: S603

    def sql(self, text: str) -> None:
        """Have something done, each statement by itself."""
        path = self.place / "told.sql"
        path.write_text(text, encoding="utf-8")
        self.call("psql", *self._socket(), "-q", "-v", "ON_ERROR_STOP=1", "-f", str(path))

    def fill(self, chain: str, rows: int) -> None:
        """Make the tables, with so many cases in them."""
        old = _ROW.format(number="n", rows=rows, address=ADDRESS, description=DESCRIPTION)
        self.sql(f"{SCHEMA}{old}{_TRIGGER.format(chain=chain)}\nVACUUM ANALYZE;\nCHECKPOINT;")

    def insert(self, clients: int, seconds: float) -> tuple[list[float], float]:
        """Insert one case after the other; milliseconds of each, ascending, and cases a second."""
        script, log = self.place / "insert.sql", self.place / "took"
        text = _SCRIPT.format(address=ADDRESS, description=DESCRIPTION, state="x" * STATE_BYTES)
        script.write_text(text, encoding="utf-8")
        log.mkdir()
        _give(log)
        options = ("-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, os.cpu_count() or 1)))
        length = ("-T", str(max(1, round(seconds))), "-l", f"--log-prefix={log / 'took'}", "-f", str(script))
        begun = perf_counter()
        self.call("pgbench", *self._socket(), *options, *length)
        taken = perf_counter() - begun
        lines = [line for path in log.iterdir() for line in path.read_text(encoding="ascii").splitlines()]
        shutil.rmtree(log)
        return sorted(int(line.split()[2]) / 1e3 for line in lines), len(lines) / taken

    def copy(self, rows: int) -> float:
        """Cases a second of one COPY."""
        path = self.place / "bulk.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(_bulk_rows(rows))
        _give(path)
        begun = perf_counter()
        self.sql(f"\\copy cases from '{path}' with (format csv)")
        return rows / (perf_counter() - begun)

    def _socket(self) -> tuple[str, ...]:
        return "-h", str(self.place), "-U", USER, "postgres"


def _bulk_rows(rows: int) -> Iterator[list[object]]:
    moment = "2026-11-23 09:00:00"
    for n in range(rows):
        yield [
            n, f"1101082027{n:011d}", f"bulk-{n}", 1, n % 90, 30, n % 60, moment, moment, moment, "", "", moment,
            "2026-11-23", 9, "", 116 + n % 5000 / 1e4, 39.9 + n % 4000 / 1e4, n % 29, n % 650, n % 25_000, "",
            n % 115_000, 3.5, ADDRESS, DESCRIPTION, 0, n, n, "", "", "",
        ]  # fmt: skip


@contextmanager
def running(programs: Path) -> Iterator[Server]:
    """Start a PostgreSQL on an empty directory, and stop it in the end."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        _give(place)
        server = Server(programs, place)
        data = str(place / "data")
        server.call("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{place}'"
        server.call("pg_ctl", "-D", data, "-o", options, "-l", str(place / "log"), "-w", "start")
        try:
            yield server
        finally:
            server.call("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")


def _at(ascending: Sequence[float], share: float) -> float:
    return ascending[min(int(len(ascending) * share), len(ascending) - 1)]


def _has_user() -> bool:
    return any(entry.pw_name == USER for entry in pwd.getpwall())


def _as_user() -> list[str]:
    """Words before a command: PostgreSQL does not run as root."""
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if os.geteuid() == 0 else []


def _give(path: Path) -> None:
    """Let the user who runs PostgreSQL have a file."""
    if os.geteuid() == 0:
        shutil.chown(path, USER, USER)
