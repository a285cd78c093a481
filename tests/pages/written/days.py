"""Pages that show which day is the article's own, and the many that are not."""

from composer.article import Day, Paragraph, Picture

from written.made import Page, fill, written

NEWS = "Hội Làm vườn tỉnh tổ chức tập huấn kỹ thuật tỉa cành cho 60 hội viên của xã Chiềng Hặc, huyện Yên Châu."


def news(number: int, opening: str, iso: str | None, name: str, shows: str, markup: str, **extra: object) -> Page:
    """A news item whose first paragraph opens with `opening`."""
    day = Day(iso, "dateline") if iso else None
    article = written(number, "Tập huấn tỉa cành cho hội viên", Paragraph(f"{opening} {NEWS}"), *fill(number), day=day)
    return Page(name, shows, article, markup, extra=dict(extra))


PAGES = (
    news(61, "Ngày 07/12/2021,", "2021-12-07", "day-opens-news", "`Ngày 07/12/2021, ...` opens the item", "word"),
    news(62, "Ngày 26/8/2022,", "2022-08-26", "day-without-zero", "`Ngày 26/8/2022, ...`", "old-tables"),
    news(63, "Sáng ngày 4/11/2020,", "2020-11-04", "day-morning", "`Sáng ngày ...`: day before month", "modern"),
    news(64, "Chiều 15/3/2023,", "2023-03-15", "day-afternoon-short", "`Chiều 15/3/2023, ...`", "elements"),
    news(65, "Ngày 7 tháng 12 năm 2021,", "2021-12-07", "day-in-words", "`Ngày 7 tháng 12 năm 2021, ...`", "centred"),
    news(66, "Ngày 07/12/2021,tại huyện,", "2021-12-07", "day-lost-space", "no space after the day's comma", "rows"),
    news(
        67,
        "Trong 02 ngày 25 và 26/8/2022,",
        "2022-08-26",
        "day-of-two",
        "an event over two days: either is right",
        "lines",
        dates_also_right=["2022-08-25"],
    ),
    news(68, "Tối ngày 19/5/2019, tại Quảng trường,", "2019-05-19", "day-evening", "`Tối ngày ..., tại ...`", "spans"),
    Page(
        "day-essay-opens-with-a-decree",
        "`Ngày 22/10/2019 Bộ Chính trị đã ban hành ...` opens an essay: not its day",
        written(
            69,
            "Kinh tế tuần hoàn ở miền núi",
            Paragraph(
                "Ngày 22/10/2019 Bộ Chính trị đã ban hành nghị quyết về định hướng phát triển; từ đó đến nay nhiều"
                " địa phương đã tìm được hướng đi riêng cho mình."
            ),
            *fill(1),
        ),
        "plain-p",
    ),
    Page(
        "day-decrees-only",
        "only decrees have days",
        written(
            70,
            "Xây dựng đội ngũ trí thức của tỉnh",
            *fill(2, 1),
            Paragraph(
                "Thực hiện Nghị quyết số 27-NQ/TW ngày 08/6/2008 của Ban Chấp hành Trung ương và Kết luận số"
                " 52-KL/TW ngày 30/5/2019 của Ban Bí thư, tỉnh đã ban hành nhiều chính sách thu hút."
            ),
            *fill(3, 2),
        ),
        "word",
    ),
    Page(
        "day-sidebar-only",
        "the only days are in the sidebar (`... Sau Ngày 31/12/2024 | ...`)",
        written(71, "Con suối đổi dòng", *fill(4)),
        "modern",
    ),
    Page(
        "day-of-history",
        "the text opens with a day of history",
        written(
            72,
            "Bản anh hùng bên dòng Nậm Pàn",
            Paragraph("Ngày 26/8/1945, nhân dân các châu nổi dậy giành chính quyền, mở ra trang sử mới cho quê hương."),
            *fill(5),
            category="danh-nhan-lich-su-van-hoa",
        ),
        "old-tables",
    ),
    Page(
        "day-after-a-picture",
        "the dateline comes after a captioned picture",
        written(
            73,
            "Hội nghị cộng tác viên bản tin",
            Picture("/upload/2022/cong-tac-vien.jpg", "Toàn cảnh hội nghị"),
            Paragraph(f"Ngày 9/9/2022, {NEWS}"),
            *fill(6),
            day=Day("2022-09-09", "dateline"),
        ),
        "centred",
    ),
    Page(
        "day-deadline",
        "a notice's last day for papers is not its day",
        written(
            74,
            "Thông báo nhận hồ sơ dự thi",
            Paragraph("Ban tổ chức thông báo tới các trường và đơn vị việc nhận hồ sơ dự thi sáng tạo trẻ của tỉnh."),
            Paragraph("Hồ sơ gửi về văn phòng trước ngày 30/9/2024; hồ sơ gửi sau ngày đó không được xét."),
            *fill(7, 1),
        ),
        "rows",
    ),
    Page(
        "day-second-wins-nothing",
        "the dateline's day, though the same paragraph cites an older decree",
        written(
            75,
            "Sơ kết ba năm chương trình phối hợp",
            Paragraph(
                "Ngày 12/10/2023, hai hội tổ chức sơ kết ba năm thực hiện Quyết định số 1322/QĐ-TTg ngày 31/8/2020"
                " và thống nhất nội dung phối hợp cho giai đoạn tới."
            ),
            *fill(0),
            day=Day("2023-10-12", "dateline"),
        ),
        "unclosed",
    ),
    news(76, "Vừa qua, ngày 10/9/2023,", "2023-09-10", "day-lately", "`Vừa qua, ngày ...`", "plain-p"),
    news(77, "Ngày 05-06-2024,", "2024-06-05", "day-hyphens", "hyphens between day, month and year", "modern"),
    Page(
        "day-without-year",
        "a feast day that has no year opens the text",
        written(
            78,
            "Hội cầu mưa ở Mường Vạt",
            Paragraph("Ngày 10/3 âm lịch hằng năm, bà con các bản lại cùng nhau sửa mương, đắp phai đón con nước mới."),
            *fill(1),
        ),
        "word",
    ),
)
