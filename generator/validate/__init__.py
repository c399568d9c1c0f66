"""Plain data in, frozen values out; every name resolved, every rule of the data checked."""
