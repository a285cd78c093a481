"""The half of susta-archive that lasts: records, WARC files, the SQLite archive, search and export.

Nothing in this package imports `scraper` or touches the network, so an archive can be opened, searched and exported
years later without the crawler.
"""

__version__ = "0.1.0"
