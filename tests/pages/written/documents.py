"""Pages that are documents or offer them, tables and lists."""

from composer import stock
from composer.article import Again, Byline, Day, Fixed, Heading, Item, Link, Paragraph, Table

from written.made import Page, fill, written

PDF = "application/pdf"
DOC = "application/msword"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

PAGES = (
    Page(
        "file-at-the-top",
        "a link `Tải về` before the text",
        written(151, "Thể lệ cuộc thi sáng tạo trẻ", Link("/tai-lieu/the-le.pdf", "Tải về", PDF), *fill(0)),
        "plain-p",
    ),
    Page(
        "file-named-at-the-end",
        "two files at the end, labelled by their names",
        written(
            152,
            "Mẫu hồ sơ đăng ký đề tài",
            *fill(1),
            Link("/upload/mau%20phieu%20(2).doc", "mau phieu (2).doc", DOC),
            Link("/upload/thuyet-minh.docx", "Thuyết minh đề tài", DOCX),
        ),
        "word",
    ),
    Page(
        "file-off-host",
        "a file on the vendor's storage host",
        written(153, "Kế hoạch phổ biến kiến thức", Link(stock.FILES[3][0], "Tải về", PDF), *fill(2, 2)),
        "modern",
    ),
    Page(
        "file-only",
        "one line and a file to download",
        written(
            154,
            "Công văn về việc góp ý dự thảo luật",
            Paragraph("Đề nghị các hội thành viên nghiên cứu, góp ý theo công văn kèm theo."),
            Link("/upload/cv-88.pdf", "Tải về", PDF),
        ),
        "old-tables",
    ),
    Page(
        "file-named-in-a-sentence",
        "a link to a file inside a sentence: the sentence is body, the file an attachment",
        written(
            155,
            "Mời tham gia khảo sát nhu cầu học nghề",
            *fill(3, 1),
            Fixed(
                '<p>Bà con điền vào <a href="/upload/phieu-khao-sat.pdf">phiếu khảo sát</a>'
                " rồi gửi về xã trước cuối tháng.</p>",
                ("Bà con điền vào phiếu khảo sát rồi gửi về xã trước cuối tháng.",),
                links=(Link("/upload/phieu-khao-sat.pdf", "phiếu khảo sát", PDF),),
            ),
            *fill(4, 1),
        ),
        "plain-p",
    ),
    Page(
        "table-of-honours",
        "`TT` / `Danh hiệu` / `Yêu cầu`, with an empty cell",
        written(156, "Hướng dẫn xét tặng danh hiệu", *fill(5, 1), Table(stock.TABLES[0]), *fill(6, 1)),
        "plain-p",
    ),
    Page(
        "table-word-cells",
        "each cell holds a paragraph",
        written(157, "Diện tích cây ăn quả theo huyện", *fill(7, 1), Table(stock.TABLES[1]), *fill(0, 1)),
        "word",
    ),
    Page(
        "table-in-layout-tables",
        "a table of data inside tables that lay out the page; two in one article",
        written(
            158,
            "Kết quả hội thi kỹ thuật các năm",
            *fill(1, 1),
            Table(stock.TABLES[2]),
            *fill(2, 1),
            Table(stock.TABLES[1]),
            *fill(3, 1),
        ),
        "old-tables",
    ),
    Page(
        "table-in-rows-page",
        "a table of data in a page whose every paragraph is a table row",
        written(159, "Số giải pháp theo lĩnh vực", *fill(4, 1), Table(stock.TABLES[2]), *fill(5, 1)),
        "rows",
    ),
    Page(
        "table-unclosed",
        "a table without a single end tag of row or cell",
        written(160, "Lịch tập huấn trong quý", *fill(6, 1), Table(stock.TABLES[0]), *fill(7, 1)),
        "unclosed",
    ),
    Page(
        "list-typed-bullets",
        "bullets typed as `- ` and `+ `",
        written(
            161,
            "Kỹ thuật ghép cành mận",
            *fill(0, 1),
            *[Item(text) for text in stock.ITEMS[:3]],
            *fill(1, 1),
            *[Item(text, "+") for text in stock.ITEMS[3:]],
            *fill(2, 1),
        ),
        "plain-p",
    ),
    Page(
        "list-elements",
        "the same bullets as ul and li without end tags",
        written(162, "Kỹ thuật trồng chanh leo", *fill(3, 1), *[Item(text) for text in stock.ITEMS], *fill(4, 1)),
        "elements",
    ),
    Page(
        "list-numbered-by-hand",
        "numbers typed by hand are text and stay",
        written(
            163,
            "Năm bước làm phân hữu cơ",
            *fill(5, 1),
            *[Paragraph(f"{n}. {text}") for n, text in enumerate(stock.ITEMS, 1)],
            *fill(6, 1),
        ),
        "centred",
    ),
    Page(
        "document-plan",
        "a plan with number, place and day, `Nơi nhận` and a signature: its own day, no author",
        written(
            164,
            "Kế hoạch tổ chức hội thảo khoa học",
            Paragraph("Số: 115/KH-LHH"),
            Paragraph("Sơn La, ngày 12 tháng 3 năm 2022"),
            Heading("I. MỤC ĐÍCH, YÊU CẦU"),
            *fill(7, 2),
            Heading("II. NỘI DUNG"),
            *fill(1, 2),
            Paragraph("Nơi nhận:"),
            Item("Như trên;"),
            Item("Lưu: VT."),
            Paragraph("TM. BAN THƯỜNG VỤ"),
            Paragraph("CHỦ TỊCH"),
            Paragraph("Hà Thị Liên"),
            category="van-ban-he-thong-lien-hiep-hoi",
            day=Day("2022-03-12", "document"),
        ),
        "plain-p",
    ),
    Page(
        "document-cites-older",
        "a report's own day wins over the decrees it cites",
        written(
            165,
            "Báo cáo công tác hội quý III",
            Link("/upload/bc-quy-3.pdf", "Tải về", PDF),
            Paragraph("Số: 201/BC-LHH"),
            Paragraph("Sơn La, ngày 05 tháng 10 năm 2023"),
            Paragraph(
                "Thực hiện Chỉ thị số 14-CT/TU ngày 22/7/2011 và Quyết định số 1795/QĐ-TTg ngày 23/10/2015, ban"
                " thường vụ báo cáo kết quả công tác như sau."
            ),
            *fill(2, 2),
            Paragraph("KT. CHỦ TỊCH"),
            Paragraph("PHÓ CHỦ TỊCH"),
            Paragraph("(Đã ký)"),
            Paragraph("Tòng Văn Bảo"),
            category="van-ban-he-thong-lien-hiep-hoi",
            day=Day("2023-10-05", "document"),
        ),
        "word",
    ),
    Page(
        "document-headings",
        "headings by Roman numbers, capitals and letters",
        written(
            166,
            "Đề cương tuyên truyền ngày khoa học",
            Heading("I. BỐI CẢNH"),
            *fill(3, 1),
            Heading("II. KẾT QUẢ NỔI BẬT"),
            Heading("1. Nghiên cứu và ứng dụng"),
            *fill(4, 1),
            Heading("a) Trong nông nghiệp"),
            *fill(5, 1),
            Heading("III. PHƯƠNG HƯỚNG"),
            *fill(6, 1),
            again=Again.CAPITALS,
            byline=Byline("Thu Hiền"),
        ),
        "modern",
    ),
    Page(
        "list-in-one-paragraph",
        "bullets typed in one paragraph, parted by <br>",
        written(167, "Cách ủ phân bằng vỏ cà phê", *fill(0, 1), *[Item(text) for text in stock.ITEMS], *fill(1, 1)),
        "plain-p",
        {"item": "one paragraph"},
    ),
)
