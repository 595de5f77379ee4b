"""Build the store of the demo city: generate it, write it beside, and put it in place in one step."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from datastore.demo_tables import write_demo
from datastore.errors import StoreExistsError
from datastore.facts import COMMUNITIES_SOURCE, FACTS_DIR, OUTLINE_SOURCE, read_facts
from datastore.log.keys import sign_head
from datastore.meta import Meta
from datastore.registry import datasets
from datastore.store import FILE_NAME, Store, has_store, make_data_dir, using_directory
from twin_model.demo.cases import generate_cases
from twin_model.demo.city import generate_city
from twin_model.demo.plan import GENERATOR_VERSION, DemoPlan, Progress, no_progress

DEMO_ZONE = "Asia/Shanghai"
DEMO_METRIC_CRS = "EPSG:4548"

_BUILD_PREFIX = ".demo-build-"
_CITY_SHARE, _CASES_SHARE = 0.45, 0.3
"""Parts of the whole that generating the city and generating the cases take; the rest is writing."""


def build_demo(
    data_dir: Path,
    plan: DemoPlan,
    progress: Progress = no_progress,
    *,
    keep_earlier: bool = True,
    now: datetime | None = None,
) -> None:
    """Build the demo city in a data directory, or keep the equal one that is there.

    The store is written into a directory of its own inside the data directory and then renamed, so that a build that
    stops half-way leaves what was there before.

    Parameters
    ----------
    data_dir : Path
        Where ``city.duckdb`` goes.
    plan : DemoPlan
        What to build.
    progress : Progress
        Told the phase and the fraction of the whole that is done.
    keep_earlier : bool
        Whether a demo of an earlier day that is equal otherwise will do; without it, the day must be the plan's.
    now : datetime, optional
        Aware; the import time that the registry notes. The clock's without it.

    Raises
    ------
    StoreExistsError
        If the directory holds a store with data that was imported, or one of another city.
    StoreError
        If the directory cannot be made or written to.
    StoreBusyError, StoreDamagedError, StoreTooNewError
        If the store that is there cannot be looked at.
    """
    if has_store(data_dir) and _is_to_be_kept(data_dir, plan, keep_earlier=keep_earlier):
        progress("ready", 1.0)
        return
    make_data_dir(data_dir)
    with _building_directory(data_dir) as building:
        _build(building, plan, progress, now or datetime.now(UTC))
        with using_directory(data_dir):
            target = data_dir / FILE_NAME
            Path(f"{target}.wal").unlink(missing_ok=True)  # belongs to the demo that is replaced
            (building / FILE_NAME).replace(target)
    with Store.open(data_dir) as store:  # what is not signed would look like what was cut off and written anew
        sign_head(store, now or datetime.now(UTC))
    progress("ready", 1.0)


def demo_meta(plan: DemoPlan) -> dict[str, str]:
    """Tell what the store of a demo says of itself."""
    midnight = datetime(plan.anchor_day.year, plan.anchor_day.month, plan.anchor_day.day, tzinfo=ZoneInfo(DEMO_ZONE))
    return {
        "city_name_zh": "北京市海淀区",
        "city_name_en": "Haidian District, Beijing",
        "time_zone": DEMO_ZONE,
        "metric_crs": DEMO_METRIC_CRS,
        "as_of": midnight.astimezone(UTC).isoformat(),
        "demo": "true",
        "demo_seed": str(plan.seed),
        "demo_cases": str(plan.cases),
        "demo_streets": _streets_text(plan),
        "demo_anchor_day": plan.anchor_day.isoformat(),
        "demo_generator": generator_stamp(),
        "outline_source": OUTLINE_SOURCE,
        "communities_source": COMMUNITIES_SOURCE,
    }


def generator_stamp() -> str:
    """Checksum of what makes the tables beside the plan: the generator's version, and the facts that frame it."""
    digest = hashlib.sha256(str(GENERATOR_VERSION).encode())
    for path in sorted(FACTS_DIR.glob("*.csv")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def plan_sha256(plan: DemoPlan) -> str:
    """Checksum of a plan and of what makes the tables beside it."""
    return hashlib.sha256(f"{plan!r} {generator_stamp()}".encode()).hexdigest()


def _is_to_be_kept(data_dir: Path, plan: DemoPlan, *, keep_earlier: bool) -> bool:
    """Whether the store that is there is the wanted demo; raises where it must not be replaced."""
    with Store.open(data_dir) as store:
        meta = store.meta()
        with store.read() as cur:
            imported = [each.name for each in datasets(cur) if not each.simulated]
        mend = "choose another directory with --data, or move it away"
        if imported:
            raise StoreExistsError(f"{data_dir} holds imported data ({', '.join(imported)}); {mend}", store.path)
        if not meta.demo and meta.data_version > 0:
            raise StoreExistsError(f"{data_dir} holds data that is no demo; {mend}", store.path)
        return meta.demo and _is_same_demo(meta, plan, keep_earlier=keep_earlier)


def _is_same_demo(meta: Meta, plan: DemoPlan, *, keep_earlier: bool) -> bool:
    said = demo_meta(plan)
    keys = ("demo_seed", "demo_cases", "demo_streets", "demo_generator")
    if any(meta.other.get(key) != said[key] for key in keys):
        return False
    day = date.fromisoformat(meta.other["demo_anchor_day"])
    return day == plan.anchor_day or (keep_earlier and day < plan.anchor_day)


def _streets_text(plan: DemoPlan) -> str:
    return "all" if plan.streets is None else ",".join(sorted(plan.streets))


def _build(building: Path, plan: DemoPlan, progress: Progress, now: datetime) -> None:
    city = generate_city(read_facts(), plan, _part(progress, 0.0, _CITY_SHARE))
    cases = generate_cases(city, plan, _part(progress, _CITY_SHARE, _CASES_SHARE))
    done = _CITY_SHARE + _CASES_SHARE
    with Store.open(building, create=True) as store, store.write() as con:
        write_demo(
            con,
            city,
            cases,
            meta=demo_meta(plan),
            sha256=plan_sha256(plan),
            now=now,
            progress=_part(progress, done, 1.0 - done),
        )


def _part(progress: Progress, start: float, share: float) -> Progress:
    """Progress of a part, as progress of the whole."""

    def told(phase: str, fraction: float) -> None:
        progress(phase, start + share * fraction)

    return told


@contextmanager
def _building_directory(data_dir: Path) -> Iterator[Path]:
    """Directory to build in, on the disk of the data; it goes when the block ends."""
    building = data_dir / f"{_BUILD_PREFIX}{os.getpid()}"
    with using_directory(data_dir):
        _remove_abandoned_builds(data_dir)
        building.mkdir()
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _remove_abandoned_builds(data_dir: Path) -> None:
    """Remove what builds left whose process was killed."""
    for path in data_dir.glob(f"{_BUILD_PREFIX}*"):
        try:
            os.kill(int(path.name.removeprefix(_BUILD_PREFIX)), 0)
        except (ValueError, ProcessLookupError):
            shutil.rmtree(path, ignore_errors=True)
        except PermissionError:  # alive, and someone else's
            continue
    with suppress(FileNotFoundError):
        shutil.rmtree(data_dir / f"{_BUILD_PREFIX}{os.getpid()}")
