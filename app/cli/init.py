"""``citydeck init``: an empty store for a city."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from app.cli.options import DataDir
from app.errors import SettingsError
from app.settings import load_settings
from datastore.building_join import DISTANCE_KEY, checked_distance
from datastore.errors import StoreExistsError
from datastore.meta import write_meta
from datastore.store import Store, has_store
from twin_model.building_join import DEFAULT_WITHIN_M


def init(
    directory: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Data directory; same as --data.")] = None,
    *,
    data: DataDir = None,
    city_name: Annotated[str, typer.Option(help="Name of the city in Chinese.")] = "",
    city_name_en: Annotated[str, typer.Option(help="Name of the city in English.")] = "",
    time_zone: Annotated[str, typer.Option(help="IANA time zone of the city.")] = "Asia/Shanghai",
    join_distance: Annotated[
        float, typer.Option(metavar="M", help="Farthest that the building of a case may be, metres.")
    ] = DEFAULT_WITHIN_M,
) -> None:
    """Make an empty store; import areas, buildings and cases into it."""
    settings = load_settings(data=directory or data)
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(f"{time_zone!r} is no IANA time zone; write it as Asia/Shanghai") from error
    if has_store(settings.data):
        raise StoreExistsError(f"there is a store in {settings.data} already; choose another directory", settings.data)
    names = {"city_name_zh": city_name or city_name_en, "city_name_en": city_name_en or city_name}
    said = {**names, "time_zone": time_zone, DISTANCE_KEY: f"{checked_distance(str(join_distance)):g}"}
    with Store.open(settings.data, create=True) as store, store.write() as con:
        write_meta(con, said)
    typer.echo(f"a new store is in {settings.data}; fill it with citydeck import")
