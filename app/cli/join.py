"""``citydeck join``: give every case its building again."""

from typing import Annotated

import typer

from app.cli.options import DataDir
from app.settings import load_settings
from datastore.building_join import DISTANCE_KEY, checked_distance, join_distance_m
from datastore.meta import write_meta
from datastore.settle import settle
from datastore.store import Store

Distance = Annotated[
    float | None,
    typer.Option(metavar="M", help="Farthest that the building of a case may be, metres; kept in the store."),
]


def join(data: DataDir = None, distance: Distance = None) -> None:
    """Find the building of every case anew, and count the cases by building."""
    with Store.open(load_settings(data=data).data) as store, store.write() as con:
        if distance is not None:
            write_meta(con, {DISTANCE_KEY: f"{checked_distance(str(distance)):g}"})
        report = settle(con)
        within_m = join_distance_m(con)
    near = f"{report.near:,} within {within_m:g} m of one"
    typer.echo(f"{report.inside:,} cases lie in a building, {near}, {report.none:,} have none")
