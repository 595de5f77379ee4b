"""What a reader sees when a callback fails: a sentence, while the panels stay as they were."""

import logging
from urllib.parse import urlsplit

from dash import set_props
from flask import request

from app import ids
from app.components.notices import notices
from app.context import unknown_code
from app.errors import AppError
from app.i18n import catalogue
from app.state import parse_search
from datastore.errors import DatastoreError, UnknownCodeError
from layers.errors import LayerError
from twin_model.errors import TwinModelError

log = logging.getLogger(__name__)
OURS = (TwinModelError, DatastoreError, LayerError, AppError)


def sentence(error: Exception, search: str) -> str:
    """Sentence for an error, in the language of the page that it happened on."""
    texts = catalogue(parse_search(search)[0].lang)
    if isinstance(error, UnknownCodeError):
        return unknown_code(error, texts)
    return texts.t("notice.failed") if isinstance(error, OURS) else texts.t("notice.unexpected")


def report(error: Exception) -> None:
    """Log a failed callback and say so on the page; Dash's own hook."""
    log.error("callback failed: %s", error, exc_info=None if isinstance(error, OURS) else error)
    search = urlsplit(request.referrer or "").query
    set_props(ids.NOTICE, {"children": notices([sentence(error, search)])})
