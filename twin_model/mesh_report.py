"""What is known of a mesh: whether it is a sound solid, what was mended, and its measures."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["valid", "repaired", "as_found"]

REPAIRS = (
    "duplicate_faces",
    "degenerate_faces",
    "t_junctions",
    "flipped_faces",
    "inside_out",
    "holes_filled",
)
"""What can be mended; stable keys in the order in which they are told."""
FAULTS = ("empty", "not_finite", "open_edges", "non_manifold_edges", "self_intersecting", "no_volume")
"""What is left as found; stable keys in the order in which they are told."""
REASONS = (*REPAIRS, *FAULTS)


@dataclass(frozen=True)
class MeshReport:
    """Report on one mesh.

    Parameters
    ----------
    state : str
        ``valid`` as it came, ``repaired``, or ``as_found``: it has a fault that could not be mended without inventing.
    reason : str
        Keys of `REASONS`, comma-separated: what was mended, or what is still wrong; empty for a valid mesh.
    watertight : bool
        Every edge joins exactly two triangles, which agree on the direction.
    volume_m3 : float or None
        None unless watertight.
    surface_m2 : float
        Area of all triangles.
    euler_number : int
        Vertices - edges + triangles: 2 for a closed shape without holes, 2 less for each hole through it, 2 more for
        each further shell.
    """

    state: State
    reason: str
    watertight: bool
    volume_m3: float | None
    surface_m2: float
    euler_number: int
