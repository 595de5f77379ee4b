"""Components (部件): the 16-digit identification code of a thing on the register.

6 administrative + 2 big class + 2 small class + 6 serial digits (GB/T 30428.2 scheme).
"""

from twin_model.errors import TwinModelError

MAX_SERIAL = 999_999
"""Largest serial number that six digits hold."""

_DISTRICT_LENGTH = 6
_CLASS_LENGTH = 4


class ComponentCodeError(TwinModelError):
    """A component code, or a part of one, that does not fit the 16 digits."""


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


def _digits(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
