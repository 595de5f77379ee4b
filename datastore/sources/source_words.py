"""Words of sources: names and addresses as people read them."""

import re
from collections.abc import Mapping, Sequence

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PARTS = ("country", "postcode", "locality", "street", "number")
_KEYS = {
    "country": ("country", "countryname"),
    "postcode": ("postcode", "postalcode", "postalcodenumber", "zip"),
    "locality": ("locality", "localityname", "city", "town"),
    "street": ("thoroughfarename", "thoroughfare", "street", "road"),
    "number": ("thoroughfarenumber", "housenumber", "number"),
}


def first_word(attributes: Mapping[str, object], names: Sequence[str]) -> str | None:
    """First of the attributes that is there and says something, as text."""
    for name in names:
        value = attributes.get(name)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None


def address_text(parts: Mapping[str, object]) -> str | None:
    """Address in one line: from the country down in Chinese, Japanese and Korean, from the street up elsewhere.

    Parameters
    ----------
    parts : mapping
        Parts by their xAL or CityJSON names, in any case.
    """
    by_name = {
        str(key).lower(): str(value).strip()
        for key, value in parts.items()
        if isinstance(value, (str, int)) and str(value).strip()
    }
    found = {part: next((by_name[key] for key in _KEYS[part] if key in by_name), "") for part in _PARTS}
    if _CJK.search("".join(found.values())):
        return "".join(found[part] for part in ("locality", "street", "number")) or None
    street = " ".join(word for word in (found["street"], found["number"]) if word)
    place = " ".join(word for word in (found["postcode"], found["locality"]) if word)
    return ", ".join(word for word in (street, place, found["country"]) if word) or None
