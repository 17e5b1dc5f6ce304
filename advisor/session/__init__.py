"""One visit in memory: its record and all changes of it. Every change makes a new record and a new reading."""
