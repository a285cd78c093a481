"""Text stock that belongs to no one subject: kickers, document pages, tables, one-line items, and passages made to
mislead."""

from __future__ import annotations

CATEGORY_NAMES = {
    "tin-tuc-su-kien": "Tin tức - Sự kiện",
    "kinh-te-du-lich": "Kinh tế - Du lịch",
    "van-hoa-xa-hoi-moi-truong": "Văn hóa - Xã hội - Môi trường",
    "hoc-tap-va-lam-theo-bac-ho": "Học tập và làm theo Bác Hồ",
    "tu-van-tham-van": "Tư vấn, tham vấn",
    "ton-vinh-tri-thuc-tieu-bieu-dien-hinh-lao-dong-sang-tao": (
        "Tôn vinh trí thức tiêu biểu, điển hình lao động sáng tạo"
    ),
    "danh-nhan-lich-su-van-hoa": "Danh nhân lịch sử, văn hóa",
    "tu-lieu-sub": "Tư liệu",
    "khoa-hoc-cong-nghe": "Khoa học - Công nghệ",
    "trung-uong": "Trung ương",
    "hoi-thi-sang-tao-ky-thuat": "Hội thi Sáng tạo Kỹ thuật",
    "cuoc-thi-sang-tao-thanh-thieu-nien-nhi-dong": "Cuộc thi Sáng tạo thanh thiếu niên, nhi đồng",
    "van-ban-he-thong-lien-hiep-hoi": "Văn bản hệ thống Liên hiệp hội",
}

KICKERS = (
    "Đưa nghị quyết vào cuộc sống",
    "Chào mừng đại hội các hội thành viên",
    "Trí thức với quê hương",
    "Chuyện ở cơ sở",
    "Tiến tới kỷ niệm ngày thành lập Liên hiệp hội",
    "Diễn đàn hội viên",
    "Nhịp sống vùng cao",
)
ORGANISATION_LINES = ("LIÊN HIỆP HỘI KH&KT SƠN LA", "BAN BIÊN TẬP BẢN TIN LIÊN HIỆP HỘI", "HỘI ĐỒNG TƯ VẤN TỈNH SƠN LA")
OTHER_WORDINGS = ("GHI CHÉP TỪ MỘT CHUYẾN ĐI", "MỘT CÁCH NHÌN TỪ CƠ SỞ", "NHỮNG ĐIỀU TRÔNG THẤY")
SHORT_FORMS = (
    ("Liên hiệp các Hội Khoa học và Kỹ thuật", "LHH"),
    ("Khoa học và công nghệ", "KHCN"),
    ("khoa học và công nghệ", "KHCN"),
    ("khoa học công nghệ", "KHCN"),
    ("Bảo hiểm y tế", "BHYT"),
    ("giáo dục và đào tạo", "GD&ĐT"),
    ("Ủy ban nhân dân", "UBND"),
    ("Hợp tác xã", "HTX"),
    ("nông thôn mới", "NTM"),
    ("Chuyển đổi số", "CĐS"),
)

GENERAL_SENTENCES = (
    "Kinh phí cho phần việc này được ghi riêng thành một mục {million} để tiện theo dõi.",
    "Ông {man} ở {place} đề nghị làm chậm mà chắc, tránh chạy theo thành tích.",
    "Trao đổi bên lề, đồng chí {person} – {role} thừa nhận vẫn còn {n} điểm nghẽn chưa tháo được.",
    "Bản tin của {org} dành hẳn {n} trang giới thiệu cách làm của {home}.",
    "Ở {place}, nơi điều kiện khó khăn hơn nhiều, người ta đã làm xong từ năm {before}.",
    "Nhóm khảo sát phát ra {nnn} phiếu, thu về {nnn} phiếu, trong đó {pct} trả lời đầy đủ.",
    "Chị {woman} bảo, làm việc gì cũng phải để bà con thấy tận mắt thì mới tin.",
    "Mọi số liệu đều có tên người chịu trách nhiệm, cần là hỏi lại được ngay.",
    "{org} nhận phần tuyên truyền, {host} lo phần chuyên môn, còn xã bố trí địa điểm.",
    "Con đường từ trung tâm huyện vào {commune} dài {nn} km, mùa mưa đi mất nửa ngày.",
    "Việc này được nêu trong {decree} nhưng nhiều nơi hiểu chưa giống nhau.",
    "So với mặt bằng chung của tỉnh, {home} đi trước khoảng {n} năm.",
    "Đại diện {school} mong được mượn tài liệu để đưa vào giờ ngoại khoá.",
    "Có {nn} người đăng ký ngay tại chỗ, số còn lại xin thêm thời gian bàn với gia đình.",
    "Phần kiểm tra chéo do {n} tổ độc lập thực hiện, kết quả lệch nhau chưa tới {pct}.",
    "Người trẻ học nhanh, người già nhớ lâu, hai bên bù cho nhau, bà {woman} cười nói.",
    "Ban đầu chỉ {n} hộ tham gia, đến nay con số ấy ở {commune} là {nnn}.",
    "Báo cáo cũng chỉ ra {n} nguyên nhân chủ quan, chủ yếu do phân công chưa rõ.",
)

DECREE_OPENINGS = (
    (
        "Ngày {day} Bộ Chính trị đã ban hành kết luận về phát huy vai trò của giới trí thức, trong đó nhắc đến {theme} "
        "như một nhiệm vụ lâu dài."
    ),
    "Ngày {day} Ban Bí thư đã ra chỉ thị yêu cầu các cấp ủy quan tâm hơn tới {theme} ở vùng đồng bào dân tộc.",
    "Ngày {day} Quốc hội thông qua đạo luật đầu tiên nói rõ trách nhiệm của các hội nghề nghiệp đối với {theme}.",
)
OWN_WORDS = (
    (
        "Thông tin doanh nghiệp là chuyên mục được bạn đọc của cổng tra cứu nhiều nhất trong quý. Người xem có thể "
        "gửi ý kiến ở ô Bình chọn, còn hội viên bấm Đăng nhập để nộp bài. Con số ở dòng Lượt xem của mỗi bài được ban "
        "biên tập chốt vào cuối tháng, bài về {theme} dẫn đầu với {big} lượt."
    ),
    (
        "Nhiều hội viên {home} lần đầu biết rằng muốn gửi bài chỉ cần vào mục Đăng nhập ở cuối trang. "
        "Ban biên tập cũng mở Bình chọn bài hay về {theme}; kết quả không tính theo Lượt xem mà theo phiếu của "
        "{nn} chi hội. Riêng mục Thông tin doanh nghiệp nhận tin từ {org}."
    ),
)
SHORT_ITEMS = (
    "{host} thông báo lùi lịch họp chuyên đề về {theme} tại {home} sang tuần sau.",
    "Đường dây hỗ trợ của {host} tại {home} tạm ngừng hai buổi chiều để bảo trì thiết bị.",
    "Hạn nộp bài viết về {theme} cho bản tin quý được kéo dài thêm {n} ngày làm việc.",
)
DOCUMENT_LINES = (
    (
        "Văn bản hướng dẫn của {host} về {theme} áp dụng cho các hội thành viên trên địa bàn {home}, kèm {n} biểu mẫu "
        "để các đơn vị điền và gửi lại."
    ),
    (
        "Căn cứ {decree}, {host} yêu cầu các đơn vị rà soát {theme}, lập danh sách đầu mối và báo cáo kết quả sau "
        "{hour} ngày."
    ),
    (
        "Các biểu mẫu ban hành trước năm {before} không còn giá trị sử dụng. Đơn vị nào đã nộp theo mẫu cũ thì bổ sung "
        "{n} nội dung còn thiếu."
    ),
    (
        "Trong quá trình thực hiện, nếu có vướng mắc đề nghị phản ánh về đồng chí {person}, bộ phận thường trực của "
        "{host}, để tổng hợp."
    ),
)
SIGNATURE_HEADS = ("TM. BAN THƯỜNG VỤ", "PHÓ CHỦ TỊCH")

TABLES = (
    (
        ("TT", "Nội dung", "Đơn vị thực hiện", "Thời gian"),
        ("1", "Khảo sát thực địa về {theme}", "{org}", "Quý I"),
        ("2", "Tập huấn tại {commune}", "{host}", "Quý II"),
        ("3", "Tổng kết, nhân rộng ra {place}", "{org}", "Quý IV"),
    ),
    (
        ("Chỉ tiêu", "Năm {before}", "Hiện nay"),
        ("Số hộ tham gia", "{nn}", "{nnn}"),
        ("Tỷ lệ đạt yêu cầu", "{pct}", "{pct}"),
        ("Kinh phí", "{million}", "{money}"),
    ),
    (
        ("TT", "Danh mục", "Yêu cầu"),
        ("1", "Đơn đăng ký", "{n} bản, có chữ ký"),
        ("2", "Thuyết minh {theme}", "không quá {nn} trang"),
        ("3", "Xác nhận của {commune}", "bản gốc"),
        ("4", "Ảnh chụp hiện trạng", "{n} ảnh màu"),
    ),
)
LIST_LEAD = "Trước mắt, {host} đề nghị các đơn vị ở {home} làm ngay những việc sau:"
TABLE_LEAD = "Số liệu về {theme} do {org} cung cấp được tổng hợp trong bảng dưới đây."
LINKED_SENTENCE = "Toàn văn tài liệu về {theme} được đăng tại thư viện số của hội bạn để độc giả {home} tham khảo."
LINKED_WORDS = "thư viện số của hội bạn"
FOOTNOTES = (" [{n}, tr. {nn}-{nnn}].", " [{n}].", " ({n}).")
CREDITS = (" (Ảnh: {person})", ". Ảnh: {person}", " - Ảnh tư liệu", " (ảnh {host} cung cấp)")
PHOTO_HEADLINES = ("Chùm ảnh: {home} mùa {theme}", "Ảnh đẹp trong tuần: {commune} và {theme}")

VIDEOS = (
    ("https://video.example.org/watch?v=sla-001", "Phim tài liệu: Một ngày cùng cán bộ hội cơ sở"),
    (
        "https://video.example.org/watch?v=sla-002",
        "Hỏi đáp: Giấy phép lái xe cũ đổi thế nào Từ Ngày 01/01/2025 | Sóng Việt",
    ),
    ("/thu-vien-anh", "Thư viện ảnh các mùa hội thi"),
)
PARTNERS = (
    ("https://lienhiephoi.example.com/", "Liên hiệp hội tỉnh bạn"),
    ("https://thuvien.example.net/so-hoa/", "Thư viện số"),
    ("https://www.example.org/tin/ban-tin-khoa-hoc-15999", "Bản tin khoa học"),
)
