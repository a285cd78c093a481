"""The words of our pages, in Vietnamese and English. Articles keep their own words, whatever the language of the page.

TEXTS    key to (Vietnamese, English); `{}` stands for a value
SLUGS    parts of `history.what_changed`, which is English
"""

import re
from datetime import date

LANGUAGES = ("vi", "en")

TEXTS: dict[str, tuple[str, str]] = {
    "archive": ("Kho lưu trữ {}", "Archive of {}"),
    "skip": ("Tới nội dung", "Skip to content"),
    "nav": ("Các trang", "Pages"),
    "home": ("Trang đầu", "Home"),
    "search": ("Tìm kiếm", "Search"),
    "tables": ("Bảng dữ liệu và SQL", "Tables and SQL"),
    "other-language": ("English", "Tiếng Việt"),
    "condition": ("Điều kiện của nguồn", "The source’s condition"),
    "condition-about": (
        "Đây là điều kiện ghi nguồn của chính trang web, không phải giấy phép Creative Commons.",
        "This is the site’s own condition of attribution, not a Creative Commons licence.",
    ),
    "credit": ("Ghi nguồn", "Credit"),
    "served": (
        "Bản lưu trữ chỉ đọc, lấy từ chính các tệp của kho; không gửi yêu cầu nào ra ngoài.",
        "A read-only copy, from the archive’s own files; nothing is requested from elsewhere.",
    ),
    "feed": ("Theo dõi bài mới và bài sửa (Atom)", "Follow new and changed articles (Atom)"),
    # Start page
    "holds": (
        "{} bài viết của {}, được chụp lại từ {} đến {}.",
        "{} articles of {}, captured from {} to {}.",
    ),
    "holds-day": ("{} bài viết của {}, được chụp lại ngày {}.", "{} articles of {}, captured on {}."),
    "empty": ("Kho lưu trữ chưa có bài viết nào.", "The archive holds no articles yet."),
    "search-label": ("Tìm trong các bài viết", "Search the articles"),
    "search-hint": (
        "Có dấu hay không dấu đều được; cụm từ đặt trong ngoặc kép.",
        "With or without Vietnamese marks; phrases in quotes.",
    ),
    "search-do": ("Tìm", "Search"),
    "articles": ("Bài viết", "Articles"),
    "photos": ("Ảnh", "Photos"),
    "attachments": ("Tệp đính kèm", "Attachments"),
    "revisions": ("Bản sửa đổi", "Revisions"),
    "captures": ("Lần chụp", "Captures"),
    "of-captured": ("{} đã lưu", "{} captured"),
    "by-year": ("Bài viết theo năm", "Articles by year"),
    "by-category": ("Theo chuyên mục và năm", "By category and year"),
    "category": ("Chuyên mục", "Category"),
    "year": ("Năm", "Year"),
    "total": ("Tổng", "Total"),
    "no-date": ("Không ngày", "No date"),
    "no-category": ("Không có chuyên mục", "No category"),
    "years-about": (
        "Năm là năm của ngày ghi trong bài; bài không có ngày được đếm riêng.",
        "The year is that of the day an article is about; articles without a day are counted apart.",
    ),
    "latest": ("Thay đổi gần đây", "Latest changes"),
    "change-new": ("Mới", "New"),
    "change-edited": ("Sửa lần {}", "Revision {}"),
    "change-gone": ("Đã gỡ khỏi trang", "Gone from the site"),
    "last-run": ("Lần thu thập gần nhất", "Last run"),
    # Search
    "search-title": ("Tìm kiếm", "Search"),
    "results-for": ("{} kết quả cho “{}”", "{} results for “{}”"),
    "results-all": ("{} bài viết, mới nhất trước", "{} articles, newest first"),
    "results-more": ("Chỉ hiện {} kết quả tốt nhất.", "The best {} results are shown."),
    "none-found": (
        "Không tìm thấy bài nào. Thử ít từ hơn, hoặc bỏ bớt điều kiện lọc.",
        "Nothing was found. Try fewer words, or take filters off.",
    ),
    "passed-over": ("Không hiểu nên đã bỏ qua: {}", "Not understood, so passed over: {}"),
    "range-none": ("Ngày bắt đầu ở sau ngày kết thúc.", "The first day is later than the last."),
    "days": ("Khoảng ngày", "Days"),
    "since": ("Từ ngày", "From"),
    "until": ("Đến ngày", "Until"),
    "since-day": ("từ {}", "from {}"),
    "until-day": ("đến {}", "until {}"),
    "days-do": ("Lọc theo ngày", "Narrow to these days"),
    "filter": ("Lọc kết quả", "Narrow down"),
    "filter-on": ("Đang lọc", "Filters"),
    "remove": ("Bỏ lọc: {}", "Remove filter: {}"),
    "byline": ("Tác giả", "Byline"),
    "has": ("Có kèm", "With"),
    "with-photo": ("Có ảnh", "Has photos"),
    "with-attachment": ("Có tệp đính kèm", "Has attachments"),
    "with-table": ("Có bảng", "Has tables"),
    "page": ("Trang {} / {}", "Page {} of {}"),
    "pages-nav": ("Các trang kết quả", "Pages of results"),
    "previous": ("Trang trước", "Previous"),
    "next": ("Trang sau", "Next"),
    # Article
    "evidence": ("theo lời trong bài: “{}”", "from the words “{}”"),
    "kind-dateline": ("ngày ghi trong bài", "day the item says it is about"),
    "kind-posted": ("ngày đăng trên danh mục", "day a listing says it was posted"),
    "kind-document": ("ngày của văn bản", "day of the document"),
    "date-none": ("Không rõ ngày", "No date"),
    "role-author": ("Tác giả", "Author"),
    "role-text_and_photo": ("Bài và ảnh", "Text and photos"),
    "role-photo": ("Ảnh", "Photos by"),
    "role-syndicated": ("Theo", "From"),
    "photo-n": ("Ảnh {}", "Photo {}"),
    "photo-credit": ("Ảnh: {}", "Photo: {}"),
    "photo-missing": (
        "Ảnh này không có trong kho lưu trữ: {}",
        "This picture is not in the archive: {}",
    ),
    "photo-not-shown": (
        "Tệp này không phải định dạng ảnh hiển thị được: {}",
        "This file is no picture that can be shown: {}",
    ),
    "table-n": ("Bảng {}", "Table {}"),
    "download": ("Tải về", "Download"),
    "file-missing": ("chưa lưu trong kho", "not in the archive"),
    "about-record": ("Về bản ghi này", "About this record"),
    "original": ("Trang gốc", "Original page"),
    "capture": ("Lần chụp", "Capture"),
    "capture-n": ("Lần chụp số {}", "Capture {}"),
    "captured-at": ("Chụp lúc", "Captured"),
    "first-seen": ("Thấy lần đầu", "First seen"),
    "last-seen": ("Thấy lần cuối", "Last seen"),
    "digest": ("Mã băm nội dung", "Content digest"),
    "extractor": ("Bộ trích xuất", "Extractor"),
    "source": ("Nguồn", "Source"),
    "other-addresses": ("Địa chỉ khác", "Other addresses"),
    "record": ("Bản ghi trong bảng", "Row in the table"),
    "cite": ("Trích dẫn", "Cite"),
    "cite-files": ("Tệp trích dẫn", "Citation files"),
    "history": ("Lịch sử", "History"),
    "revision-n": ("Bản {}", "Revision {}"),
    "first-version": ("bản đầu tiên", "first version"),
    "compare": ("So sánh với bản trước", "Compare with the one before"),
    "compare-n": ("So sánh bản {} với bản {}", "Compare revision {} with {}"),
    "read": ("Đọc bản này", "Read it"),
    "old-revision": (
        "Đây là bản {} trong {} bản, thấy lần đầu ngày {}.",
        "This is revision {} of {}, first seen on {}.",
    ),
    "newest": ("Xem bản mới nhất", "See the newest"),
    "gone": ("Bài này đã bị gỡ khỏi trang gốc từ ngày {}.", "This article has been gone from the site since {}."),
    "gone-event": ("biến mất khỏi trang gốc", "disappeared from the site"),
    "returned-event": ("xuất hiện trở lại", "was there again"),
    "views": ("Lượt xem theo thời gian", "Views over time"),
    "views-about": ("{} lượt xem ngày {}", "{} views on {}"),
    "views-chart": ("Biểu đồ lượt xem, từ {} ({}) đến {} ({})", "Chart of views, from {} ({}) to {} ({})"),
    "views-table": ("Số liệu", "Figures"),
    "day": ("Ngày", "Day"),
    "views-column": ("Lượt xem", "Views"),
    # Diff
    "diff-title": ("Bản {} và bản {}", "Revisions {} and {}"),
    "diff-of": ("So sánh hai bản của", "Two revisions of"),
    "removed": ("bỏ", "removed"),
    "added": ("thêm", "added"),
    "changed": ("sửa", "changed"),
    "moved": ("chuyển chỗ", "moved"),
    "same-blocks": ("{} phần không đổi", "{} unchanged parts"),
    "diff-none": ("Hai bản này không khác nhau.", "The two say the same."),
    "legend": (
        "Chữ gạch ngang đã bị bỏ, chữ gạch chân được thêm.",
        "Struck through was removed, underlined was added.",
    ),
    # Capture
    "capture-of": ("Địa chỉ", "Address"),
    "status": ("Trả lời", "Status"),
    "media-type": ("Kiểu", "Type"),
    "bytes": ("byte", "bytes"),
    "payload": ("Nội dung", "Payload"),
    "warc": ("Tệp WARC", "WARC file"),
    "warc-place": ("{}, vị trí {}, {} byte", "{}, offset {}, {} bytes"),
    "run": ("Đợt thu thập", "Run"),
    "derived": ("Đã trích ra", "Derived"),
    "derived-article": ("bài viết {}", "article {}"),
    "derived-nothing": ("không có bài viết ({})", "no article ({})"),
    "revisit": ("Cùng nội dung với lần chụp số {}", "Same payload as capture {}"),
    "request-head": ("Yêu cầu đã gửi", "Request as sent"),
    "response-head": ("Phần đầu trả lời đã nhận", "Response head as received"),
    "capture-cli": ("Trên dòng lệnh", "On the command line"),
    "bytes-removed": (
        "Nội dung của lần chụp này đã được xoá khi bài viết bị rút.",
        "The bytes of this capture were removed when its article was withdrawn.",
    ),
    "bytes-missing": ("Không đọc được tệp WARC: {}", "The WARC file cannot be read: {}"),
    # Withdrawn, missing
    "withdrawn": ("Bài viết đã được rút", "This article was withdrawn"),
    "withdrawn-at": (
        "Bài viết này đã được rút khỏi kho lưu trữ ngày {}.",
        "This article was withdrawn from the archive on {}.",
    ),
    "withdrawn-reason": ("Lý do", "Reason"),
    "withdrawn-agent": ("Người thực hiện", "By"),
    "withdrawn-address": ("Địa chỉ cũ", "It stood at"),
    "missing": ("Không có trang này", "There is no such page"),
    "missing-about": (
        "Kho lưu trữ không có gì ở địa chỉ này. Thử tìm kiếm bên dưới.",
        "The archive has nothing at this address. Try to search.",
    ),
    "older": ("Kho lưu trữ này do phiên bản cũ tạo ra", "This archive was made by an older version"),
    "older-about": (
        "Chưa tìm kiếm được trong kho này. Bài viết vẫn đọc được, từ trang đầu và từ bảng dữ liệu.",
        "It cannot be searched yet. Its articles can be read all the same, from the first page and from the tables.",
    ),
    "older-advice": (
        "Người quản lý kho chạy một trong hai lệnh sau; không cần khởi động lại trang này:",
        "Whoever keeps the archive runs one of these; these pages need not be started anew:",
    ),
    "older-crawl": ("cập nhật kho ở lần thu thập kế tiếp", "brings it up to date with the next run"),
    "older-rebuild": (
        "dựng lại từ các tệp WARC, không cần mạng",
        "makes it again from the WARC files, offline",
    ),
    "trouble": ("Không đọc được kho lưu trữ", "The archive cannot be read"),
}

# Notes of `search_query`; a number or what was typed stays as it is.
_NOTES = {
    r"Only the first (\d+) characters are searched for\.": "Chỉ tìm theo {} ký tự đầu.",
    r"Only the first (\d+) words are searched for\.": "Chỉ tìm theo {} từ đầu.",
    r"A quotation mark is not closed; .*": "Có dấu ngoặc kép chưa đóng; cụm từ được tính đến hết.",
    r"A closing parenthesis has no opening one\.": "Có dấu ngoặc đóng thừa.",
    r"A parenthesis is not closed\.": "Có dấu ngoặc chưa đóng.",
    r"More than (\d+) parentheses within each other .*": "Bỏ qua các dấu ngoặc lồng nhau quá {} lần.",
    r"There is no word to search for in (.*)\.": "Không có từ nào để tìm trong {}.",
    r"OR stands between two words, .*": "OR phải đứng giữa hai từ; ở đây nó bị bỏ qua.",
    r"NOT stands before a word, .*": "NOT phải đứng trước một từ; ở đây nó bị bỏ qua.",
    r"NOT takes away .*": "NOT chỉ loại bớt kết quả: hãy ghi thêm từ cần tìm bên cạnh.",
    r"NEAR needs two words .*": "NEAR cần ít nhất hai từ hoặc cụm từ.",
}

# Parts of `history.what_changed`.
_THINGS = {
    "title": "tiêu đề",
    "kicker": "dòng trên tiêu đề",
    "category": "chuyên mục",
    "byline": "tác giả",
    "byline role": "vai trò tác giả",
    "affiliation": "cơ quan",
    "date": "ngày",
    "date kind": "loại ngày",
    "date evidence": "căn cứ ngày",
    "paragraph": "đoạn",
    "heading": "đề mục",
    "list item": "mục liệt kê",
    "table": "bảng",
    "photo": "ảnh",
    "caption": "chú thích ảnh",
    "photo credit": "tên người chụp",
    "photo address": "địa chỉ ảnh",
    "attachment": "tệp đính kèm",
    "attachment label": "nhãn tệp",
    "attachment media type": "kiểu tệp",
    "attachment address": "địa chỉ tệp",
    "nothing that is shown": "không có gì hiển thị được",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DONE = {"changed": "được sửa", "added": "được thêm", "removed": "bị bỏ", "moved": "chuyển chỗ"}


def say(language: str, key: str, *values: object) -> str:
    """A text of the page in a language (`vi` or `en`), its values put in. Plain text; pages escape it."""
    return TEXTS[key][LANGUAGES.index(language)].format(*values)


def thing(language: str, name: str) -> str:
    """A field's or block's name (`byline_role`) as people say it."""
    plain = name.replace("_", " ")
    return _THINGS.get(plain, plain) if language == "vi" else plain


def note_said(language: str, note: str) -> str:
    """What a search passed over (`search_query.Query.notes`, which are English), in a language."""
    if language == "vi":
        for pattern, said in _NOTES.items():
            if found := re.fullmatch(pattern, note, re.DOTALL):
                return said.format(*found.groups())
    return note


def changes_said(language: str, changed: str) -> str:
    """What `history.what_changed` says, in a language."""
    if language != "vi":
        return changed
    return ", ".join(map(_part_said, changed.split(", ")))


def _part_said(part: str) -> str:
    found = re.fullmatch(r"(?P<count>\d+) (?P<name>.+?) (?P<kind>changed|added|removed|moved)", part)
    if not found:
        return _THINGS.get(part, part)
    name = found["name"]
    one = next((each for each in (name, name.removesuffix("s"), name.removesuffix("es")) if each in _THINGS), name)
    return f"{found['count']} {_THINGS.get(one, one)} {_DONE[found['kind']]}"


def day_said(language: str, iso: str | None) -> str:
    """A day or time as people write it: 7/12/2021, or 7 Dec 2021. What is no day stays as it is; "" for none."""
    if not iso:
        return ""
    try:
        day = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    if language == "vi":
        return f"{day.day}/{day.month}/{day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def number_said(language: str, number: int) -> str:
    """A number with its thousands apart: 16.083, or 16,083."""
    text = f"{number:,}"
    return text.replace(",", ".") if language == "vi" else text
