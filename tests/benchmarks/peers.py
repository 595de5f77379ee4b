"""Programs that ours are measured beside, each in a Python of its own.

py3dtiles pins other releases of what citydeck needs, so that both cannot be in one environment. The environment
variable ``CITYDECK_PEERS`` names a Python that has the peers: one of an environment made with
``pip install 'cjio>=0.10' 'py3dtiles>=12' trimesh scipy networkx``. What it has not is looked for in the Python that
runs the benchmarks, and left out with a sentence where it is nowhere.
"""

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

VARIABLE = "CITYDECK_PEERS"
HERE = Path(__file__).parent


@lru_cache(maxsize=8)
def python_with(*modules: str) -> str | None:
    """Python that has the modules, or None."""
    for candidate in (os.environ.get(VARIABLE, ""), sys.executable):
        if candidate and _imports(candidate, modules):
            return candidate
    return None


def _imports(python: str, modules: tuple[str, ...]) -> bool:
    try:
        done = subprocess.run([python, "-c", f"import {', '.join(modules)}"], capture_output=True, check=False)  # noqa: S603
    except OSError:
        return False
    return done.returncode == 0


def run_peer(script: str, modules: tuple[str, ...], *arguments: str) -> dict[str, Any] | None:
    """What a peer's script prints last (JSON); None, with a sentence, where the peer is not installed.

    Parameters
    ----------
    script : str
        File beside this one; it imports nothing of ours.
    modules : tuple of str
        What it needs.
    arguments : str
        Its arguments.
    """
    python = python_with(*modules)
    if python is None:
        print(f"{modules[0]} is not installed: left out (see tests/benchmarks/peers.py)")  # noqa: T201 - its output
        return None
    done = subprocess.run([python, str(HERE / script), *arguments], capture_output=True, text=True, check=True)  # noqa: S603
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
