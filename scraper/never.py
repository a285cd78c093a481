"""Addresses that do something, ask for a person, or never end, told by their words: what is never followed. Pure.

A part of a path, or a parameter's name or value, is such an address's when it says an action and nothing else but
helping words: `/user-login`, `/Vote.ashx`, `?task=vote`, `/tham-do-y-kien`. An article whose slug holds such words with
others (`ket-qua-tham-do-y-kien-12.html`, `tim-kiem-tai-nang-tre-345.html`) is none. English and Vietnamese, whatever
marks, case and separators.
"""

import re
from functools import lru_cache

from archive.vietnamese import without_marks

# What an action is called; `_` stands for a separator, or none.
_ACTIONS: dict[str, str] = {
    "account": "dang_nhap|log_in|log_on|sign_in|dang_xuat|thoat|log_(?:out|off)|sign_(?:out|off)|dang_ky|register"
    "|registration|sign_up|quen_mat_khau|(?:forgot|forgotten|lost|reset|change|send)_pass_word|doi_mat_khau|tai_khoan"
    "|accounts?|auth|oauth2?|sso|recover(?:_password)?|activate",
    "poll": "binh_chon|bo_phieu|tham_do(?:_y_kien|_du_luan)?|trung_cau_y_kien|polls?|votes?|voting|vote_(?:up|down)"
    "|surveys?|rate|rating|danh_gia_sao|cham_diem|like|dislike|thich|bo_thich",
    "search": "tim_kiem|tim_kiem_nang_cao|search|searching|advanced_search|search_results?",
    "sharing": "chia_se|share|sharing",
    "printing": "in_bai|in_trang|in_tin|ban_in|print|printer|print_(?:view|preview|page|article)|printer_friendly",
    "mail": "gui_e?mail|gui_(?:cho_)?ban_be|send_e?mail|e?mail_(?:this|to_friend)|send_to_friend|tell_a_friend|mailto",
    "riddle": "captcha|recaptcha|ma_xac_nhan",
    "cart": "gio_hang|cart|add_to_cart|checkout|thanh_toan|basket|wishlist",
    "administration": "admin|administrator|quan_tri|wp_admin|webadmin|cpanel",
    "change": "delete|remove|edit|update|xoa|sua|huy|(?:un)?subscribe|huy_dang_ky|reply|add_comment|post_comment"
    "|gui_binh_luan|bao_xau|report_abuse",
}
_HELPING = (
    "user|users|member|members|customer|client|com|mod|wp|do|submit|form|page|process|action|ajax|handler|controller"
    "|service|my|xem|gui|thanh_vien|he_thong|nguoi_dung|tai_khoan|cong_dan|bai|bai_viet|tin_bai|nhan_tin|[0-9]+"
)
_ALTERNATIVES = "|".join(f"(?P<{rule}>{names})" for rule, names in _ACTIONS.items())
_ACTION = re.compile(rf"(?:(?:{_HELPING})-)*(?:{_ALTERNATIVES})(?:-(?:{_HELPING}))*".replace("_", "-?"))
# Words that mean something else by themselves (milk, a name): actions as values only.
_ONLY_VALUES = frozenset(("sua", "huy", "thich"))
_PROGRAM = re.compile(r"\.(?:html?|aspx?|ashx|asmx|php[0-9]?|jspx?|do|cgi|pl)$", re.I)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST = 60  # characters; of what could be an action
# An article's last part: its slug may be any title, so it counts only where it is an action's name and no more.
_NUMBERED = re.compile(r"-[0-9]{1,12}(?:\.html?)?$", re.I)

# Parameters whose value says what is done.
_DOING = re.compile(
    r"(?:act|action|do|task|ctl|control|cmd|command|op|opt|option|mod|module|func|function|view|page|pageid|p|m|a|c|r|nv|nav"
    r"|mode|method|event|route|controller|hanh-?dong|thao-?tac|xu-?ly|chuc-?nang|tab|layout)",
    re.I,
)
# Parameters that say it by their name.
_NAMES: dict[str, str] = {
    "search": "q|s|query|key_words?|kw|tu_khoa|tim_kiem|ket_qua|search|search_(?:words?|text|key|term|phrase|query)"
    "|txt_search|noi_dung_tim",
    "returning": "return|return_(?:url|to|path)|redirect|redirect_(?:uri|url|to)|next_url|back_url|callback_url"
    "|continue",
    "account": "log_(?:in|out)|sign_(?:in|out|up)|dang_(?:nhap|xuat|ky)",
    "poll": "vote|vote_id|poll|poll_id|binh_chon|tham_do|rate|rating",
    "change": "delete|remove|edit|xoa|add_to_cart|unsubscribe",
}
_NAME = re.compile("|".join(f"(?P<{rule}>{names})" for rule, names in _NAMES.items()).replace("_", "-?"))


def action_of_path(segments: list[str], *, is_article: bool) -> tuple[str, str] | None:
    """(rule, part) of the first part of a path, percent-decoded, that names an action. `is_article`: the path ends
    like an article's, with a slug and its number, so that its last part is a title; alone it may be an action's all the
    same, if its slug is no more than one's name."""
    for place, segment in enumerate(segments):
        title = is_article and place == len(segments) - 1
        if title and place > 0:
            return None
        text = _NUMBERED.sub("", segment) if title else segment
        if _bare(text) not in _ONLY_VALUES and (rule := _action(text, helped=not title)):
            return rule, segment
    return None


def action_of_query(pairs: list[tuple[str, str]]) -> tuple[str, str] | None:
    """(rule, parameter) of the first parameter that names an action."""
    for key, value in pairs:
        if match := _NAME.fullmatch(_bare(key)):
            return match.lastgroup or "", f"?{key}="
        if _DOING.fullmatch(key):
            for part in value.split("/"):
                if rule := _action(part):
                    return rule, f"?{key}={value}"
    return None


@lru_cache(maxsize=1 << 12)  # the same categories stand in all addresses
def _action(text: str, *, helped: bool = True) -> str | None:
    """The rule by which a text is an action's name, with helping words unless they do not count."""
    if len(text) > _LONGEST:
        return None
    bare = _bare(_PROGRAM.sub("", text))
    match = _ACTION.fullmatch(bare)
    if match is None or not match.lastgroup:
        return None
    return match.lastgroup if helped or match[match.lastgroup] == bare else None


def _bare(text: str) -> str:
    """Words in small letters without marks, parted by a hyphen, also where only a capital parts them."""
    return re.sub(r"[^a-z0-9]+", "-", without_marks(_HUMP.sub("-", text)).lower()).strip("-")
