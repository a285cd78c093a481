"""What `make judges` is made of."""
