"""Limits for cohorts. A file beyond them is refused before it can fill the memory or run for hours."""

from __future__ import annotations

LEAST_K = 5  # people: a group of fewer is shown nowhere, and no row that leaves the house stands for fewer

COLUMNS = 16_384  # as many as an Excel sheet can have; no instrument comes near
HEADER_BYTES = 1 << 20  # 16,384 names of 64 bytes
RECORD_BYTES = 8 << 20  # one respondent; this stops an unclosed quote and an endless line
BLOCK_BYTES = 8 << 20  # text read at a time: 80,000 respondents with 50 answers; reading them takes some 100 MB
BLOCK_CELLS = 4_000_000  # cells of Parquet read at a time: 32 MB as numbers
BLOCK_ROWS = 250_000  # rows of Parquet read at a time, however few its columns
CELLS_REPORTED = 10_000  # findings of one block that are listed; the others are counted for each column
SHOWN = 40  # characters of a wrong value that a report shows

JSON_BYTES = 16 << 20  # 70,000 people with 25 answers; records are held in memory as a whole, thirty times as large
PACKED_BYTES = 256 << 20  # a workbook in a ZIP is unpacked onto the disk
GZIP_FREE = 64 << 20  # unpacked bytes below which GZIP_RATIO does not apply
GZIP_RATIO = 200  # answers packed as text come to 5-30; a bomb of zeros to 1,000

EXCEL_DIRECTORY = 1 << 20  # bytes of the ZIP file's list of parts
EXCEL_ENTRIES = 2_000  # parts of a workbook; one of ten sheets has 40
EXCEL_BYTES = 2 << 30  # a full sheet of 50 columns and a million rows comes to 1.5 GB of XML, read as a stream
EXCEL_RATIO = 200  # sheets of answers pack to 1:10-1:40; zeros to 1:1000
EXCEL_RATIO_FREE = 16 << 20  # bytes of a part below which EXCEL_RATIO does not apply
EXCEL_STRINGS = 64 << 20  # shared strings are held in memory as a whole
EXCEL_PART = 16 << 20  # styles, names and similar parts are held in memory, too
EXCEL_KEPT_STRINGS = 3_000_000  # elements of shared strings: a million texts with a reading each
EXCEL_KEPT = 300_000  # elements of any other part that stay in memory: merged cells, styles, links
EXCEL_ROW = 100_000  # elements of a row: 16,384 cells with value and formula
EXCEL_ROWS = 1_048_576  # as Excel has it
EXCEL_TEXT = 1 << 20  # bytes from one tag to the next; a cell holds 32,767 characters
EXCEL_CELLS = 100_000_000  # cells read, with empty ones between others: a quarter of an hour of reading
ODS_REPEATED = 200_000  # cells that an OpenDocument sheet declares in one row element: people do not answer alike
EXCEL_ELEMENTS = 3 * EXCEL_CELLS

PARQUET_FOOTER = 32 << 20  # the description of all columns and row groups: 16,384 columns take 3 MB a row group
PARQUET_CONTAINER = 1_000_000  # entries of one list in it: columns, row groups, pages
PARQUET_ROWS_PER_BYTE = 100  # a row of 50 answers packs to 10-20 bytes; only a file without content packs 100 in one
PARQUET_RATIO = 300  # unpacked bytes of a column for one in the file
PARQUET_RATIO_FREE = 64 << 20  # bytes of a column in a row group below which PARQUET_RATIO does not apply
