"""Pages that show oddities of text and of its bytes, and words that belong to the page as well as to prose."""

from composer import stock
from composer.article import Again, Byline, Day, Fixed, Heading, Paragraph, Picture, Poem, Table

from written.made import Page, fill, written

ODD = (
    "Đoàn đã tới tham và làm việc với tỉnh Điện Biên, Việt Nam.Về phía tỉnh có lãnh đạo các sở, ngành.",
    "Việc thực hiện Nghị quyết số 27-NQ/TWvề đội ngũ trí thức được Côtăng cường ở từng chi hội .",
    "Hiện đại hoá đi cùng công nghiệp hóa, khoá XII và khóa XIII, thuỷ lợi và thủy điện , mỗi nơi viết một cách.",
    "Thu ngân sách ước đạt 16.083 tỷ đồng, bằng 117,9% dự toán; GRDP tăng 4,47%/năm; 1.330 thạc sỹ.",
)
ODD_BLOCKS = tuple(Paragraph(text) for text in ODD)


def odd(number: int, name: str, shows: str, markup: str, **changes: object) -> Page:
    """One article in many spellings: whatever its bytes are, the record is the same but for the address."""
    article = written(
        number,
        "Trí thức Sơn La: “16.083 sáng kiến” và 4,47% hiệu quả",
        Paragraph("Ngày 3/12/2021, Liên hiệp hội tổ chức hội nghị tổng kết – đánh giá phong trào sáng kiến…"),
        *ODD_BLOCKS,
        Picture("/upload/hoi-nghi.jpg", "Toàn cảnh hội nghị"),
        *fill(number, 1),
        again=Again.CAPITALS,
        day=Day("2021-12-03", "dateline"),
        byline=Byline("Lường Thị Phượng"),
    )
    return Page(name, shows, article, markup, dict(changes))


def trap(number: int, title: str, texts: tuple[str, ...], name: str, shows: str, markup: str) -> Page:
    return Page(name, shows, written(number, title, *fill(number, 1), *map(Paragraph, texts), *fill(1, 1)), markup)


WRONG = "text/html; charset=iso-8859-1"
LONG_READ = [
    block
    for n in range(26)
    for block in (Heading(f"{n + 1}. Chặng thứ {n + 1}"), *fill(n, 4), *map(Paragraph, stock.TRAPS[n % 9 : n % 9 + 1]))
]

PAGES = (
    odd(111, "text-plain", "numbers, lost spaces and slips stay as they are", "plain-p"),
    odd(112, "text-nbsp", "NBSP everywhere", "rows"),
    odd(113, "text-nfd", "letters sent decomposed", "plain-p", letters="nfd"),
    odd(114, "text-zero-width", "zero-width characters and soft hyphens inside words", "modern", letters="zero width"),
    odd(115, "text-named-entities", "letters as named entities", "spans"),
    odd(116, "text-numeric-entities", "letters as numeric references", "lines"),
    odd(117, "text-word-spans", "words cut by spans of another language", "word"),
    odd(118, "text-wrapped-source", "line ends of the source inside sentences and tags in capitals", "unclosed"),
    odd(119, "charset-1258-header", "windows-1258, said by the header", "old-tables", charset="1258 header"),
    odd(120, "charset-1258-meta", "windows-1258, said by the page alone", "centred", charset="1258 meta"),
    odd(121, "charset-bom", "UTF-8 with a byte order mark and nothing else", "elements", charset="bom"),
    odd(122, "charset-undeclared", "UTF-8 that nothing declares", "plain-p", charset="undeclared"),
    Page(
        "charset-wrong-header",
        "UTF-8 bytes that the header calls iso-8859-1",
        odd(123, "", "", "").article,
        "modern",
        {"charset": "undeclared", "clutter": "all"},
        content_type=WRONG,
    ),
    trap(
        124,
        "Phần mềm quản lý vườn cây",
        stock.TRAPS[:3],
        "words-of-widgets",
        "`Đăng nhập`, `Lượt xem`, `Bình chọn` open sentences",
        "plain-p",
    ),
    trap(
        125,
        "Bản tin khoa học lên mạng",
        stock.TRAPS[3:6],
        "words-of-lists",
        "`Thống kê truy cập`, `Tin liên quan`, `Tiêu điểm` open sentences",
        "lines",
    ),
    trap(
        126,
        "Lớp học trực tuyến đầu tiên",
        stock.TRAPS[6:],
        "words-of-statistics",
        "`Tải về`, `Đang online: 9`, `Thông tin doanh nghiệp` open sentences",
        "spans",
    ),
    Page(
        "words-as-headings",
        "a widget's name as a heading in the text",
        written(
            127,
            "Hướng dẫn dùng cổng học tập của hội",
            *fill(2, 1),
            Heading("Đăng nhập"),
            Paragraph(
                "Hội viên nhập số thẻ và mật khẩu được cấp, sau đó đổi mật khẩu ở lần dùng đầu tiên cho an toàn."
            ),
            Heading("Thống kê"),
            *fill(3, 1),
            Heading("Thông tin doanh nghiệp"),
            Paragraph(
                "Mục này dành cho các hợp tác xã giới thiệu sản phẩm, do văn phòng hội duyệt trước khi đăng lên."
            ),
            *fill(4, 1),
        ),
        "plain-p",
        {"heading": "h2"},
    ),
    Page(
        "words-of-the-notice",
        "the text itself speaks of `Ghi rõ nguồn`",
        written(
            128,
            "Viết tin cho bản tin khoa học",
            *fill(5, 1),
            Paragraph(
                "Ghi rõ nguồn số liệu là yêu cầu đầu tiên với cộng tác viên khi gửi bài về ban biên tập bản tin."
            ),
            *fill(6, 1),
        ),
        "centred",
    ),
    Page(
        "text-poem",
        "two stanzas; each line is an entry of its own",
        written(
            129, "Hai khúc ru bản xa", *fill(7, 1), *map(Poem, stock.POEMS), *fill(0, 1), byline=Byline("Thu Hiền")
        ),
        "modern",
        {"picture_src": "root"},
    ),
    Page(
        "text-poem-in-paragraphs",
        "a poem whose lines are paragraphs",
        written(130, "Khúc ru bên suối", *fill(1, 1), *map(Paragraph, stock.POEMS[1]), *fill(2, 1)),
        "word",
    ),
    Page(
        "text-one-line",
        "an item of one line",
        written(131, "Thông báo phát hành bản tin số 4", Paragraph("Kính mời bạn đọc đón xem bản tin số mới của hội.")),
        "elements",
    ),
    Page(
        "text-footnotes",
        "footnote marks in the text and the notes at its end",
        written(
            132,
            "Tên đất, tên mường",
            *map(Paragraph, stock.NOTES),
            Fixed(
                "<p>Có nơi người già còn nhớ cả tên suối cũ<sup>(3)</sup>, tên rừng thiêng của mường.</p>",
                ("Có nơi người già còn nhớ cả tên suối cũ(3), tên rừng thiêng của mường.",),
            ),
            *fill(3, 1),
            Paragraph("(1) Theo lời kể của ông Cầm Quý, bản Mường Chanh."),
            Paragraph("[2] Quám tô mương, bản chép tay, tr. 90-91."),
        ),
        "plain-p",
    ),
    Page(
        "text-long-word",
        "a page of more than 60 KB as a word processor exports it",
        written(133, "Ký sự dọc dòng sông Đà", *LONG_READ, again=Again.TWO_LINES, byline=Byline("Nguyễn Khắc Lâm")),
        "word",
        {"clutter": "all"},
    ),
    Page(
        "text-long-tables",
        "a page of more than 60 KB laid out by nested tables, in numeric references",
        written(
            134,
            "Địa chí các mường",
            *LONG_READ,
            Table(stock.TABLES[1]),
            *fill(0, 1),
            byline=Byline("Báo Sơn La", "syndicated", lead="Theo"),
        ),
        "old-tables",
        {"letters": "numeric", "heading": "bold"},
    ),
    odd(135, "charset-utf-16", "UTF-16, said by the header and the byte order mark", "modern", charset="utf-16"),
    odd(136, "charset-late", "the page names its charset after 2,000 bytes", "word", charset="late"),
    odd(137, "charset-1258-late", "windows-1258, named after 2,000 bytes", "plain-p", charset="1258 late"),
    odd(
        138,
        "text-inline-marks",
        "bold, italic and underlined words, some with the blank inside",
        "plain-p",
        letters="marks",
    ),
    odd(139, "text-smart-tags", "a word processor's smart tags around words", "word", letters="smart tags"),
    odd(
        140,
        "text-never-closed-bold",
        "a <b> that nothing closes makes the whole page bold",
        "plain-p",
        clutter="leaking",
    ),
    odd(141, "text-stray-ends", "end tags that nothing opened", "centred", clutter="stray"),
    odd(142, "text-two-containers", "the body in two containers side by side", "modern", clutter="split"),
    odd(143, "text-paragraphs-as-h5", "every paragraph an <h5>", "plain-p", paragraph="h5"),
    odd(144, "text-paragraphs-nested", "every paragraph in boxes of its own", "elements", paragraph="nested"),
    odd(145, "text-paragraphs-quoted", "every paragraph a <blockquote>", "centred", paragraph="blockquote"),
    Page(
        "text-links-in-prose",
        "links to other articles inside sentences are text",
        written(
            146,
            "Ba năm làm bản tin khoa học",
            Fixed(
                '<p>Từ bài <a href="/khoa-hoc-cong-nghe/may-tach-hat-son-tra-20101">chiếc máy tách hạt sơn tra</a> đến'
                ' loạt bài về <a href="/kinh-te-du-lich/man-hau-20102">mận hậu</a>, bạn đọc luôn gửi thư hỏi thêm.</p>',
                ("Từ bài chiếc máy tách hạt sơn tra đến loạt bài về mận hậu, bạn đọc luôn gửi thư hỏi thêm.",),
            ),
            *fill(3),
        ),
        "plain-p",
    ),
    Page(
        "words-of-the-owner",
        "the article's own address and telephone lines are body",
        written(
            147,
            "Thông báo mở lớp viết bài khoa học",
            *fill(4, 1),
            Paragraph("Địa chỉ nhận hồ sơ: phòng 204, nhà A, số 12 đường Tô Hiệu, thành phố Sơn La."),
            Paragraph("Điện thoại liên hệ của ban tổ chức: 02123.858.999, gặp chị Hoan."),
            *fill(5, 1),
        ),
        "plain-p",
    ),
)
