"""Pages that show how pictures and their captions are arranged."""

from composer.article import Byline, Day, Fixed, Paragraph, Picture, Poem, Row
from composer.stock import PICTURES, POEMS

from written.made import LONG, Page, fill, written

SPEECH = "Đồng chí Tòng Văn Bảo phát biểu khai mạc hội thảo"
GIFT = "Đ/c Hà Thị Liên – Chủ tịch Hội Làm vườn trao quà cho hộ nghèo"
HARVEST = "Bà con bản Lùn thu hoạch mận"
VIEW = "Toàn cảnh buổi làm việc"


def two(number: int, title: str, first: str | None = VIEW, second: str | None = SPEECH, **said: object) -> object:
    """An article with a picture after its first paragraph and one before its last."""
    return written(
        number,
        title,
        *fill(number, 1),
        Picture(PICTURES[0], first),
        *fill(number + 1, 2),
        Picture("/upload/2022/hop-02.jpg", second),
        *fill(number + 3, 1),
        **said,
    )


def pair(number: int, title: str, name: str, shows: str, markup: str, **changes: object) -> Page:
    """A page of two captioned pictures, arranged as `changes` say."""
    return Page(name, shows, two(number, title), markup, dict(changes))


ONE_SENTENCE = "Bà Quàng Thị Mai cho biết năm nay thương lái vào tận nơi đặt cọc từ khi quả còn xanh."

PAGES = (
    pair(
        81,
        "Đoàn công tác thăm vùng mận",
        "photo-same-paragraph",
        "picture, <br>, caption in one paragraph",
        "word",
        picture="same",
        caption="em",
    ),
    pair(
        82, "Hội thảo về cây mắc ca", "photo-next-paragraph", "the caption is the next paragraph, unmarked", "unclosed"
    ),
    pair(
        83,
        "Tọa đàm dinh dưỡng học đường",
        "photo-caption-above",
        "on the whole page captions stand above",
        "plain-p",
        picture="above",
        caption="centred em",
    ),
    pair(84, "Vườn ươm trên đỉnh dốc", "photo-figure", "figure and figcaption", "modern"),
    pair(85, "Hợp tác xã nuôi cá lồng", "photo-table-two-rows", "a one-column table: picture, caption", "old-tables"),
    pair(86, "Ngày hội sáng tạo của học sinh", "photo-one-cell", "picture and caption in one cell", "rows"),
    pair(
        87,
        "Khai giảng lớp nghề nông",
        "photo-outside-paragraphs",
        "a picture outside any paragraph, caption centred by a run of NBSP",
        "centred",
    ),
    pair(
        88,
        "Khảo sát hang động Chiềng Khoi",
        "photo-linked-and-lazy",
        "a linked picture with a lazy address",
        "elements",
    ),
    pair(89, "Triển lãm nông sản sạch", "photo-definition-list", "dl/dt/dd around picture and caption", "spans"),
    pair(
        90, "Giao lưu hai hội kết nghĩa", "photo-among-lines", "picture and caption among lines parted by <br>", "lines"
    ),
    Page(
        "photo-row-of-captions",
        "pictures in a row, their unmarked captions in the row below",
        written(
            91,
            "Vườn rau trong sân trường",
            *fill(0, 1),
            Row(
                (
                    Picture("/upload/vuon-1.jpg", "Học sinh gieo hạt"),
                    Picture("/upload/vuon-2.jpg", "Luống cải đầu tiên"),
                )
            ),
            *fill(1, 2),
        ),
        "plain-p",
        {"caption": "plain", "row": "two rows"},
    ),
    Page(
        "photo-row-of-cells",
        "three cells side by side, each a picture over its caption",
        written(
            92,
            "Ba giống lúa nương",
            *fill(2, 1),
            Row(
                (
                    Picture("/upload/lua-1.jpg", "Giống khẩu nua"),
                    Picture("/upload/lua-2.jpg", "Giống tẻ đỏ"),
                    Picture("/upload/lua-3.jpg", "Giống nếp tan"),
                )
            ),
            *fill(3, 2),
        ),
        "rows",
    ),
    Page(
        "photo-two-over-one-caption",
        "two pictures side by side over one caption: any of them may carry it",
        written(
            93,
            "Sửa đường vào bản",
            *fill(4, 1),
            Fixed(
                '<p align="center"><img src="/upload/duong-1.jpg"> <img src="/upload/duong-2.jpg"><br>'
                "<em>Con đường trước và sau khi sửa</em></p>",
                pictures=(
                    Picture("/upload/duong-1.jpg"),
                    Picture("/upload/duong-2.jpg", "Con đường trước và sau khi sửa"),
                ),
            ),
            *fill(5, 2),
        ),
        "plain-p",
        extra={
            "captions_also_right": [
                ["Con đường trước và sau khi sửa", None],
                ["Con đường trước và sau khi sửa", "Con đường trước và sau khi sửa"],
            ]
        },
    ),
    Page(
        "photo-credits",
        "captions with a credit, with and without a final full stop",
        two(94, "Nhà sàn cổ và ký ức", "Nhà sàn cổ ở Mường Chanh. Ảnh tư liệu.", "Thợ dựng nhà (ảnh: Cầm Quý)"),
        "word",
    ),
    Page(
        "photo-without-caption",
        "a picture without a caption before a paragraph of one sentence; other captions on the page are italic",
        written(
            95,
            "Giá mận đầu mùa",
            *fill(6, 1),
            Picture(PICTURES[0], HARVEST),
            *fill(7, 1),
            Picture("/upload/gia-man.jpg"),
            Paragraph(ONE_SENTENCE),
            *fill(0, 1),
        ),
        "modern",
        {"picture": "same", "caption": "centred em"},
    ),
    Page(
        "photo-addresses",
        "pictures off the host, with %20, (1) and Vietnamese letters in their addresses",
        written(
            96,
            "Bốn tấm ảnh một chuyến đi",
            *fill(1, 1),
            *[
                Picture(path, f"Chặng thứ {word}")
                for path, word in zip(PICTURES[1:5], ["một", "hai", "ba", "bốn"], strict=True)
            ],
            *fill(2, 2),
        ),
        "plain-p",
        {"picture": "next", "caption": "centred em"},
    ),
    Page(
        "photo-only-item",
        "an item of pictures and captions without any paragraph",
        written(
            97,
            "Chùm ảnh: bản làng mùa hoa",
            Picture("/upload/hoa-1.jpg", "Ban trắng đầu bản"),
            Picture("/upload/hoa-2.jpg", "Đào phai bên suối"),
            Picture("/upload/hoa-3.jpg", "Cải vàng trên nương"),
            byline=None,
        ),
        "old-tables",
    ),
    Page(
        "photo-after-verse",
        "a picture without a caption after four lines of verse: the last line is verse",
        written(98, "Thơ về bản cũ", *fill(3, 1), Poem(POEMS[0]), Picture("/upload/ban-cu.jpg"), *fill(4, 2)),
        "plain-p",
    ),
    Page(
        "photo-many",
        "six pictures in a row of paragraphs, each with its caption",
        written(
            99,
            "Nhật ký một chuyến khảo sát",
            *fill(5, 1),
            *[Picture(f"/upload/ks/{n}.jpg", f"Đoàn khảo sát tại điểm số {n}") for n in range(1, 7)],
            *fill(6, 1),
        ),
        "word",
    ),
    Page(
        "photo-person-in-caption",
        "captions that open with `Đồng chí` and `Đ/c`",
        two(100, "Trao quà cho hộ nghèo vùng cao", SPEECH, GIFT, byline=Byline("Thu Hiền")),
        "centred",
    ),
    Page(
        "photo-day-in-caption",
        "a day in a caption is not the article's",
        two(
            101,
            "Một năm sau trận lũ",
            "Cầu treo bản Nậm Păm, ảnh chụp ngày 5/8/2017",
            "Cầu mới khánh thành",
        ),
        "modern",
    ),
    Page(
        "photo-caption-full-stop-in-figure",
        "a caption with a full stop, held to its picture by a figure",
        two(102, "Vùng cà phê nhìn từ trên cao", "Vùng cà phê Chiềng Ban.", "Một trang sổ nương."),
        "modern",
        {"caption": "plain"},
    ),
    Page(
        "photo-caption-in-box",
        "picture and unmarked caption with a full stop in one box of their own",
        two(103, "Lễ mừng cơm mới", "Mâm cơm mới của người Kháng.", "Các cụ già hát mừng."),
        "elements",
        {"caption": "plain", "picture_link": False},
    ),
    Page(
        "photo-portal-news",
        "dateline, pictures off the host and a bare name: the usual item",
        written(
            104,
            "Gặp mặt trí thức đầu xuân",
            Picture(PICTURES[3], VIEW),
            Paragraph(f"Ngày 18/2/2024, Liên hiệp hội tổ chức gặp mặt trí thức đầu xuân. {LONG[0]}"),
            Picture(PICTURES[6], SPEECH),
            *fill(1, 2),
            day=Day("2024-02-18", "dateline"),
            byline=Byline("Hà Bảo Châu"),
        ),
        "plain-p",
        {"blank": "nbsp", "byline": "right"},
    ),
    pair(
        105,
        "Khánh thành phòng thí nghiệm",
        "photo-caption-bold",
        "a bold caption in the picture's paragraph",
        "plain-p",
        picture="same",
        caption="bold",
    ),
    pair(
        106,
        "Bàn giao giống lúa mới",
        "photo-caption-bold-figure",
        "a bold caption in a figure",
        "modern",
        caption="bold",
    ),
    pair(
        107,
        "Thăm lớp xóa mù chữ",
        "photo-noscript",
        "a lazy picture repeated in <noscript> is one picture",
        "word",
        picture_src="lazy noscript",
    ),
    pair(
        108,
        "Ký kết chương trình phối hợp",
        "photo-sources",
        "picture/source/img is one picture",
        "modern",
        picture_src="sources",
    ),
    pair(109, "Ra quân trồng rừng", "photo-small-letters", "captions set in smaller letters", "lines", caption="small"),
    Page(
        "photo-floated",
        "a picture without a caption at the head of a paragraph's text",
        written(110, "Vườn lan của người lính", *fill(2, 1), Picture("/upload/vuon-lan.jpg"), *fill(3, 2)),
        "plain-p",
        {"picture": "floated"},
    ),
    pair(
        79,
        "Cả trang in đậm",
        "photo-on-a-bold-page",
        "a <b> that nothing closes: where all is bold, a bold line below a picture is a caption still",
        "unclosed",
        clutter="leaking",
    ),
)
