"""The shape of the code: sizes, direction of import, and nothing done at import."""

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("twin_model", "datastore", "layers", "app")
MAX_FILE_LINES = 500
MEDIAN_FILE_LINES = 200
P90_FUNCTION_LINES = 60


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_longer_than_500_lines() -> None:
    sources = [*modules(), *(ROOT / "assets" / "js").rglob("*.js"), *(ROOT / "tests").rglob("*.py")]
    assert not [f"{path.relative_to(ROOT)}: {lines(path)}" for path in sources if lines(path) > MAX_FILE_LINES]


def test_median_file_is_at_most_200_lines() -> None:
    assert statistics.median(lines(path) for path in modules()) <= MEDIAN_FILE_LINES


def test_nine_functions_in_ten_are_at_most_60_lines() -> None:
    sizes = sorted((f.end_lineno or f.lineno) - f.lineno + 1 for path in modules() for f in functions(path))
    assert sizes[int(len(sizes) * 0.9)] <= P90_FUNCTION_LINES


def test_every_module_says_what_it_is() -> None:
    assert not [
        str(path.relative_to(ROOT))
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


ALLOWED_AT_IMPORT = {"logging.getLogger"}


def calls_at_import(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that run as bare statements when a module is imported (assignments of constants are fine)."""
    for node in tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield node.value
        if isinstance(node, ast.For | ast.While | ast.With | ast.Try):
            yield from (inner for inner in ast.walk(node) if isinstance(inner, ast.Call))


def test_no_statement_calls_anything_at_import() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in modules()
        for call in calls_at_import(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_opens_no_file_for_writing_and_no_socket(package: str) -> None:
    probe = f"""
import sys, pathlib
root = pathlib.Path({str(ROOT)!r})
names = [".".join(p.relative_to(root).with_suffix("").parts) for p in sorted((root / {package!r}).rglob("*.py"))]
names = [n.removesuffix(".__init__") for n in names if not n.endswith("__main__")]
seen = []
def hook(event, args):
    if event in ("socket.connect", "socket.bind", "subprocess.Popen"):
        seen.append((event, str(args)))
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    if writes and "__pycache__" not in str(args[0]):
        seen.append((event, str(args[0])))
sys.addaudithook(hook)
import importlib
for name in names:
    importlib.import_module(name)
print(seen)
"""
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
