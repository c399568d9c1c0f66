"""Port Atlas: port documentation from a catalogue and topologies."""

__version__ = "0.1.0"
