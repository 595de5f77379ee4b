"""Fetch the vendored browser libraries anew, or check the ones that are here.

python scripts/vendor.py [--check]

Reads assets/vendor/vendor.toml. Without an option, every package is packed by npm (which honours the usual registry
settings) and its files are unpacked unmodified; a file whose SHA-256 differs from the record stops the run.
"""

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "assets" / "vendor"


@dataclass(frozen=True)
class VendoredFile:
    """One file of an npm package as it lies in ``assets/vendor``."""

    npm: str
    version: str
    member: str
    path: str
    sha256: str


def vendored_files(vendor: Path = VENDOR) -> Iterator[VendoredFile]:
    """Files that ``vendor.toml`` records."""
    for package in tomllib.loads((vendor / "vendor.toml").read_text(encoding="utf-8"))["package"]:
        for file in package["file"]:
            yield VendoredFile(package["npm"], package["version"], file["member"], file["path"], file["sha256"])


def differences(vendor: Path = VENDOR) -> list[str]:
    """One sentence for each file that is missing, altered or not recorded."""
    found = []
    recorded = {file.path: file.sha256 for file in vendored_files(vendor)}
    for path, sha256 in recorded.items():
        if not (vendor / path).is_file():
            found.append(f"assets/vendor/{path} is missing: run scripts/vendor.py")
        elif hashlib.sha256((vendor / path).read_bytes()).hexdigest() != sha256:
            found.append(f"assets/vendor/{path} differs from vendor.toml: run scripts/vendor.py")
    here = {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.is_file()}
    strangers = sorted(here - recorded.keys() - {"vendor.toml"})
    return found + [f"assets/vendor/{path} is not recorded in vendor.toml" for path in strangers]


def refresh(vendor: Path = VENDOR) -> None:
    """Fetch each recorded file from its npm package.

    Raises
    ------
    ValueError
        If a fetched file is not the recorded one.
    """
    with tempfile.TemporaryDirectory() as scratch:
        for file in vendored_files(vendor):
            packed = subprocess.run(
                ["npm", "pack", "--silent", f"{file.npm}@{file.version}"],
                cwd=scratch, check=True, capture_output=True, text=True,
            )  # fmt: skip
            with tarfile.open(Path(scratch) / packed.stdout.split()[-1]) as archive:
                member = archive.extractfile(f"package/{file.member}")
                if member is None:
                    raise ValueError(f"{file.npm} {file.version} holds no file {file.member}: mend vendor.toml")
                content = member.read()
            found = hashlib.sha256(content).hexdigest()
            if found != file.sha256:
                raise ValueError(f"{file.npm} {file.version} {file.member} is {found}, not {file.sha256}")
            (vendor / file.path).write_bytes(content)
            print(f"{file.path}: {len(content):,} bytes")


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare what is here with vendor.toml")
    if not parser.parse_args().check:
        refresh()
    found = differences()
    print("\n".join(found) or "assets/vendor is as recorded")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
