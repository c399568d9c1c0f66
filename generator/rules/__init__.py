"""The rules of lint and diff, in words; what finds them is elsewhere."""
