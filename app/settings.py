"""Settings of the application, read from the environment (prefix ``CITYDECK_``) or given as arguments."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import SettingsError

ASSETS_DIR = Path(__file__).resolve().parent.parent / "assets"


class Settings(BaseSettings):
    """What an operator may set.

    Attributes
    ----------
    data : Path
        Data directory, which holds ``city.duckdb``.
    host, port : str, int
        Address to serve on.
    threads : int
        Worker threads of the one web process (DuckDB has one writer process).
    cache_seconds : int
        Longest time that an answer is kept; an answer is also dropped when the data version changes.
    slow_query_ms : float
        Queries that take longer are logged with their name.
    live_clients : int
        Pages that may listen to what happens at the same time.
    live : bool
        Whether cases are taken in; without it the store is only read, as several servers may.
    open_desk : bool
        Whether people may act without a key, as whoever they choose: for a demonstration, or where something else
        guards the server.
    default_language : str
        Language of a page whose address names none: ``zh-CN`` or ``en``.
    """

    model_config = SettingsConfigDict(env_prefix="CITYDECK_", frozen=True, extra="ignore")

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65535)
    threads: int = Field(default=8, ge=1, le=256)
    cache_seconds: int = Field(default=600, ge=0)
    slow_query_ms: float = Field(default=200.0, gt=0)
    live_clients: int = Field(default=2000, ge=1, le=100_000)
    live: bool = True
    open_desk: bool = True
    default_language: str = Field(default="zh-CN", pattern="^(zh-CN|en)$")


def load_settings(**given: object) -> Settings:
    """Read settings from the environment, overruled by the arguments that are not None.

    Raises
    ------
    SettingsError
        If a value cannot be used; the message names every such setting.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "; ".join(
            f"CITYDECK_{str(e['loc'][0]).upper()}: {e['msg']} (got {e['input']!r})" for e in error.errors()
        )
        raise SettingsError(f"setting not usable: {faults}") from error
