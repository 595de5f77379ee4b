"""Stable codes for things that a source knows only by name."""

import hashlib
import re
import unicodedata

_NOT_PLAIN = re.compile(r"[^A-Z0-9]+")
_LONGEST = 40
_DIGEST = 8


def stable_code(name: str, prefix: str = "") -> str:
    """Code of a name: the same name always gives the same code, whatever its row.

    Parameters
    ----------
    name : str
        ``South of Market`` gives ``SOUTH-OF-MARKET``. A name with letters outside A–Z (``中关村``), or a long one,
        ends in a digest, so that two names do not meet.
    prefix : str
        Put in front: ``X-`` for imported classes.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = _NOT_PLAIN.sub("-", plain.upper()).strip("-")
    if name.isascii() and 0 < len(slug) <= _LONGEST:
        return prefix + slug
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGEST].upper()
    return prefix + (f"{slug[:_LONGEST].strip('-')}-{digest}" if slug else digest)
