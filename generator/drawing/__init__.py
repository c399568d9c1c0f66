"""Diagrams: a `Drawing` says what is on one, `dot` writes it, `draw` draws it, `svg` checks it."""
