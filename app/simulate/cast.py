"""Who takes part, and how each says who it is: by name on an open desk, else with a key."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.simulate.errors import KeyFileError

OPERATOR, COLLECTOR, PUBLIC = "operator", "collector", "public"
SOURCE_ACTORS: Mapping[str, str] = {
    "COLLECTOR": COLLECTOR,
    "ASSESSMENT": "assessor",
    "PUBLIC": PUBLIC,
    "DUTY_EMERGENCY": "duty",
    "VIDEO": "video",
    "SATELLITE": "satellite",
    "DATA_IOT": "iot",
}
"""Who reports for each source."""
OFFICE = "S"
"""A code of a unit that begins with it and a digit is that of a street's or town's office."""


def actor_of_unit(unit: str) -> str:
    """Actor of a unit, as the demo names them: ``street-S110108011``, ``dept-D04``."""
    is_office = unit.startswith(OFFICE) and unit[1:2].isdecimal()
    return f"{'street' if is_office else 'dept'}-{unit}"


@dataclass(frozen=True)
class Cast:
    """Who takes part.

    Parameters
    ----------
    keys : mapping of str to str
        Key of each actor; empty on an open desk, where an actor is named.
    """

    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def knows(self, actor: str) -> bool:
        """Whether an actor can act at all."""
        return not self.keys or actor in self.keys

    def query(self, actor: str) -> dict[str, str]:
        """Parameters that say who asks."""
        return {} if self.keys else {"as": actor}

    def headers(self, actor: str) -> dict[str, str]:
        """Headers that say who asks."""
        return {"Authorization": f"Bearer {self.keys[actor]}"} if self.keys else {}


def read_keys(path: Path) -> dict[str, str]:
    """Read the keys of actors.

    Parameters
    ----------
    path : Path
        TOML, or JSON where its name ends so: the code of each actor and its key.

    Raises
    ------
    KeyFileError
        If it cannot be read, or holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise KeyFileError(f'{path} cannot be read as keys: {error}; write lines such as operator = "…"') from error
    if not isinstance(found, dict) or not found or not all(type(key) is str and key for key in found.values()):
        raise KeyFileError(f'{path} holds no keys; write lines such as operator = "…"')
    return {str(actor): key for actor, key in found.items()}
