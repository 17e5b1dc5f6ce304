"""Papers and files: a reading in sentences and charts, and everything that can be printed or downloaded."""
