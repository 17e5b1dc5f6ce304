"""The workbook: the page of one visit, its seven screens and what each shows."""
