"""Damaged pages by chance, and what must hold of whatever is extracted from them. Reproducible from (seed, number)."""
