"""Distances on the globe: haversine to choose by, the geodesic of geopy for the few that are shown."""

from math import asin, cos, radians, sin, sqrt

from geopy.distance import geodesic

EARTH = 6371.0088
"""Mean radius in kilometres (IUGG)."""


def haversine(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two points in degrees, as if the earth were a ball (wrong by at most 0.6 %)."""
    a, b = radians(lat), radians(other_lat)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, half)))


def shown(lat: float, lon: float, other_lat: float, other_lon: float) -> int:
    """Whole kilometres between two points on the WGS-84 ellipsoid: what a person is told."""
    return round(float(geodesic((lat, lon), (other_lat, other_lon)).km))
