"""What the store says of itself: city, time zone, as-of moment, data version, demo or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from datastore.errors import MetaError

NEW_STORE_META = {
    "city_name_zh": "",
    "city_name_en": "",
    "time_zone": "Asia/Shanghai",
    "metric_crs": "",
    "data_version": "0",
    "scene_version": "0",
    "demo": "false",
}
"""What a store says before anything is in it."""


@dataclass(frozen=True)
class Meta:
    """What the store says of itself.

    Parameters
    ----------
    city_name_zh, city_name_en : str
        Empty until areas are imported or a demo is built.
    time_zone : str
        IANA name; days and hours on screen are the city's.
    metric_crs : str
        CRS for metres, such as ``EPSG:4548``; empty until the extent is known.
    data_version : int
        Goes up by one with each committed write.
    scene_version : int
        Goes up by one with each that may have changed more than cases.
    live : bool
        Whether cases come in while it is shown: then the as-of moment is the present.
    as_of : datetime or None
        Aware, UTC; the moment that "now" means for this data. None until there are cases.
    demo : bool
        Whether everything in the store is simulated.
    other : mapping of str to str
        Further keys: ``demo_seed``, ``demo_anchor_day``, …
    """

    city_name_zh: str
    city_name_en: str
    time_zone: str
    metric_crs: str
    data_version: int
    as_of: datetime | None
    demo: bool
    scene_version: int = 0
    live: bool = False
    other: Mapping[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone.

        Raises
        ------
        MetaError
            If the name is no IANA time zone.
        """
        return zone_of(self.time_zone)

    @property
    def today(self) -> date | None:
        """The last day that the data knows whole: the local day that ended at or before the as-of moment."""
        return None if self.as_of is None else last_whole_day(self.as_of, self.zone)


def zone_of(name: str) -> ZoneInfo:
    """Time zone by its IANA name.

    Raises
    ------
    MetaError
        If there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise MetaError(f"meta time_zone {name!r} is no IANA time zone; set one such as Asia/Shanghai") from error


def last_whole_day(moment: datetime, zone: ZoneInfo) -> date:
    """Last local day whose end is at or before the moment: midnight belongs to the day that it ends."""
    return moment.astimezone(zone).date() - timedelta(days=1)


def read_meta(cur: duckdb.DuckDBPyConnection) -> Meta:
    """Read what the store says of itself.

    Raises
    ------
    MetaError
        If a value is missing or cannot be read.
    """
    values: dict[str, str] = dict(cur.execute("SELECT key, value FROM meta ORDER BY key").fetchall())
    try:
        as_of = values.pop("as_of", None)
        return Meta(
            city_name_zh=values.pop("city_name_zh"),
            city_name_en=values.pop("city_name_en"),
            time_zone=values.pop("time_zone"),
            metric_crs=values.pop("metric_crs"),
            data_version=int(values.pop("data_version")),
            as_of=None if as_of is None else _utc(as_of),
            demo=values.pop("demo") == "true",
            scene_version=int(values.pop("scene_version", "0")),
            other=values,
        )
    except KeyError as error:
        raise MetaError(f"meta key {error} is missing; the store was not set up by citydeck") from error
    except ValueError as error:
        raise MetaError(f"a meta value cannot be read: {error}") from error


def write_meta(con: duckdb.DuckDBPyConnection, values: Mapping[str, str]) -> None:
    """Set keys, in the caller's transaction."""
    marks = ", ".join(["(?, ?)"] * len(values))
    con.execute(
        f"INSERT INTO meta VALUES {marks} ON CONFLICT DO UPDATE SET value = excluded.value",  # noqa: S608 - marks only
        [text for pair in values.items() for text in pair],
    )


def refresh_as_of(con: duckdb.DuckDBPyConnection) -> None:
    """Set the as-of moment of real data: just after the latest event of any case, in the caller's transaction.

    The moment is exclusive, so that the latest event itself lies before it. Without cases the key goes.
    """
    row = con.execute(
        "SELECT greatest(max(reported_at), max(filed_at), max(dispatched_at), max(handled_at), max(closed_at)) "
        "FROM cases"
    ).fetchone()
    latest: datetime | None = row[0] if row else None
    if latest is None:
        con.execute("DELETE FROM meta WHERE key = 'as_of'")
    else:
        write_meta(con, {"as_of": (latest + timedelta(microseconds=1)).replace(tzinfo=UTC).isoformat()})


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
