"""Components (部件): the 16-digit identification code of a thing on the register."""

from dataclasses import dataclass

from twin_model.errors import TwinModelError

CODE_LENGTH = 16
"""Digits of a component code: 6 administrative + 2 big class + 2 small class + 6 serial (GB/T 30428.2 scheme)."""

MAX_SERIAL = 999_999
"""Largest serial number that six digits hold."""

_DISTRICT_LENGTH = 6
_CLASS_LENGTH = 4


class ComponentCodeError(TwinModelError):
    """A component code, or a part of one, that does not fit the 16 digits."""


@dataclass(frozen=True)
class ComponentCode:
    """A component code taken apart.

    Parameters
    ----------
    district : str
        Administrative code, 6 digits.
    big_code, small_code : str
        Class, 2 digits each.
    serial : int
        Number within the class and district, from 1.
    """

    district: str
    big_code: str
    small_code: str
    serial: int

    @property
    def class_code(self) -> str:
        """The class as the class table writes it: ``C0101``."""
        return f"C{self.big_code}{self.small_code}"

    def __str__(self) -> str:
        """Write the 16 digits."""
        return component_code(self.district, self.class_code, self.serial)


def component_code(district: str, class_code: str, serial: int) -> str:
    """16-digit code of a component.

    Parameters
    ----------
    district : str
        Administrative code, 6 digits.
    class_code : str
        Component class as the class table writes it: ``C0101``.
    serial : int
        1 to 999,999 within the class and district.

    Raises
    ------
    ComponentCodeError
        If a part does not fit its digits.
    """
    if not _digits(district, _DISTRICT_LENGTH):
        raise ComponentCodeError(f"district code {district!r} of a component is not {_DISTRICT_LENGTH} digits")
    if not (class_code.startswith("C") and _digits(class_code[1:], _CLASS_LENGTH)):
        raise ComponentCodeError(f"{class_code!r} is not a component class; write C and four digits, such as C0101")
    if not 1 <= serial <= MAX_SERIAL:
        raise ComponentCodeError(f"serial {serial} of component class {class_code} does not fit six digits")
    return f"{district}{class_code[1:]}{serial:06d}"


def parse_component_code(code: str) -> ComponentCode:
    """Parts of a 16-digit component code.

    Raises
    ------
    ComponentCodeError
        If the code is not 16 digits or its serial is 0.
    """
    if not _digits(code, CODE_LENGTH):
        raise ComponentCodeError(f"component code {code!r} is not {CODE_LENGTH} digits")
    serial = int(code[10:])
    if serial == 0:
        raise ComponentCodeError(f"component code {code} has serial 000000; serials start at 000001")
    return ComponentCode(code[:6], code[6:8], code[8:10], serial)


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
