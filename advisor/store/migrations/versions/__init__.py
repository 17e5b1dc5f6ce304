"""One file for each migration. A released migration is never changed."""
