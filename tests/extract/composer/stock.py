"""Our own Vietnamese words for made-up articles, in the site's subject matter. Nobody and nothing here is real news.

TRAPS are sentences that say what the page's own parts say (`Đăng nhập`, `Lượt xem`, ...): whoever looks for these words
anywhere at all cuts an article in two.
"""

CATEGORIES = (
    "khoa-hoc-cong-nghe",
    "kinh-te-du-lich",
    "tu-van-tham-van",
    "van-hoa-xa-hoi-moi-truong",
    "danh-nhan-lich-su-van-hoa",
    "hoi-thi-sang-tao-ky-thuat",
    "tu-lieu-sub",
)

# (title, the same with a shorthand of the kind authors use)
TITLES = (
    ("Mận hậu Phiêng Khoài vào vụ thu hoạch sớm", "Mận hậu Phiêng Khoài vào vụ sớm"),
    (
        "Ứng dụng khoa học công nghệ trong bảo quản nhãn tươi ở Sông Mã",
        "Ứng dụng KHCN trong bảo quản nhãn tươi ở Sông Mã",
    ),
    ("Hội thảo góp ý đề án phát triển cây dược liệu dưới tán rừng", "Hội thảo góp ý đề án phát triển cây dược liệu"),
    ("Người thợ cơ khí bản Cọ và chiếc máy tách hạt sơn tra", "Người thợ cơ khí bản Cọ và máy tách hạt sơn tra"),
    (
        "Sơ kết một năm thực hiện chương trình phối hợp giữa Hội Làm vườn và Hội Nữ trí thức",
        "Sơ kết một năm chương trình phối hợp giữa Hội Làm vườn và Hội Nữ trí thức",
    ),
    ("Chữ Thái cổ trong những cuốn sách giấy dó ở Mường Chanh", "Chữ Thái cổ trong sách giấy dó ở Mường Chanh"),
    ("Tập huấn kỹ năng viết bài phổ biến kiến thức năm 2023", "Tập huấn kỹ năng viết bài PBKT năm 2023"),
    ("Vì sao cá tầm nuôi lòng hồ chậm lớn?", "Vì sao cá tầm lòng hồ chậm lớn?"),
    ("“Mắt thần” canh lũ quét của học sinh lớp 11", "“Mắt thần” canh lũ quét của học sinh"),
    ("Trồng cà phê xen mắc ca: được và chưa được", "Trồng cà phê xen mắc ca"),
)

KICKERS = (
    "Chuyện khoa học ở cơ sở",
    "Hướng tới đại hội nhiệm kỳ mới",
    "Trí thức với nhà nông",
    "Giữ nghề xưa, mở lối mới",
)

ORGANISATIONS = ("LIÊN HIỆP CÁC HỘI KH & KT SƠN LA", "HỘI LÀM VƯỜN TỈNH SƠN LA", "HỘI KHOA HỌC LỊCH SỬ TỈNH SƠN LA")

PROSE = (
    "Từ đầu vụ đến nay, 214 hộ của ba bản vùng cao đã chuyển sang tưới tiết kiệm, giảm gần một nửa công chăm sóc.",
    "Theo kết quả điều tra của nhóm nghiên cứu, sản lượng toàn vùng đạt 16.083 tấn, tăng 4,47% so với năm trước.",
    "Bà Quàng Thị Mai, chủ vườn ở bản Lùn, cho biết năm nay thương lái vào tận nơi đặt cọc từ khi quả còn xanh.",
    "Lò Văn Hương là người đầu tiên của xã đem cây giống về trồng thử trên nương cũ, sau đó cả bản làm theo.",
    "Hội đồng đề nghị tác giả làm rõ thêm cơ sở chọn mẫu, cách tính chi phí và khả năng nhân rộng ở vùng lòng hồ.",
    "Những cuốn sách chép tay được bọc trong vải chàm, cất trên gác bếp nên giấy ngả màu nâu mà nét mực vẫn rõ.",
    "Điều đáng mừng là lớp trẻ đã chịu khó học; tối nào nhà văn hóa cũng sáng đèn, tiếng đọc bài vang ra tận suối.",
    "Muốn đi đường dài, hợp tác xã phải giữ được chất lượng đồng đều, có mã số vùng trồng và ghi chép đầy đủ.",
    "Tính ra, mỗi héc-ta cho lãi chừng 95 triệu đồng/năm, gấp ba lần trồng ngô, mà đất lại đỡ bị rửa trôi.",
    "Ở độ cao 1.050 m, đêm lạnh ngày nắng, quả chín chậm nhưng ngọt đậm; khách quen gọi đó là vị của sương.",
    "Các nhà khoa học khuyến cáo bà con không lạm dụng thuốc trừ cỏ, nhất là ở những nơi gần nguồn nước sinh hoạt.",
    "Đề án gồm bốn nhóm nhiệm vụ, thực hiện trong 36 tháng, kinh phí chủ yếu từ nguồn sự nghiệp khoa học của tỉnh.",
    "Nhờ có bản đồ số, cán bộ xã chỉ cần mở điện thoại là biết thửa đất nào đang có nguy cơ sạt lở khi mưa lớn.",
    "Buổi chiều, đoàn đi thực địa tại hai mô hình, trao đổi với người dân về giống, phân bón và đầu ra của sản phẩm.",
    "Ông kể, hồi mới về nhận công tác, cả huyện chỉ có một kỹ sư trồng trọt, đi bộ nửa ngày mới tới bản xa nhất.",
    "Kết thúc hội thảo, ban tổ chức tiếp thu đầy đủ các ý kiến và sẽ gửi báo cáo tổng hợp tới các cơ quan liên quan.",
)

# As their authors typed them: lost spaces and slips stay in an archive.
SLIPS = (
    "Đoàn đã tới tham và làm việc với hợp tác xã tại bản Bó.Về phía địa phương có lãnh đạo xã và các hộ nuôi cá.",
    "Căn cứ chương trình số 15-CTr/TUvề phát triển vùng cây ăn quả, các hội đã Côtăng cường phối hợp với nhau .",
    "Công nghiệp hoá đi cùng hiện đại hóa , thuỷ lợi nhỏ đi cùng thủy điện nhỏ: hai cách viết trên cùng một trang .",
)

TRAPS = (
    "Muốn xem điểm, thí sinh bấm vào mục Đăng nhập ở góc phải màn hình rồi nhập số báo danh đã được cấp.",
    "Lượt xem của mỗi đoạn phim hướng dẫn tăng dần, tập cao nhất đạt 12.400 lần chỉ sau một tuần đăng tải.",
    "Bình chọn của khán giả chiếm ba phần mười tổng số điểm, phần còn lại do hội đồng chuyên môn quyết định.",
    "Thống kê truy cập do ban quản trị cung cấp cho thấy bạn đọc quan tâm nhất tới các bài về kỹ thuật ghép cành.",
    "Tin liên quan tới giá nông sản được phát trên loa mỗi sáng, nhờ vậy bà con không còn bị tư thương ép giá.",
    "Tiêu điểm của buổi trình diễn là màn hát thơ Thái cổ do các cụ ở bản Mường Chanh thể hiện.",
    "Tải về phần mềm miễn phí này, người trồng có thể tính lượng phân bón cho từng gốc theo tuổi cây.",
    "Đang online: 9 người, con số khiêm tốn của lớp học trực tuyến buổi đầu khiến thầy cô lo lắng.",
    "Địa chỉ nhận hồ sơ: phòng 204, nhà A, số 12 đường Tô Hiệu, thành phố Sơn La, trong giờ hành chính các ngày.",
    "Điện thoại liên hệ của ban tổ chức: 02123.858.999; thư điện tử: cuocthi@example.vn, gặp chị Hoan để được giúp.",
    "Ghi rõ nguồn số liệu là yêu cầu đầu tiên với mọi cộng tác viên khi gửi bài về ban biên tập của bản tin này.",
    "Theo Báo cáo số 88/BC-HND của Hội Nông dân, đến nay toàn huyện đã có 41 chi hội nghề nghiệp hoạt động đều.",
    "Nguồn: đó là chữ đầu tiên trong bài học về trích dẫn mà các học viên phải ghi nhớ trước khi viết bài báo.",
    "Thông tin doanh nghiệp cần được công khai thì người trồng mới yên tâm ký hợp đồng bao tiêu dài hạn.",
)

# Days of other things: none of them is the day of the item.
DECREES = (
    "Thực hiện Nghị quyết số 19-NQ/TW ngày 16/6/2022 về nông nghiệp, nông dân, nông thôn, huyện chọn ba khâu đột phá.",
    "Căn cứ Quyết định số 1322/QĐ-TTg ngày 31/8/2020, tỉnh giao cơ quan chuyên môn lập kế hoạch cho từng năm.",
    "Ngày 22/10/2018 Ban Chấp hành Trung ương đã ban hành Nghị quyết số 36-NQ/TW, mở ra cách nhìn mới về biển đảo.",
)

# Openings with a day that has no year, or with none.
UNDATED = (
    "Ngày 10/3 âm lịch hằng năm, bà con các bản lại cùng nhau sửa mương, đắp phai, đón con nước đầu mùa cấy.",
    "Ngày xưa, người già kể rằng suối này sâu lắm, thuyền độc mộc chở muối đi ngược tới tận chân núi Pha Luông.",
    "Từ năm 2015 đến nay, cứ vào dịp đầu xuân, hội lại mở lớp nghề miễn phí cho thanh niên các bản vùng cao.",
)

DATELINES = (
    ("Ngày {d:02}/{m:02}/{y}", "Hội Làm vườn tỉnh tổ chức tập huấn kỹ thuật tỉa cành cho 60 hội viên xã Chiềng Hặc."),
    ("Ngày {d}/{m}/{y}", "tại hội trường nhà văn hóa huyện, Hội Nữ trí thức tổ chức tọa đàm về dinh dưỡng học đường."),
    ("Sáng ngày {d:02}/{m:02}/{y}", "đoàn chuyên gia của trường đại học đã khảo sát vùng trồng mắc ca tại xã Nậm Lầu."),
    ("Chiều ngày {d}/{m}/{y}", "hội đồng giám khảo hoàn thành việc chấm vòng sơ khảo cuộc thi sáng tạo trẻ."),
    (
        "Vừa qua, ngày {d}/{m}/{y}",
        "đoàn cán bộ hội đã đi thực tế tại vùng trồng dược liệu dưới tán rừng xã Ngọc Chiến.",
    ),
    ("Tối ngày {d:02}-{m:02}-{y}", "tại sân vận động xã, hội thi tìm hiểu khoa học thu hút hơn 500 người đến cổ vũ."),
    ("Ngày {d} tháng {m} năm {y}", "Hội Đông y tỉnh phối hợp khám bệnh, cấp thuốc miễn phí cho 320 người cao tuổi."),
)

HEADINGS = (
    "1. Đất và nước",
    "2. Giống cây, con vật nuôi",
    "II. NHỮNG VIỆC CẦN LÀM NGAY",
    "Bài học từ cơ sở",
    "Một số kiến nghị",
    "Vì sao cây chậm lớn?",
    "Đối với các hội thành viên:",
    "BÀI HỌC KINH NGHIỆM",
    "3.1. Về tổ chức bộ máy",
)

ITEMS = (
    "Chọn gốc ghép khỏe, không sâu bệnh;",
    "Tưới giữ ẩm trong hai tháng đầu;",
    "Ghi sổ từng lần bón phân, phun thuốc;",
    "Thu hoạch khi quả chín bảy phần, tránh lúc mưa.",
    "Bảo quản ở nhiệt độ 4 - 6 độ C.",
)

POEMS = (
    (
        "Suối reo dưới dốc mây bay",
        "Ngô non xanh mướt trên tay bản làng",
        "Ai về phố núi thênh thang",
        "Nhớ mùa ban trắng bên đàng đợi mưa",
    ),
    (
        "Bản em ở giữa lưng đèo",
        "Sáng nghe gà gáy, chiều theo trâu về,",
        "Chữ xưa còn giữ câu thề",
        "Người đi gánh cả tình quê theo mình.",
    ),
)

NOTES = (
    "Nhà khảo cứu cho rằng tên bản có từ trước thế kỷ XVIII (1), khi dòng họ Cầm dời về lập mường mới bên suối.",
    "Sách xưa chép việc này không thống nhất [2, tr. 90-91], bởi người sao chép sau đã thêm bớt nhiều chỗ.",
)

# Short last paragraphs that name nobody.
CLOSINGS = (
    "Xin trân trọng cảm ơn!",
    "Đó cũng là mong muốn của nhiều gia đình.",
    "Mùa vui đang ở phía trước.",
    "Đất không phụ người.",
    "Theo các cụ, năm nay được mùa.",
    "Nguồn gen quý ấy cần được giữ lại.",
    "Ảnh hưởng của đợt rét còn kéo dài.",
    "Tác giả của sáng kiến chỉ cười hiền.",
    "Bài học ấy còn nguyên giá trị.",
    "Sơn La đang vào mùa ban nở!",
    "Và rồi mưa đến…",
)
# Short paragraphs in the middle of a text: neither headings nor captions.
SHORT = (
    "Nhưng đời không như mơ.",
    "Và rồi lũ về.",
    "Vì sao lại thế?",
    "Ông cười: “Có gì đâu!”.",
    "Ấy là chuyện năm ngoái.",
)

CAPTIONS = (
    "Toàn cảnh vườn ươm của hợp tác xã",
    "Đồng chí Tòng Văn Bảo phát biểu khai mạc hội thảo",
    "Đ/c Hà Thị Liên – Chủ tịch Hội Làm vườn trao quà cho hộ nghèo",
    "Bà con bản Lùn thu hoạch mận",
    "Chị Lường Thị Phượng bên khung cửi",
    "Các đại biểu tham quan gian trưng bày",
    "Nhà tù cũ trên đồi Khau Cả. Ảnh: Cầm Quý",
    "Máy tách hạt sơn tra (ảnh nhóm tác giả cung cấp)",
)
CAPTIONS_WITH_STOP = (
    "Vùng cà phê nhìn từ trên cao.",
    "Một trang sách chữ Thái cổ. Ảnh tư liệu.",
    "Ông Sùng A Páo giới thiệu cách ghép cành.",
)

NAMES = (
    "Mùa A Vảng",
    "Quàng Văn Ín",
    "Điêu Chính Ẩm",
    "Lèo Thị Phong",
    "Minh Châu",
    "Sa Thị Bích Hợp",
    "Hà Bảo Châu",
    "Tòng Văn Bảo",
    "Lường Thị Phượng",
    "Thu Hiền",
    "Cầm Quý",
    "Nguyễn Khắc Lâm",
    "Vì Thị Hoan",
)
LEARNED = (
    "TS. Đặng Thị Lụa",
    "PGS.TS. Bùi Quang Vịnh",
    "ThS. Cầm Thị Đoan",
    "KS. Lò Văn Hương",
    "BS. Hoàng Mạnh Tùng",
    "CN. Sùng Thị Máy",
)
AFFILIATIONS = (
    "Trường Cao đẳng Sơn La",
    "Chuyên viên cao cấp",
    "Phó Giám đốc Sở Khoa học và Công nghệ",
    "Hội Khoa học Lịch sử tỉnh",
    "Trung tâm Khuyến nông huyện Yên Châu",
    "Nguyên Phó Chủ tịch Hội Nông dân tỉnh",
    "Viện Khoa học kỹ thuật nông lâm nghiệp miền núi",
    "Chủ tịch Hội Đông y tỉnh",
)
LEADS = (
    ("Bài và ảnh:", "text_and_photo"),
    ("Tin, ảnh:", "text_and_photo"),
    ("Tác giả:", "author"),
    ("Ảnh:", "photo"),
)
ORIGINS = (("Theo", "Báo Sơn La"), ("Nguồn:", "vusta.vn"), ("Theo", "Tạp chí Tia Sáng"), ("Nguồn:", "Báo Nhân Dân"))

TABLES = (
    (
        ("TT", "Danh hiệu", "Yêu cầu"),
        ("1", "Nhà khoa học của nhà nông", "Có giải pháp được áp dụng"),
        ("2", "Hội viên tiêu biểu", ""),
    ),
    (("Huyện", "Diện tích (ha)"), ("Yên Châu", "3.210"), ("Mai Sơn", "2.874,5"), ("Thuận Châu", "1.096")),
    (
        ("Lĩnh vực", "Số giải pháp", "Tỷ lệ"),
        ("Nông nghiệp", "31", "44,3%"),
        ("Giáo dục", "22", "31,4%"),
        ("Y tế", "17", "24,3%"),
    ),
)

PICTURES = (
    "/upload/2023/08/vuon-uom.jpg",
    "/Media/anh%20vuon%20(1).jpg",
    "/storage/sla/2022/IMG_2041.JPG",
    "https://storage-vnportal.vnpt.vn/sla-ubnd/4775/2022/hoi-thao-02.png",
    "/upload/2023/08/ảnh%20bản%20Lùn.jpg",
    "/upload/2021/Z3219_a81f.jpeg",
    "/Portals/0/may-tach-hat.jpg",
)

FILES = (
    ("/tai-lieu/the-le-cuoc-thi.pdf", "application/pdf"),
    ("/upload/2022/mau%20phieu%20(2).doc", "application/msword"),
    ("/upload/ke-hoach-115.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("https://storage-vnportal.vnpt.vn/sla-ubnd/4775/van-ban/115-kh.pdf", "application/pdf"),
)

SIDEBAR = (
    "Chợ phiên nông sản an toàn mở lại từ tháng tới",
    "Thông báo nhận hồ sơ dự thi sáng tạo trẻ năm 2024",
    "Góp ý dự thảo nghị định về hoạt động hội",
    "Chỉ số cải cách hành chính của tỉnh năm 2023",
    "Sổ Giấy Hết Giá Trị Từ Sau Ngày 31/12/2024 | Hỏi đáp",
    "Lớp học chữ Thái của bà giáo về hưu",
    "Vì sao sương muối năm nay đến sớm?",
    "Kỷ niệm ngày 18/5: tôn vinh những người làm khoa học",
    "Hồ thủy điện nhỏ và chuyện con cá chiên",
    "Ban Chấp hành họp phiên thường kỳ",
    "84 mô hình tham dự hội thi kỹ thuật",
    "Gặp người giữ lửa nghề rèn của người Mông",
    "Bảo vệ dữ liệu cá nhân trên mạng: những điều cần biết",
    "Giá cà phê tăng, nông dân vẫn lo",
    "Trao tặng 200 đầu sách cho thư viện xã",
    "Hội nghị cộng tác viên bản tin khoa học",
    "Rừng đầu nguồn và sinh kế của đồng bào La Ha",
    "Tổng kết mười năm phong trào lao động sáng tạo",
    "Đoàn công tác khảo sát vùng trồng dược liệu",
    "Mùa hoa ban và những lễ hội bị lãng quên",
)
