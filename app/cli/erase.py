"""``citydeck erase``: forget who reported a case."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from app.cli.ask_server import ask_server
from app.cli.options import By, DataDir
from app.settings import load_settings
from datastore.actor_change import acting
from datastore.compact import compact
from datastore.desk.desk import Desk
from datastore.queries.reporter_of import reporter_of
from datastore.store import Store
from twin_model.command import Command
from twin_model.workflow import Action

LEFT = "its bytes may lie in unused blocks of the store's file until citydeck compact has written it anew"


def erase(
    case_no: Annotated[str, typer.Argument(metavar="CASE_NO", help="Number of the case.")],
    *,
    reason: Annotated[str, typer.Option(help="Why, as the log keeps it; name nobody in it.")],
    by: By = "admin",
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask a running server instead of opening the store.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(envvar="CITYDECK_KEY", help="Key of the actor, for a server that asks for one.")
    ] = None,
    no_compact: Annotated[
        bool, typer.Option("--no-compact", help="Leave the file as it is; run citydeck compact after the last case.")
    ] = False,
    data: DataDir = None,
) -> None:
    """Erase the personal data of who reported a case; the case and the log stay, and the log still verifies."""
    if url is not None:
        ask_server(url, f"/api/cases/{quote(case_no, safe='')}/erase", {"reason": reason}, key=key, actor=by)
        typer.echo(f"{case_no}: who reported it is erased; {LEFT} (with the server stopped)")
        return
    directory = load_settings(data=data).data
    if not _erase_offline(directory, case_no, reason, by):
        typer.echo(f"{case_no}: nothing is kept of who reported it; if it was erased lately, run citydeck compact")
        return
    if no_compact:
        typer.echo(f"{case_no}: who reported it is erased; {LEFT}")
        return
    compact(directory)
    typer.echo(f"{case_no}: who reported it is erased, and the store's file written anew without it")


def _erase_offline(directory: Path, case_no: str, reason: str, by: str) -> bool:
    """Whether there was anything to erase."""
    with Store.open(directory) as store, Desk.open(store, lambda: datetime.now(UTC)) as desk:
        desk.read(case_no)
        with store.read() as cur:
            actor = acting(cur, by)
            if not reporter_of(cur, case_no).num_rows:
                return False
        desk.do(Command(Action.ERASE, actor, case_no, {"reason": reason}))
    return True
