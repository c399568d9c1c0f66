"""The check script: one file an administrator runs on a host to try its documented flows."""
