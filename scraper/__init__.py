"""The half of susta-archive that talks to the world: crawling, fetching, extraction, and the command line."""
