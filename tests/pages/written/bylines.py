"""Pages that show who wrote an article, and who only seems to have."""

from composer.article import Byline, Fixed, Heading, Paragraph, Picture, Where

from written.made import Page, fill, written

TOP = Where.TOP

PAGES = (
    Page(
        "byline-top-position",
        "name and position below the title, indented by a run of spaces",
        written(
            31,
            "Nghĩ về người làm khoa học ở cơ sở",
            *fill(0),
            byline=Byline("Vũ Đình Lân", where=TOP, affiliation="Chuyên viên cao cấp"),
        ),
        "plain-p",
        {"byline": "nbsp"},
    ),
    Page(
        "byline-top-university",
        "academic title, name and university below the title",
        written(
            32,
            "Biến đổi khí hậu và cây lúa nương",
            *fill(1),
            byline=Byline("TS. Đặng Thị Lụa", where=TOP, affiliation="Trường Đại học Tây Bắc"),
        ),
        "word",
    ),
    Page(
        "byline-top-alone",
        "academic title and name alone below the title",
        written(33, "Đọc lại một trang sử bản", *fill(2), byline=Byline("PGS.TS. Bùi Quang Vịnh", where=TOP)),
        "old-tables",
    ),
    Page(
        "byline-top-two-lines",
        "name and office in one paragraph, parted by <br>",
        written(
            34,
            "Quản lý rừng cộng đồng: bài học từ ba bản",
            *fill(3),
            byline=Byline("KS. Lò Văn Hương", where=TOP, affiliation="Phó Giám đốc Sở Khoa học và Công nghệ"),
        ),
        "rows",
    ),
    Page(
        "byline-end-bare-name",
        "a bare name at the very end",
        written(35, "Bản Lùn mùa mận chín", *fill(4), byline=Byline("Hà Bảo Châu")),
        "modern",
    ),
    Page(
        "byline-none-short-ending",
        "no byline; the last paragraph is short and names nobody",
        written(36, "Cây chè và người Mông", *fill(5), Paragraph("Đất không phụ người.")),
        "elements",
    ),
    Page(
        "byline-text-and-photo",
        "`Bài và ảnh:` at the end",
        written(37, "Phiên chợ vùng biên", *fill(6), byline=Byline("Cầm Quý", "text_and_photo", lead="Bài và ảnh:")),
        "rows",
    ),
    Page(
        "byline-news-and-photo",
        "`Tin, ảnh:` at the end",
        written(38, "Trao quà cho học sinh", *fill(7), byline=Byline("Thu Hiền", "text_and_photo", lead="Tin, ảnh:")),
        "centred",
    ),
    Page(
        "byline-from-a-paper",
        "`Theo` and a newspaper at the end",
        written(39, "Giá cà phê nhân xô tăng", *fill(0), byline=Byline("Báo Sơn La", "syndicated", lead="Theo")),
        "lines",
    ),
    Page(
        "byline-source-site",
        "`Nguồn:` and a site at the end",
        written(40, "Hội nghị trí thức trẻ", *fill(1), byline=Byline("vusta.vn", "syndicated", lead="Nguồn:")),
        "spans",
    ),
    Page(
        "byline-label-author",
        "`Tác giả:` with academic title at the end",
        written(41, "Giống ngô nếp bản địa", *fill(2), byline=Byline("ThS. Cầm Thị Đoan", lead="Tác giả:")),
        "unclosed",
    ),
    Page(
        "byline-name-then-source",
        "a name, and `Theo ...` on the next line: neither is body",
        written(
            42,
            "Những loài ếch nhái ở rừng Sốp Cộp",
            *fill(3),
            Fixed("<p align=right><b>Nguyễn Khắc Lâm</b></p><p align=right><i>Theo Tạp chí Tia Sáng</i></p>"),
            byline=None,
        ),
        "plain-p",
        extra={"byline": "Nguyễn Khắc Lâm", "byline_role": "author", "not_checked": ["affiliation", "byline_role"]},
    ),
    Page(
        "byline-two-names",
        "two names joined by a dash",
        written(43, "Dự án nước cho bản cao", *fill(4), byline=Byline("Thu Hiền - Cầm Quý")),
        "plain-p",
        {"byline": "right"},
    ),
    Page(
        "byline-in-capitals",
        "a name in capitals is kept as printed",
        written(44, "Mùa xuân ở Mường Bú", *fill(5), byline=Byline("CẦM QUÝ")),
        "centred",
    ),
    Page(
        "byline-person-in-last-caption",
        "the last thing is a picture whose caption names a person: not the author",
        written(
            45,
            "Nghề rèn của người Mông",
            *fill(6),
            Picture("/upload/2022/lo-ren.jpg", "Ông Sùng A Páo bên lò rèn"),
        ),
        "modern",
    ),
    Page(
        "byline-after-last-caption",
        "a picture, its caption, and then the author's bare name, as on the one real page",
        written(
            46,
            "Khai mạc hội thi sáng tạo trẻ",
            *fill(7),
            Picture("/upload/2022/hoi-thi.jpg", "Đ/c Hà Thị Liên trao giải cho các đội thi"),
            byline=Byline("Tòng Văn Bảo"),
        ),
        "plain-p",
        {"byline": "right"},
    ),
    Page(
        "byline-end-with-office",
        "academic title and name at the end, the office below it",
        written(
            47,
            "Nước ngầm vùng đá vôi",
            *fill(0),
            byline=Byline("TS. Đặng Thị Lụa", affiliation="Trung tâm Khuyến nông tỉnh"),
        ),
        "word",
    ),
    Page(
        "byline-minority-name",
        "a name of the Mong, with a middle name of one letter",
        written(48, "Sơn tra lên men", *fill(1), byline=Byline("Giàng A Dơ")),
        "lines",
    ),
    Page(
        "byline-not-a-speaker",
        "names open sentences and headings; none of them wrote it",
        written(
            49,
            "Ba người bạn và một giống lê",
            Paragraph("Lò Văn Hương nói ít, làm nhiều; ông là người đầu tiên mang giống lê về bản Phiêng Cài."),
            Heading("Tòng Văn Bảo, người ghép cành"),
            *fill(2, 2),
            Heading("Vì Thị Hoan, người bán hàng"),
            Paragraph("Vì Thị Hoan đưa quả lê lên mạng, mỗi tối trả lời hàng chục tin nhắn của khách ở xa."),
        ),
        "plain-p",
        {"heading": "h3"},
    ),
    Page(
        "byline-photo-only",
        "`Ảnh:` and a name at the end: who took the pictures",
        written(
            50,
            "Mùa nước đổ trên ruộng bậc thang",
            Picture("/upload/2023/ruong-1.jpg", "Ruộng bậc thang bản Hồng Ngài"),
            *fill(3),
            byline=Byline("Cầm Quý", "photo", lead="Ảnh:"),
        ),
        "elements",
    ),
    Page(
        "byline-in-last-paragraph",
        "the name on a line of its own in the last paragraph",
        written(51, "Người giữ rừng Copia", *fill(4), byline=Byline("Quàng Văn Ín")),
        "plain-p",
        {"byline": "joined"},
    ),
    Page(
        "byline-none-ends-with-source-word",
        "the last paragraph begins with `Nguồn` and is a sentence",
        written(52, "Lúa nếp tan Mường Và", *fill(5), Paragraph("Nguồn gen quý ấy cần được giữ lại.")),
        "word",
    ),
    Page(
        "byline-none-ends-with-theo",
        "the last paragraph begins with `Theo` and is a sentence",
        written(53, "Mùa măng đắng", *fill(6), Paragraph("Theo các cụ, năm nay được mùa.")),
        "elements",
    ),
    Page(
        "byline-none-ends-with-photo-word",
        "the last paragraph begins with `Ảnh hưởng`",
        written(54, "Đợt rét tháng Hai", *fill(7), Paragraph("Ảnh hưởng của đợt rét còn kéo dài.")),
        "rows",
    ),
    Page(
        "byline-none-ends-with-author-word",
        "the last paragraph begins with `Tác giả` and is a sentence",
        written(55, "Chiếc máy gieo hạt", *fill(0), Paragraph("Tác giả của sáng kiến chỉ cười hiền.")),
        "modern",
    ),
    Page(
        "byline-in-headings",
        "every paragraph an <h5>, byline and office too",
        written(
            56,
            "Chuyện đất đồi",
            *fill(1),
            byline=Byline("TS. Đặng Thị Lụa", where=TOP, affiliation="Trường Cao đẳng Sơn La"),
        ),
        "plain-p",
        {"paragraph": "h5"},
    ),
)
