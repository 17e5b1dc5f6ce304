"""What analysts do with a scoring version: vary it, see who moves, save, compare and release it."""
