"""The site's own words, and those that portals of its kind share. The only place where words are listed.

From the site facts: the counter line, the widget headings, the banner texts, the condition. The rest is what Vietnamese
portals print around articles. Compared by `text.key`, so marks, case and punctuation do not matter.
"""

import re
from functools import lru_cache

from scraper.extract.names import are_persons
from scraper.extract.text import key

COUNTER = re.compile(
    r"^(?:đã xem|đã đọc)\s*[:：]\s*(?P<read>\d[\d.,\s]*)(?:\s*lượt)?$"
    r"|^[(\[]?(?:lượt|số lượt|số lần)\s*(?:xem|đọc|truy cập)(?:\s*(?:bài|tin))?"
    r"\s*[:：]?\s*(?:(\d[\d.,\s]*)|\.{2,}|…|-)?(?:\s*lượt)?[)\]]?$"
    r"|^[(\[]?(\d[\d.,\s]*)\s*lượt (?:xem|đọc)[)\]]?$",
    re.I,
)
COUNTER_INSIDE = re.compile(r"(?:số\s*)?lượt\s*(?:xem|đọc|truy cập)\s*[:：]\s*([0-9][0-9.,]*)", re.I)
DAY_WORDS = re.compile(
    r"\b(?:ngày|giờ|lúc|đăng|tin|bài|cập nhật|thứ|hai|ba|tư|năm|sáu|bảy|chủ nhật|am|pm|gmt|h)\b", re.I
)
BANNER_ALTS = frozenset(map(key, ("No title...", "image advertisement", "image banner", "logo", "banner")))
SITE_HEADINGS = frozenset(
    map(key, ("Thông tin doanh nghiệp", "Tiêu điểm", "Xem & Nghe", "Bình chọn", "Thống kê truy cập", "Đăng nhập"))
)
WIDGET_HEADINGS = SITE_HEADINGS | frozenset(
    map(
        key,
        (
            "Tin liên quan",
            "Cùng chủ đề",
            "Tin cùng chủ đề",
            "Bài cùng chủ đề",
            "Bài viết cùng chủ đề",
            "Bài viết khác",
            "Các tin liên quan",
            "Bài viết liên quan",
            "Bài liên quan",
            "Tin bài liên quan",
            "Tin cùng chuyên mục",
            "Cùng chuyên mục",
            "Tin cùng loại",
            "Các tin khác",
            "Các tin đã đưa",
            "Các tin cũ hơn",
            "Các tin mới hơn",
            "Tin khác",
            "Tin cũ hơn",
            "Tin mới hơn",
            "Tin đã đưa",
            "Tin mới",
            "Tin mới nhất",
            "Bài mới nhất",
            "Tin nổi bật",
            "Tin đọc nhiều",
            "Đọc nhiều",
            "Xem nhiều",
            "Xem nhiều nhất",
            "Đọc thêm",
            "Xem thêm",
            "Có thể bạn quan tâm",
            "Bình luận",
            "Ý kiến bạn đọc",
            "Gửi bình luận",
            "Viết bình luận",
            "Gửi ý kiến",
            "Ý kiến của bạn",
            "Phản hồi",
            "Liên kết website",
            "Liên kết web",
            "Liên kết",
            "Website liên kết",
            "Thư viện ảnh",
            "Thư viện video",
            "Video",
            "Chuyên mục",
            "Danh mục",
            "Thông báo mới",
            "Văn bản mới",
            "Lượt truy cập",
            "Thống kê",
            "Quảng cáo",
            "Từ khóa",
            "Tags",
            "Bài trước",
            "Bài sau",
            "Bài tiếp theo",
            "Bài kế tiếp",
        ),
    )
)
LABELLED_TAIL = re.compile(
    r"^(bài (?:trước|sau|tiếp theo|kế tiếp|cũ hơn|mới hơn)|tin (?:trước|sau|tiếp)|tags?|từ khóa"
    r"|chuyên mục|trang trước|trang sau)\s*[:：«»‹›<>|→←]",
    re.I,
)
# Lines a visitor clicks or fills in, never reads.
_CONTROLS_AS_WRITTEN = (
    "Chia sẻ",
    "Chia sẻ bài viết",
    "Chia sẻ Facebook",
    "Facebook",
    "Zalo",
    "Twitter",
    "Email",
    "In",
    "In bài",
    "In bài viết",
    "In trang",
    "Bản in",
    "In tin",
    "Gửi email",
    "Gửi cho bạn bè",
    "Lưu bài",
    "Gửi bạn bè",
    "Gửi bài viết",
    "Quay lại",
    "Quay về",
    "Trở lại",
    "Trở về",
    "Trang trước",
    "Lên trên",
    "Về đầu trang",
    "Lên đầu trang",
    "Đầu trang",
    "Cỡ chữ",
    "A A",
    "A- A A+",
    "A+ A-",
    "Nghe bài viết",
    "Đọc bài viết",
    "Thích",
    "Like",
    "Share",
    "Trang chủ",
    "Theo dõi",
    "Gửi",
    "Xem kết quả",
    "Bình chọn Xem kết quả",
    "Họ tên",
    "Họ và tên",
    "Nội dung",
    "Tên đăng nhập",
    "Mật khẩu",
    "Mã bảo mật",
    "Mã xác nhận",
    "Tìm kiếm",
    "Chia sẻ Facebook Zalo",
    "Facebook Zalo",
    "Facebook Twitter",
    "Facebook Zalo In bài",
    "Chia sẻ Zalo In",
)
CONTROLS = frozenset(map(key, _CONTROLS_AS_WRITTEN))
_BETWEEN_CONTROLS = re.compile(r"[|•·/\[\]«»]+")
# What a visitor fills in has a line of its own; beside others the words are a form's or a table's.
_OF_A_ROW = CONTROLS - set(map(key, ("Gửi", "Họ tên", "Họ và tên", "Nội dung", "Tìm kiếm")))
_OPEN_CONTROLS = frozenset(name.partition(" ")[0] for name in CONTROLS)
_MOST_CONTROL_WORDS = max(len(name.split()) for name in CONTROLS)
_LONGEST_CONTROLS = 60  # characters of a row of them
_COUNTED = frozenset(map(key, ("Thích", "Like", "Chia sẻ", "Share", "Bình luận")))
# Votes on an article, as portals print them below it.
_RATING = re.compile(
    r"^(?:tổng số điểm của bài viết là\b|xếp hạng\s*:\s*\d[\d.,/ ]*(?:-|sao\b|phiếu\b|trên\b|$)|đánh giá bài viết$"
    r"|(?:click|nhấp(?: chuột)?|bấm) để đánh giá bài viết)",
    re.I,
)
# Of an article that is about something, below it.
_KEYWORDS = re.compile(r"^(?:từ khóa|từ khoá|tags?|keywords?)\s*[:：][^.!?]{2,200}$", re.I)
_COMMENT_STAMP = re.compile(
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b\W{0,5}\d{1,2}[:h]\d{2}\b|\b\d{1,2}[:h]\d{2}\b\W{0,5}\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b"
    r"|\b\d{1,2} (?:phút|giờ|ngày|tuần|tháng|năm) trước$",
    re.I,
)
_LONGEST_STAMP = 80
_MOST_OF_A_NICKNAME = 2  # words
_COUNT_AFTER = re.compile(r"\s*[(\[:]\s*\d+\s*[)\]]?\s*$")
_COMMENTS = frozenset(map(key, ("Ý kiến bạn đọc", "Bình luận", "Phản hồi", "Ý kiến", "Ý kiến của bạn")))
_BUTTONS_AS_WRITTEN = "facebook zalo twitter x linkedin pinterest messenger telegram email print share chữ nghe chia"
_BUTTONS_ONLY = frozenset(key(_BUTTONS_AS_WRITTEN).split())
_OTHERS_AS_WRITTEN = (
    "sẻ in bài viết trang bản gửi lưu like thích a cỡ đọc giảm tăng mặc định liên kết sao chép"
    " link google qua lên tốc độ giọng nam nữ"
)
_BUTTON_WORDS = _BUTTONS_ONLY.union(key(_OTHERS_AS_WRITTEN).split())
_WORDS_WRITTEN = re.compile(r"\w+")
# With their marks, as `key` takes them off: a person is called Tráng A Chu.
_OF_CONTROLS = frozenset(
    " ".join((*_CONTROLS_AS_WRITTEN, _BUTTONS_AS_WRITTEN, _OTHERS_AS_WRITTEN)).lower().replace("-", " ").split()
)
STATISTICS = re.compile(
    r"^(đang online|đang truy cập|hôm nay|hôm qua|trong tuần|trong tháng|tuần này|tháng này|tất cả"
    r"|tổng (?:số )?(?:lượt )?truy cập|khách)\s*[:：]?\s*[\d.,\s]+$",
    re.I,
)
OWNER = re.compile(
    r"^(trang thông tin điện tử|cổng thông tin điện tử|cơ quan chủ quản|chịu trách nhiệm (?:chính|nội dung)"
    r"|giấy phép (?:số|thiết lập|hoạt động)|bản quyền|copyright|©)",
    re.I,
)
CONTACT = re.compile(
    r"^(địa chỉ\s*:|trụ sở\s*:|điện thoại\s*:|đt\s*:|tel\s*:|fax\s*:|email\s*:"
    r"|thiết kế bởi|phát triển bởi)",
    re.I,
)
NOTICE = re.compile(
    r"(ghi rõ nguồn|trích (?:dẫn )?nguồn|nêu rõ nguồn|dẫn nguồn|phát hành lại|đăng (?:tải )?lại|sử dụng lại|sao chép)",
    re.I,
)
NOTICE_OBJECT = re.compile(
    r"(website|trang (?:này|tin|web|thông tin)|cổng thông tin|susta|thông tin từ|bản quyền)", re.I
)
NOTICE_OPENING = re.compile(
    r"^[\s*®©–-]*(?:(?:đề nghị|yêu cầu|vui lòng|xin|phải|cần|mọi|khi"
    r"|không được|chỉ được|nghiêm cấm|bản quyền)\b.{0,120}?)?"
    rf"{NOTICE.pattern}",
    re.I,
)
NOT_FOUND = re.compile(
    r"(?:trang (?:web )?(?:mà )?(?:bạn|quý (?:khách|vị))[^.!?]{0,30} không có\b"
    r"|không (?:tìm thấy|có) (?:trang|bài|nội dung|tin|dữ liệu|đường dẫn|kết quả)"
    r"|(?:bài viết|trang|nội dung|tin bài|đường dẫn|liên kết"
    r"|địa chỉ)[^.!?]{0,40}(?:không (?:còn )?(?:tồn tại|tìm thấy|hợp lệ|đúng)"
    r"|đã (?:bị )?(?:xóa|xoá|gỡ))|không tồn tại|page not found|not found|error 404|lỗi 404|^404\b)",
    re.I,
)
PERSON_ASKED = re.compile(r"(mật khẩu|tên đăng nhập|quên mật khẩu|password|captcha|mã bảo mật)", re.I)
_LONGEST_QUESTION = 700  # characters of a page that asks for consent
_MOST_SAID = 200  # characters of sentences on a page that is only a form
_SEARCH = frozenset(map(key, ("tìm kiếm", "kết quả tìm kiếm", "kết quả tìm", "search", "search results")))
_SEARCH_PLACE = re.compile(r"(?:^| )(?:tim kiem|search|ket qua tim kiem)(?: |$)")
_ASKS = re.compile(
    r"^(?:kết quả (?:bình chọn|thăm dò)|thăm dò ý kiến|đăng nhập|đăng ký(?: tài khoản)?|quên mật khẩu|liên hệ"
    r"|gửi câu hỏi|hỏi đáp|góp ý|chính sách (?:cookie|bảo mật|quyền riêng tư)|xác nhận|thông báo về cookie)[\s:.!]*$",
    re.I,
)
_CONSENT = re.compile(r"cookie", re.I)
_ASKS_CONSENT = re.compile(
    r"\b(?:chúng tôi|(?:trang|website)(?: này| web)?)\b.{0,80}\bcookie\w*"
    r".{0,80}\b(?:thiết bị|trải nghiệm|quyền riêng tư|đối tác)",
    re.I,
)
_AGREE = re.compile(r"^(?:tôi )?(?:đồng ý|chấp nhận|cho phép|từ chối|accept)\b[^.]{0,30}$", re.I)
LOADING = re.compile(r"^(?:đang (?:tải|xử lý)|loading|(?:vui lòng|xin|xin vui lòng) (?:chờ|đợi))\b.{0,40}$", re.I)
NOTHING_YET = re.compile(
    r"^(?:hiện )?(?:chưa|không) có (?:bài|tin|nội dung|dữ liệu|bản ghi|kết quả|mục)\b.{0,60}$", re.I
)
VOTES = re.compile(r"\d[\d.,]*\s*(?:phiếu|lượt bình chọn|%)", re.I)
DOCUMENT_HEAD = re.compile(r"cộng ho[àa]̀? xã hội chủ nghĩa việt nam|độc lập\s*[-–]\s*tự do", re.I)


def is_widget_heading(text: str) -> bool:
    """Whether a line is worded exactly like the heading of a widget, or like one with a count (`Bình luận (3)`). Prose
    that contains the words is not."""
    return len(text) <= 40 and key(_COUNT_AFTER.sub("", text)) in WIDGET_HEADINGS


def is_comments_heading(text: str) -> bool:
    """Whether a line heads readers' comments and counts them, which no section of an article does."""
    counted = _COUNT_AFTER.sub("", text)
    return len(text) <= 40 and counted != text and key(counted) in _COMMENTS


def is_site_heading(text: str) -> bool:
    """Whether a line is worded exactly like one of the widget headings known of this site."""
    return len(text) <= 40 and key(text) in SITE_HEADINGS


def is_search(place: str, title: str) -> bool:
    """Whether an address (its words) or a title is that of search results."""
    return _SEARCH_PLACE.search(place) is not None or key(title) in _SEARCH


def asks_visitor(title: str, texts: list[str]) -> bool:
    """Whether a page is there to ask its visitor for something: to log in, to vote, to agree to cookies, to write. An
    article may be called `Hỏi đáp` or `Góp ý`; it has more to say."""
    if _ASKS.match(title) and sum(len(text) for text in texts if text.endswith(".")) < _MOST_SAID:
        return True
    if any(map(_ASKS_CONSENT.search, texts[:3])) and sum(map(len, texts)) < _LONGEST_QUESTION:
        return True
    return any(map(_CONSENT.search, texts)) and any(map(_AGREE.match, texts))


def is_banner(text: str) -> bool:
    """Whether a text is the constant one that stands for an advert or a slider's picture."""
    return len(text) <= 40 and key(text) in BANNER_ALTS


@lru_cache(maxsize=1 << 12)  # as of a notice
def is_control(text: str) -> bool:
    """Whether a line is only something to click or fill in, or a mark without any letter or digit; no name that only
    differs from one by its marks."""
    return _is_worded_as_control(text) and not (
        are_persons(text) and not _OF_CONTROLS.issuperset(_WORDS_WRITTEN.findall(text.lower()))
    )


def _is_worded_as_control(text: str) -> bool:
    if len(text) <= 40 and (key(text) in CONTROLS or not any(map(str.isalnum, text))):
        return True
    if len(text) > 100:
        return False
    words = key(text).split()
    return (
        _is_button_row(words)
        or (len(text) <= _LONGEST_CONTROLS and _is_row(text, words))
        or _RATING.match(text) is not None
    )


def _is_row(text: str, words: list[str]) -> bool:
    """Whether a line is several controls, whatever parts them, or one with how often it was used (`Thích 0`)."""
    if not words or words[0] not in _OPEN_CONTROLS:
        return False
    if words[-1].isdigit() and " ".join(words[:-1]) in _COUNTED:
        return True
    parts = [key(part) for part in _BETWEEN_CONTROLS.split(text)]
    if all(part in _OF_A_ROW for part in parts if part):
        return True
    at, longest = 0, 0
    while at < len(words):
        lengths = range(min(_MOST_CONTROL_WORDS, len(words) - at), 0, -1)
        length = next((each for each in lengths if " ".join(words[at : at + each]) in _OF_A_ROW), 0)
        if not length:
            return False
        at, longest = at + length, max(longest, length)
    return longest > 1  # several words of one each may be anything


def heads_comments(text: str, following: str) -> bool:
    """Whether a line heads readers' comments, the first of which says when it was written."""
    if len(text) > 40 or key(text) not in _COMMENTS:
        return False
    stamp = _COMMENT_STAMP.search(following) if len(following) <= _LONGEST_STAMP else None
    who = (following[: stamp.start()] + following[stamp.end() :]).strip(" ()-–|·,:") if stamp else ""
    return stamp is not None and (len(who.split()) <= _MOST_OF_A_NICKNAME or are_persons(who))


def names_keywords(text: str) -> bool:
    """Whether a line says what an article is about, in words and no sentence."""
    return _KEYWORDS.match(text) is not None


def _is_button_row(wording: list[str]) -> bool:
    """Whether all the words of a line are those of buttons to share, print, enlarge or listen, at least one of them a
    word that only such buttons have."""
    rest = [word for word in wording if not word.isdigit()]
    return bool(rest) and _BUTTON_WORDS.issuperset(rest) and not _BUTTONS_ONLY.isdisjoint(rest)


@lru_cache(maxsize=1 << 13)  # asked of a page's lines until one is, and the frame's come again on every page
def is_notice(text: str) -> bool:
    """Whether a line sets a condition for reusing what the site publishes, as footers do: it opens with the demand."""
    if len(text) > 400 or not NOTICE_OPENING.match(text):
        return False
    return NOTICE_OBJECT.search(text) is not None or len(set(map(str.lower, NOTICE.findall(text)))) > 1


@lru_cache(maxsize=1 << 12)
def is_owner_line(text: str) -> bool:
    """Whether a line belongs to the block that says whose site it is."""
    return OWNER.match(text) is not None or CONTACT.match(text) is not None or is_notice(text)


@lru_cache(maxsize=1 << 14)  # asked of every line, and the frame's come again on every page
def counter_of(text: str) -> int | None:
    """The number of a view counter line; -1 when the line is the label alone; None when it is no counter.

    A day, an hour and the word for posting may stand on the same line.
    """
    if len(text) > 100:
        return None
    low = text.lower()
    if "lượt" not in low and "số lần" not in low and "đã " not in low:  # one of them stands in every counter
        return None
    match = COUNTER.match(text)
    if match is None and (inside := COUNTER_INSIDE.search(text)):
        rest = DAY_WORDS.sub(" ", text[: inside.start()] + " " + text[inside.end() :])
        match = inside if not any(map(str.isalpha, rest)) else None
    if match is None:
        return None
    digits = re.sub(r"[^0-9]", "", "".join(group or "" for group in match.groups()))
    return int(digits[:15]) if digits else -1


def without_counter(text: str) -> str:
    """A line without its view counter."""
    return COUNTER_INSIDE.sub(" ", text)
