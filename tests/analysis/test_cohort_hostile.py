"""Files made to fill memory or time: each is refused (or told) in a process that stays small."""

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

MEMORY = 500  # MB at most; pandas and Arrow alone take 150
HEAD = b"id,q1\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROWS = '<row r="1"><c t="inlineStr"><is><t>q1</t></is></c></row>'
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'

CHILD = """
import json, os, resource, sys
from pathlib import Path
from advisor.analysis.cohort import reader
from advisor.analysis.cohort.model import Asked, RefusedError
import openpyxl

def read(path):
    kinds = []
    try:
        source, told = reader.look(path, Asked({"q1": (1, 5)}), carry=lambda names: names)
        kinds += [finding.kind for finding in told if finding.kind.startswith("column_")]
        for block in reader.blocks(source):
            kinds += [finding.kind for finding in reader.read(block).findings]
    except RefusedError as error:
        return error.kind
    return ",".join(sorted(set(kinds)))

for path in sys.argv[1:]:
    if not os.fork():
        kind = read(Path(path))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps([Path(path).name, kind, peak]), flush=True)
        os._exit(0)
    os.wait()
"""


def workbook(rows: str | bytes, prolog: str = "") -> Callable[[Path], None]:
    """Return what makes a workbook whose sheet is as told, word by word, and not packed."""
    from openpyxl import Workbook

    def make(path: Path) -> None:
        Workbook().save(path)
        with zipfile.ZipFile(path) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        data = rows if isinstance(rows, bytes) else rows.encode()
        head = f'{prolog}<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>'.encode()
        parts["xl/worksheets/sheet1.xml"] = head + data + b"</sheetData></worksheet>"
        with zipfile.ZipFile(path, "w") as new:
            for name, part in parts.items():
                new.writestr(name, part)

    return make


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(HEAD)
        file.truncate(1 << 30)


def packed(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(HEAD)
        for _ in range(80):
            file.write(b"a,1\n" * (1 << 18))


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("xl/worksheets/sheet1.xml", bytes(20 << 20))


def parts(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for number in range(3000):
            file.writestr(f"xl/worksheets/sheet{number}.xml", "")


def tall(path: Path) -> None:
    parquet.write_table(pa.table({"q1": pa.repeat(pa.scalar(1, pa.int8()), 4_000_000)}), path)


def wide(path: Path) -> None:
    parquet.write_table(pa.table({f"q{number}": pa.array([], pa.int8()) for number in range(17_000)}), path)


def written(data: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(data)

    return make


def footed(length: int) -> bytes:
    return b"PAR1" + bytes(1000) + length.to_bytes(4, "little") + b"PAR1"


def ods(rows: str, prolog: str = "") -> Callable[[Path], None]:
    """Return what makes an OpenDocument sheet whose rows are as told, word by word."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="string"><text:p>q1</text:p></table:table-cell>'
    head = f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="S">'
    foot = "</table:table></office:spreadsheet></office:body></office:document-content>"

    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            file.writestr("content.xml", f"{prolog}{head}<table:table-row>{cell}</table:table-row>{rows}{foot}")

    return make


def repeated(rows: int, columns: int, told: str = ' office:value-type="float" office:value="1"') -> str:
    cell = f'<table:table-cell{told} table:number-columns-repeated="{columns}"/>'
    return f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'


def nested(path: Path) -> None:
    packed = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed, packed.open("answers.csv", "w") as part:
        part.write(HEAD)
        for _ in range(320):
            part.write(b"a,1\n" * (1 << 18))


HOSTILE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a-gigabyte-of-nothing.csv": (sparse, "nul"),
    "a-line-without-end.csv": (written(HEAD + b"1," * (20 << 20)), "line_long"),
    "a-quote-without-end.csv": (written(HEAD + b'a,"' + b"1,1\n" * (5 << 20)), "record_long"),
    "a-cell-without-end.csv": (written(HEAD + b'"' + b"x" * (4 << 20) + b'",1\n\na,1\n'), "cell_long"),
    "a-million-columns.csv": (
        written(b",".join(b"q%d" % number for number in range(1_000_000)) + b"\n"),
        "header_long",
    ),
    "a-million-nameless-columns.csv": (written(b"q1" + b"," * 1_000_000 + b"\n"), "header_long"),
    "a-million-cells-in-a-row.csv": (written(HEAD + b"1," * 1_000_000 + b"\n"), "cells"),
    "a-header-without-end.csv": (written(b"q" * (3 << 20)), "header_long"),
    "nothing-but-line-ends.csv": (written(HEAD + b"\n" * (5 << 20)), ""),
    "every-cell-is-bad.csv": (written(HEAD + b"a,b\n" * (1 << 20)), "column_words"),
    "every-row-is-short.csv": (written(HEAD + b"a\n" * (1 << 20)), "filled,short"),
    "a-bomb.csv.gz": (packed, "gzip_bomb"),
    "a-bomb.xlsx": (zipped, "excel_bomb"),
    "three-thousand-parts.xlsx": (parts, "excel_bomb"),
    "ten-million-tags.xlsx": (workbook(ROWS + "<a/>" * 10_000_000), "excel_bomb"),
    "ten-million-tags-between-rows.xlsx": (workbook((ROWS + "<a/>" * 1000) * 5000), "excel_bomb"),
    "a-row-of-a-million-cells.xlsx": (workbook(f"{ROWS}<row>{'<c/>' * 1_000_000}</row>"), "excel_bomb"),
    "a-long-text.xlsx": (workbook(f"{ROWS}<row><c><v>{'1' * (3 << 20)}</v></c></row>"), "excel_bomb"),
    "laughs.xlsx": (workbook(f"{ROWS}<row><c><v>&c;</v></c></row>", LAUGHS), "excel_bomb"),
    "the-last-cell-there-is.xlsx": (workbook(f'{ROWS}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "cells"),
    "beyond-the-last-row.xlsx": (workbook(f'{ROWS}<row r="2000000000"><c><v>1</v></c></row>'), "excel_cells"),
    "a-billion-cells-in-a-few-signs.ods": (ods(repeated(1_000_000, 1000)), "excel_bomb"),
    "an-empty-rest-of-the-sheet.ods": (ods(repeated(1_048_000, 16_384, "")), ""),
    "laughs.ods": (ods("", LAUGHS), "excel_bomb"),
    "a-bomb-of-answers.zip": (nested, "gzip_bomb"),
    "a-head-of-spss.sav": (written(b"$FL2@(#) SPSS DATA FILE" + bytes(range(256)) * 40), "statistics_broken"),
    "a-head-of-stata.dta": (
        written(b"<stata_dta><header>" + b"\xff" * 9000),
        "statistics_broken",
    ),
    "objects-of-nothing.json": (written(b"[" + b'{"q":1},' * ((2 << 20) - 1) + b"{}]"), "no_items"),
    "lists-without-end.json": (written(b'{"q":' + b"[" * (1 << 20)), "json_broken"),
    "too-many-objects.json": (written(b"[" + b"{}," * (6 << 20)), "json_long"),
    "rows-of-nothing.parquet": (tall, "parquet_bomb"),
    "seventeen-thousand-columns.parquet": (wide, "parquet_wide"),
    "a-long-footer.parquet": (written(footed(4_000_000_000)), "parquet_broken"),
    "a-footer-of-nothing.parquet": (written(footed(900)), "parquet_broken"),
}


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[str, int]]]:
    """How reading each file ended, and the peak of memory in MB of the process that read it."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _) in HOSTILE.items():
        make(folder / name)
    command = [sys.executable, "-c", CHILD, *(str(folder / name) for name in HOSTILE)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert not run.stderr
    yield {name: (kind, peak) for name, kind, peak in map(json.loads, run.stdout.splitlines())}
    for name in HOSTILE:
        (folder / name).unlink()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.slow
def test_a_hostile_file_is_refused_or_told_within_bounds_of_memory(ends: dict[str, tuple[str, int]], name: str) -> None:
    kind, peak = ends[name]
    assert kind == HOSTILE[name][1]
    assert peak < MEMORY
