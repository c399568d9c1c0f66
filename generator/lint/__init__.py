"""Findings: what is wrong with a site whose data can be used. Rules return them, none prints."""
