"""``/api/texture/<id>``: images of buildings' surfaces, as their source gave them."""

from typing import Protocol

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from datastore.queries.building_texture import building_texture
from datastore.store import Store

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/tiff"})
"""What an image may say that it is; a browser never takes it for anything else (``nosniff``)."""
HARMLESS = "default-src 'none'; sandbox"
"""Content-Security-Policy of an image: whoever opens it by itself runs nothing."""


class TextureData(Protocol):
    """What serving textures needs of the data manager."""

    store: Store


def textures_blueprint(data: TextureData) -> Blueprint:
    """Blueprint that serves textures.

    Raises
    ------
    NotFound
        While answering: if the store has no such texture (404).
    """
    blueprint = Blueprint("textures", __name__)

    @blueprint.get("/api/texture/<int(max=2147483647):texture_id>")
    def _texture(texture_id: int) -> Response:
        with data.store.read() as cursor:
            found = building_texture(cursor, texture_id).to_pylist()
        if not found or found[0]["media_type"] not in MEDIA_TYPES:
            raise NotFound(f"there is no texture {texture_id}")
        image = found[0]
        response = Response(image["image"], mimetype=image["media_type"])
        response.headers["Cache-Control"] = FOREVER if request.args.get("v") else ASK_AGAIN
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = HARMLESS
        response.set_etag(image["sha256"])
        response.make_conditional(request)
        return response

    return blueprint
