"""``citydeck demo``: build the demo city once, and serve it."""

import sys
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app.cli.companion import LOG_NAME, simulator
from app.cli.options import DataDir, Host, Port
from app.cli.serve import check_port, run_server
from app.errors import SettingsError
from app.settings import Settings, load_settings
from app.simulate.arrivals import RATE
from app.simulate.run import LIVELY
from datastore.demo_store import build_demo
from twin_model.demo.plan import DEFAULT_SEED, PUBLISHED_CASES, DemoPlan

DEMO_ZONE = ZoneInfo("Asia/Shanghai")


def anchor_of(text: str | None) -> date:
    """Build day of the demo: the given ISO date, else today in the demo city.

    Raises
    ------
    SettingsError
        If the text is no date.
    """
    if text is None:
        return datetime.now(DEMO_ZONE).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"--anchor {text!r} is not a date; write it as 2026-01-31") from error


def demo(
    *,
    data: DataDir = None,
    cases: Annotated[int, typer.Option(min=1, help="Number of simulated cases.")] = PUBLISHED_CASES,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same city.")] = DEFAULT_SEED,
    anchor: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day that the history ends before (default today).")
    ] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Build only.")] = False,
    no_live: Annotated[bool, typer.Option("--no-live", help="Serve without simulated reports and work.")] = False,
    lively: Annotated[
        float, typer.Option(min=0.01, max=1000, help="Simulated reports, in times of the published load.")
    ] = LIVELY,
    host: Host = None,
    port: Port = None,
) -> None:
    """Build the demo city (simulated data) and serve it; an equal demo that exists is kept."""
    settings = load_settings(data=data, host=host, port=port)
    plan = DemoPlan(anchor_day=anchor_of(anchor), seed=seed, cases=cases)
    if not no_serve:
        check_port(settings)
    columns = (
        SpinnerColumn(), TextColumn("{task.description:<22}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    # The bar goes when the work ends, so that a fault is one sentence; to a pipe it writes nothing.
    bar = Progress(*columns, console=Console(stderr=True, quiet=not sys.stderr.isatty()), transient=True)
    with bar:
        task = bar.add_task("demo city", total=1.0)

        def progress(phase: str, fraction: float) -> None:
            bar.update(task, description=phase, completed=fraction)

        build_demo(settings.data, plan, progress, keep_earlier=anchor is None)
    typer.echo(f"the demo city (simulated data) is in {settings.data}")
    if no_serve:
        return
    if no_live or not (settings.live and settings.open_desk):
        run_server(settings)
        return
    typer.echo(_live_words(settings, lively))
    with simulator(settings, lively, seed):
        run_server(settings)


def _live_words(settings: Settings, lively: float) -> str:
    return (
        f"simulated reports and work: {lively:g} × the published load, {lively * RATE:,.0f} reports a day; what they "
        f"do is in {settings.data / LOG_NAME}; without them: --no-live"
    )
