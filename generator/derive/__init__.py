"""Catalogue and site to listeners and flows: the heart. Pure, sorted, standard library only."""
