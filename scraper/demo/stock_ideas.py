"""Text stock: contests of inventions, expert opinion on laws and plans, and work that goes digital."""

from __future__ import annotations

from scraper.demo.topic import Topic

CONTEST = Topic(
    categories=("hoi-thi-sang-tao-ky-thuat", "cuoc-thi-sang-tao-thanh-thieu-nien-nhi-dong"),
    hosts=(
        "Ban Tổ chức Hội thi Sáng tạo Kỹ thuật tỉnh",
        "Ban Thư ký Cuộc thi",
        "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh Sơn La",
    ),
    themes=(
        "xe lăn leo bậc thang",
        "gậy dò đường cho người khiếm thị",
        "máy bóc vỏ mắc ca",
        "thùng rác biết nói",
        "đèn bắt côn trùng",
        "nôi ru tự động",
        "máy gieo hạt đẩy tay",
    ),
    titles=(
        "{school} mang {theme} đến cuộc thi sáng tạo",
        "{nnn} giải pháp dự thi sáng tạo kỹ thuật từ {home}",
        "Chấm vòng chung khảo: {theme} gây bất ngờ",
        "Học sinh {commune} chế tạo {theme} từ đồ bỏ đi",
        (
            "Thể lệ hội thi sáng tạo kỹ thuật lần thứ {nn}, những điểm mới người dự thi ở {home} cần biết trước khi "
            "nộp hồ sơ"
        ),
        "Phát động cuộc thi sáng tạo thanh thiếu niên, nhi đồng tại {home}",
        "Trao giải hội thi sáng tạo: giải cao nhất thuộc về {theme}",
        "Sân chơi khoa học công nghệ của tuổi nhỏ {home}",
    ),
    news=(
        "{host} tổng kết và trao giải cho {nn} tác giả, nhóm tác giả đến từ {home} và các huyện bạn",
        "Hội đồng giám khảo bắt đầu chấm {nnn} hồ sơ, trong đó có {theme} của {school}",
        "{host} về {home} phát động cuộc thi và giải đáp thắc mắc cho {nnn} học sinh",
        "{host} họp báo công bố thể lệ mới với sự có mặt của {org}",
    ),
    essays=(
        "Ý tưởng về {theme} nảy ra khi hai học trò {school} thấy cụ già trong bản lúng túng trước bậc cửa.",
        "Mỗi mùa thi qua đi, kho sáng kiến của {home} lại dày thêm.",
        "Theo {decree}, hội thi được tổ chức hai năm một lần và mở cho mọi công dân.",
        "Nhìn {theme} chạy thử trên sân trường, ít ai nghĩ nó được ghép từ chiếc quạt hỏng.",
    ),
    sentences=(
        "Ban Thư ký nhận được {nnn} hồ sơ, loại {nn} hồ sơ vì trùng với giải pháp đã công bố.",
        "Giải pháp {theme} dùng cảm biến siêu âm giá {nn}.000 đồng và một bo mạch tái chế.",
        "Em {person} giải thích trôi chảy vì sao bánh răng phải có đúng {nn} răng.",
        "Giám khảo {person} khen tính thực tế nhưng yêu cầu nhóm đo lại độ bền sau {nnn} giờ chạy.",
        "Lĩnh vực nông nghiệp dẫn đầu với {nn} giải pháp, tiếp đến là đồ dùng dạy học.",
        "Tổng giá trị giải thưởng là {million}, do {org} đồng tài trợ.",
        "Thầy {man} không làm hộ mà chỉ hỏi, có hôm thầy trò tranh luận đến tối mịt.",
        "Bản mẫu thứ {n} nhẹ hơn {pct} nhờ thay khung sắt bằng ống nhựa.",
        "Số tác giả nữ chiếm {pct}, cao nhất kể từ năm {before}.",
        "Sau hội thi, {n} doanh nghiệp ở {place} ngỏ ý đặt hàng chế tạo loạt nhỏ.",
        "Người dự thi được nộp hồ sơ bản giấy hoặc gửi qua thư điện tử, không phải nộp lệ phí.",
        "Nhóm {commune} mang theo cả chiếc cối của bà ngoại để so sánh trực tiếp với máy mới.",
        "Trong buổi chạy thử, {theme} hoàn thành công việc trong {hour} phút, nhanh gấp {n} lần làm tay.",
        "Hội đồng làm việc độc lập, điểm của từng thành viên được niêm phong đến phút cuối.",
        "Trước hạn cuối ngày 30/6/{before} của mùa thi đầu tiên, cả tỉnh chỉ có {nn} hồ sơ.",
        "Một phụ huynh ở {commune} kể con gái mình tháo tung chiếc đài cũ chỉ để lấy cái loa.",
        "Ban Tổ chức khuyến khích mô tả giải pháp bằng hình vẽ tay nếu tác giả chưa quen máy tính.",
        "Các giải pháp đoạt giải sẽ được giới thiệu trong cuốn kỷ yếu in {nnn} bản.",
    ),
    headings=("Ý tưởng từ đời thường", "Bên lề phòng chấm", "Thể lệ cần lưu ý", "Sau lễ trao giải"),
    bullets=(
        "bản mô tả giải pháp không quá {nn} trang, có ảnh chụp bản mẫu;",
        "phiếu đăng ký có xác nhận của {school} hoặc UBND xã;",
        "mỗi nhóm không quá {n} thành viên, trưởng nhóm ký tên từng trang;",
        "sản phẩm gửi về {host} trước ngày chấm ít nhất một tuần;",
    ),
    captions=(
        "Nhóm học sinh {school} bên mô hình {theme}",
        "Hội đồng giám khảo chấm thi tại {home}",
        "Đồng chí {person} – {role} trao giải nhất",
        "Em {person} vận hành thử {theme}",
        "Các tác giả đoạt giải chụp ảnh lưu niệm cùng {host}",
    ),
    closings=(
        "Kết quả chính thức sẽ được {host} thông báo tới từng nhóm ở {home}.",
        "Dù có giải hay không, {theme} đã ở lại trong sân {school}.",
        "Mùa thi mới dự kiến mở đăng ký ngay sau hè, {nn} trường đã hẹn tham gia.",
    ),
)

OPINION = Topic(
    categories=("tu-van-tham-van", "trung-uong"),
    hosts=(
        "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh Sơn La",
        "Hội Luật gia tỉnh",
        "Hội Khoa học Kinh tế tỉnh",
        "Hội Quy hoạch phát triển đô thị tỉnh",
    ),
    themes=(
        "quy hoạch vùng cây ăn quả",
        "đề án nước sạch nông thôn",
        "bảng giá đất",
        "đề án du lịch lòng hồ",
        "chương trình chuyển đổi số",
    ),
    titles=(
        "Tư vấn, phản biện {theme}: tiếng nói của chuyên gia {home}",
        "Hội thảo góp ý dự thảo {law} tại {home}",
        "{host} góp ý {law}",
        "Mấy suy nghĩ về {theme} ở {home}",
        (
            "Phản biện xã hội không phải là phản bác: nhìn từ {theme} của {home} và những lần hội đồng chuyên gia nói "
            "khác với cơ quan soạn thảo"
        ),
        "Ủy ban nhân dân {home} đối thoại với chuyên gia về {theme}",
        "Lấy ý kiến {theme} lần thứ {n}",
        "Cần làm rõ điều gì trong dự thảo {law}?",
    ),
    news=(
        "{host} tổ chức hội thảo góp ý dự thảo {law} với {nn} đại biểu",
        "tại {home}, hội đồng tư vấn do đồng chí {person} làm chủ tịch họp phản biện {theme}",
        "{host} phối hợp với {org} lấy ý kiến về {theme}",
        "Đoàn đại biểu Quốc hội tỉnh nghe {host} trình bày ý kiến về {law}",
    ),
    essays=(
        "Một bản góp ý tốt thường ngắn, và chỉ ra đúng chỗ người soạn thảo chưa nhìn thấy.",
        "Bàn về {theme}, điều đầu tiên cần hỏi là ai sẽ chịu chi phí.",
        "Kể từ khi có {decree}, hoạt động tư vấn phản biện ở {home} đi vào nề nếp hơn.",
        "Trong {nn} ý kiến gửi về, có một ý kiến viết tay của bác nông dân {commune}.",
    ),
    sentences=(
        "Luật gia {person} cho rằng khoản {n} Điều {nn} của dự thảo chồng lên quy định hiện hành.",
        "Có {nn} ý kiến đề nghị bỏ thủ tục xác nhận ở cấp xã vì người dân phải đi lại {n} lần.",
        "Theo tính toán của nhóm chuyên gia, phương án hai tiết kiệm {money} nhưng chậm hơn {nn} tháng.",
        "Đại diện {org} băn khoăn về cụm từ “trong trường hợp cần thiết” vì ai hiểu cũng được.",
        "Báo cáo phản biện dày {nn} trang, phần kiến nghị chỉ gói trong {n} dòng.",
        "Cơ quan soạn thảo tiếp thu {pct} ý kiến, số còn lại được giải trình bằng văn bản.",
        "Bà {woman} dẫn số liệu khảo sát {nnn} hộ ở {commune} để chứng minh mức phí đề xuất quá cao.",
        "Hội đồng bỏ phiếu kín, {n} phiếu đề nghị làm lại phần đánh giá tác động.",
        "Chuyên gia {person} nhắc rằng bản đồ nền đo từ năm {before} không còn phản ánh đúng hiện trạng.",
        "Ông {man} đề xuất thí điểm tại {commune} trước khi áp dụng toàn tỉnh.",
        "Các đại biểu thống nhất bổ sung cơ chế để người dân {home} theo dõi tiến độ trên mạng.",
        "Tài liệu được gửi trước {nn} ngày nên phần thảo luận đi thẳng vào điểm còn khác nhau.",
        "Chi phí phản biện chỉ bằng {pct} tổng mức đầu tư, song nhiều chủ đầu tư vẫn ngại.",
        "Một thành viên hội đồng xin rút vì từng tham gia lập {theme}, việc này được ghi vào biên bản.",
        "Phương án ban đầu có từ ngày 20/11/{before}, qua {n} lần chỉnh sửa vẫn giữ nguyên số liệu dân số cũ.",
        "Ý kiến trái chiều được ghi lại đầy đủ, không gộp, không làm tròn.",
        "Đồng chí {person} – {role} cảm ơn các nhà khoa học và hứa trả lời trong {hour} ngày.",
        "Theo {host}, chất lượng phản biện phụ thuộc trước hết vào việc có được số liệu gốc hay không.",
    ),
    headings=("Điểm còn khác nhau", "Góc nhìn của người dân", "Kiến nghị", "Về kỹ thuật soạn thảo"),
    bullets=(
        "giải thích rõ khái niệm “vùng khó khăn” tại Điều {nn};",
        "bổ sung trách nhiệm của {org} trong khâu giám sát;",
        "giữ thời hạn {hour} ngày như luật hiện hành, không rút ngắn;",
        "công khai phụ lục tính toán của {theme};",
    ),
    captions=(
        "Toàn cảnh hội thảo góp ý tại {home}",
        "Luật gia {person} phát biểu ý kiến",
        "Đồng chí {person} – {role} kết luận hội thảo",
        "Đại biểu {org} nêu câu hỏi",
        "Đ/c {person} chủ trì phiên thảo luận",
    ),
    closings=(
        "Toàn bộ ý kiến được {host} tổng hợp gửi cơ quan soạn thảo.",
        "Bản tiếp thu sẽ được gửi lại {nn} đại biểu trước phiên họp cuối.",
        "Người dân {commune} có thể gửi thêm ý kiến đến hết tháng.",
    ),
)

DIGITAL = Topic(
    categories=("khoa-hoc-cong-nghe", "tu-lieu-sub"),
    hosts=("Hội Tin học tỉnh", "Trung tâm Chuyển đổi số tỉnh", "Hội Thư viện tỉnh"),
    themes=("chữ ký số", "trợ lý ảo", "kho dữ liệu mở", "bản tin điện tử", "ví điện tử", "học bạ số"),
    titles=(
        "{theme} đến với bà con {commune}",
        "Chuyển đổi số ở {home}: khi {theme} không còn xa lạ",
        "An toàn thông tin khi dùng {theme}",
        "Hợp tác xã {home} bán hàng qua mạng và câu chuyện {theme}",
        "Một số kết quả phát triển khoa học và công nghệ gắn với {theme} ở {home}",
        "Tổ công nghệ số cộng đồng {commune} sau {nn} tháng",
        "Số hóa tài liệu cũ của {host}",
        "Mười câu hỏi thường gặp về {theme} của người dân {home}",
    ),
    news=(
        "{host} bàn giao phần mềm {theme} cho {nn} xã của {home}",
        "tổ công nghệ số {commune} ra quân hướng dẫn người dân dùng {theme}",
        "{host} và {org} ký thỏa thuận chia sẻ dữ liệu phục vụ {theme}",
        "hơn {nnn} cán bộ {home} dự lớp an toàn thông tin do {host} mở",
    ),
    essays=(
        "Ở chợ phiên {commune}, tấm mã vuông dán trên sạp rau không còn khiến ai tò mò.",
        "Nói đến {theme}, người già ở {home} thường hỏi một câu: mất thì lấy lại thế nào?",
        "Theo {decree}, mọi hồ sơ của {home} phải có bản điện tử đi kèm.",
        "Kho giấy tờ của {host} từng chất cao quá đầu người.",
    ),
    sentences=(
        "Toàn huyện có {nn} tổ công nghệ số với {nnn} thành viên, phần lớn là giáo viên và đoàn viên.",
        "Chị {woman} bán mắc khén qua mạng, mỗi tháng gửi đi {nnn} gói hàng.",
        "Hơn {pct} hồ sơ được nộp trực tuyến, tuy vậy {n} thủ tục vẫn bắt dân mang bản giấy.",
        "Sóng di động đã phủ {nn} trên {nnn} bản, những nơi còn lại dùng bộ thu vệ tinh.",
        "Kỹ sư {person} khuyên không đặt mật khẩu theo ngày sinh và không bấm vào liên kết lạ.",
        "Máy quét xử lý {big} trang tài liệu trong {n} tháng, có trang chữ đã mờ gần hết.",
        "Hệ thống nhận được {nnn} câu hỏi mỗi ngày, trả lời đúng khoảng {pct}.",
        "Cụ {man} ở {commune} học cách gọi hình cho cháu xa nhà chỉ sau {n} buổi.",
        "Dữ liệu mở của {host} gồm {nn} bộ, ai cũng tải được mà không phải xin phép.",
        "Đã có {nn} người bị lừa qua điện thoại, tổng thiệt hại {money}.",
        "Phần mềm dùng mã nguồn mở nên tiết kiệm cho {home} chừng {million} mỗi năm.",
        "Tại {school}, học bạ giấy vẫn được in thêm một bản để lưu.",
        "Nhiều hộ kinh doanh ngại {theme} vì sợ lộ doanh thu, đây là điều cần giải thích thẳng thắn.",
        "{org} cử {n} chuyên gia trực đường dây hỗ trợ vào buổi tối.",
        "Hệ thống cũ vận hành từ ngày 02/01/{before} nay chỉ còn dùng để tra cứu.",
        "Mỗi tệp đều có bản sao ở hai nơi, kiểm tra lại bằng mã băm hằng quý.",
        "Thư viện tỉnh cho mượn {big} lượt sách điện tử, gấp {n} lần năm trước.",
        "Người cao tuổi {commune} đề nghị phóng to chữ trên màn hình ki-ốt.",
    ),
    headings=("Cầm tay chỉ việc", "An toàn là trên hết", "Dữ liệu của ai?", "Con số sau một năm"),
    bullets=(
        "đổi mật khẩu {theme} ít nhất {n} tháng một lần;",
        "không đọc mã xác thực cho bất kỳ ai, kể cả người xưng là cán bộ {home};",
        "sao lưu ảnh và giấy tờ vào thẻ nhớ riêng;",
        "gọi {host} khi nghi ngờ bị lừa;",
    ),
    captions=(
        "Tổ công nghệ số {commune} hướng dẫn người dân dùng {theme}",
        "Kỹ sư {person} giới thiệu phần mềm tại {home}",
        "Sạp hàng dán mã thanh toán ở chợ {commune}",
        "Số hóa tài liệu tại {host}",
        "Đồng chí {person} – {role} bấm nút khai trương",
    ),
    closings=(
        "Từ nay đến cuối năm, {host} sẽ mở thêm {nn} lớp tại {home}.",
        "Công nghệ chỉ có ích khi người {commune} thấy đỡ vất vả hơn.",
        "Mọi phản ánh về {theme} xin gửi {org} để được trả lời.",
    ),
)

TOPICS = (CONTEST, OPINION, DIGITAL)
