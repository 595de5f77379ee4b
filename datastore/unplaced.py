"""What makes a case unplaced, in one place."""

UNPLACED = "(lon IS NULL OR coalesce(street_id, community_id, grid_id) IS NULL)"
"""SQL over the columns of ``cases``: no coordinates, or coordinates outside every area below the district.

Any level will do, as a store need not hold all of them: communities and no streets, say.
"""
