"""The same small page, built with other frameworks as they recommend it. They run in the environment .venv-bench."""
