"""Rule documents in files: JSON, TOML and, for lists of rules, CSV."""

import csv
import io
import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from datastore.errors import DatastoreError
from twin_model.errors import RuleDocumentError, TwinModelError
from twin_model.rule_book import RuleKind
from twin_model.rule_document import checked_document
from twin_model.rule_table import document_of_table, rule_table
from twin_model.toml_text import toml_text

MOST_BYTES = 32 << 20
"""A list of a hundred thousand rules is smaller."""


class RuleFormat(StrEnum):
    """How a document is written."""

    TOML = "toml"
    JSON = "json"
    CSV = "csv"


class RuleFileError(DatastoreError):
    """A file that holds no document of rules; the message names the file, the row and the mend."""


def read_rule_file(path: Path, kind: RuleKind, around: Mapping[str, Any]) -> dict[str, Any]:
    """Read and check a document; the name of the file says how it is written.

    Parameters
    ----------
    path : Path
        ``.toml``, ``.json`` or ``.csv``.
    kind : RuleKind
    around : mapping
        Document that gives what a table has no place for; the newest of the kind.

    Returns
    -------
    dict
        As `twin_model.rule_document.checked_document` gives it.

    Raises
    ------
    RuleFileError
        If the file cannot be read, or its document not be used.
    """
    try:
        return checked_document(kind, _parsed(path, kind, around))
    except TwinModelError as error:
        raise RuleFileError(f"{path}: {error}") from error


def written_rules(kind: RuleKind, document: Mapping[str, Any], form: RuleFormat) -> str:
    """Document as the text of a file; a table begins with a byte order mark, which spreadsheets need for Chinese.

    Raises
    ------
    RuleDocumentError
        If a table is asked for and documents of the kind are no lists of rules.
    """
    ordered = _in_order(kind, document)
    if form is RuleFormat.TOML:
        return toml_text({name: _without_empty(value) for name, value in ordered.items()})
    if form is RuleFormat.JSON:
        return json.dumps(ordered, ensure_ascii=False, indent=2) + "\n"
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rule_table(kind, ordered))
    return "\ufeff" + out.getvalue()


def _in_order(kind: RuleKind, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Document with its fields in the order in which people read them; as it is, where this release cannot use it."""
    try:
        return checked_document(kind, document)
    except TwinModelError:
        return document


def _without_empty(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Rows without their empty fields: they say nothing, and a list is easier to read."""
    if isinstance(value, Mapping):
        return {name: _without_empty(each) for name, each in value.items() if each not in ("", [])}
    return [_without_empty(each) for each in value] if isinstance(value, list) else value


def _parsed(path: Path, kind: RuleKind, around: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever the file holds
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in set(RuleFormat):
        raise RuleFileError(f"{path} is no .toml, .json or .csv file; name it by what it holds")
    content = _bytes(path)
    try:
        if suffix == RuleFormat.TOML:
            return _plain(tomllib.loads(content.decode("utf-8-sig")))
        if suffix == RuleFormat.JSON:
            return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refused)
        return document_of_table(kind, list(csv.reader(io.StringIO(_text(content), newline=""), strict=True)), around)
    except UnicodeDecodeError as error:
        raise RuleFileError(f"{path} is no UTF-8 from byte {error.start} on; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise RuleFileError(f"{path} is no {suffix.upper()}: {error}") from error
    except RecursionError as error:
        raise RuleFileError(f"{path} is nested too deeply for a document of rules") from error


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RuleFileError(f"cannot read {path}: {error.strerror or error}") from error
    if len(content) > MOST_BYTES:
        raise RuleFileError(f"{path} has more than {MOST_BYTES >> 20} MiB; rules are smaller")
    return content


def _text(content: bytes) -> str:
    """Text of a table; spreadsheets of Chinese systems write GB 18030 where they are not told otherwise."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _plain(value: Any) -> Any:  # noqa: ANN401 - any TOML value
    """TOML's own moments and days as the texts that JSON has for them."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RuleDocumentError(f"an object names {twice[:60]!r} twice; keep one of them")
    return found


def _refused(text: str) -> object:
    raise RuleDocumentError(f"{text} is no JSON; leave the value out")
