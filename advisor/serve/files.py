"""Where the files stand that serving needs: in a checkout, in an installed wheel, in other packages."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# The folder that goes in front of JUPYTER_PATH: the template is read from the source, so that an edit shows at once.
JUPYTER_PATH = PACKAGE / "serve" / "jupyter"
TEMPLATE = JUPYTER_PATH / "voila" / "templates" / "advisor"

# The notebooks by their address; one that is not listed is not served.
PAGES = {"": "clients.ipynb", "workbook": "workbook.ipynb"}

# The JupyterLab extensions that the page loads. Without the first it stays blank; the second draws widgets; the third
# is anywidget's loader.
EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget")


def notebooks_dir() -> Path:
    """The notebooks: inside an installed package, beside the package in a checkout."""
    packaged = PACKAGE / "_notebooks"
    return packaged if packaged.is_dir() else PACKAGE.parent / "notebooks"


def plotly_js() -> Path:
    """plotly.js as the installed plotly package carries it, found without importing plotly (0.2 s, 28 MiB)."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package plotly is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def plotly_name() -> str:
    """The file name under which plotly.js is served; it changes with the version, so that it may be kept for ever."""
    return f"plotly-{importlib.metadata.version('plotly')}.min.js"
