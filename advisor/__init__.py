"""A workbook for career advisers and their clients: sliders, radar, reasoned advice.

The rooms of the house, and which may know which, are listed in ``pyproject.toml`` under ``tool.importlinter``.
"""

__version__ = "0.1.0"
