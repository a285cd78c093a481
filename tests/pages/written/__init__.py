"""The articles behind the pages beside this folder, written by hand; `write.py` prints each once, in one markup.

Each module holds pages that show one sort of thing. What must come out is in the article itself (composer/article.py
makes the record of it), never taken from an extractor.
"""
