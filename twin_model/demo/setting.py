"""The setting of each street: how built-up it is, how its lanes lie, how big its cells are."""

from enum import IntEnum


class Setting(IntEnum):
    """Character of a street or town."""

    CORE = 0
    CAMPUS = 1
    TECH = 2
    FRINGE = 3
    RURAL = 4


CELL_M2 = {
    Setting.CORE: 10_500.0,
    Setting.CAMPUS: 13_000.0,
    Setting.TECH: 13_000.0,
    Setting.FRINGE: 13_500.0,
    Setting.RURAL: 12_000.0,
}
"""Wanted area of a cell where people live."""
FIELD_M2 = {
    Setting.CORE: 20_000.0,
    Setting.CAMPUS: 25_000.0,
    Setting.TECH: 35_000.0,
    Setting.FRINGE: 55_000.0,
    Setting.RURAL: 110_000.0,
}
"""Wanted area of a cell of fields, orchards or parkland."""
HILL_M2 = 300_000.0
TILT_RAD = {
    Setting.CORE: 0.030,
    Setting.CAMPUS: 0.045,
    Setting.TECH: 0.10,
    Setting.FRINGE: 0.07,
    Setting.RURAL: 0.14,
}
"""Spread of a street's turn from the cardinal grid."""

SETTINGS = {
    "014": Setting.CAMPUS,
    "015": Setting.CAMPUS,
    "017": Setting.TECH,
    "019": Setting.TECH,
    "020": Setting.TECH,
    "022": Setting.TECH,
    "013": Setting.FRINGE,
    "021": Setting.FRINGE,
    "023": Setting.FRINGE,
    "024": Setting.FRINGE,
    "025": Setting.FRINGE,
    "027": Setting.FRINGE,
    "016": Setting.RURAL,
    "026": Setting.RURAL,
    "028": Setting.RURAL,
    "029": Setting.RURAL,
    "030": Setting.RURAL,
}
"""Setting by the last three digits of the street code; the rest are core."""

FIRST_VILLAGE = 200
"""Community numbers from here on are village committees (and the living quarters of former villages)."""
FIRST_QUARTER = 500

SETTLED_SHARE = {Setting.CORE: 1.0, Setting.CAMPUS: 1.0, Setting.TECH: 0.90, Setting.FRINGE: 0.72, Setting.RURAL: 0.0}
"""Share of the land that is built over, outside villages."""


def setting_of(street_code: str) -> Setting:
    """Look up the setting of a street by its 9-digit code."""
    return SETTINGS.get(street_code[6:9], Setting.CORE)


def is_village(community_code: str) -> bool:
    """Whether a 12-digit community code is that of a village (or of a former village's quarter)."""
    return int(community_code[9:12]) >= FIRST_VILLAGE
