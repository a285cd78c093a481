"""What extraction is worth, measured: a pinned corpus, scores by field and by markup, floors, and other extractors."""
