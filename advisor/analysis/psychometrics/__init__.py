"""How well an instrument measures, from answers that really were given: plain arrays in, figures with reasons out."""
