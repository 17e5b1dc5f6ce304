"""The command ``advisor``: one file for each group of commands."""
