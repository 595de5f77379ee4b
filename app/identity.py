"""Who asks: the actor of a request or of a page."""

from flask import Request

from app.errors import AppError
from datastore.actor_store import NamedActor, actor_of_key, actors
from datastore.store import Store
from twin_model.actor import Actor, Role

BEARER = "Bearer "
KEY_PARAMETER, ACTOR_PARAMETER, ACTOR_HEADER = "api_key", "as", "X-Citydeck-Actor"
DEFAULT_ACTOR = "operator"
NOBODY = Actor("nobody", Role.WALL)
"""Who may look and do nothing."""


class UnauthorisedError(AppError):
    """Nobody said who asks, where that has to be known."""


class UnknownActorError(AppError):
    """A key or a name that belongs to nobody."""


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

    def of_request(self, request: Request) -> Actor:
        """Actor of a request.

        Raises
        ------
        UnauthorisedError
            If it names none and has to.
        UnknownActorError
            If its key or name belongs to nobody.
        """
        written = request.headers.get("Authorization", "")
        key = written.removeprefix(BEARER) if written.startswith(BEARER) else _parameter(request, KEY_PARAMETER)
        if key:
            with self._store.read() as cur:
                found = actor_of_key(cur, key)
            if found is not None:
                return found
            raise UnknownActorError("the key belongs to nobody; ask the administrator for one (citydeck actor key)")
        named = request.headers.get(ACTOR_HEADER) or _parameter(request, ACTOR_PARAMETER)
        if named and self.open_desk:
            return self._named(named)
        raise UnauthorisedError("say who asks: send a key as 'Authorization: Bearer …' or api_key=…")

    def chosen(self, code: str) -> Actor:
        """Actor that a page acts as; one that may do nothing where the desk is not open.

        Raises
        ------
        UnknownActorError
            If there is none of the code.
        """
        return self._named(code or DEFAULT_ACTOR) if self.open_desk else NOBODY

    def all(self) -> tuple[NamedActor, ...]:
        """Actors that a page may act as."""
        if not self.open_desk:
            return ()
        with self._store.read() as cur:
            return actors(cur)

    def _named(self, code: str) -> Actor:
        found = next((each.actor for each in self.all() if each.actor.code == code), None)
        if found is None:
            raise UnknownActorError(f"there is no actor {code!r}; see citydeck actor list")
        return found


def _parameter(request: Request, name: str) -> str:
    return str(request.args.get(name) or request.form.get(name) or "")
