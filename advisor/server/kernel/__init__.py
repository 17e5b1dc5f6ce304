"""The process of one page: its Jupyter kernel, and the warmed process from which kernels are forked."""
