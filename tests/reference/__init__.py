"""Figures that other programs worked out, for tests to compare with."""
