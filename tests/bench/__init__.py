"""Benchmarks: `make bench`. Ratios and figures in one run; nothing here is asserted."""
