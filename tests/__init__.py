"""Tests of the workbook, and the helpers they share."""
