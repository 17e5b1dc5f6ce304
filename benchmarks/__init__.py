"""Benchmarks: you run them by hand, no test runs them."""
