"""``/login`` and ``/logout``: a person gives the key of an actor, and the browser keeps it for this site only."""

from flask import Blueprint, Response, redirect, render_template_string, request
from flask.typing import ResponseReturnValue

from app.i18n import catalogue
from app.identity import KEY_COOKIE, Identities, is_foreign
from app.state import LANGUAGES

KEPT_S = 12 * 3600
"""Seconds that a browser keeps the key: a shift."""
MAX_BODY = 4096
HOME = "/cases"
WORDS = ("title", "how", "key", "enter", "wrong", "signed_in", "leave")

PAGE = """<!DOCTYPE html>
<html lang="{{ lang }}" data-theme="dark">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>citydeck · {{ words.title }}</title>
    <link rel="stylesheet" href="/assets/css/tokens.css">
    <link rel="stylesheet" href="/assets/css/components.css">
    <link rel="stylesheet" href="/assets/css/page_login.css">
  </head>
  <body class="login-page">
    <main class="panel login">
      <h1><span class="brand">citydeck</span> {{ words.title }}</h1>
      <p>{{ words.how }}</p>
      {% if wrong %}<p class="login-wrong" role="alert">{{ words.wrong }}</p>{% endif %}
      <form method="post" action="/login?lang={{ lang }}">
        <label for="key">{{ words.key }}</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required autofocus maxlength="200">
        <button class="switch on" type="submit">{{ words.enter }}</button>
      </form>
      {% if who %}
      <p>{{ words.signed_in }} <a href="/logout">{{ words.leave }}</a></p>
      {% endif %}
    </main>
  </body>
</html>"""


def login_blueprint(identities: Identities) -> Blueprint:
    """Blueprint of sign-in."""
    blueprint = Blueprint("login", __name__)

    @blueprint.get("/login")
    def _form() -> ResponseReturnValue:
        return _page(identities)

    @blueprint.post("/login")
    def _enter() -> ResponseReturnValue:
        request.max_content_length = MAX_BODY
        key = request.form.get("key", "").strip()
        if is_foreign(request) or not key or identities.of_key(key) is None:
            return _page(identities, wrong=True), 403
        answer = redirect(f"{HOME}?lang={_language()}", 303)
        answer.set_cookie(KEY_COOKIE, key, max_age=KEPT_S, httponly=True, samesite="Strict", secure=request.is_secure)
        return answer

    @blueprint.get("/logout")
    def _leave() -> ResponseReturnValue:
        answer = redirect("/login", 303)
        answer.delete_cookie(KEY_COOKIE, httponly=True, samesite="Strict")
        return answer

    return blueprint


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _page(identities: Identities, *, wrong: bool = False) -> Response:
    lang = _language()
    texts = catalogue(lang)
    who = identities.signed_in()
    words = {key: texts.t(f"login.{key}", who=who.code if who else "") for key in WORDS}
    body = render_template_string(PAGE, lang=lang, words=words, wrong=wrong, who=who)
    answer = Response(body, mimetype="text/html")
    answer.headers["Cache-Control"] = "no-store"
    return answer
