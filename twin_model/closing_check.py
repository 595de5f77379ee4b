"""The automatic check before closing (step 6): whether a case may be closed without anybody looking at it.

This is a check of evidence, not of work: it asks whether there is a photo of afterwards, whether it is a new one, and
whether it was taken where and when it should have been. It does **not** compare what the photos show, so it cannot tell
whether the problem is solved; a fresh photo of the unsolved problem passes. Time and place are the camera's own word,
which whoever wants to can forge, and a copy that was mirrored, turned or cropped is not found again. Two honest photos
from one fixed camera can be so alike that they count as reused.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from twin_model.closing_policy import PER_MILLE, ClosingPolicy
from twin_model.photo import PlaceVerdict, hamming, is_telling, place_verdict


class Outcome(StrEnum):
    """What the check says."""

    PASS = "pass"  # noqa: S105 - no password
    """The case may be closed."""
    FAIL = "fail"
    """It goes back to its unit."""
    REVIEW = "review"
    """Somebody has to look."""


REASONS: Mapping[str, Outcome] = {
    "photo_reused_before": Outcome.FAIL,
    "photo_reused_elsewhere": Outcome.FAIL,
    "photo_far": Outcome.FAIL,
    "photo_early": Outcome.FAIL,
    "after_photo_missing": Outcome.REVIEW,
    "photo_featureless": Outcome.REVIEW,
    "place_unknown": Outcome.REVIEW,
    "time_unknown": Outcome.REVIEW,
    "urgent": Outcome.REVIEW,
    "enforcement": Outcome.REVIEW,
    "consultation": Outcome.REVIEW,
    "reopened": Outcome.REVIEW,
    "reworked": Outcome.REVIEW,
    "audit": Outcome.REVIEW,
}
"""Stable key -> what it leads to, in the order in which reasons are told."""

_HASH_RANGE = 1 << 64


@dataclass(frozen=True)
class ClosingCase:
    """What the check needs to know of a case.

    Parameters
    ----------
    case_no : str
    dispatched_at : datetime or None
        Aware: when its unit got it, by the latest dispatch or by being sent back; None if it never did.
    urgent : bool
        Whether it is urgent or an emergency.
    enforcement : bool
        Whether closing it is an act of law enforcement.
    consultation : bool
        Whether it went to a consultation.
    reopenings, reworks : int
        Times that it was reopened, and sent back to its unit.
    """

    case_no: str
    dispatched_at: datetime | None
    urgent: bool = False
    enforcement: bool = False
    consultation: bool = False
    reopenings: int = 0
    reworks: int = 0


@dataclass(frozen=True)
class ClosingPhoto:
    """What the check needs to know of a photo; see `twin_model.photo.PhotoFacts`.

    Parameters
    ----------
    sha256 : str
        Of the stored file.
    dhash : int
        64 bits.
    taken_at : datetime or None
        Aware.
    distance_m : float or None
        From the case's place, metres.
    elsewhere_bits : int or None
        Of a photo of afterwards: Hamming distance to the most similar photo that another case had earlier
        (`twin_model.photo.reuse`); None where there is none.
    """

    sha256: str
    dhash: int
    taken_at: datetime | None = None
    distance_m: float | None = None
    elsewhere_bits: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What the check says, and why.

    Parameters
    ----------
    outcome : Outcome
    reasons : tuple of str
        Keys of :data:`REASONS`, every one that holds, in that order; empty for a pass.
    """

    outcome: Outcome
    reasons: tuple[str, ...]


def closing_verdict(
    case: ClosingCase, before: Sequence[ClosingPhoto], after: Sequence[ClosingPhoto], policy: ClosingPolicy
) -> Verdict:
    """Whether a case may be closed by itself.

    Parameters
    ----------
    case : ClosingCase
    before, after : sequence of ClosingPhoto
        Photos of the problem, and of what was done about it since the unit got the case. Photos that an earlier round
        brought are of before: handing one in again is reuse.
    policy : ClosingPolicy

    Returns
    -------
    Verdict
        ``fail`` if any reason to fail holds, else ``review`` if any reason to look holds, else ``pass``.
    """
    holds = _evidence(case, before, after, policy) | _kind(case, policy)
    reasons = tuple(key for key in REASONS if key in holds)
    outcomes = {REASONS[key] for key in reasons}
    outcome = next((each for each in (Outcome.FAIL, Outcome.REVIEW) if each in outcomes), Outcome.PASS)
    return Verdict(outcome, reasons)


def is_audited(case_no: str, per_mille: int) -> bool:
    """Whether a case is one of the share that somebody looks at in any case.

    The SHA-256 of its number decides, so that everybody can check afterwards that the choice was not tampered with; the
    price is that whoever knows the number can also tell beforehand.

    Parameters
    ----------
    case_no : str
    per_mille : int
        Share, thousandths.
    """
    drawn = int.from_bytes(hashlib.sha256(case_no.encode()).digest()[:8], "big")
    return drawn * PER_MILLE < per_mille * _HASH_RANGE


def _evidence(
    case: ClosingCase, before: Sequence[ClosingPhoto], after: Sequence[ClosingPhoto], policy: ClosingPolicy
) -> set[str]:
    """Reasons that lie in the photos."""
    holds = set()
    if len(after) < policy.after_photos:
        holds.add("after_photo_missing")
    if any(_is_same(photo, other, policy.reuse_bits) for photo in after for other in before):
        holds.add("photo_reused_before")
    if any(_is_from_elsewhere(photo, policy.reuse_bits) for photo in after):
        holds.add("photo_reused_elsewhere")
    if any(not is_telling(photo.dhash) for photo in after):
        holds.add("photo_featureless")
    return holds | _places(after, policy) | _times(case, after, policy)


def _places(after: Sequence[ClosingPhoto], policy: ClosingPolicy) -> set[str]:
    found = {place_verdict(photo.distance_m, policy.near_m) for photo in after}
    if PlaceVerdict.FAR in found:
        return {"photo_far"}
    is_unknown = found == {PlaceVerdict.UNKNOWN} and policy.review_unknown_place
    return {"place_unknown"} if is_unknown else set()


def _times(case: ClosingCase, after: Sequence[ClosingPhoto], policy: ClosingPolicy) -> set[str]:
    taken = [photo.taken_at for photo in after if photo.taken_at is not None]
    if case.dispatched_at is not None:
        earliest = case.dispatched_at - timedelta(seconds=policy.early_s)
        if any(moment < earliest for moment in taken):
            return {"photo_early"}
    return {"time_unknown"} if after and not taken and policy.review_unknown_time else set()


def _kind(case: ClosingCase, policy: ClosingPolicy) -> set[str]:
    """Reasons that lie in the case."""
    asked = {
        "urgent": case.urgent and policy.review_urgent,
        "enforcement": case.enforcement and policy.review_enforcement,
        "consultation": case.consultation and policy.review_consultation,
        "reopened": case.reopenings > 0 and policy.review_reopened,
        "reworked": case.reworks >= policy.review_reworks,
        "audit": is_audited(case.case_no, policy.audit_per_mille),
    }
    return {key for key, holds in asked.items() if holds}


def _is_same(photo: ClosingPhoto, other: ClosingPhoto, bits: int) -> bool:
    is_alike = is_telling(photo.dhash) and hamming(photo.dhash, other.dhash) <= bits
    return photo.sha256 == other.sha256 or is_alike


def _is_from_elsewhere(photo: ClosingPhoto, bits: int) -> bool:
    return is_telling(photo.dhash) and photo.elsewhere_bits is not None and photo.elsewhere_bits <= bits
