"""What is drawn: catalogue, site and difference to a `Drawing` each."""
