"""`python -m generator` is `portatlas`."""

from generator.cli import main

if __name__ == "__main__":
    main(prog_name="portatlas")
