"""CIM levels (CJJ/T 315-2022): how detailed a data set is, and never more than that.

The standard defines seven levels by content and source accuracy. It names no CityGML level of detail, so this mapping
is our own reading: outlines are CIM1, blocks CIM2, and models that tell walls from roofs CIM3. Nothing here is given a
higher level: CIM4 and up ask for floors, units and a stated source accuracy, which none of the formats that are read
vouches for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from twin_model.city_object import lod_number

CIM_SURFACE, CIM_FRAMEWORK, CIM_STANDARD = 1, 2, 3
ROOFS_FROM: Final = 2.0
"""Level of detail from which on a model has roofs of its own."""
DETAIL_FROM: Final = 3.0
"""Level of detail from which on a model has openings."""
BLOCK: Final = "1"
"""Level of detail of what is drawn from a footprint and a height."""


@dataclass(frozen=True)
class CimLevel:
    """Level that a data set reaches, and why.

    Parameters
    ----------
    level : int or None
        1 to 7, as the standard counts; None for what is no model of the city.
    lod : str
        Levels of detail, as CityJSON writes them: ``2.2``, ``1 – 2.2``; empty where there is no shape to have one.
    basis : str
        Stable key of the reason: ``outlines``, ``typed_points``, ``blocks``, ``blocks_estimated``, ``partly_roofs``,
        ``no_surfaces``, ``generated``, ``roofs``, ``detail``, ``records``, ``background`` or ``unknown``.
    """

    level: int | None
    lod: str
    basis: str


_FIXED: Mapping[str, CimLevel] = {
    "areas": CimLevel(CIM_SURFACE, "0", "outlines"),
    "roads": CimLevel(CIM_SURFACE, "0", "outlines"),
    "landuse": CimLevel(CIM_SURFACE, "0", "outlines"),
    "components": CimLevel(CIM_SURFACE, "", "typed_points"),
    "cases": CimLevel(None, "", "records"),
    "tileset": CimLevel(None, "", "background"),
}


def cim_level(
    kind: str,
    lods: Sequence[str] = (),
    *,
    buildings: int = 0,
    modelled: int = 0,
    estimated: int = 0,
    semantic: bool = False,
    simulated: bool = False,
) -> CimLevel:
    """Level of a data set.

    Parameters
    ----------
    kind : str
        Kind of data set, as the registry has it.
    lods : sequence of str
        Levels of detail of its models.
    buildings, modelled, estimated : int
        How many buildings it has; how many of them have a model of LoD 2 or more; and of how many nobody measured the
        height.
    semantic : bool
        Whether its models tell walls from roofs.
    simulated : bool
        Whether its models were generated: their roofs stand for nothing that is there, and lift no level.
    """
    if kind in _FIXED:
        return _FIXED[kind]
    if not buildings:
        return _FIXED["landuse"] if kind == "city" else CimLevel(None, "", "unknown")
    numbers = {lod: number for lod in lods if (number := lod_number(lod)) > 0}
    shown = set(numbers) | ({BLOCK} if modelled < buildings and not _has_blocks(numbers) else set())
    text = _span(sorted(shown, key=lambda lod: (lod_number(lod), lod)))
    best = max(numbers.values(), default=0.0)
    if best < ROOFS_FROM or not modelled:
        return CimLevel(CIM_FRAMEWORK, text, "blocks_estimated" if estimated == buildings else "blocks")
    if simulated or not semantic:
        return CimLevel(CIM_FRAMEWORK, text, "generated" if simulated else "no_surfaces")
    if modelled < buildings:
        return CimLevel(CIM_FRAMEWORK, text, "partly_roofs")
    return CimLevel(CIM_STANDARD, text, "detail" if best >= DETAIL_FROM else "roofs")


def dataset_cim_level(row: Mapping[str, Any]) -> CimLevel:
    """Level of a data set by its row, whose columns are named as the parameters of `cim_level`."""
    counts = {name: row[name] for name in ("buildings", "modelled", "estimated", "semantic", "simulated")}
    return cim_level(row["kind"], row["lods"], **counts)


def building_cim_level(best_lod: str | None, height_source: str, *, semantic: bool) -> CimLevel:
    """Level of one building.

    Parameters
    ----------
    best_lod : str or None
        Its highest level of detail above 0; None for a block.
    height_source : str
        How its height is known.
    semantic : bool
        Whether its best model tells walls from roofs.
    """
    roofs = best_lod is not None and lod_number(best_lod) >= ROOFS_FROM
    estimated = height_source not in ("measured", "model")
    return cim_level(
        "buildings",
        () if best_lod is None else (best_lod,),
        buildings=1,
        modelled=int(roofs),
        estimated=int(estimated),
        semantic=semantic,
        simulated=height_source == "simulated",
    )


def _has_blocks(numbers: Mapping[str, float]) -> bool:
    return any(1 <= number < ROOFS_FROM for number in numbers.values())


def _span(lods: Sequence[str]) -> str:
    return lods[0] if len(lods) == 1 else f"{lods[0]} – {lods[-1]}"
