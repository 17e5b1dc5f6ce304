"""An ordinary kernel: ``python -m advisor.kernel -f CONNECTION_FILE``."""

from advisor.kernel.process import PageKernelApp

if __name__ == "__main__":
    PageKernelApp.launch_instance()
