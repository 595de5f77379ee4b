"""Service requests: a case as the public may see it, without who reported it and without notes of the work on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from app.i18n import Catalogue
from twin_model.case import CaseStage

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class RequestView:
    """How requests are shown.

    Parameters
    ----------
    texts : Catalogue
        Language.
    zone : tzinfo
        Of the city; moments are written with its offset.
    extended : bool
        Whether with ``extended_attributes``.
    """

    texts: Catalogue
    zone: tzinfo
    extended: bool = False

    def moment(self, stored: datetime | None) -> str | None:
        """W3C moment of a stored one (UTC without zone) or an aware one."""
        if stored is None:
            return None
        aware = stored if stored.tzinfo else stored.replace(tzinfo=UTC)
        return aware.astimezone(self.zone).isoformat(timespec="seconds")

    def status_notes(self, stage: CaseStage, parent_no: str | None) -> str:
        """Say in a sentence where a case stands."""
        if stage is CaseStage.DUPLICATE:
            return self.texts.t("open311.duplicate", parent=parent_no or "")
        return self.texts.t(f"open311.status.{stage.name.lower()}")

    def request(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """One service request.

        Parameters
        ----------
        row : mapping
            Row of `datastore.queries.open311_requests`.
        """
        stage = CaseStage(row["stage"])
        told = {
            "service_request_id": row["case_no"],
            "status": OPEN if stage < CaseStage.CLOSED else CLOSED,
            "status_notes": self.status_notes(stage, row["parent_no"]),
            "service_name": self.texts.name(row, "class_name"),
            "service_code": row["class_code"],
            "description": row["description"],
            "agency_responsible": self.texts.name(row, "unit_name") or None,
            "service_notice": None,
            "requested_datetime": self.moment(row["reported_at"]),
            "updated_datetime": self.moment(row["updated_at"]),
            "expected_datetime": self.moment(row["deadline_at"]),
            "address": row["address"],
            "address_id": row["building_code"],
            "zipcode": None,
            "lat": row["lat"],
            "long": row["lon"],
            "media_url": row["media_url"],
        }
        return told | ({"extended_attributes": self._extended(row, stage)} if self.extended else {})

    def _extended(self, row: Mapping[str, Any], stage: CaseStage) -> dict[str, Any]:
        return {
            "stage": stage.name.lower(),
            "hold": row["hold"] or None,
            "source": row["source_code"],
            "duplicate_of": row["parent_no"] if stage is CaseStage.DUPLICATE else None,
            "street": row["street_code"],
            "community": row["community_code"],
            "grid": row["grid_code"],
            "component": row["component_code"],
            "filed_datetime": self.moment(row["filed_at"]),
            "dispatched_datetime": self.moment(row["dispatched_at"]),
            "handled_datetime": self.moment(row["handled_at"]),
            "closed_datetime": self.moment(row["closed_at"]),
        }
