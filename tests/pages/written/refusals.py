"""Pages that are no article."""

from written.made import NoArticle

# Where more than one reason describes a page rightly, each of them will do.
NONE_OF_IT = ("no-article-marks", "no-body", "no-title")
FORM = ("form", *NONE_OF_IT)
SEARCH = ("search", "listing", *NONE_OF_IT)

PAGES = (
    NoArticle("not-listing", "a category with days and summaries", "listing", "plain-p", ("listing",)),
    NoArticle("not-listing-tables", "a category laid out by tables", "listing", "old-tables", ("listing",)),
    NoArticle(
        "not-listing-words", "a category, windows-1258", "listing", "word", ("listing",), {"charset": "1258 meta"}
    ),
    NoArticle("not-home", "the home page", "home", "modern", ("home", "listing")),
    NoArticle("not-home-centred", "the home page, laid out by <center>", "home", "centred", ("home", "listing")),
    NoArticle("not-search", "search results", "search results", "elements", SEARCH),
    NoArticle("not-search-rows", "search results", "search results", "rows", SEARCH),
    NoArticle("not-gallery", "an index of albums", "gallery index", "lines", ("listing", *NONE_OF_IT)),
    NoArticle("not-login", "a login form", "login", "plain-p", FORM),
    NoArticle("not-login-elements", "a login form of custom elements", "login", "elements", FORM),
    NoArticle("not-poll", "the result of the poll", "poll result", "old-tables", ("listing", *FORM)),
    NoArticle("not-found-200", "`not found` with status 200", "not found", "word", ("not-found", *NONE_OF_IT)),
    NoArticle("not-found-200-plain", "the same without marks", "not found", "spans", ("not-found", *NONE_OF_IT)),
    NoArticle("not-consent", "asks to accept cookies at an article's address", "consent page", "modern", FORM),
    NoArticle(
        "not-shell",
        "a browser application before its script ran",
        "empty shell",
        "modern",
        ("empty-shell", *NONE_OF_IT),
    ),
    NoArticle("not-contact", "a contact form", "contact form", "unclosed", FORM),
)
