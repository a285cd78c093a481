"""`python -m scraper` is the `susta` command."""

from scraper.cli import main

main()
