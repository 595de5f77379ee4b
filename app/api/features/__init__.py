"""OGC API Features: areas, buildings and components as GeoJSON below ``/features/``."""
