"""What the benchmarks and crash tests of the crawl share: sites made up here, their server, other crawlers, the
machine."""
