"""Service discovery: which endpoints there are and what they speak."""

from typing import Any

from app.api.open311.answer import MEDIA
from app.i18n import Catalogue
from datastore.meta import Meta

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-26T00:00:00+08:00"
"""When this interface last changed."""


def discovery(url: str, jurisdiction: str, meta: Meta, texts: Catalogue) -> dict[str, Any]:
    """Discovery document.

    Parameters
    ----------
    url : str
        Address that every method is below.
    jurisdiction : str
        The one ``jurisdiction_id``.
    meta : Meta
        Of the store.
    texts : Catalogue
        Language.
    """
    city = texts.name({"name_zh": meta.city_name_zh, "name_en": meta.city_name_en})
    return {
        "changeset": CHANGED,
        "contact": texts.t("open311.contact", city=city or jurisdiction),
        "key_service": texts.t("open311.key_service"),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": CHANGED,
                "type": "test" if meta.demo else "production",
                "jurisdiction_id": jurisdiction,
                "formats": [media.partition(";")[0] for media in MEDIA.values()],
            }
        ],
    }
