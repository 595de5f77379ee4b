"""A report from outside, out of the form that Open311 posts: fields of a case, a place, and personal data apart."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pyarrow as pa
from werkzeug.datastructures import MultiDict

from app.api.json_body import check_text
from app.api.open311.parameters import number_of, one
from app.api.open311.service import Service
from app.api.request_errors import RequestError, UnknownThingError

MAX_DESCRIPTION = 4000
MAX_LINK = 2000
MAX_ADDRESS = 500
MAX_REF = 200
REF_HEADER = "Idempotency-Key"

_PERSONAL = {"email": 254, "device_id": 200, "account_id": 200, "first_name": 100, "last_name": 100, "phone": 40}
"""Characters of each field about who reports."""
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](\[[^\[\]]*\])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

FindPlace = Callable[..., pa.Table]
"""`datastore.queries.open311_place.open311_place`, with a cursor already."""


@dataclass(frozen=True)
class PlaceAsked:
    """Where a report says that it is.

    Parameters
    ----------
    lon, lat : float or None
        Degrees, WGS 84 taken as EPSG:4490 (they agree to centimetres).
    address, address_id : str
        In words, and the code of a building.
    """

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    address_id: str = ""


@dataclass(frozen=True)
class ReportForm:
    """A report as it was sent.

    Parameters
    ----------
    fields : dict
        Of the case, without its place and class.
    attributes : dict
        Answers to what the service asks.
    place : PlaceAsked
    private : dict
        Personal data, by the names of `twin_model.command.Command`.
    source : str
        Source that it names, or ``""``.
    account_id : str
        For the answer.
    """

    fields: dict[str, str]
    attributes: dict[str, str]
    place: PlaceAsked
    private: dict[str, str] = field(default_factory=dict)
    source: str = ""
    account_id: str = ""


def read_report(form: MultiDict[str, str], ref_header: str) -> ReportForm:
    """Read a report.

    Parameters
    ----------
    form : MultiDict
        Fields of the body, then of the address.
    ref_header : str
        Value of the header `REF_HEADER`, or ``""``.

    Raises
    ------
    RequestError
        If a field cannot be used, or it does not say where it is.
    """
    ref = _text(form, "ref", MAX_REF)
    if ref and ref_header and ref != ref_header:
        raise RequestError(f"ref and the header {REF_HEADER} differ; give one of them")
    check_text(ref_header, REF_HEADER)
    if len(ref_header) > MAX_REF:
        raise RequestError(f"{REF_HEADER} has {len(ref_header)} characters; at most {MAX_REF} are kept")
    fields = {
        "ref": ref or ref_header,
        "description": _text(form, "description", MAX_DESCRIPTION),
        "confidence": _confidence(form),
        "media_url": _link(form),
    }
    personal = {name: _text(form, name, most) for name, most in _PERSONAL.items()}
    if personal["email"] and not _EMAIL.fullmatch(personal["email"]):
        raise RequestError("email is no address; write it as name@example.org")
    name = " ".join(part for part in (personal.pop("first_name"), personal.pop("last_name")) if part)
    private = {"name": name, **personal}
    return ReportForm(
        fields={name: value for name, value in fields.items() if value},
        attributes=_attributes(form),
        place=_place(form),
        private={name: value for name, value in private.items() if value},
        source=_text(form, "source", MAX_REF),
        account_id=personal["account_id"],
    )


def case_fields(report: ReportForm, service: Service, find_place: FindPlace) -> dict[str, object]:
    """Fields of the case that a report becomes, but for its source.

    Raises
    ------
    RequestError
        If an attribute is none of the service's.
    UnknownThingError
        If ``address_id`` is no building.
    """
    fields: dict[str, object] = {**report.fields, **service.read(report.attributes), "class": service.code}
    if "media_url" in fields:
        fields["evidence"] = {"media_url": fields.pop("media_url")}
    place = located(report.place, find_place)
    if place.lon is not None and place.lat is not None:
        fields |= {"lon": repr(place.lon), "lat": repr(place.lat)}
    return fields | ({"address": place.address} if place.address else {})


def located(asked: PlaceAsked, find_place: FindPlace) -> PlaceAsked:
    """Place with its coordinates, as far as they can be told: given, of the building, or of the one at the address.

    Raises
    ------
    UnknownThingError
        If ``address_id`` is no building.
    """
    if asked.address_id:
        rows = find_place(code=asked.address_id).to_pylist()
        if not rows:
            raise UnknownThingError(f"address_id {asked.address_id!r} is no building's code; give its place instead")
    elif asked.lon is None:
        rows = find_place(address=asked.address).to_pylist()
    else:
        return asked
    if len(rows) != 1:  # an address that several share, or nobody has, remains words
        return asked
    (row,) = rows
    lon, lat = (row["lon"], row["lat"]) if asked.lon is None else (asked.lon, asked.lat)
    return PlaceAsked(lon, lat, asked.address or row["address"] or "", asked.address_id)


def _place(form: MultiDict[str, str]) -> PlaceAsked:
    lon, lat = _degrees(form, "long", 180.0), _degrees(form, "lat", 90.0)
    if (lon is None) != (lat is None):
        raise RequestError("a place needs lat and long; give both")
    address, address_id = _text(form, "address_string", MAX_ADDRESS), _text(form, "address_id", MAX_REF)
    if lon is None and not address and not address_id:
        raise RequestError("the report does not say where it is; give lat and long, address_string or address_id")
    return PlaceAsked(lon, lat, address, address_id)


def _degrees(form: MultiDict[str, str], name: str, most: float) -> float | None:
    text = _text(form, name, MAX_REF)
    if not text:
        return None
    degrees = number_of(text, name)
    if abs(degrees) > most:
        raise RequestError(f"{name} {degrees:g} is no number of degrees from -{most:g} to {most:g}")
    return degrees


def _confidence(form: MultiDict[str, str]) -> str:
    text = _text(form, "confidence", MAX_REF)
    if text and not 0 <= number_of(text, "confidence") <= 1:
        raise RequestError(f"confidence {text!r} is no number from 0 to 1")
    return text


def _link(form: MultiDict[str, str]) -> str:
    link = _text(form, "media_url", MAX_LINK)
    if not link:
        return ""
    try:
        parts = urlsplit(link)
    except ValueError as error:
        raise RequestError("media_url is no address; give one that begins with http:// or https://") from error
    if parts.scheme not in ("http", "https") or not parts.netloc or any(letter.isspace() for letter in link):
        raise RequestError("media_url is no address; give one that begins with http:// or https://")
    return link


def _attributes(form: MultiDict[str, str]) -> dict[str, str]:
    found = {}
    for name in form:
        parts = _ATTRIBUTE.fullmatch(name or "")  # a part of a form may come without a name
        if parts:
            if parts[1] in found:
                raise RequestError(f"attribute {parts[1]!r} is given twice; it takes one value")
            found[parts[1]] = _text(form, name, MAX_DESCRIPTION)
    return found


def _text(form: MultiDict[str, str], name: str, most: int) -> str:
    text = one(form, name)
    if len(text) > most:
        raise RequestError(f"{name} has {len(text)} characters; at most {most} are kept")
    check_text(text, name)
    return text
