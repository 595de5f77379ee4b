"""JSON answers: UTF-8 as it is read, members in the order in which they are told."""

import json
from typing import Any

from flask import Response

MEDIA = "application/json"


def json_answer(value: Any, status: int = 200) -> Response:  # noqa: ANN401 - any JSON value
    """Answer with a value; what is said of cases is never kept by anybody on the way."""
    response = Response(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False), status)
    response.mimetype = MEDIA
    response.headers["Cache-Control"] = "no-store"
    return response
