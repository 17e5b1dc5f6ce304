"""Answers of many people: files in, scores out, whatever the size of the file."""
