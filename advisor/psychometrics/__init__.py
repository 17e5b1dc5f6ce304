"""How good an instrument is, on real answers: reliability, items, response style, change, norms."""
