"""``/tiles/<name>/…``: tilesets of the data directory, for the scene and for other clients."""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from app.api.problems import problem
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
BYTES = "application/octet-stream"
ASK_AGAIN = "no-cache"
"""A tileset may be exported or imported anew under its name: a browser asks whether what it holds still stands."""


def tiles_blueprint(data_dir: Path) -> Blueprint:
    """Blueprint that serves tilesets.

    Parameters
    ----------
    data_dir
        Directory of the store.
    """
    blueprint = Blueprint("tiles", __name__)
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
        response = send_from_directory(folder, file, mimetype=MEDIA_TYPES.get(ending, BYTES), conditional=True)
        response.headers["Cache-Control"] = ASK_AGAIN
        # Other clients show these files in pages of their own.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return blueprint


def _none(name: str, file: str) -> Response:
    return problem(404, "no such tile", f"tileset {name!r} has no file {file!r}")
