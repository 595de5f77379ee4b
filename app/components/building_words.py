"""Words for buildings: their names, heights, levels of detail and what is known of their shape."""

import json
from collections.abc import Mapping

from app import formats
from app.context import Context, Row
from app.i18n import Catalogue
from twin_model.building import STOREY_HEIGHT_M
from twin_model.cim import CimLevel

HEIGHT_SOURCES = ("model", "measured", "levels", "estimated", "simulated")
BLOCK = "1"
"""Level of detail of a building that is drawn from its footprint and height."""
MAX_DEPTH = 6
"""Depth to which attributes of a source are unfolded."""


def building_name(ctx: Context, row: Row) -> str:
    """Name of a building as people say it: its own, else its address, else its code."""
    return ctx.texts.name(row) or str(row.get("address") or "") or str(row["code"])


def height_words(texts: Catalogue, row: Row) -> str:
    """Height with how it is known: ``17.7 m（模拟）``."""
    source = texts.t(f"height.{row['height_source']}")
    return texts.t("building.height_known", height=formats.metres(row["height_m"]), source=source)


def use_words(texts: Catalogue, row: Row) -> str:
    """Use of a building in words; as it stands where the catalogue has no word for it."""
    return texts.word(f"use.{row['use']}", str(row["use"] or formats.NO_VALUE))


def storey_words(texts: Catalogue, row: Row) -> str:
    """Say the number of storeys, marked where it follows from the height alone."""
    if row["storeys"] is None:
        return formats.NO_VALUE
    words = formats.number(row["storeys"])
    return texts.t("building.estimated", value=words) if storeys_are_estimated(row) else words


def storeys_are_estimated(row: Row) -> bool:
    """Whether the number of storeys may follow from the height; a source that told it has `levels`."""
    if row["height_source"] in ("levels", "simulated"):
        return False
    return row["storeys"] is not None and row["storeys"] == max(round(row["height_m"] / STOREY_HEIGHT_M), 1)


def best_lod(row: Row) -> str:
    """Highest level of detail that a building has; a block follows from every footprint."""
    return str(row.get("best_lod") or BLOCK)


def lod_words(texts: Catalogue, lod: str) -> str:
    """Level of detail in words: ``LoD 2.2 · 屋顶``."""
    return texts.t("lod.named", lod=lod, words=texts.t(f"lod.{lod[:1] if lod[:1] in '01234' else 'other'}"))


def cim_words(texts: Catalogue, level: CimLevel) -> str:
    """CIM level in words, and that it is none where it is none."""
    return texts.t("cim.none") if level.level is None else texts.t("cim.level", level=level.level)


def reasons(texts: Catalogue, text: str | None) -> str:
    """Words for the stable keys that say what was repaired or is still wrong."""
    keys = [key.strip() for key in (text or "").split(",") if key.strip()]
    return texts.t("list.comma").join(texts.word(f"reason.{key}", key.replace("_", " ")) for key in keys)


def flattened(text: str | None) -> dict[str, str]:
    """Attributes of a source, one line each; nested ones are named by their path, joined by dots."""
    try:
        tree = json.loads(text or "{}")
    except ValueError:
        return {}
    return dict(_lines(tree)) if isinstance(tree, dict) else {}


def _lines(tree: Mapping[str, object], prefix: str = "", depth: int = 0) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, dict) and value and depth < MAX_DEPTH:
            found += _lines(value, f"{prefix}{key}.", depth + 1)
        elif value not in (None, "", [], {}):
            found.append((f"{prefix}{key}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)))
    return found
