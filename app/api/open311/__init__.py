"""Open311 GeoReport v2 below ``/open311/v2/``: services, reports from outside, and what became of them."""
