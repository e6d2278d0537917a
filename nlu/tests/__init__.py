"""Tests of this house: its parts alone, its training, its server. The twins beside them belong to the report."""
