"""Pages of the weight that Vietnamese public portals have: a demo page with what such a portal carries around it.

Into the head go inline styles and scripts, above the article a mega-menu and links to topics, below it sidebar lists
and scripts: 60 to 100 KB in all, the greater part alike on every page, as on a site. Nothing of it is the article, so
the record must stay the same (benchmarks/extract.py checks that it does). All of it is made up here, from a number.
"""

import re
from functools import cache
from random import Random

_MENU = {
    "Giới thiệu": "Lịch sử hình thành|Cơ cấu tổ chức|Chức năng, nhiệm vụ|Ban Thường vụ|Thường trực|Văn phòng|Điều lệ",
    "Tổ chức hội": "Hội thành viên|Hội ngành tỉnh|Chi hội trực thuộc|Trung tâm trực thuộc|Biểu mẫu",
    "Tin tức": "Tin trong tỉnh|Tin trung ương|Tin các huyện|Tin đối ngoại|Tin vắn|Ảnh trong ngày|Video|Lịch công tác",
    "Văn bản": "Văn bản chỉ đạo|Văn bản quy phạm|Công văn|Kế hoạch|Thông báo|Giấy mời|Báo cáo|Dự thảo lấy ý kiến",
    "Tư vấn": "Phản biện xã hội|Giám định|Góp ý chính sách|Hội đồng chuyên gia|Kết quả đã nghiệm thu",
    "Cuộc thi": "Hội thi sáng tạo|Cuộc thi thanh thiếu niên|Giải thưởng báo chí|Thể lệ|Tra cứu kết quả",
    "Khoa học": "Đề tài cấp tỉnh|Dự án ứng dụng|Chuyển giao công nghệ|Nông nghiệp|Y tế|Giáo dục|Môi trường",
    "Dịch vụ công": "Thủ tục hành chính|Tra cứu hồ sơ|Hỏi đáp|Phản ánh, kiến nghị|Bộ phận một cửa|Đánh giá hài lòng",
    "Chuyển đổi số": "Kế hoạch năm|Bản đồ số|Dữ liệu mở|Chữ ký số|An toàn thông tin|Tổ công nghệ cộng đồng|Cẩm nang",
    "Công khai": "Ngân sách|Mua sắm công|Tuyển dụng|Thi đua, khen thưởng|Thanh tra|Tiếp công dân",
    "Liên kết": "Cổng thông tin tỉnh|Sở Khoa học và Công nghệ|Báo địa phương|Đài truyền hình|Thư viện",
    "Liên hệ": "Sơ đồ cổng|Đường dây nóng|Thư điện tử công vụ|Góp ý giao diện|Danh bạ cơ quan|Bản đồ chỉ đường",
}
_SIDEBAR = (
    ("Đọc nhiều trong tuần", "Mô hình {} ở vùng cao cho thu nhập ổn định sau hai năm"),
    ("Chuyên đề", "Chuyên đề {}: những điều bà con thường hỏi cán bộ kỹ thuật"),
    ("Hoạt động các hội thành viên", "Hội {} tỉnh tổng kết công tác và bàn nhiệm vụ thời gian tới"),
)
_SUBJECTS = (
    "mắc ca", "cà phê", "mận hậu", "dâu tằm", "cá tầm", "xoài ghép", "chanh leo", "na dai", "chè shan", "thảo quả",
    "bò sữa", "ong mật",
)  # fmt: skip
_PROPERTIES = (
    "margin:0 auto", "padding:.5rem 1rem", "display:flex", "color:#1a4f8b", "font:400 14px/1.5 Roboto,Arial,sans-serif",
    "background:url(/themes/v3/img/sprite.png) no-repeat 0 -120px", "border-bottom:1px solid rgba(0,0,0,.12)",
    "transition:opacity .2s ease-in-out", "max-width:1240px", "position:relative", "overflow:hidden", "list-style:none",
)  # fmt: skip
_HEAD_END = re.compile(rb"</head>|<body\b", re.I)
_BODY = re.compile(rb"<body\b[^>]*>", re.I)
_END = re.compile(rb"</body>|\Z", re.I)


def padded(page: bytes, number: int) -> bytes:
    """`page` with a portal around its own frame. `number` tells pages apart, as script data and styles do."""
    at = _HEAD_END.search(page)
    start = at.start() if at else 0
    page = page[:start] + _head(number).encode() + page[start:]
    body = _BODY.search(page)
    start = body.end() if body else 0
    page = page[:start] + _top().encode() + page[start:]
    end = next(iter(_END.finditer(page, start))).start()
    return page[:end] + (_side() + _scripts(number)).encode() + page[end:]


def _head(number: int) -> str:
    random = Random(number)
    styles, code = _styles(90 + random.randrange(60)), _code(number, 60 + random.randrange(50))
    return f"<style>{styles}</style>\n<script>{code}</script>\n"


@cache
def _styles(rules: int) -> str:
    random = Random(rules)
    return "\n".join(
        f".md-{i % 17}-{random.randrange(10**6):x} .it-{i}>li:hover,#b{i} a"
        f"{{{';'.join(random.sample(_PROPERTIES, 3))}}}"
        for i in range(rules)
    )


def _code(number: int, lines: int) -> str:
    random = Random(-number)
    said = [
        f'portal.on("ready.{i}",function(e){{var n=document.getElementById("b{i}");if(n&&n.children.length>{i % 7})'
        f'{{n.className+=" open-{random.randrange(10**8):x}";}}}});'
        for i in range(lines)
    ]
    said.insert(0, f'var portal=window.portal||{{id:{number},queue:[],html:"<p>Đang tải…<\\/p>"}};')
    return "\n".join(said)


@cache
def _top() -> str:
    """The mega-menu, and a list of categories beside the article."""
    groups = []
    for place, (name, items) in enumerate(_MENU.items()):
        links = "".join(
            f'<li class="nav-item level-2"><a class="nav-link" href="/chuyen-muc-{place}/muc-{i}" title="{item}">'
            f'<i class="fa fa-angle-right" aria-hidden="true"></i><span>{item}</span></a></li>'
            for i, item in enumerate(items.split("|"))
        )
        groups.append(
            f'<li class="nav-item dropdown"><a class="nav-link dropdown-toggle" href="/chuyen-muc-{place}">{name}</a>'
            f'<ul class="dropdown-menu mega">{links}</ul></li>'
        )
    tags = "".join(f'<a class="tag" href="/the/{i}">{subject}</a> ' for i, subject in enumerate(_SUBJECTS))
    return (
        f'<header id="portal-header"><nav class="navbar navbar-expand-lg"><ul class="navbar-nav">{"".join(groups)}</ul>'
        f'</nav><div class="hot-tags">{tags}</div></header>\n'
    )


@cache
def _side() -> str:
    boxes = []
    for place, (heading, form) in enumerate(_SIDEBAR):
        items = "".join(
            f'<div class="media side-item"><a href="/chuyen-de-{place}/bai-{i}-{9000 + place * 50 + i}">'
            f'<img class="lazy" src="/anh-nho/side-{place}-{i}.jpg" alt="" width="96" height="64" loading="lazy"></a>'
            f'<div class="media-body"><a class="side-title" '
            f'href="/chuyen-de-{place}/bai-{i}-{9000 + place * 50 + i}">{form.format(subject)}</a></div></div>'
            for i, subject in enumerate(_SUBJECTS)
        )
        boxes.append(f'<div class="box-side"><h3 class="box-title"><span>{heading}</span></h3>{items}</div>')
    return f'<aside id="portal-side" class="col-lg-3">{"".join(boxes)}</aside>\n'


def _scripts(number: int) -> str:
    files = "".join(f'<script src="/themes/v3/js/lib-{i}.min.js?v=2024.{i}" defer></script>' for i in range(14))
    return f"{files}<script>{_code(number + 1, 45)}</script>\n"
