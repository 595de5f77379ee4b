"""``/tiles/<name>/…``: tilesets of the data directory, for the scene and for other clients."""

from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from app.api.problems import problem
from app.api.table_cache import ENCODERS, TableCache
from app.api.tables import CACHE_DIR
from datastore.sources.tileset import ENDINGS, FOLDER, NAME

MEDIA_TYPES = {
    ".json": "application/json",
    ".glb": "model/gltf-binary",
    ".gltf": "model/gltf+json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".ktx2": "image/ktx2",
}
"""Of files whose kind has one; all others are plain bytes."""
PACKED = frozenset({".png", ".jpg", ".jpeg", ".webp", ".ktx2", ".basis"})
"""Endings of files that no content coding makes smaller."""
LEAST_BYTES, MOST_BYTES = 1_000, 32 * 1024 * 1024
"""Smaller files are not worth the work, and larger ones not the memory."""
BYTES = "application/octet-stream"
ASK_AGAIN = "no-cache"
"""A tileset may be exported or imported anew under its name: a browser asks whether what it holds still stands."""


def tiles_blueprint(data_dir: Path) -> Blueprint:
    """Blueprint that serves tilesets, compressed for those who take it.

    Parameters
    ----------
    data_dir
        Directory of the store.
    """
    blueprint = Blueprint("tiles", __name__)
    cache = TableCache(data_dir / CACHE_DIR)
    root = (data_dir / FOLDER).absolute()

    @blueprint.get("/tiles/<name>/<path:file>")
    def _tile(name: str, file: str) -> Response:
        ending = Path(file).suffix.lower()
        if not NAME.fullmatch(name) or ending not in ENDINGS or any(part.startswith(".") for part in file.split("/")):
            return _none(name, file)
        folder = root / name
        # What a symbolic link leads to was never part of a tileset.
        if not (folder / file).is_file() or not (folder / file).resolve().is_relative_to(folder.resolve()):
            return _none(name, file)
        response = _sent(folder, file, cache)
        response.headers["Cache-Control"] = ASK_AGAIN
        # Other clients show these files in pages of their own.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return blueprint


def _sent(folder: Path, file: str, cache: TableCache) -> Response:
    """Answer with a file, whole or in part, or with its compressed content."""
    ending = Path(file).suffix.lower()
    media_type = MEDIA_TYPES.get(ending, BYTES)
    coding = request.accept_encodings.best_match(ENCODERS, "identity")
    size = (folder / file).stat().st_size
    # Parts are counted in the file itself.
    if ending in PACKED or not LEAST_BYTES <= size <= MOST_BYTES or "Range" in request.headers:
        coding = "identity"
    plain = send_from_directory(folder, file, mimetype=media_type, conditional=coding == "identity")
    plain.vary.add("Accept-Encoding")
    if coding == "identity":
        return plain
    tag, _ = plain.get_etag()
    plain.close()
    response = Response(mimetype=media_type)
    # Each coding of a file is something of its own to caches.
    response.set_etag(f"{tag}-{coding}")
    response.last_modified = plain.last_modified
    response.vary.add("Accept-Encoding")
    response.headers["Content-Encoding"] = coding
    response.make_conditional(request)
    if response.status_code == HTTPStatus.OK:
        key = f"{folder / file} {tag} {coding}"
        response.set_data(cache.get(key, lambda: ENCODERS[coding]((folder / file).read_bytes())))
    return response


def _none(name: str, file: str) -> Response:
    return problem(404, "no such tile", f"tileset {name!r} has no file {file!r}")
