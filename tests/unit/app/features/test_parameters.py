"""Parameters of the Features API: what is read, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.api.features.collections import COLLECTIONS
from app.api.features.errors import FeatureRequestError
from app.api.features.parameters import MAX_LIMIT, check_datetime, read_bbox, read_wanted

BUILDINGS = COLLECTIONS["buildings"]

BAD = [
    ({"galaxy": "1"}, "'galaxy'"),
    ({"Limit": "1"}, "'Limit'"),
    ({"crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}, "'crs'"),
    ({"limit": "0"}, "limit='0'"),
    ({"limit": "-1"}, "limit='-1'"),
    ({"limit": "ten"}, "limit='ten'"),
    ({"limit": ""}, "limit=''"),
    ({"limit": "1.5"}, "limit='1.5'"),
    ({"limit": "٣"}, "limit='٣'"),
    ({"offset": "-1"}, "offset='-1'"),
    ({"offset": "99999999999"}, "offset=99999999999"),
    ({"bbox": ""}, "1 numbers"),
    ({"bbox": "1,2,3"}, "3 numbers"),
    ({"bbox": "1,2,3,4,5"}, "5 numbers"),
    ({"bbox": "a,2,3,4"}, "'a'"),
    ({"bbox": "nan,2,3,4"}, "'nan'"),
    ({"bbox": "1e999,2,3,4"}, "'1e999'"),
    ({"bbox": "0x1,2,3,4"}, "'0x1'"),
    ({"bbox": "-181,2,3,4"}, "longitude -181"),
    ({"bbox": "1,4,3,2"}, "latitude 4 to 2"),
    ({"bbox": "1,2,3,91"}, "latitude 2 to 91"),
    ({"bbox": "1,2,9,3,4,5"}, "height 9"),
    ({"datetime": ""}, "datetime ''"),
    ({"datetime": ".."}, "datetime '..'"),
    ({"datetime": "../.."}, "neither a moment nor an interval"),
    ({"datetime": "/"}, "neither a moment nor an interval"),
    ({"datetime": "2026-01-01"}, "2026-01-01"),
    ({"datetime": "2026-13-01T00:00:00Z"}, "2026-13-01"),
    ({"datetime": "2026-01-01T00:00:00"}, "RFC 3339"),
    ({"datetime": "2026-01-01 00:00:00Z"}, "RFC 3339"),
    ({"datetime": "0001-01-01T00:00:00+10:00"}, "0001"),
    ({"datetime": "2026-01-02T00:00:00Z/2026-01-01T00:00:00Z"}, "ends before"),
    ({"datetime": "2026-01-01T00:00:00Z/2026-01-02T00:00:00Z/.."}, "neither"),
    ({"storeys": "six"}, "storeys='six'"),
    ({"simulated": "yes"}, "simulated='yes'"),
    ({"height_m": "18"}, "'height_m'"),
    ({"f": "html"}, "f='html'"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=str)
def test_what_cannot_be_read_is_refused_with_its_name(arguments: dict[str, str], said: str) -> None:
    with pytest.raises(FeatureRequestError) as refused:
        read_wanted(MultiDict(arguments), BUILDINGS)
    assert said in str(refused.value)


def test_a_parameter_that_is_given_twice_is_refused() -> None:
    with pytest.raises(FeatureRequestError, match="2 times"):
        read_wanted(MultiDict([("limit", "1"), ("limit", "2")]), BUILDINGS)


def test_values_have_the_types_of_their_properties() -> None:
    arguments = {"use": "residential", "storeys": "6", "simulated": "true", "limit": "5", "offset": "7", "f": "json"}
    wanted = read_wanted(MultiDict(arguments), BUILDINGS)
    assert wanted.equal == {"use": "residential", "storeys": 6, "simulated": True}
    assert (wanted.boxes, wanted.limit, wanted.offset) == ((), 5, 7)


def test_a_limit_above_the_greatest_is_the_greatest() -> None:
    assert read_wanted(MultiDict({"limit": "999999999"}), BUILDINGS).limit == MAX_LIMIT


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T00:00:00Z", "2026-01-01t00:00:00z", "2026-01-01T00:00:00.123456789+08:00",
        "2026-01-01T00:00:00Z/2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00Z/..", "../2026-01-01T00:00:00Z",
        "/2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z/",
    ],
)  # fmt: skip
def test_moments_and_intervals_are_read(text: str) -> None:
    check_datetime(text)


def test_a_box_across_the_antimeridian_is_two() -> None:
    assert read_bbox("170,-10,-170,10") == ((170, -10, 180, 10), (-180, -10, -170, 10))


def test_heights_of_a_box_are_left_aside() -> None:
    assert read_bbox("1,2,-5,3,4,100") == read_bbox("1,2,3,4") == ((1, 2, 3, 4),)


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90))
def test_every_box_that_python_writes_is_read_back(west: float, south: float, east: float, north: float) -> None:
    south, north = sorted((south, north))
    boxes = read_bbox(f"{west!r},{south!r},{east!r},{north!r}")
    assert (boxes[0][0], boxes[-1][2]) == (west, east)
    assert all(box[0] <= box[2] and (box[1], box[3]) == (south, north) for box in boxes)


@given(st.text(max_size=30))
def test_any_text_is_a_box_or_refused(text: str) -> None:
    try:
        boxes = read_bbox(text)
    except FeatureRequestError:
        return
    assert all(math.isfinite(edge) for box in boxes for edge in box)


@given(st.text(alphabet="0123456789-:TZ./+ ", max_size=45))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        check_datetime(text)
    except FeatureRequestError as refused:
        assert "datetime" in str(refused)  # noqa: PT017 - either is right
