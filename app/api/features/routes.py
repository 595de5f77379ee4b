"""Addresses of the Features API (OGC 17-069r4): landing page, conformance, definition, collections, items."""

import hashlib
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Protocol
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from app.api.features.collections import COLLECTIONS, Collection, collection
from app.api.features.errors import NotAcceptableError, UnknownFeatureError
from app.api.features.geojson import DECIMALS, collection_text, feature_text
from app.api.features.openapi import GEOJSON_TYPE, JSON_TYPE, OPENAPI_TYPE, definition
from app.api.features.parameters import check_known, read_wanted
from app.api.problems import problem
from app.api.tables import table_version
from datastore.meta import Meta
from datastore.queries.features import Box, FeaturePage, Wanted
from datastore.store import Store

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson", "oas30")
)
Link = dict[str, str]
Now = Callable[[], datetime]


class FeatureData(Protocol):
    """What serving features needs of the data manager."""

    store: Store

    def remember(self, key: str, ask: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - as the question gives it
        """Answer of a question, kept until the data change."""


def utc_now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def features_blueprint(data: FeatureData, now: Now = utc_now) -> Blueprint:
    """Blueprint that serves the features.

    Parameters
    ----------
    data
        The data manager.
    now
        Clock of the answers' time stamps.

    Raises
    ------
    FeatureRequestError
        While answering: if a parameter is unknown or unreadable (400).
    UnknownCollectionError, UnknownFeatureError
        While answering: if there is none of the name (404).
    NotAcceptableError
        While answering: if the client takes none of our media types (406).
    """
    blueprint = Blueprint("features", __name__, url_prefix="/features")
    _add_descriptions(blueprint, data)

    @blueprint.get("/collections/<name>/items")
    def _items(name: str) -> Response:
        of = collection(name)
        wanted = read_wanted(request.args, of)

        def make() -> str:
            meta = data.store.meta()
            found = _found(data, of, wanted, meta.as_of)
            return collection_text(found, _item_links(of, wanted, found), now(), meta.as_of)

        return _answer(data, GEOJSON_TYPE, make)

    @blueprint.get("/collections/<name>/items/<path:feature_id>")
    def _item(name: str, feature_id: str) -> Response:
        of = collection(name)
        check_known(request.args, ("f",))

        def make() -> str:
            meta = data.store.meta()
            found = _found(data, of, Wanted(equal={"code": feature_id}, limit=1), meta.as_of)
            if not found.rows.num_rows:
                raise UnknownFeatureError(f"collection {name} holds no feature {feature_id!r}")
            links = [_self(GEOJSON_TYPE), _link("collection", _address("_collection", name=name), JSON_TYPE, of.title)]
            return feature_text(found, links, meta.as_of)

        return _answer(data, GEOJSON_TYPE, make)

    @blueprint.get("/<path:rest>")
    def _nothing(rest: str) -> Response:
        return problem(
            404, "Not Found", f"there is nothing at {rest!r}; the landing page /features/ names what there is"
        )

    return blueprint


def _add_descriptions(blueprint: Blueprint, data: FeatureData) -> None:
    """Add the addresses that describe what there is."""

    @blueprint.get("/", strict_slashes=False)
    def _landing() -> Response:
        check_known(request.args, ("f",))
        return _answer(data, JSON_TYPE, lambda: _json(landing_page(data.store.meta())))

    @blueprint.get("/conformance")
    def _conformance() -> Response:
        check_known(request.args, ("f",))
        return _answer(data, JSON_TYPE, lambda: _json({"conformsTo": CONFORMS_TO}))

    @blueprint.get("/api")
    def _definition() -> Response:
        check_known(request.args, ("f",))
        server_url = _address("_landing").removesuffix("/")
        return _answer(data, OPENAPI_TYPE, lambda: _json(definition(server_url, version("citydeck"))))

    @blueprint.get("/collections")
    def _collections() -> Response:
        check_known(request.args, ("f",))

        def make() -> str:
            described = [describe(each, _bounds(data, each)) for each in COLLECTIONS.values()]
            return _json({"links": [_self(JSON_TYPE)], "collections": described})

        return _answer(data, JSON_TYPE, make)

    @blueprint.get("/collections/<name>")
    def _collection(name: str) -> Response:
        of = collection(name)
        check_known(request.args, ("f",))
        own = [_self(JSON_TYPE)]
        return _answer(data, JSON_TYPE, lambda: _json(describe(of, _bounds(data, of), own)))


def landing_page(meta: Meta) -> dict[str, Any]:
    """Landing page of a store."""
    told = "Areas, buildings and components of the city, CGCS2000 taken as WGS 84 (they agree to centimetres)."
    return {
        "title": f"{meta.city_name_zh or 'citydeck'} · {meta.city_name_en or 'features'}",
        "description": f"{told} Simulated data (演示数据)." if meta.demo else told,
        "links": [
            _self(JSON_TYPE),
            _link("service-desc", _address("_definition"), OPENAPI_TYPE, "API definition"),
            _link("conformance", _address("_conformance"), JSON_TYPE, "Conformance classes"),
            _link("data", _address("_collections"), JSON_TYPE, "Collections"),
        ],
    }


def describe(of: Collection, bounds: Box | None, own: list[Link] | None = None) -> dict[str, Any]:
    """Describe a collection.

    Parameters
    ----------
    of : Collection
        Which.
    bounds : tuple or None
        Box around its features, degrees; rounded outwards, as the features' coordinates are rounded too.
    own : list of links, optional
        Links that the description has where it stands alone.
    """
    scale = 10**DECIMALS
    rounded = bounds and [
        *(math.floor(x * scale) / scale for x in bounds[:2]),
        *(math.ceil(x * scale) / scale for x in bounds[2:]),
    ]
    return {
        "id": of.name,
        "title": of.title,
        "description": f"{of.description} Geometry: {of.geometry}.",
        "itemType": "feature",
        **({"extent": {"spatial": {"bbox": [rounded], "crs": CRS84}}} if rounded else {}),
        "crs": [CRS84],
        "links": [
            *(own or [_link("self", _address("_collection", name=of.name), JSON_TYPE, of.title)]),
            _link("items", _address("_items", name=of.name), GEOJSON_TYPE, of.title),
        ],
    }


def _found(data: FeatureData, of: Collection, wanted: Wanted, as_of: datetime | None) -> FeaturePage:
    with data.store.read() as cursor:
        return of.page(cursor, wanted, as_of)


def _bounds(data: FeatureData, of: Collection) -> Box | None:
    # Wrapped, because what is remembered is never None.
    (bounds,) = data.remember(f"features bounds {of.name}", lambda cursor: (of.bounds(cursor),))
    return bounds  # type: ignore[no-any-return]  # as put in


def _item_links(of: Collection, wanted: Wanted, found: FeaturePage) -> list[Link]:
    """Links of a page: itself, its neighbours, its collection."""
    links = [_self(GEOJSON_TYPE), _link("collection", _address("_collection", name=of.name), JSON_TYPE, of.title)]
    after = wanted.offset + found.rows.num_rows
    if found.rows.num_rows and after < found.matched:
        links.append(_link("next", _at(of, after), GEOJSON_TYPE, "Next page"))
    if wanted.offset:
        links.append(_link("prev", _at(of, max(0, wanted.offset - wanted.limit)), GEOJSON_TYPE, "Previous page"))
    return links


def _at(of: Collection, offset: int) -> str:
    asked = {name: value for name, value in request.args.items() if name != "offset"}
    return (
        f"{_address('_items', name=of.name)}?{urlencode(asked | ({'offset': offset} if offset else {}))}".removesuffix(
            "?"
        )
    )


def _address(view: str, **parts: str) -> str:
    return url_for(f"features.{view}", _external=True, **parts)


def _self(media: str) -> Link:
    return _link("self", request.url, media, "This document")


def _link(rel: str, href: str, media: str, title: str) -> Link:
    return {"rel": rel, "href": href, "type": media, "title": title}


def _json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _answer(data: FeatureData, media: str, make: Callable[[], str]) -> Response:
    """Answer a request, with nothing but its headers where the client has it already."""
    plain = media.partition(";")[0]
    if request.accept_mimetypes and not request.accept_mimetypes.best_match([media, plain, JSON_TYPE]):
        raise NotAcceptableError(f"only {plain} is given here; accept it, or */*")
    stamp = hashlib.sha256(f"{table_version(data)} {request.url}".encode()).hexdigest()[:20]
    if request.if_none_match.contains_weak(stamp):
        answer = Response(status=304)
    else:
        answer = Response(make(), content_type=media)
    answer.set_etag(stamp, weak=True)  # the same but for its time stamp
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.add("Accept")
    return answer
