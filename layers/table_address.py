"""Addresses of wire tables. An address names the data version, so that what is behind it never changes."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

OF_CASES = frozenset({"area_load", "area_columns", "building_load", "cases", "case"})
"""Tables that change with every case; the others change with the city."""


@dataclass(frozen=True)
class TableAddress:
    """Makes addresses of tables of one version of the city and one of its cases.

    Attributes
    ----------
    version
        Stamp of the city: another one after whatever may have changed its look.
    cases
        Stamp of the cases, for `OF_CASES`; the city's without it.
    prefix
        Where tables are served, without a trailing slash.
    """

    version: int | str
    cases: int | str | None = None
    prefix: str = "/api/table"

    def of(self, name: str, **parameters: str | None) -> str:
        """Address of a table; a parameter that is None or empty is left out.

        Examples
        --------
        >>> TableAddress(3).of("areas", level="street", parent=None)
        '/api/table/areas.arrow?v=3&level=street'
        """
        version = self.version if self.cases is None or name not in OF_CASES else self.cases
        given = {"v": str(version)} | {key: value for key, value in parameters.items() if value}
        return f"{self.prefix}/{name}.arrow?{urlencode(given, quote_via=quote, safe='(),:')}"
