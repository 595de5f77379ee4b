"""Options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Data directory (CITYDECK_DATA, else ./data).")
]
Host = Annotated[str | None, typer.Option(help="Address to serve on (CITYDECK_HOST, else 127.0.0.1).")]
Port = Annotated[int | None, typer.Option(help="Port to serve on (CITYDECK_PORT, else 8050).")]
By = Annotated[str, typer.Option("--by", metavar="CODE", help="Actor who does it, as the log names it.")]
