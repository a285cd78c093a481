"""An archive in a web browser: Datasette with our plugin, read-only. `susta serve` starts it.

    guard.py       what holds for every answer           plugin.py   our addresses, and which page answers at each
    database.py    the database as Datasette may use it  pages.py    templates; their words are in texts.py
    overview.py, finding.py, article.py, comparing.py, media.py      what a page shows, from the archive; no HTML
    metadata.py    credit, condition and example queries on Datasette's own pages

No HTML is ever taken from what was captured: texts are escaped when they are written out, and pictures are sent as
pictures only.
"""
