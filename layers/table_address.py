"""Addresses of wire tables. An address names the data version, so that what is behind it never changes."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class TableAddress:
    """Makes addresses of tables of one data version.

    Attributes
    ----------
    version
        Stamp of the store's content: another commit has another.
    prefix
        Where tables are served, without a trailing slash.
    """

    version: int | str
    prefix: str = "/api/table"

    def of(self, name: str, **parameters: str | None) -> str:
        """Address of a table; a parameter that is None or empty is left out.

        Examples
        --------
        >>> TableAddress(3).of("areas", level="street", parent=None)
        '/api/table/areas.arrow?v=3&level=street'
        """
        given = {"v": str(self.version)} | {key: value for key, value in parameters.items() if value}
        return f"{self.prefix}/{name}.arrow?{urlencode(given, quote_via=quote, safe='(),:')}"
