"""The same small page as other projects would have it built; they run in an environment of their own, .venv-bench."""
