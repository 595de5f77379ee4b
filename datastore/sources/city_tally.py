"""What an import of a city model counts: objects, shapes by state and LoD, textures, and what was left out."""

from collections import Counter
from dataclasses import dataclass, field

from twin_model.city_object import lod_number
from twin_model.mesh_report import MeshReport, State

NAMED = 5
_STATE_WORDS: dict[State, str] = {"valid": "valid", "repaired": "repaired", "as_found": "left as found"}
_MOST_NAMED = 1000


@dataclass
class CityTally:
    """Counts of one import.

    Parameters
    ----------
    drawn, not_drawn : Counter
        Objects by type.
    lods, states : Counter
        Models by LoD and by state.
    reasons : dict
        State and reason -> ids of the objects, each once; not more than a thousand.
    reason_counts : Counter
        Models by state and reason.
    omitted : Counter
        Geometries and parts that were left out, by type.
    textures : dict
        Path -> taken, missing or refused, and why.
    """

    drawn: Counter[str] = field(default_factory=Counter)
    not_drawn: Counter[str] = field(default_factory=Counter)
    lods: Counter[str] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)
    reasons: dict[tuple[State, str], list[str]] = field(default_factory=dict)
    reason_counts: Counter[tuple[State, str]] = field(default_factory=Counter)
    omitted: Counter[str] = field(default_factory=Counter)
    textures: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add_model(self, ref: str, lod: str, report: MeshReport) -> None:
        """Count the model of an object."""
        self.lods[lod] += 1
        self.states[report.state] += 1
        for reason in filter(None, report.reason.split(",")):
            self.reason_counts[report.state, reason] += 1
            named = self.reasons.setdefault((report.state, reason), [])
            if ref not in named[-1:] and len(named) < _MOST_NAMED:
                named.append(ref)

    def counts(self) -> dict[str, int]:
        """Lines of the report: what -> how many."""
        return {
            **{f"{kind}": count for kind, count in sorted(self.drawn.items())},
            **{f"not drawn, {kind}": count for kind, count in sorted(self.not_drawn.items())},
            **{f"models, LoD {lod or '?'}": self.lods[lod] for lod in sorted(self.lods, key=lod_number)},
            **{f"models {word}": self.states[state] for state, word in _STATE_WORDS.items() if self.states[state]},
            **{
                f"models {_STATE_WORDS[state]}, {reason}": count
                for (state, reason), count in sorted(self.reason_counts.items())
            },
            **{f"left out, {kind}": count for kind, count in sorted(self.omitted.items())},
            **{
                f"textures {fate}": count
                for fate, count in sorted(Counter(f for f, _ in self.textures.values()).items())
            },
        }

    def warnings(self, name: str) -> tuple[str, ...]:
        """Sentences about what was left as found and which textures are not there, by id and path."""
        found = [
            f"{name}: left as found, {reason}: {_some(refs)}"
            for (state, reason), refs in sorted(self.reasons.items())
            if state == "as_found"
        ]
        for fate in ("missing", "refused"):
            paths = [f"{path} ({why})" for path, (what, why) in self.textures.items() if what == fate]
            if paths:
                found.append(f"{name}: textures {fate}, drawn without: {_some(paths)}")
        return tuple(found)


def _some(words: list[str]) -> str:
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more
