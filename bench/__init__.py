"""Benchmarks: each `bench_*` module prints a table of figures. Run them all with bin/bench."""
