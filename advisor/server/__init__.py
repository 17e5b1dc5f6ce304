"""The server: Voilà in our configuration, with our template. Kernels import only ``kernel`` of this room."""

import sys

# jsonschema, which Jupyter needs, takes a second to build a grammar of web addresses. Nothing here asks for it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
