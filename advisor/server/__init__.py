"""The server: Voilà in our configuration, with our template. Kernels import only ``kernel`` of this room."""
