"""The widgets in the browser: Python on one side, JavaScript and CSS in ``static/`` on the other."""
