"""Reports: what a source says of something that was found, with the faults that reports have."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from app.simulate.chance import chance
from app.simulate.ground import Ground, Place
from app.simulate.report_class import ClassMix, ReportClass

MARK = "（演示 simulated）"
"""Ends every text that the simulator writes."""
FOUND_BY: Mapping[str, str] = {
    "COLLECTOR": "巡查发现",
    "ASSESSMENT": "考评发现",
    "PUBLIC": "市民反映",
    "DUTY_EMERGENCY": "值守记录：",
    "VIDEO": "视频识别疑似",
    "SATELLITE": "卫星影像比对疑似",
    "DATA_IOT": "设备告警：",
}
CONFIDENCE: Mapping[str, tuple[float, float]] = {
    "VIDEO": (16.0, 2.2),
    "SATELLITE": (18.0, 1.8),
    "DATA_IOT": (14.0, 2.4),
}
"""Sources that are not sure, and the beta distribution of how sure they are."""
PHOTO_SHARE: Mapping[str, float] = {"COLLECTOR": 0.7, "ASSESSMENT": 0.85, "PUBLIC": 0.35, "DUTY_EMERGENCY": 0.1}
REPEAT_SHARE = 0.05
"""Reports that are about something reported before: half of them are recognised, half only by a person."""
UNSEEN = 0.5
WRONG_CLASS_SHARE = 0.03
UNPLACED_SHARE: Mapping[str, float] = {"PUBLIC": 0.18, "DUTY_EMERGENCY": 0.3}
"""Reports that say where by an address only."""
NONSENSE_SHARE: Mapping[str, float] = {"PUBLIC": 0.04}
CONDITION_SHARE = 0.4
RECENT = 400
"""Reports that a later one may repeat."""
AGAIN_M, OFF_M = 3.0, 90.0


@dataclass(frozen=True)
class Repeated:
    """A report that others may repeat.

    Parameters
    ----------
    case_no : str
    class_code : str
    place : Place
    """

    case_no: str
    class_code: str
    place: Place


@dataclass(frozen=True)
class Report:
    """A report as it is to be sent, and what only the simulator knows about it.

    Parameters
    ----------
    source, ref : str
    kind : ReportClass
        Class that it names.
    place : Place
        Where it is, said or not.
    is_placed : bool
        Whether it gives coordinates.
    description : str
    condition, confidence : str
        ``""`` for none.
    evidence : mapping
    reporter : mapping of str to str
        Obviously nobody.
    has_photo : bool
    true_class : str
        Class that it should have named, or ``""``.
    is_nonsense : bool
    repeats : str
        Number of the case that it is about too, which only a person would notice; or ``""``.
    """

    source: str
    ref: str
    kind: ReportClass
    place: Place
    description: str
    is_placed: bool = True
    condition: str = ""
    confidence: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    reporter: Mapping[str, str] = field(default_factory=dict)
    has_photo: bool = False
    true_class: str = ""
    is_nonsense: bool = False
    repeats: str = ""

    def fields(self) -> dict[str, Any]:
        """Fields of the case interface."""
        told: dict[str, Any] = {
            "ref": self.ref,
            "class": self.kind.code,
            "description": self.description,
            "address": self.place.address,
            "condition": self.condition,
            "component": self.place.component if self.kind.about_component else "",
            "confidence": self.confidence,
            "evidence": dict(self.evidence),
            "reporter": dict(self.reporter),
        }
        if self.is_placed:
            told |= {"lon": repr(self.place.lon), "lat": repr(self.place.lat)}
        return {name: value for name, value in told.items() if value}

    def form(self) -> dict[str, str]:
        """Fields of Open311."""
        first, _, last = self.reporter.get("name", "").partition(" ")
        told = {
            "ref": self.ref,
            "service_code": self.kind.code,
            "description": self.description,
            "address_string": self.place.address,
            "attribute[condition]": self.condition,
            "attribute[component]": self.place.component if self.kind.about_component else "",
            "first_name": first,
            "last_name": last,
            "phone": self.reporter.get("phone", ""),
            "email": self.reporter.get("email", ""),
        }
        if self.is_placed:
            told |= {"long": repr(self.place.lon), "lat": repr(self.place.lat)}
        return {name: value for name, value in told.items() if value}


class Reporters:
    """Draws reports.

    Parameters
    ----------
    seed : int
    run : str
        Tells this run from another with the same seed, which would else report the same things again and photograph
        them again: they would be taken for duplicates, and their photos for copies.
    mix : ClassMix
    ground : Ground
    """

    def __init__(self, seed: int, run: str, mix: ClassMix, ground: Ground) -> None:
        self.seed = seed
        self.run = run
        self.mix = mix
        self.ground = ground
        self._recent: deque[Repeated] = deque(maxlen=RECENT)

    def remember(self, case_no: str, report: Report) -> None:
        """Let later reports repeat one; any thread may."""
        if report.is_placed and not report.is_nonsense:
            self._recent.append(Repeated(case_no, report.true_class or report.kind.code, report.place))

    def draw(self, source: str, number: int, now: datetime) -> Report:
        """Report of a source: the same for one seed, run, source and number, but for what it repeats.

        Parameters
        ----------
        source : str
        number : int
            Counts the reports of the source.
        now : datetime
            Aware; for the evidence of a machine.
        """
        random = chance(self.seed, self.run, source, number)
        kind = self.mix.draw(source, random)
        place = self.ground.draw(kind.code, about_component=kind.about_component, random=random)
        repeats, true_class = "", ""
        fault = random.random()
        if fault < REPEAT_SHARE and source not in CONFIDENCE:
            kind, place, repeats = self._again(kind, place, random)
        elif fault < REPEAT_SHARE + WRONG_CLASS_SHARE and source not in CONFIDENCE:
            true_class, kind = kind.code, self.mix.another(kind, random)
        is_nonsense = random.random() < NONSENSE_SHARE.get(source, 0.0)
        is_placed = random.random() >= UNPLACED_SHARE.get(source, 0.0) or not place.address
        return Report(
            source=source,
            ref=f"sim-{self.run}-{source}-{number}",
            kind=kind,
            place=place,
            is_placed=is_placed,
            description=_described(source, kind, is_nonsense=is_nonsense),
            condition=random.choice(kind.conditions) if _happens(random, CONDITION_SHARE) and kind.conditions else "",
            confidence=f"{random.betavariate(*CONFIDENCE[source]):.3f}" if source in CONFIDENCE else "",
            evidence=_evidence(source, random, now),
            reporter=_nobody(random) if source == "PUBLIC" else {},
            has_photo=random.random() < PHOTO_SHARE.get(source, 0.0),
            true_class=true_class,
            is_nonsense=is_nonsense,
            repeats=repeats,
        )

    def _again(self, kind: ReportClass, place: Place, random: Random) -> tuple[ReportClass, Place, str]:
        """Class and place of something that was reported before, and its case where only a person would notice."""
        recent = tuple(self._recent)
        if not recent:
            return kind, place, ""
        before = random.choice(recent)
        same = self.mix.by_code.get(before.class_code, kind)
        if random.random() >= UNSEEN:
            again = before.place if same.about_component else before.place.moved(random, AGAIN_M)
            return same, again, ""
        return self.mix.another(same, random), before.place.moved(random, OFF_M), before.case_no


def _happens(random: Random, share: float) -> bool:
    return random.random() < share


def _described(source: str, kind: ReportClass, *, is_nonsense: bool) -> str:
    what = "测试测试，请忽略" if is_nonsense else f"{kind.name}{'破损或缺失' if kind.about_component else ''}"
    return f"{FOUND_BY[source]}{what}{MARK}"


def _evidence(source: str, random: Random, now: datetime) -> dict[str, str]:
    if source not in CONFIDENCE:
        return {}
    device = f"sim-{source.lower()}-{random.randrange(1, 60):03d}"
    return {"detector": device, "model": "simulated", "seen_at": now.isoformat(timespec="seconds")}


def _nobody(random: Random) -> dict[str, str]:
    """Somebody who obviously does not exist: the names say so, and neither number nor domain can be reached."""
    number = random.randrange(1, 10_000)
    return {
        "name": f"演示 市民{number:04d}",
        "phone": f"000-0000-{number:04d}",
        "email": f"citizen{number:04d}@example.invalid",
    }
