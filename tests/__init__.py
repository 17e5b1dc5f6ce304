"""Tests of the workbook, and the helpers they share. What is set here holds before anything else is imported."""

import os
import sys

if "pytest" in sys.modules:  # benchmarks use helpers of the tests, and measure what people wait for
    # Python keeps what it has compiled, also where it is told not to. Without that, every server and every kernel of a
    # test compiles all its libraries anew, which takes more time than the rest of what it does.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # One thread for each matrix: two of them wait for each other in a loop, which is half the processor of some tests.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # As in advisor.server: jsonschema (with nbformat) would read forty grammars for a check that nobody asks for.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
