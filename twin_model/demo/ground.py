"""Ground: everything that is laid out before anything is built on it."""

from dataclasses import dataclass

from twin_model.demo.arterials import Arterials
from twin_model.demo.cells import Cells
from twin_model.demo.communities import Communities
from twin_model.demo.coverage import Coverage
from twin_model.demo.landuse import Landuse
from twin_model.demo.streetwork import Streetwork


@dataclass(frozen=True)
class Ground:
    """Streets, communities, cells and roads of a city, in metres.

    Attributes
    ----------
    street_codes
        9-digit codes of the streets that are built, in code order.
    communities, cells
        Their parts; cells are the polygons of the coverage.
    coverage, streetwork
        Cells by shared edges, and the road on each edge.
    arterials, landuse
        Ring roads and radials; waters, parks and hills.
    """

    street_codes: tuple[str, ...]
    communities: Communities
    cells: Cells
    coverage: Coverage
    streetwork: Streetwork
    arterials: Arterials
    landuse: Landuse

    @property
    def first_area(self) -> tuple[int, int, int]:
        """Area ids of the first street, community and cell."""
        streets = len(self.street_codes)
        return 1, 1 + streets, 1 + streets + len(self.communities.codes)
