"""Management areas: district, street or town, community or village, unit grid cell."""

from enum import IntEnum

from twin_model.errors import AreaCodeError


class AreaLevel(IntEnum):
    """Level of a management area; the value is stored and ordered from the whole to the part."""

    DISTRICT = 1
    STREET = 2
    COMMUNITY = 3
    GRID = 4

    @property
    def key(self) -> str:
        """The level's name as commands, addresses and tables write it: ``street``."""
        return self.name.lower()


CODE_LENGTHS = {6: AreaLevel.DISTRICT, 9: AreaLevel.STREET, 12: AreaLevel.COMMUNITY, 15: AreaLevel.GRID}
"""Digits of a national code per level: 6 administrative + 3 street + 3 community + 3 sequence (GB/T 30428.1)."""


def level_of_code(code: str) -> AreaLevel:
    """Level of a national area code.

    Raises
    ------
    AreaCodeError
        If the code is not 6, 9, 12 or 15 digits.
    """
    level = CODE_LENGTHS.get(len(code))
    if level is None or not (code.isascii() and code.isdigit()):
        raise AreaCodeError(f"area code {code!r} is not 6, 9, 12 or 15 digits")
    return level


def parent_code(code: str) -> str | None:
    """Code of the area that holds this one, or None for a district.

    Raises
    ------
    AreaCodeError
        If the code is not 6, 9, 12 or 15 digits.
    """
    return None if level_of_code(code) is AreaLevel.DISTRICT else code[:-3]


def codes_above(code: str) -> tuple[str, ...]:
    """Codes of the areas that hold this one, from its parent up to the district.

    Raises
    ------
    AreaCodeError
        If the code is not 6, 9, 12 or 15 digits.
    """
    parent = parent_code(code)
    return () if parent is None else (parent, *codes_above(parent))


def grid_code(community: str, sequence: int) -> str:
    """15-digit code of the unit grid cell with a sequence number (1 to 999) in its community.

    Raises
    ------
    AreaCodeError
        If the community code is not 12 digits or the sequence leaves three digits.
    """
    if level_of_code(community) is not AreaLevel.COMMUNITY:
        raise AreaCodeError(f"{community!r} is not a community code of 12 digits")
    if not 1 <= sequence <= 999:  # noqa: PLR2004 - three digits, GB/T 30428.1
        raise AreaCodeError(f"grid sequence {sequence} of community {community} does not fit three digits")
    return f"{community}{sequence:03d}"
