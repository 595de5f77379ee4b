"""Rows as GeoJSON (RFC 7946): longitude and latitude, exterior rings counter-clockwise."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from app.api.features.collections import rows_of
from datastore.queries.features import FeaturePage

DECIMALS = 7
"""Of a degree: about a centimetre."""

Link = Mapping[str, str]


def features_text(page: FeaturePage) -> list[str]:
    """Text of each feature of a page, without links."""
    rows, shapes = rows_of(page)
    return [
        f'{{"type":"Feature","id":{_text(row["code"])},"geometry":{shape},"properties":{_text(row)}}}'
        for row, shape in zip(rows, geometries(shapes), strict=True)
    ]


def collection_text(page: FeaturePage, links: Sequence[Link], now: datetime, as_of: datetime | None) -> str:
    """Text of a page as a FeatureCollection.

    Parameters
    ----------
    page : FeaturePage
        Its features.
    links : sequence of mapping
        Links of the collection.
    now : datetime
        When the answer is made, aware.
    as_of : datetime or None
        Moment that the cases are counted at, aware.
    """
    head = {
        "type": "FeatureCollection", "timeStamp": moment(now), "asOf": moment(as_of), "numberMatched": page.matched,
        "numberReturned": page.rows.num_rows, "links": links,
    }  # fmt: skip
    return f'{_text(head)[:-1]},"features":[{",".join(features_text(page))}]}}'


def feature_text(page: FeaturePage, links: Sequence[Link], as_of: datetime | None) -> str:
    """Text of a page of one feature as that feature, with links."""
    (feature,) = features_text(page)
    return f'{feature[:-1]},"asOf":{_text(moment(as_of))},"links":{_text(links)}}}'


def geometries(wkb: pa.ChunkedArray) -> list[str]:
    """GeoJSON geometry of each WKB, ``null`` where there is none."""
    shapes = shapely.from_wkb(np.asarray(wkb.to_numpy(), object))
    rounded = shapely.transform(shapely.orient_polygons(shapes), lambda corners: np.round(corners, DECIMALS))
    texts: list[str | None] = shapely.to_geojson(rounded).tolist()
    return [text or "null" for text in texts]


def moment(time: datetime | None) -> str | None:
    """Moment as RFC 3339 writes it, UTC, to the second."""
    return None if time is None else time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
