"""The workbook: the page of one visit, and its nine screens."""
