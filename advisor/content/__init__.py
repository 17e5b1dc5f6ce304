"""The content of the workbook: ``data/`` as checked frozen objects, all texts, and how files are read and written."""
