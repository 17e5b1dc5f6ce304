"""The process behind one page: the Jupyter kernel it runs, and the warmed process that such kernels are forked from."""
