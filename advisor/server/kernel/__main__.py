"""An ordinary kernel: ``python -m advisor.server.kernel -f CONNECTION_FILE``."""

from advisor.server.kernel.process import PageKernelApp

if __name__ == "__main__":
    PageKernelApp.launch_instance()
