"""Serving: Voilà in our configuration, with our template; nothing of it is imported by a client's kernel."""
