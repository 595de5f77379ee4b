"""Who asks: the actor of a request or of a page."""

from urllib.parse import urlsplit

from flask import Request, has_request_context, request

from app.errors import AppError
from datastore.actor_store import NamedActor, actor_of_code, actor_of_key, actors
from datastore.store import Store
from twin_model.actor import Actor, Role

BEARER = "Bearer "
KEY_COOKIE = "citydeck_key"
KEY_PARAMETER, ACTOR_PARAMETER, ACTOR_HEADER = "api_key", "as", "X-Citydeck-Actor"
DEFAULT_ACTOR = "operator"
NOBODY = Actor("nobody", Role.WALL)
"""Who may look and do nothing."""


class UnauthorisedError(AppError):
    """Nobody said who asks, where that has to be known."""


class UnknownActorError(AppError):
    """A key or a name that belongs to nobody."""


class ForeignPageError(AppError):
    """A page of another site that has a reader's browser ask in its name."""


class Identities:
    """Actors of a store, and how a request names one.

    Parameters
    ----------
    store : Store
        Holds the actors and the digests of their keys.
    open_desk : bool
        Whether an actor may be named without its key. That is a choice, not a proof of who one is: for demonstrations
        and for a server that something else guards.
    """

    def __init__(self, store: Store, *, open_desk: bool) -> None:
        self._store = store
        self.open_desk = open_desk

    def of_request(self, asked: Request) -> Actor:
        """Actor of a request.

        Raises
        ------
        UnauthorisedError
            If it names none and has to.
        UnknownActorError
            If its key or name belongs to nobody.
        ForeignPageError
            If a page of another site names one: it knows no key, but its readers' browsers reach an open desk.
        """
        written = asked.headers.get("Authorization", "")
        key = written.removeprefix(BEARER) if written.startswith(BEARER) else _parameter(asked, KEY_PARAMETER)
        if key:
            found = self.of_key(key)
            if found is not None:
                return found
            raise UnknownActorError("the key belongs to nobody; ask the administrator for one (citydeck actor key)")
        named = asked.headers.get(ACTOR_HEADER) or _parameter(asked, ACTOR_PARAMETER)
        if named and self.open_desk:
            if is_foreign(asked):
                raise ForeignPageError("a page of another site cannot act under a mere name; send a key")
            return self._named(named)
        raise UnauthorisedError("say who asks: send a key as 'Authorization: Bearer …' or api_key=…")

    def chosen(self, code: str) -> Actor:
        """Actor that a page acts as: that of the key given at sign-in, else on an open desk the one chosen.

        Raises
        ------
        UnknownActorError
            If there is none of the code.
        """
        signed_in = self.signed_in()
        if signed_in is not None:
            return signed_in
        return self._named(code or DEFAULT_ACTOR) if self.open_desk else NOBODY

    def signed_in(self) -> Actor | None:
        """Actor of the key in the page's cookie, or None; a page's callbacks run in its request."""
        key = request.cookies.get(KEY_COOKIE, "") if has_request_context() else ""
        return self.of_key(key) if key else None

    def of_key(self, key: str) -> Actor | None:
        """Actor that a key belongs to, or None."""
        with self._store.read() as cur:
            return actor_of_key(cur, key)

    def all(self) -> tuple[NamedActor, ...]:
        """Actors that a page may act as."""
        if not self.open_desk:
            return ()
        with self._store.read() as cur:
            return actors(cur)

    def _named(self, code: str) -> Actor:
        with self._store.read() as cur:
            found = actor_of_code(cur, code)
        if found is None:
            raise UnknownActorError(f"there is no actor {code!r}; see citydeck actor list")
        return found


def is_foreign(asked: Request) -> bool:
    """Whether a browser sends a request for a page of another site."""
    if asked.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        return True
    origin = asked.headers.get("Origin")
    try:
        return origin is not None and urlsplit(origin).netloc != asked.host
    except ValueError:
        return True


def _parameter(asked: Request, name: str) -> str:
    return str(asked.args.get(name) or asked.form.get(name) or "")
