"""Catalogues of interface texts: zh-CN by default, English complete."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.errors import SettingsError
from app.state import LANGUAGES

CATALOGUE_DIR = Path(__file__).resolve().parent / "i18n"


def _flatten(tree: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat


@dataclass(frozen=True)
class Catalogue:
    """Texts of one language.

    Parameters
    ----------
    language : str
        ``zh-CN`` or ``en``.
    texts : mapping
        Dotted key to text; ``{name}`` in a text is a placeholder.
    """

    language: str
    texts: Mapping[str, str]

    def t(self, key: str, **values: object) -> str:
        """Text of a key with its placeholders filled.

        Raises
        ------
        KeyError
            If no text has the key: a mistake in the program, held by a test.
        """
        return self.texts[key].format(**values) if values else self.texts[key]

    def word(self, key: str, otherwise: str) -> str:
        """Text of a key that is made of a stored value; another one where the value is none that has a text."""
        return self.texts.get(key, otherwise)

    def name(self, row: Mapping[str, object], stem: str = "name") -> str:
        """Name of a row in this language: ``<stem>_en`` in English where there is one, else the Chinese name."""
        chinese = row.get(f"{stem}_zh") or row.get(stem) or ""
        return str((row.get(f"{stem}_en") or chinese) if self.language == "en" else chinese)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Catalogue:
    """Catalogue of a language, read once.

    Raises
    ------
    SettingsError
        If there is no catalogue of that language.
    """
    path = CATALOGUE_DIR / f"{language}.toml"
    if language not in LANGUAGES or not path.is_file():
        raise SettingsError(f"no catalogue for language {language!r}; there are {', '.join(LANGUAGES)}")
    return Catalogue(language, _flatten(tomllib.loads(path.read_text(encoding="utf-8"))))
