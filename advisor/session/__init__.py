"""One visit in memory: its record, and how it changes. Every change makes a new record and a new reading."""
