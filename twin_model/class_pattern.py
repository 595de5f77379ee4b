"""Class patterns of rules: one class, a big class, a kind, or every class."""

from enum import IntEnum

from twin_model.case_class import ClassKind
from twin_model.selection_node import is_big_class

EVERY_CLASS = "*"
"""Pattern of every class."""

_KINDS: dict[str, ClassKind] = {"C": "component", "E": "event"}
_FULL_LENGTH = 5
_BIG_LENGTH = 3


class PatternLevel(IntEnum):
    """How much a pattern says; the more, the higher."""

    EVERY = 0
    KIND = 1
    BIG = 2
    EXACT = 3


def pattern_level(pattern: str) -> PatternLevel:
    """Level of a pattern: ``*`` is every class, ``E`` a kind, ``E01`` a big class, anything else one class."""
    if pattern == EVERY_CLASS:
        return PatternLevel.EVERY
    if len(pattern) == 1 and "A" <= pattern <= "Z":
        return PatternLevel.KIND
    return PatternLevel.BIG if is_big_class(pattern) else PatternLevel.EXACT


def patterns_of(class_code: str) -> tuple[str, ...]:
    """Give the patterns that a class falls under, the most specific first."""
    patterns = [class_code]
    if is_big_class(class_code[:_BIG_LENGTH]):
        patterns.append(class_code[:_BIG_LENGTH])
    if pattern_level(class_code[:1]) is PatternLevel.KIND:
        patterns.append(class_code[:1])
    return tuple(dict.fromkeys((*patterns, EVERY_CLASS)))


def kind_of_class(class_code: str) -> ClassKind:
    """Kind that a class code tells by its letter: C and four digits, E and four digits; the rest are other."""
    numbered = len(class_code) == _FULL_LENGTH and class_code[1:].isascii() and class_code[1:].isdigit()
    return _KINDS.get(class_code[0], "other") if numbered else "other"


def kind_of_pattern(pattern: str) -> ClassKind | None:
    """Kind that all classes of a pattern are of, or None where it leaves that open."""
    return None if pattern == EVERY_CLASS else _KINDS.get(pattern[:1])
