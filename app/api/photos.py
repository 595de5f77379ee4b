"""``/photos/<sha256>.jpg``: photos of cases, as they are kept."""

from pathlib import Path

from flask import Blueprint, Response, request

from app.api.problems import problem
from app.api.textures import HARMLESS
from datastore.errors import UnknownPhotoError
from datastore.photo.photo_file import photo_path

FOREVER = "private, max-age=31536000, immutable"
"""A photo is named by its bytes and never changes; it may show people, so only the reader's own browser keeps it."""
SMALL_SIZE = "320"
"""The one size that can be asked for, the longer side in pixels."""


def photos_blueprint(data_dir: Path) -> Blueprint:
    """Blueprint that serves photos.

    Answers 404 for a photo that there is not and 400 for another size, both as problem documents.

    Parameters
    ----------
    data_dir : Path
        Data directory.
    """
    blueprint = Blueprint("photos", __name__)

    @blueprint.get("/photos/<sha256>.jpg")
    def _photo(sha256: str) -> Response:
        size = request.args.get("size")
        if size not in (None, SMALL_SIZE):
            return problem(400, "Bad Request", f"there is no size {size[:20]!r}; ask for {SMALL_SIZE}, or for none")
        try:
            image = photo_path(data_dir, sha256, small=size is not None).read_bytes()
        except UnknownPhotoError as error:
            return problem(404, "Not Found", str(error))
        response = Response(image, mimetype="image/jpeg")
        response.headers["Cache-Control"] = FOREVER
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = HARMLESS
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.set_etag(f"{sha256}-{size}" if size else sha256)
        response.make_conditional(request)
        return response

    return blueprint
