"""One form for all ways to write the same selection: what cache keys and links are made of.

Negation goes down to the leaves, nested ``and`` and ``or`` are flattened, leaves of one dimension merge where that
needs no knowledge of the city, neutral parts go, absorbing parts win, the rest is sorted. Two selections may still
mean the same and differ here (an area and the list of its children): the form is safe, not complete.
"""

from collections.abc import Callable

from twin_model.case import CaseStage
from twin_model.selection_node import (
    STAGE_GROUPS,
    And,
    Areas,
    Buildings,
    Classes,
    Everything,
    Not,
    Or,
    Polygon,
    Selection,
    Sources,
    Stages,
    TimeWindow,
    Units,
    class_matches,
    stages_of,
)
from twin_model.selection_ring import least_turn
from twin_model.selection_text import to_text

EVERYTHING = Everything()
NOTHING = Not(EVERYTHING)


def canonical(selection: Selection) -> Selection:
    """Canonical form: the same cases for any case, and the same form when taken again."""
    while True:
        simpler = _simplify(selection)
        if simpler == selection:
            return simpler
        selection = simpler


def _simplify(node: Selection) -> Selection:  # noqa: PLR0911 - one return for each node
    match node:
        case And(parts=parts):
            return _join(parts, And)
        case Or(parts=parts):
            return _join(parts, Or)
        case Not(part=part):
            return _negate(_simplify(part))
        case Areas(codes=codes) | Buildings(codes=codes) | Sources(codes=codes) | Units(codes=codes):
            return type(node)(tuple(sorted(set(codes))))
        case Classes(codes=codes):
            return Classes(_widest_classes(codes))
        case Stages():
            return _stages_leaf(stages_of(node))
        case Polygon(ring=ring):
            return Polygon(least_turn(ring))
    return node


def _negate(part: Selection) -> Selection:
    match part:
        case Not(part=inner):
            return inner
        case And(parts=parts):
            return Or(tuple(Not(inner) for inner in parts))
        case Or(parts=parts):
            return And(tuple(Not(inner) for inner in parts))
        case Stages():
            return _stages_leaf(frozenset(CaseStage) - stages_of(part))
    return Not(part)


def _join(parts: tuple[Selection, ...], kind: type[And] | type[Or]) -> Selection:
    neutral, absorbing = (EVERYTHING, NOTHING) if kind is And else (NOTHING, EVERYTHING)
    flat: list[Selection] = []
    for part in map(_simplify, parts):
        flat.extend(part.parts if isinstance(part, And | Or) and isinstance(part, kind) else (part,))
    kept = _merge(flat, kind)
    kept -= {neutral}
    if absorbing in kept or any(Not(part) in kept for part in kept):
        return absorbing
    kept = {part for part in kept if not _is_absorbed(part, kept, kind)}
    if len(kept) <= 1:
        return kept.pop() if kept else neutral
    return kind(tuple(sorted(kept, key=to_text)))


def _is_absorbed(part: Selection, among: set[Selection], kind: type[And] | type[Or]) -> bool:
    """Whether ``a & (a | b)`` or ``a | (a & b)`` makes the part needless."""
    if not isinstance(part, And | Or) or isinstance(part, kind):
        return False
    inner = set(part.parts)
    return any(
        other in inner or (isinstance(other, type(part)) and set(other.parts) < inner) for other in among - {part}
    )


def _merge(parts: list[Selection], kind: type[And] | type[Or]) -> set[Selection]:
    """Merge the leaves of one dimension; negated leaves apart, because ``not`` swaps union and intersection."""
    groups: dict[tuple[type[Selection], bool], list[Selection]] = {}
    merged: set[Selection] = set()
    for part in parts:
        leaf, negated = (part.part, True) if isinstance(part, Not) else (part, False)
        if type(leaf) in _UNIONS:
            groups.setdefault((type(leaf), negated), []).append(leaf)
        else:
            merged.add(part)
    for (dimension, negated), leaves in groups.items():
        rule = _UNIONS[dimension] if (kind is Or) != negated else _INTERSECTIONS[dimension]
        merged.update(_negate(leaf) if negated else leaf for leaf in rule(leaves))
    return merged


def _union_of_codes(leaves: list[Selection]) -> list[Selection]:
    kind = type(leaves[0])
    codes = {
        code
        for leaf in leaves
        if isinstance(leaf, Areas | Buildings | Classes | Sources | Units)
        for code in leaf.codes
    }
    return [_simplify(kind(tuple(codes)))]  # type: ignore[call-arg]  # every kind that comes here takes codes


def _intersection_of_codes(leaves: list[Selection]) -> list[Selection]:
    kind = type(leaves[0])
    sets = [set(leaf.codes) for leaf in leaves if isinstance(leaf, Buildings | Sources | Units)]
    common = set.intersection(*sets)
    return [_simplify(kind(tuple(common)))] if common else [NOTHING]  # type: ignore[call-arg]  # as above


def _intersection_of_classes(leaves: list[Selection]) -> list[Selection]:
    common: tuple[str, ...] | None = None
    for leaf in leaves:
        if isinstance(leaf, Classes):
            common = leaf.codes if common is None else _common_classes(common, leaf.codes)
    return [Classes(_widest_classes(common))] if common else [NOTHING]


def _common_classes(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of either side that the other side covers."""
    return tuple(
        code
        for codes, others in ((left, right), (right, left))
        for code in codes
        if any(class_matches(code, other) for other in others)
    )


def _widest_classes(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        sorted({code for code in codes if not any(code != other and class_matches(code, other) for other in codes)})
    )


def _union_of_stages(leaves: list[Selection]) -> list[Selection]:
    return [_stages_leaf(frozenset().union(*(stages_of(leaf) for leaf in leaves if isinstance(leaf, Stages))))]


def _intersection_of_stages(leaves: list[Selection]) -> list[Selection]:
    sets = [stages_of(leaf) for leaf in leaves if isinstance(leaf, Stages)]
    return [_stages_leaf(frozenset.intersection(*sets))]


def _stages_leaf(stages: frozenset[CaseStage]) -> Selection:
    """Shortest spelling of a set of stages; every case has a stage, so all stages are no filter."""
    if not stages:
        return NOTHING
    if len(stages) == len(CaseStage):
        return EVERYTHING
    names: list[str] = []
    for group, members in STAGE_GROUPS.items():
        if stages.issuperset(members):
            names.append(group)
            stages -= frozenset(members)
    return Stages(tuple(sorted([*names, *(stage.name for stage in stages)])))


def _union_of_windows(leaves: list[Selection]) -> list[Selection]:
    windows = sorted((leaf for leaf in leaves if isinstance(leaf, TimeWindow)), key=lambda window: window.start)
    joined = windows[:1]
    for window in windows[1:]:
        if window.start <= joined[-1].end:
            joined[-1] = TimeWindow(joined[-1].start, max(joined[-1].end, window.end))
        else:
            joined.append(window)
    return list(joined)


def _intersection_of_windows(leaves: list[Selection]) -> list[Selection]:
    windows = [leaf for leaf in leaves if isinstance(leaf, TimeWindow)]
    start, end = max(window.start for window in windows), min(window.end for window in windows)
    return [TimeWindow(start, end)] if start < end else [NOTHING]


_Rule = Callable[[list[Selection]], list[Selection]]
_UNIONS: dict[type[Selection], _Rule] = {
    Areas: _union_of_codes,
    Buildings: _union_of_codes,
    Classes: _union_of_codes,
    Sources: _union_of_codes,
    Units: _union_of_codes,
    Stages: _union_of_stages,
    TimeWindow: _union_of_windows,
}
_INTERSECTIONS: dict[type[Selection], _Rule] = {
    Areas: list,  # which area lies in which is the store's knowledge
    Buildings: _intersection_of_codes,
    Classes: _intersection_of_classes,
    Sources: _intersection_of_codes,
    Units: _intersection_of_codes,
    Stages: _intersection_of_stages,
    TimeWindow: _intersection_of_windows,
}
