import io
from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.simulate.camera import take_photo
from datastore.photo.accept import accept_photo
from datastore.photo.measure import picture_hash
from twin_model.closing_check import ClosingCase, ClosingPhoto, Outcome, closing_verdict
from twin_model.closing_policy import ClosingPolicy
from twin_model.photo import TimeRule, hamming, is_telling, reuse

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
CASE = (116.31, 39.98)
CLASSES = ("C0102", "C0118", "C0402", "E0102", "E0110", "E0201", "E0406", "E0504", "E0505", "E0601")


def take(seed=1, phase="before", class_code="E0102", at=NOON):
    return take_photo(class_code, phase, seed=seed, taken_at=at, zone=ZONE, lon=CASE[0], lat=CASE[1])


def opened(jpeg):
    return Image.open(io.BytesIO(jpeg))


def accepted(folder, jpeg):
    return accept_photo(folder, jpeg, case_lonlat=CASE, zone=UTC, now=NOON + timedelta(days=1))[0]


@settings(max_examples=15)
@given(st.integers(), st.sampled_from(["before", "after"]), st.sampled_from(CLASSES), st.integers(0, 23))
def test_a_picture_is_small_and_always_the_same(seed, phase, class_code, hour):
    jpeg = take(seed, phase, class_code, NOON + timedelta(hours=hour))
    assert len(jpeg) < 40_000
    assert opened(jpeg).size == (480, 360)
    assert take(seed, phase, class_code, NOON + timedelta(hours=hour)) == jpeg


@pytest.mark.parametrize("seed", range(8))
def test_the_camera_says_when_and_about_where_it_stood(tmp_path, seed):
    facts = accepted(tmp_path, take(seed))
    assert (facts.taken_at, facts.time_rule) == (NOON, TimeRule.OFFSET)
    assert 0 < facts.distance_m < 36


def test_a_picture_says_that_it_is_simulated():
    picture = opened(take())
    assert "simulated" in picture.getexif().values()
    band = np.asarray(picture.convert("L"))[-22:, :150]
    assert band.min() < 60
    assert band.max() > 200


def test_night_is_darker_than_day():
    day, night = (np.asarray(opened(take(at=NOON + timedelta(hours=h)))).mean() for h in (0, 12))
    assert night < 0.7 * day


def test_a_case_with_both_pictures_passes_the_automatic_check(tmp_path):
    earlier: list[int] = []
    for seed in range(10):
        class_code = CLASSES[seed % len(CLASSES)]
        photos = []
        for phase, at in (("before", NOON - timedelta(hours=3)), ("after", NOON)):
            facts = accepted(tmp_path, take(seed, phase, class_code, at))
            nearest = reuse(facts.dhash, earlier)
            elsewhere = nearest.bits if nearest else None
            photos.append(ClosingPhoto(facts.sha256, facts.dhash, facts.taken_at, facts.distance_m, elsewhere))
        case = ClosingCase(f"{seed}", NOON - timedelta(hours=2))
        verdict = closing_verdict(case, photos[:1], photos[1:], ClosingPolicy(audit_per_mille=0))
        assert verdict.outcome is Outcome.PASS
        earlier += [photo.dhash for photo in photos]


def test_no_two_pictures_are_taken_for_one():
    hashes = [picture_hash(opened(take(seed, phase))) for seed in range(25) for phase in ("before", "after")]
    assert all(is_telling(each) for each in hashes)
    assert min(hamming(a, b) for a, b in combinations(hashes, 2)) > 4
