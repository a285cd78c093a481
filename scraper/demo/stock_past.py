"""Text stock: history and customs, learning from President Hồ Chí Minh, and the life of the associations."""

from __future__ import annotations

from scraper.demo.topic import Topic

HISTORY = Topic(
    categories=("danh-nhan-lich-su-van-hoa", "tu-lieu-sub"),
    hosts=("Hội Khoa học Lịch sử tỉnh", "Bảo tàng tỉnh", "Hội Văn nghệ dân gian tỉnh"),
    themes=(
        "chữ Thái cổ",
        "khăn piêu",
        "Nhà tù Sơn La",
        "lễ hội hoa ban",
        "đường 41 thời kháng chiến",
        "điệu xòe",
        "nghề dệt thổ cẩm",
    ),
    titles=(
        "{theme} trong ký ức người {commune}",
        "Về {home} nghe chuyện {theme}",
        "Giữ gìn {theme} ở {home}",
        "{host} sưu tầm tư liệu về {theme}",
        "Nghệ nhân {woman} và {theme}",
        (
            "Từ {theme} nghĩ về cội nguồn văn hóa {home}: vài tư liệu điền dã chưa từng được công bố của nhóm nghiên "
            "cứu trẻ"
        ),
        "Những hiện vật kể chuyện {theme}",
        "Tìm lại dấu tích {theme} tại {commune}",
    ),
    news=(
        "{host} khai mạc trưng bày chuyên đề về {theme} tại {home}",
        "tọa đàm khoa học về {theme} do {host} tổ chức thu hút {nn} tham luận",
        "đoàn điền dã của {host} trở về sau {n} tuần sưu tầm tư liệu {theme} ở {commune}",
        "{host} tiếp nhận {nn} hiện vật liên quan đến {theme} do bà con {home} hiến tặng",
    ),
    essays=(
        "Hỏi người {commune} về {theme}, mỗi người kể một kiểu, nhưng ai cũng bắt đầu bằng hai tiếng ngày xưa.",
        "Trong căn nhà sàn của nghệ nhân {woman}, {theme} không nằm sau tủ kính.",
        "Sử sách chép về {theme} không nhiều, phần lớn còn lại trong trí nhớ người già ở {home}.",
        "Giữa thế kỷ trước, con đường vào {home} chỉ vừa một con ngựa thồ.",
    ),
    sentences=(
        "Cuốn sách chép tay của gia đình ông {man} còn {nnn} trang, giấy dó đã ngả màu nâu.",
        "Nghệ nhân {woman} dạy miễn phí cho {nn} cháu gái trong bản vào các tối trăng.",
        "Theo lời kể của cụ {man}, đêm ấy cả {commune} thức nấu cơm cho bộ đội đi qua.",
        "Bảo tàng hiện lưu {nnn} hiện vật, trong đó {nn} hiện vật chưa rõ niên đại.",
        "Nhóm nghiên cứu đối chiếu {n} dị bản và thấy đoạn mở đầu giống nhau đến kỳ lạ.",
        "Mỗi họa tiết có một tên riêng, có tên nay chỉ còn {n} người nhớ.",
        "Nhà sử học {person} cho rằng mốc thời gian trong tấm bia cần được đọc lại.",
        "Đội xòe {commune} có {nn} thành viên, người nhiều tuổi nhất đã ngoài tám mươi.",
        "Sau giải phóng, {home} chỉ có {n} lớp bình dân học vụ, bảng là cánh cửa gỗ.",
        "Lễ cúng diễn ra trong {hour} phút, thầy mo đọc thuộc lòng không nhìn sách.",
        "Giới trẻ {home} đưa {theme} lên mạng, có đoạn phim ngắn được {big} lượt người xem.",
        "Tư liệu ảnh chụp năm {before} cho thấy mái nhà khi ấy vẫn lợp cỏ tranh.",
        "Bà {woman} giữ chiếc vòng bạc của mẹ chồng như giữ một lời dặn.",
        "Trong bức thư gửi về nhà, người chiến sĩ quê {place} nhắc mãi tên con suối cạnh {commune}.",
        "{org} tài trợ {million} để phục dựng khung dệt theo đúng kích thước cũ.",
        "Di tích được xếp hạng từ ngày 28/9/{before}, song biển chỉ dẫn mãi sau mới có.",
        "Người Thái ở {home} gọi đó là “hồn của nhà”, mất đi thì nhà chỉ còn là gỗ.",
        "Học sinh {school} đóng vai người xưa, tự may trang phục từ vải của bà.",
    ),
    headings=("Chuyện người già kể", "Qua từng hiện vật", "Trao truyền", "Một vài nhận xét"),
    bullets=(
        "ghi âm lời kể của {nn} cụ cao tuổi ở {commune};",
        "chụp lại các trang sách cổ bằng ánh sáng lạnh;",
        "đưa {theme} vào tiết học địa phương của {school};",
        "hỗ trợ nghệ nhân {million} mỗi năm để mở lớp;",
    ),
    captions=(
        "Nghệ nhân {woman} truyền dạy {theme}. Ảnh tư liệu lịch sử.",
        "Một trang sách cổ lưu tại {commune}",
        "Khách tham quan trưng bày về {theme}",
        "Cụ {man} kể chuyện bên bếp lửa",
        "Đồng chí {person} – {role} cắt băng khai mạc trưng bày",
    ),
    closings=(
        "Chuyến điền dã sau, {host} sẽ trở lại {commune} cùng máy ghi hình.",
        "Khi người già mất đi, một thư viện cháy, câu nói ấy ở {home} không phải là ví von.",
        "Tư liệu gốc về {theme} được lưu tại {host} để bạn đọc tra cứu.",
    ),
)

EXAMPLE = Topic(
    categories=("hoc-tap-va-lam-theo-bac-ho", "danh-nhan-lich-su-van-hoa"),
    hosts=("Chi bộ Liên hiệp hội", "Đảng ủy Khối các cơ quan tỉnh", "Ban Tuyên giáo và Dân vận Huyện ủy"),
    themes=("nói đi đôi với làm", "tiết kiệm", "trọng dân", "tự học", "nêu gương", "phong cách làm việc khoa học"),
    titles=(
        "Học Bác đức tính {theme} ở {commune}",
        "Chi bộ {school} làm theo lời Bác về {theme}",
        "Từ những mẩu chuyện nhỏ đến tinh thần {theme} của đảng viên {home}",
        "{theme} theo gương Bác: việc nhỏ, ý nghĩa lớn",
        "Sinh hoạt chuyên đề về {theme} tại {host}",
        (
            "Học và làm theo Bác về {theme} để xứng đáng là người trí thức của nhân dân các dân tộc {home} trong giai "
            "đoạn mới"
        ),
        "Bác Hồ với việc {theme}",
        "Người đảng viên {man} và bài học {theme}",
    ),
    news=(
        "{host} tổ chức sinh hoạt chuyên đề về tinh thần {theme} cho {nn} đảng viên",
        "{host} sơ kết việc học tập và làm theo Bác tại {home}",
        "tại {commune}, {host} biểu dương {nn} tấm gương tiêu biểu về {theme}",
        "đảng viên {school} cùng {org} nói chuyện truyền thống về {theme}",
    ),
    essays=(
        "Có một mẩu chuyện về Bác mà đồng chí {person} thường kể mỗi khi nói về {theme}.",
        "Với Bác, {theme} không phải khẩu hiệu mà là nếp sống hằng ngày.",
        "Thấm nhuần {decree}, {host} chọn {theme} làm nội dung xuyên suốt.",
        "Ở chi bộ {commune}, cuốn sổ “mỗi tháng một việc” đã dày hơn {nnn} trang.",
    ),
    sentences=(
        "Mỗi đảng viên đăng ký {n} việc cụ thể, cuối quý tự chấm điểm trước chi bộ.",
        "Đồng chí {person} nhận đỡ đầu {n} cháu mồ côi ở {commune} suốt nhiều năm qua.",
        "Mô hình hũ gạo nghĩa tình của {org} đã giúp {nnn} hộ qua kỳ giáp hạt.",
        "Bác từng dặn cán bộ đi công tác về phải kể lại điều dân nghĩ, không chỉ điều mình thấy.",
        "Nhờ tiết kiệm điện, văn phòng giảm {pct} chi phí trong {n} tháng.",
        "Cuộc họp nay gói trong {hour} phút, tài liệu gửi trước để mọi người đọc kỹ.",
        "Ông {man} hiến {nnn} mét vuông đất làm đường mà không nhận đền bù.",
        "Chị {woman} học xong chương trình đại học ở tuổi năm mươi, ban ngày làm nương, ban đêm mở sách.",
        "Tại {home}, số đơn thư vượt cấp giảm còn {n} đơn nhờ các buổi tiếp dân ngay tại bản.",
        "Đồng chí {person} – {role} nhắc lại rằng người dân nhìn việc làm chứ không nghe lời hứa.",
        "Từ năm {before}, chi bộ duy trì góc đọc với {nnn} cuốn sách về Bác.",
        "Bài học ấy tưởng cũ mà vẫn mới, nhất là với người làm khoa học.",
        "{host} chấm điểm công khai, ai chưa đạt thì tự nói lý do.",
        "Cán bộ xã {commune} dành sáng thứ bảy xuống bản cùng dân làm mương.",
        "Sau {n} năm, quỹ vì người nghèo của chi bộ đạt {million}.",
        "Phong trào được phát động từ ngày 19/5/{before} và chưa năm nào gián đoạn.",
        "Có đồng chí bảo rằng nhờ ghi nhật ký công việc mà bớt hẳn tật hẹn lần hẹn lữa.",
        "Cách nói ngắn, dễ hiểu của Bác được nhiều báo cáo viên ở {home} học theo.",
    ),
    headings=("Từ một mẩu chuyện", "Việc làm cụ thể", "Gương sáng ở cơ sở", "Điều rút ra"),
    bullets=(
        "mỗi tháng đọc và kể lại một mẩu chuyện về {theme};",
        "đảng viên giúp đỡ ít nhất {n} hộ ở {commune};",
        "không tổ chức liên hoan sau hội nghị của {host};",
        "trả lời ý kiến của dân trong vòng {n} ngày;",
    ),
    captions=(
        "Buổi sinh hoạt chuyên đề tại {host}",
        "Đồng chí {person} kể chuyện về Bác cho học sinh {school}",
        "Góc đọc sách về Bác ở {commune}",
        "Đ/c {person} – {role} trao Giấy khen cho các cá nhân",
        "Đảng viên {commune} cùng dân làm đường",
    ),
    closings=(
        "Quý tới, {host} sẽ chọn {n} cách làm hay để giới thiệu ra toàn tỉnh.",
        "Học Bác, suy cho cùng, là làm tốt việc của mình ở {commune} mỗi ngày.",
        "Những việc nhỏ ấy đang góp thành nếp sống đẹp ở {home}.",
    ),
)

SOCIETY = Topic(
    categories=("van-ban-he-thong-lien-hiep-hoi", "trung-uong", "tin-tuc-su-kien"),
    hosts=("Liên hiệp hội Sơn La", "Văn phòng Liên hiệp hội", "Ban Chấp hành Hội Cơ khí tỉnh"),
    themes=(
        "công tác hội viên",
        "quy chế phối hợp",
        "đại hội nhiệm kỳ",
        "quỹ hỗ trợ sáng tạo",
        "giao ban các hội thành viên",
    ),
    titles=(
        "{host} triển khai {theme} tại {home}",
        "Hội nghị sơ kết {theme} cụm {home}",
        "Hướng dẫn {theme} đối với các hội thành viên ở {home}",
        "{theme}: ghi nhận từ {commune}",
        "Đoàn công tác Trung ương trao đổi về {theme} với {host}",
        "Thông báo kết luận hội nghị về {theme} của {host}",
        (
            "Bàn cách nâng chất lượng {theme} trong điều kiện sáp nhập, tinh gọn đầu mối và kinh phí hoạt động của các "
            "hội còn eo hẹp"
        ),
        "Gặp mặt đầu xuân, nói chuyện {theme}",
    ),
    news=(
        "{host} tổ chức hội nghị về {theme} với đại diện {nn} hội thành viên",
        "đoàn công tác của Liên hiệp hội Việt Nam do đồng chí {person} dẫn đầu trao đổi với {host} về {theme}",
        "tại {home}, {host} giao ban quý về {theme}",
        "{host} gặp mặt {nn} chuyên gia lâu năm nhân dịp kỷ niệm ngày thành lập",
    ),
    essays=(
        "Nói đến {theme}, nhiều hội thành viên ở {home} vẫn thấy khó bắt đầu.",
        "Một hội mạnh không phải vì đông, mà vì mỗi hội viên thấy mình có việc để làm.",
        "Thực hiện {decree}, {host} rà soát lại toàn bộ {theme}.",
        "Trụ sở {host} chỉ có {n} gian phòng, nhưng ít hôm nào vắng khách.",
    ),
    sentences=(
        "Toàn hệ thống hiện có {nn} hội thành viên với {big} hội viên.",
        "Kinh phí hoạt động trong năm là {money}, trong đó ngân sách bảo đảm {pct}.",
        "Đồng chí {person} – {role} đề nghị mỗi hội đăng ký ít nhất {n} nhiệm vụ tư vấn.",
        "Đại diện {org} kể kinh nghiệm thu hội phí qua tài khoản, giảm hẳn việc ghi sổ tay.",
        "Có {n} hội chưa kiện toàn Ban Chấp hành do thiếu người chịu nhận việc.",
        "Bản tin nội bộ phát hành {nnn} cuốn mỗi kỳ, gửi tới tận chi hội {commune}.",
        "Hội nghị nghe {nn} tham luận, phần lớn bàn về cách giữ hội viên trẻ.",
        "Ông {man} thẳng thắn cho rằng báo cáo còn nhiều chữ mà ít số.",
        "Quỹ đã hỗ trợ {nn} nhóm tác giả với tổng số tiền {million}.",
        "Sau sáp nhập, {n} chi hội ở {home} phải đổi con dấu và lập lại danh sách.",
        "Bà {woman}, Chủ tịch Hội cơ sở, đi hết {nn} bản để phát thẻ hội viên.",
        "Các đại biểu thống nhất {n} nhiệm vụ trọng tâm và phân công người theo dõi từng việc.",
        "Trong nhiệm kỳ, {host} chủ trì {nn} đề tài cấp tỉnh, nghiệm thu đúng hạn {pct}.",
        "Mạng lưới cộng tác viên vươn tới {commune}, nơi trước đây chưa từng có chi hội.",
        "Quy chế cũ ban hành ngày 16/10/{before} bộc lộ {n} điểm không còn phù hợp.",
        "{org} ủng hộ việc lập một đầu mối tiếp nhận ý kiến của giới trí thức.",
        "Tỷ lệ hội viên dưới bốn mươi tuổi mới đạt {pct}, một con số khiến nhiều người trăn trở.",
        "Đoàn cũng đến thăm {school} và tặng trường {nnn} cuốn sách.",
    ),
    headings=("Kết quả nổi bật", "Tồn tại và nguyên nhân", "Phương hướng", "Phân công thực hiện"),
    bullets=(
        "gửi báo cáo về {host} trước ngày 25 của tháng cuối quý;",
        "cập nhật danh sách hội viên ở {home} theo mẫu mới;",
        "mỗi hội có ít nhất {n} bài đăng trên bản tin trong năm;",
        "cử một đầu mối phối hợp với {org};",
    ),
    captions=(
        "Toàn cảnh hội nghị",
        "Các đại biểu chụp ảnh lưu niệm tại {home}",
        "Đồng chí {person} – {role} phát biểu chỉ đạo",
        "Đ/c {person} trao Kỷ niệm chương cho hội viên",
        "Đoàn công tác làm việc tại trụ sở {host}",
    ),
    closings=(
        "Kết luận hội nghị sẽ được {host} gửi tới các hội thành viên trong tuần.",
        "{org} nhận làm đầu mối đôn đốc cụm {home}.",
        "Hội nghị kết thúc sớm hơn dự kiến, phần còn lại dành cho các cuộc trao đổi bên lề.",
    ),
)

TOPICS = (HISTORY, EXAMPLE, SOCIETY)
