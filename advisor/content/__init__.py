"""What the workbook knows: ``data/`` as frozen objects, checked, and every text; how files are read and written."""
