"""What a user may say about a file that is imported."""

from dataclasses import dataclass, fields
from pathlib import Path

from twin_model.area import AreaLevel


@dataclass(frozen=True)
class LayerOptions:
    """Options of every import.

    Parameters
    ----------
    name : str, optional
        Name of the data set; importing under the same name replaces it. Default: from the file's name.
    title, licence : str, optional
        For people; the licence is "unstated" where nobody said.
    crs : str, optional
        Reference system of the coordinates, over what the file says: an authority code, GCJ-02 or BD-09.
    layer : str, optional
        Layer of a file that holds several.
    encoding : str, optional
        Character encoding of a Shapefile's attributes.
    """

    name: str | None = None
    title: str | None = None
    licence: str | None = None
    crs: str | None = None
    layer: str | None = None
    encoding: str | None = None

    @property
    def asked_columns(self) -> dict[str, str | None]:
        """Column that the user named for each role, from the fields ``<role>_field``; None where nobody did."""
        named = [field.name for field in fields(self) if field.name.endswith("_field")]
        return {name.removesuffix("_field"): getattr(self, name) for name in named}


@dataclass(frozen=True)
class AreaOptions(LayerOptions):
    """Options of an import of areas.

    Parameters
    ----------
    level : AreaLevel, optional
        Default: from the length of national codes.
    code_field, name_field, name_en_field, kind_field, population_field, parent_field : str, optional
        Columns; common names are found by themselves. The parent is named by its code or its name.
    estimate : bool
        Make stable codes from the names where the file has none.
    shapes : {"surveyed", "schematic"}
        How the boundaries are known.
    """

    level: AreaLevel | None = None
    code_field: str | None = None
    name_field: str | None = None
    name_en_field: str | None = None
    kind_field: str | None = None
    population_field: str | None = None
    parent_field: str | None = None
    estimate: bool = False
    shapes: str = "surveyed"


@dataclass(frozen=True)
class BuildingOptions(LayerOptions):
    """Options of an import of buildings: columns, found by common names where not given."""

    code_field: str | None = None
    name_field: str | None = None
    height_field: str | None = None
    levels_field: str | None = None
    use_field: str | None = None


@dataclass(frozen=True)
class CityOptions(LayerOptions):
    """Options of an import of a 3D city model.

    Parameters
    ----------
    placement : Path, optional
        TOML file that says where a model without coordinates stands; default: beside the model, of its name.
    name_field, height_field, levels_field, use_field : str, optional
        Attributes; common names are found by themselves. The height counts where the shape has none.
    """

    placement: Path | None = None
    name_field: str | None = None
    height_field: str | None = None
    levels_field: str | None = None
    use_field: str | None = None


@dataclass(frozen=True)
class RoadOptions(LayerOptions):
    """Options of an import of roads: columns, found by common names where not given."""

    name_field: str | None = None
    class_field: str | None = None
    width_field: str | None = None


@dataclass(frozen=True)
class LanduseOptions(LayerOptions):
    """Options of an import of land use: columns, found by common names where not given."""

    name_field: str | None = None
    class_field: str | None = None
    elevation_field: str | None = None


@dataclass(frozen=True)
class CaseOptions:
    """Options of an import of cases.

    Parameters
    ----------
    mapping : Path
        TOML file that says which column is what.
    name, title, licence, crs : str, optional
        Over what the mapping says.
    """

    mapping: Path
    name: str | None = None
    title: str | None = None
    licence: str | None = None
    crs: str | None = None
