"""Buildings into a tileset by py3dtiles: ``peer_py3dtiles.py FILE.npz OUT``.

The file holds each building as ISO WKB (MultiPolygon Z, metres around one point, y up as py3dtiles' own database reader
turns them), one after the other, and their codes. Reading it is not measured; py3dtiles' own work is.
"""

import contextlib
import io
import json
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
from py3dtiles.export import wkbs_to_tileset


def main():
    """Measure once and print."""
    held = np.load(sys.argv[1])
    text, ends = held["wkb"].tobytes(), held["ends"].tolist()
    wkbs = [text[begin:end] for begin, end in zip([0, *ends[:-1]], ends, strict=True)]
    out = Path(sys.argv[2])
    out.mkdir(parents=True)
    begun = perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        wkbs_to_tileset(wkbs, held["codes"].tolist(), np.eye(4, dtype=np.float32).flatten("F"), out)
    print(json.dumps({"seconds": perf_counter() - begun}))  # noqa: T201 - its output


if __name__ == "__main__":
    main()
