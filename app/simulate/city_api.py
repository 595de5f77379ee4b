"""The city as any client sees it: addresses of the public interfaces, and nothing behind them."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.simulate.cast import OPERATOR, PUBLIC, SOURCE_ACTORS, Cast
from app.simulate.errors import CityGoneError, NoDemoError
from app.simulate.form import multipart, url_form
from app.simulate.session import Answer, Request, Session
from app.simulate.tally import Tally

JSON_TYPE = "application/json"
REPORT_PART, OPEN311_PART = "photo", "media"
"""Names of the parts that are photos, in the two interfaces."""
OPEN311 = "/open311/v2"
TEST = "test"
"""Type of the endpoint of a demo."""
_STRUCTURED = ("evidence", "reporter", "parts", "assist")


@dataclass(frozen=True)
class Receipt:
    """What the city said to an action.

    Parameters
    ----------
    status : int
        Of HTTP.
    case_no : str
        The case, or the candidate; ``""`` where it was refused.
    seq : int
        Of the case's latest event; -1 for none.
    candidate, repeated : bool
    file : mapping or None
        The case as it stands.
    why : str
        Sentence of a refusal.
    """

    status: int
    case_no: str = ""
    seq: int = -1
    candidate: bool = False
    repeated: bool = False
    file: Mapping[str, Any] | None = None
    why: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it was accepted."""
        return bool(self.case_no)


class CityApi:
    """Requests of everybody who takes part; each thread has a connection of its own.

    Parameters
    ----------
    make_session : function
        Makes a connection.
    cast : Cast
        Says who asks.
    tally : Tally
    """

    def __init__(self, make_session: Callable[[], Session], cast: Cast, tally: Tally) -> None:
        self._make_session = make_session
        self._cast = cast
        self._tally = tally
        self._local = threading.local()
        self._sessions: list[Session] = []

    def close(self) -> None:
        """Let all connections go, when no thread asks any more."""
        while self._sessions:
            self._sessions.pop().close()

    # ---- what there is ----

    def check_demo(self) -> None:
        """See that the server serves a demo and lets the cast act.

        Raises
        ------
        NoDemoError
            If not.
        """
        told = self._got(f"{OPEN311}/discovery.json")
        types = {endpoint.get("type") for endpoint in told.get("endpoints", [])}
        if types != {TEST}:
            raise NoDemoError("this server serves a real city; simulated cases are only for a demo (citydeck demo)")
        answer = self._ask(self._by(OPERATOR, "GET", "/api/candidates", {"limit": "1"}))
        if not answer.is_good:
            raise NoDemoError(f"this server does not let {OPERATOR} act: {answer.why}; give keys with --key FILE")

    def get_ready(self) -> Mapping[str, Any]:
        """Wait until the server can answer, and give its state."""
        return dict(self._got("/readyz"))

    def services(self) -> list[dict[str, Any]]:
        """Classes that can be reported."""
        return list(self._got(f"{OPEN311}/services.json"))

    def attributes(self, code: str) -> list[dict[str, Any]]:
        """Attributes of a class, beyond its place."""
        return list(self._got(f"{OPEN311}/services/{code}.json")["attributes"])

    def features(self, collection: str, **query: str) -> dict[str, Any]:
        """Page of a collection of features, GeoJSON."""
        return dict(self._got(f"/features/collections/{collection}/items", query))

    def requests(self, **query: str) -> list[dict[str, Any]]:
        """Cases as Open311 lists them, with what it says beyond the standard."""
        return list(self._got(f"{OPEN311}/requests.json", {"extensions": "true", **query}))

    def case(self, case_no: str) -> Receipt:
        """Case as the operator sees it."""
        answer = self._ask(self._by(OPERATOR, "GET", f"/api/cases/{case_no}"))
        if not answer.is_good:
            return Receipt(answer.status, why=answer.why)
        told = answer.json()
        return Receipt(answer.status, case_no, told["seq"], file=told["file"])

    def candidates(self, limit: int) -> list[dict[str, Any]]:
        """Candidates that nobody has decided on."""
        told = self._got("/api/candidates", {"limit": str(limit)}, OPERATOR)
        return list(told["candidates"])

    # ---- what is done ----

    def report(self, source: str, fields: Mapping[str, Any], photos: Sequence[bytes] = ()) -> Receipt:
        """Report a case as whoever reports for a source; the ref makes it safe to send again."""
        actor = SOURCE_ACTORS[source]
        body, kind = multipart(_form_fields(fields), REPORT_PART, photos) if photos else _json(fields)
        return self._receipt(self._ask(self._by(actor, "POST", "/api/cases", body=body, kind=kind)))

    def report_open311(self, form: Mapping[str, str], photos: Sequence[bytes] = ()) -> Receipt:
        """Report a case as the public does."""
        body, kind = multipart(form, OPEN311_PART, photos) if photos else url_form(form)
        answer = self._ask(self._by(PUBLIC, "POST", f"{OPEN311}/requests.json", body=body, kind=kind))
        if not answer.is_good:
            return Receipt(answer.status, why=answer.why)
        told = answer.json()[0]
        number = str(told.get("service_request_id") or told.get("token"))
        return Receipt(answer.status, number, candidate="token" in told, repeated=answer.status == 200)  # noqa: PLR2004 - nothing new was made

    def act(
        self,
        actor: str,
        case_no: str,
        action: str,
        fields: Mapping[str, Any],
        *,
        seq: int,
        photos: Sequence[bytes] = (),
    ) -> Receipt:
        """Take an action on a case as it was last seen; sent again, the case has moved on, and it is refused."""
        body, kind = multipart(_form_fields(fields), REPORT_PART, photos) if photos else _json(fields)
        headers = {"If-Match": f'"{seq}"'} if seq >= 0 else {}
        path = f"/api/cases/{case_no}/{action}"
        return self._receipt(self._ask(self._by(actor, "POST", path, headers=headers, body=body, kind=kind)))

    def decide(self, candidate_no: str, decision: str) -> Receipt:
        """Promote or dismiss a candidate."""
        return self._receipt(self._ask(self._by(OPERATOR, "POST", f"/api/candidates/{candidate_no}/{decision}")))

    # ---- how ----

    def _by(
        self,
        actor: str,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        kind: str = "",
    ) -> Request:
        asked = {**(query or {}), **self._cast.query(actor)}
        return Request(method, path, asked, {**(headers or {}), **self._cast.headers(actor)}, body, kind)

    def _ask(self, request: Request) -> Answer:
        session: Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = self._make_session()
            self._sessions.append(session)
        answer = session.ask(request)
        self._tally.answered(answer.seconds, answer.attempts)
        return answer

    def _got(self, path: str, query: Mapping[str, str] | None = None, actor: str = "") -> Any:  # noqa: ANN401 - any JSON value
        request = self._by(actor, "GET", path, query) if actor else Request("GET", path, query or {})
        answer = self._ask(request)
        if not answer.is_good:
            raise CityGoneError(f"{path} answers {answer.status}: {answer.why or 'nothing that can be read'}")
        return answer.json()

    def _receipt(self, answer: Answer) -> Receipt:
        if not answer.is_good:
            return Receipt(answer.status, why=answer.why)
        told = answer.json()
        return Receipt(answer.status, told["case_no"], told["seq"], told["candidate"], told["repeated"], told["file"])


def offset_of(requests: Sequence[Mapping[str, Any]]) -> datetime | None:
    """Moment of the first request, whose offset is that of the city's clock; None where there is none."""
    return datetime.fromisoformat(requests[0]["requested_datetime"]) if requests else None


def _json(fields: Mapping[str, Any]) -> tuple[bytes, str]:
    return json.dumps(fields, ensure_ascii=False).encode(), JSON_TYPE


def _form_fields(fields: Mapping[str, Any]) -> dict[str, str]:
    """Fields of an action as a form has them: what is no text is JSON."""
    return {
        name: json.dumps(value, ensure_ascii=False) if name in _STRUCTURED else str(value)
        for name, value in fields.items()
    }
