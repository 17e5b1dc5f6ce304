"""Whole sessions in real Chromium."""
