"""How much of a cohort file is believed: beyond these, it is refused before it can fill memory or time."""

from __future__ import annotations

COLUMNS = 16_384  # as many as an Excel sheet can have; no instrument comes near
HEADER_BYTES = 1 << 20  # 16,384 names of 64 bytes
RECORD_BYTES = 8 << 20  # one respondent: an unclosed quote ends here, and so does a line that never does
BLOCK_BYTES = 8 << 20  # text read at a time: 80,000 respondents with 50 answers; reading them takes some 100 MB
BLOCK_CELLS = 4_000_000  # cells of Parquet read at a time: 32 MB as numbers
BLOCK_ROWS = 250_000  # rows of Parquet read at a time, however few its columns
CELLS_REPORTED = 10_000  # findings of one block, one by one; what is beyond is counted, column by column
SHOWN = 40  # so much of a wrong value stands in a report

GZIP_FREE = 64 << 20  # unpacked bytes that are read whatever the ratio
GZIP_RATIO = 200  # answers packed as text come to 5-30; a bomb of zeros to 1,000

EXCEL_DIRECTORY = 1 << 20  # bytes of the ZIP file's list of parts
EXCEL_ENTRIES = 2_000  # parts of a workbook; one of ten sheets has 40
EXCEL_BYTES = 2 << 30  # a full sheet of 50 columns and a million rows comes to 1.5 GB of XML, read as a stream
EXCEL_RATIO = 200  # sheets of answers pack to 1:10-1:40; zeros to 1:1000
EXCEL_RATIO_FREE = 16 << 20  # a part below this may be packed as well as it likes
EXCEL_STRINGS = 64 << 20  # shared strings are held in memory as a whole
EXCEL_PART = 16 << 20  # and so are styles, names and the like
EXCEL_KEPT_STRINGS = 3_000_000  # elements of shared strings: a million texts with a reading each
EXCEL_KEPT = 300_000  # elements of any other part that stay in memory: merged cells, styles, links
EXCEL_ROW = 100_000  # elements of a row: 16,384 cells with value and formula
EXCEL_ROWS = 1_048_576  # as Excel has it
EXCEL_TEXT = 1 << 20  # bytes from one tag to the next; a cell holds 32,767 characters
EXCEL_CELLS = 100_000_000  # cells walked over, empty ones between others too: a quarter of an hour of reading
EXCEL_ELEMENTS = 3 * EXCEL_CELLS

PARQUET_FOOTER = 32 << 20  # the description of all columns and row groups: 16,384 columns take 3 MB a row group
PARQUET_CONTAINER = 1_000_000  # entries of one list in it: columns, row groups, pages
PARQUET_ROWS_PER_BYTE = 100  # 50 answers a row pack to 10-20 bytes; only a file that says nothing packs 100 in one
PARQUET_RATIO = 300  # unpacked bytes of a column for one in the file
PARQUET_RATIO_FREE = 64 << 20  # a column of a row group below this may be packed as well as it likes
