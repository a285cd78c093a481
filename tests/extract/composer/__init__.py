"""Made-up articles in markups put together by chance, to see that the record does not depend on the markup.

    article.py     an article and the record that must come out of it
    stock.py       our own Vietnamese words for it
    strategies.py  articles drawn by hypothesis
    style.py       a markup as a set of independent choices; ten such sets have names
    letters.py     how a text is spelled in HTML and in bytes
    tags.py        how a tag is written
    blocks.py      how a piece of the body is marked up
    pictures.py    how a picture and its caption are arranged
    frame.py       what stands around the article on every page
    page.py        article + style -> bytes
    others.py      pages that are no article

Nothing here is shared with the extractor or with the demo site: what surprises the extractor is what this is for.
"""
