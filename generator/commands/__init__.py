"""The commands: one module a family. Each parses, calls and prints; what it does is elsewhere."""
