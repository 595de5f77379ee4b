"""Texts that a request brings: of bounded length, and of characters that can be written and shown."""

from twin_model.command import Command
from twin_model.errors import FieldError

MAX_TEXT = 4_000
"""Characters of a text field that are kept; a longer one is refused."""
MAX_CODE = 200
"""Characters of a code or number."""


def field_text(value: object, name: str, most: int, command: Command) -> str:
    """Text of a field, without the space around it.

    Parameters
    ----------
    value : object
        Whatever was sent.
    name : str
        Field, as messages name it.
    most : int
        Characters that it may have.
    command : Command
        The request.

    Raises
    ------
    FieldError
        If it is no text, too long, or holds a character that is none.
    """
    if not isinstance(value, str):
        raise FieldError(f"{name} is no text", command.case_no, command.action)
    if len(value) > most:
        raise FieldError(
            f"{name} has {len(value)} characters; at most {most} are kept", command.case_no, command.action
        )
    # A lone surrogate is no text that can be written, and a control character none that can be shown.
    if any(0xD800 <= ord(letter) < 0xE000 or (ord(letter) < 0x20 and letter not in "\n\r\t") for letter in value):  # noqa: PLR2004 - Unicode's own bounds
        raise FieldError(f"{name} holds characters that are no text", command.case_no, command.action)
    return value.strip()
