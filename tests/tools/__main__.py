"""Make the environment of the programs that look through our code."""

from tests.tools import ready

if __name__ == "__main__":
    ready()
