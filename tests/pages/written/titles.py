"""Pages that show how the body says the title again."""

from composer.article import Again, Byline, Fixed, Paragraph, Picture, Where

from written.made import Page, fill, written

CENTRED = "<p align=center><b>{}</b></p>"

PAGES = (
    Page("title-not-again", "the body opens without the title", written(1, "Mận hậu vào vụ sớm", *fill(0)), "plain-p"),
    Page(
        "title-same-case",
        "title again, same case",
        written(2, "Hội thảo góp ý đề án cây dược liệu", *fill(1), again=Again.SAME),
        "word",
    ),
    Page(
        "title-capitals",
        "title again, in capitals",
        written(3, "Lớp học dưới chân núi Pha Luông", *fill(2), again=Again.CAPITALS),
        "old-tables",
    ),
    Page(
        "title-two-lines",
        "title again, on two lines by <br>",
        written(4, "Người thợ cơ khí bản Cọ và chiếc máy tách hạt", *fill(3), again=Again.TWO_LINES),
        "modern",
    ),
    Page(
        "title-two-paragraphs",
        "title again, in two paragraphs",
        written(5, "Trồng mắc ca xen cà phê ở vùng cao Thuận Châu", *fill(4), again=Again.TWO_PARAGRAPHS),
        "elements",
    ),
    Page(
        "title-full-stop",
        "title again, with a full stop",
        written(6, "Nhà khoa học xuống ruộng cùng nông dân", *fill(5), again=Again.FULL_STOP),
        "centred",
    ),
    Page(
        "title-twice",
        "title twice more: a summary slot, then capitals",
        written(7, "Đưa nước sạch về bản tái định cư", *fill(6), again=Again.TWICE),
        "rows",
    ),
    Page(
        "title-shortened",
        "title again, shortened (khoa học công nghệ -> KHCN)",
        written(
            8,
            "Ứng dụng khoa học công nghệ trong chế biến chè Tà Xùa",
            *fill(7),
            again=Again.SHORTENED,
            shortened="Ứng dụng KHCN trong chế biến chè Tà Xùa",
        ),
        "unclosed",
    ),
    Page(
        "title-glued-to-kicker",
        "kicker and title in capitals with no space between",
        written(
            9,
            "Tích cực học tập phong cách nêu gương ở chi bộ bản",
            *fill(0),
            again=Again.GLUED,
            kicker="Xây dựng Đảng trong tình hình mới",
        ),
        "lines",
        {"letters": "plain"},
    ),
    Page(
        "title-after-kicker",
        "kicker in a paragraph of its own, then the title in capitals",
        written(
            10, "Giữ hồn chữ Thái cổ", *fill(1), again=Again.AFTER_KICKER, kicker="Chuyện những người gìn giữ văn hóa"
        ),
        "spans",
    ),
    Page(
        "title-after-organisation",
        "an organisation's line in capitals, then the title in capitals",
        written(11, "Tổ chức tập huấn viết bài phổ biến kiến thức", *fill(2), again=Again.AFTER_ORGANISATION),
        "word",
    ),
    Page(
        "title-in-other-words",
        "the top of the body has a title in wholly different words, which may count as body or not",
        written(
            12,
            "Kết nối nông dân với thị trường",
            Fixed(CENTRED.format("HÀNH TRÌNH ĐƯA QUẢ NHÃN SÔNG MÃ RA BIỂN LỚN")),
            *fill(3),
        ),
        "plain-p",
        extra={"may_be_left_out_or_in": ["HÀNH TRÌNH ĐƯA QUẢ NHÃN SÔNG MÃ RA BIỂN LỚN"]},
    ),
    Page(
        "title-in-quotes-after-kicker",
        "a title that begins with a quotation mark, after a kicker",
        written(
            13,
            "“Mắt thần” canh lũ quét của học sinh miền núi",
            *fill(4),
            again=Again.AFTER_KICKER,
            kicker="Sáng tạo trẻ",
        ),
        "modern",
    ),
    Page(
        "title-slug-cut",
        "a title whose address is cut at 96 characters, again in two paragraphs of unlike length",
        written(
            14,
            "Phát huy vai trò của đội ngũ trí thức trong công tác tư vấn, phản biện và giám định xã hội góp phần"
            " phát triển kinh tế - xã hội của tỉnh",
            *fill(5),
            again=Again.TWO_PARAGRAPHS,
            cut=20,
        ),
        "rows",
    ),
    Page(
        "title-ends-in-digits",
        "the slug ends in digits of its own; only the last number is the id",
        written(
            15,
            "Nhà tù trên đồi Khau Cả và những người cách mạng 1940-1975",
            *fill(6),
            again=Again.CAPITALS,
            category="van-hoa-xa-hoi-moi-truong",
        ),
        "centred",
    ),
    Page(
        "title-question",
        "a title that is a question, again in capitals over two lines",
        written(16, "Vì sao cá tầm nuôi lòng hồ chậm lớn?", *fill(7), again=Again.TWO_LINES),
        "unclosed",
        {"letters": "plain"},
    ),
    Page(
        "title-opens-a-sentence",
        "the first sentence opens with the title's words and stays in the body",
        written(
            17,
            "Đưa bưởi da xanh lên đất dốc",
            Paragraph(
                "Đưa bưởi da xanh lên đất dốc là ý tưởng mà nhiều người cho là liều lĩnh, nhưng sau bốn năm"
                " những vườn cây đầu tiên ở bản Nong đã trĩu quả."
            ),
            *fill(0, 2),
        ),
        "plain-p",
    ),
    Page(
        "title-then-byline-then-picture",
        "title again, byline and captioned picture before the first paragraph",
        written(
            18,
            "Bà giáo về hưu mở lớp chữ Thái",
            Picture("/upload/2023/lop-hoc.jpg", "Lớp học buổi tối ở nhà văn hóa bản"),
            *fill(2),
            again=Again.CAPITALS,
            byline=Byline("Thu Hiền", where=Where.TOP),
        ),
        "modern",
    ),
)
