"""Text stock: health, schools, and the people whom the associations honour."""

from __future__ import annotations

from scraper.demo.topic import Topic

HEALTH = Topic(
    categories=("van-hoa-xa-hoi-moi-truong", "tin-tuc-su-kien"),
    hosts=("Hội Đông y tỉnh", "Hội Y học tỉnh", "Hội Điều dưỡng tỉnh", "Trung tâm Kiểm soát bệnh tật tỉnh"),
    themes=(
        "bệnh tăng huyết áp",
        "suy dinh dưỡng ở trẻ nhỏ",
        "đái tháo đường",
        "bệnh tan máu bẩm sinh",
        "sốt xuất huyết",
        "sức khỏe người cao tuổi",
    ),
    titles=(
        "Phòng {theme} từ trạm y tế {commune}",
        "{host} khám bệnh, cấp thuốc miễn phí cho người dân {home}",
        "Bảo hiểm y tế toàn dân ở {home}: còn {pct} người chưa có thẻ",
        "Cây thuốc nam trong vườn nhà {commune}",
        "Hội nghị khoa học về {theme} tổ chức tại {home}",
        "Bác sĩ trẻ về bản và cuộc chiến với {theme} ở {commune}",
        "Những thói quen nhỏ giúp người {home} tránh {theme}",
        (
            "Kinh nghiệm chữa {theme} của các lương y {home}: điều gì nên giữ, điều gì cần kiểm chứng bằng nghiên cứu "
            "lâm sàng"
        ),
    ),
    news=(
        "{host} tổ chức khám sàng lọc {theme} cho {nnn} người tại {commune}",
        "tại {home}, {host} và {org} trao tặng tủ thuốc cho {nn} nhà văn hóa bản",
        "hội nghị chuyên đề về {theme} do {host} chủ trì thu hút {nnn} thầy thuốc",
        "{host} khai giảng lớp bồi dưỡng về {theme} cho nhân viên y tế {home}",
    ),
    essays=(
        "Ít ai ngờ ở một xã vùng cao như {commune}, {theme} lại là nỗi lo hằng ngày của trạm y tế.",
        "Muốn hiểu vì sao {theme} ở {home} khó phòng, hãy nhìn vào bữa cơm của một gia đình bình thường.",
        "Căn cứ {decree}, ngành y tế {home} đưa {theme} vào danh mục theo dõi thường xuyên.",
        "Bác sĩ {person} có thói quen ghi lại tên từng người bệnh {theme} đã gặp ở {commune}.",
    ),
    sentences=(
        "Kết quả khám cho thấy {pct} người trên năm mươi tuổi có dấu hiệu cần theo dõi thêm.",
        "Trạm y tế {commune} chỉ có {n} nhân viên nhưng quản lý sức khỏe của {big} người.",
        "Lương y {man} dành nửa vườn để trồng {nn} vị thuốc, ai cần đều được cho giống.",
        "Điều dưỡng {woman} đi bộ {n} cây số vào bản để đo huyết áp cho người già không xuống núi được.",
        "Tỷ lệ tham gia bảo hiểm y tế của {home} đạt {pct}, tăng nhờ nguồn hỗ trợ {money} của các doanh nghiệp.",
        "Bộ câu hỏi được dịch sang tiếng Thái và tiếng Mông để người dân tự trả lời.",
        "Nhóm bác sĩ khuyên giảm mắm muối trong bữa ăn, thay bằng rau rừng và cá suối.",
        "Một ca {theme} phát hiện muộn tốn gấp {nn} lần chi phí so với phát hiện sớm.",
        "Theo số liệu của {org}, số lượt khám tại xã tăng {pct} kể từ khi có bác sĩ gia đình.",
        "Sổ theo dõi điện tử giúp {nnn} bệnh nhân không phải mang giấy tờ mỗi lần tái khám.",
        "Có {nn} bài thuốc được sưu tầm, trong đó {n} bài đang được nghiên cứu thêm tại bệnh viện tuyến trên.",
        "Chị {woman} ở {commune} bảo trước đây cả bản uống chung một loại lá, nay biết hỏi thầy thuốc trước.",
        "Đợt cao điểm từ ngày 10/5/{before} từng ghi nhận số ca mắc cao nhất trong nhiều năm.",
        "Lớp học nấu ăn cho các bà mẹ diễn ra vào chiều chủ nhật, nguyên liệu đều lấy từ vườn nhà.",
        "{org} tặng {nnn} suất quà và {n} máy đo đường huyết cho các hộ khó khăn.",
        "Ông {man}, người bệnh {theme} lâu năm, nay thành cộng tác viên vận động hàng xóm đi khám.",
        "Thầy thuốc {person} nhấn mạnh rằng thuốc nam không thay được thuốc kê đơn trong giai đoạn cấp.",
        "Khoảng cách từ {commune} đến bệnh viện gần nhất là {nn} km nên xe cứu thương phải trực tại xã.",
    ),
    headings=("Nhìn từ trạm xá", "Chữa bệnh và phòng bệnh", "Vườn thuốc của bản", "Điều người dân cần nhớ"),
    bullets=(
        "đo huyết áp ít nhất {n} lần mỗi tháng với người trên bốn mươi tuổi;",
        "ngủ màn cả ban ngày, lật úp chum vại không dùng đến;",
        "cân và đo chiều cao của trẻ vào ngày mồng mười hằng tháng tại {commune};",
        "không tự ý bỏ thuốc khi thấy đỡ mệt;",
    ),
    captions=(
        "Khám sàng lọc {theme} tại {commune}",
        "Lương y {man} giới thiệu vườn thuốc nam",
        "Thầy thuốc {host} tư vấn cho người dân {home}",
        "Đồng chí {person} – {role} tặng quà người bệnh ở {commune}",
        "Toàn cảnh hội nghị chuyên đề về {theme}",
    ),
    closings=(
        "Sau đợt khám, {nn} người được hẹn lên tuyến trên, chi phí đi lại do {org} hỗ trợ.",
        "{host} dự kiến trở lại {commune} vào quý sau để đánh giá kết quả.",
        "Phòng {theme} suy cho cùng bắt đầu từ căn bếp của mỗi nhà ở {home}.",
    ),
)

SCHOOL = Topic(
    categories=("khoa-hoc-cong-nghe", "tin-tuc-su-kien"),
    hosts=("Hội Khuyến học tỉnh", "Hội Vật lý tỉnh", "Hội Toán học tỉnh", "Hội Cựu giáo chức tỉnh"),
    themes=(
        "giáo dục STEM",
        "dạy học song ngữ",
        "thư viện xanh",
        "phòng thí nghiệm ảo",
        "hướng nghiệp sớm",
        "văn hóa đọc",
    ),
    titles=(
        "{school} và những giờ học {theme} không có bảng đen",
        "Đưa {theme} về các điểm trường {home}",
        "Đổi mới giáo dục và đào tạo ở {home} qua câu chuyện {theme}",
        "{host} trao {nnn} suất học bổng cho học sinh vùng cao {home}",
        "Thầy giáo {man} với hành trình {nn} năm cùng {theme}",
        "Xây dựng xã hội học tập ở {commune}: từ gia đình đến dòng họ",
        "Ngày hội {theme} tại {school}",
        "Giáo viên {home} nói gì về {theme}?",
    ),
    news=(
        "{school} khai mạc ngày hội {theme} với {nn} gian trưng bày của học sinh",
        "{host} phối hợp với {org} sơ kết phong trào khuyến học tại {home}",
        "{nnn} giáo viên của {home} dự chuyên đề về {theme} do {host} tổ chức",
        "đại diện {host} về {commune} trao học bổng và khánh thành tủ sách dùng chung",
    ),
    essays=(
        "Tiết học {theme} của cô {woman} luôn bắt đầu bằng một câu hỏi mà chính cô cũng chưa có lời đáp.",
        "Ở {commune}, nhiều em nhỏ thấy chiếc kính hiển vi lần đầu khi {theme} về trường.",
        "Thực hiện {decree}, các trường ở {home} dành ít nhất một buổi mỗi tuần cho {theme}.",
        "Người ta thường nói đến {theme} như một điều xa xỉ của trường thành phố.",
    ),
    sentences=(
        "Học sinh tự làm cánh tay robot từ bìa các-tông, chi phí chưa tới {nnn}.000 đồng.",
        "Tủ sách của {commune} có {big} đầu sách, phần nhiều do cựu học sinh gửi về.",
        "Cô {woman} soạn {nn} bài giảng bằng hai thứ tiếng để các em lớp một bớt bỡ ngỡ.",
        "Tỷ lệ học sinh bỏ học giữa chừng giảm còn {pct} sau {n} năm thực hiện.",
        "{school} có {n} phòng học đạt chuẩn, số còn lại vẫn mượn nhà văn hóa.",
        "Em {woman} muốn thành kỹ sư thủy lợi vì nương nhà em năm nào cũng thiếu nước.",
        "Quỹ khuyến học các dòng họ trong huyện đã lên tới {money}.",
        "Thầy {man} sửa lại {nn} máy tính cũ được tặng, lắp thành một phòng học nhỏ.",
        "Phụ huynh {commune} góp ngày công dựng khu vườn thí nghiệm rộng {nnn} mét vuông.",
        "Trong kỳ thi cấp tỉnh, đội tuyển {home} mang về {nn} giải, có {n} giải nhất.",
        "Nhiều thầy cô thừa nhận khó nhất không phải thiết bị, mà là dám để học trò làm sai.",
        "Theo {org}, mỗi giáo viên cần ít nhất {hour} giờ bồi dưỡng để dạy được nội dung mới.",
        "Buổi đọc sách dưới gốc cây thu hút cả các bác trong đội văn nghệ của bản.",
        "Học liệu được đưa lên kho dùng chung, tới nay có {big} lượt tải.",
        "Điểm trường lẻ {commune} vừa có mạng từ ngày 05/9/{before}, sớm hơn điện lưới gần một năm.",
        "Ban Giám hiệu cam kết giữ nguyên sĩ số {nn} em mỗi lớp để giờ thực hành không quá đông.",
        "Bà {woman}, hội viên cao tuổi nhất, tặng lại toàn bộ số tiền tiết kiệm {million} cho quỹ.",
        "Các nhóm thuyết trình bằng cả tiếng phổ thông lẫn tiếng mẹ đẻ, ban giám khảo gồm {n} thầy cô.",
    ),
    headings=("Lớp học mở", "Những người truyền lửa", "Khó khăn còn đó", "Bước tiếp theo"),
    bullets=(
        "mỗi trường có ít nhất một câu lạc bộ {theme} hoạt động hai tuần một lần;",
        "bố trí {million} mỗi năm cho thiết bị tiêu hao;",
        "mời thợ giỏi, nghệ nhân ở {commune} cùng đứng lớp;",
        "khen thưởng sáng kiến của giáo viên ngay trong học kỳ;",
    ),
    captions=(
        "Học sinh {school} trong giờ {theme}",
        "Đại diện {host} trao học bổng tại {commune}",
        "Thầy giáo {man} hướng dẫn học sinh làm thí nghiệm",
        "Gian trưng bày sản phẩm của học sinh {home}",
        "Tủ sách dùng chung của {commune}",
    ),
    closings=(
        "Năm học tới, {host} đặt mục tiêu có thêm {nn} điểm trường tham gia {theme}.",
        "Điều thầy cô {school} mong nhất là sự kiên nhẫn của phụ huynh.",
        "Từ một tủ sách nhỏ ở {commune}, phong trào đã lan sang {n} xã lân cận.",
    ),
)

HONOUR = Topic(
    categories=("ton-vinh-tri-thuc-tieu-bieu-dien-hinh-lao-dong-sang-tao", "tin-tuc-su-kien"),
    hosts=("Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh Sơn La", "Hội Nữ trí thức tỉnh", "Câu lạc bộ Trí thức trẻ"),
    themes=("máy sấy nông sản", "bếp tiết kiệm củi", "phân vi sinh", "giống lúa nương", "bản đồ số", "nhà kính giá rẻ"),
    titles=(
        "Gặp người làm ra {theme} ở {commune}",
        "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh Sơn La tôn vinh {nn} trí thức tiêu biểu",
        "Kỹ sư {person} và chiếc {theme} mang tên quê hương",
        "Nữ trí thức {home} làm chủ {theme}",
        (
            "Từ xưởng cơ khí {commune} đến danh hiệu trí thức tiêu biểu: hành trình mười lăm năm của một người thợ "
            "không có bằng đại học"
        ),
        "Tấm lòng của nhà giáo {woman} với {home}",
        "{home} biểu dương điển hình lao động sáng tạo",
        "Người đưa {theme} xuống ruộng",
    ),
    news=(
        "tại {home}, {host} long trọng tổ chức lễ biểu dương {nn} gương lao động sáng tạo",
        "{host} họp Hội đồng xét chọn danh hiệu trí thức tiêu biểu, thông qua {nn} hồ sơ",
        "tác giả của {theme} được {org} mời giới thiệu cách làm trước {nnn} hội viên",
        "{host} đến thăm và chúc mừng kỹ sư {person} ở {commune}",
    ),
    essays=(
        "Xưởng của {person} nằm cuối con dốc {commune}, ai hỏi {theme} người ta đều chỉ đúng nhà.",
        "Trong {nn} gương mặt được vinh danh, có một người chưa từng học qua đại học.",
        "Người dân {home} quen gọi chị là “cô {theme}”, cái tên nghe lạ mà thân.",
        "Có những sáng kiến ra đời chỉ vì một người không chịu nổi cảnh mẹ mình vất vả.",
    ),
    sentences=(
        "Bản vẽ đầu tiên của {theme} được phác trên mặt sau một tờ lịch treo tường.",
        "Anh {man} thất bại {nn} lần trước khi chiếc máy chịu chạy liền một mạch qua đêm.",
        "Sản phẩm nay đã có mặt ở {nn} xã, giá bán chừng {million}, rẻ hơn hàng nhập {pct}.",
        "Chị {woman} từ chối bán bản quyền cho một công ty ở {place} vì muốn giữ giá thấp cho bà con.",
        "Hội đồng chấm theo {n} tiêu chí, nặng nhất là khả năng áp dụng tại chỗ.",
        "Từ năm {before} đến nay, {host} đã biểu dương {nnn} lượt cá nhân và {nn} tập thể.",
        "Phần thưởng không lớn, nhưng tấm bằng treo giữa nhà khiến cả họ thấy mình được ghi nhận.",
        "Ông {man}, nguyên cán bộ kỹ thuật, hiện kèm cặp {n} thợ trẻ tại xưởng.",
        "Theo bà {woman}, trí thức không phải là người biết nhiều, mà là người chịu nghĩ cho người khác.",
        "Nhóm đã đăng ký bảo hộ giải pháp hữu ích và được chấp nhận đơn sau {nn} tháng.",
        "{org} hỗ trợ {million} để hoàn thiện bản mẫu thứ {n}.",
        "Có hôm mất điện, cả nhóm soi đèn pin hàn nốt mối cuối để kịp giao cho hợp tác xã.",
        "Hồ sơ của {person} được {pct} phiếu, cao nhất trong các đợt xét gần đây.",
        "Bài học lớn nhất, theo chị, là hỏi người dùng trước khi vẽ.",
        "Hiệu suất của {theme} tăng {pct} sau khi thay động cơ và bố trí lại buồng đốt.",
        "Tại buổi gặp, đồng chí {person} – {role} đề nghị đưa các gương sáng vào bài học địa phương.",
        "Quyết định thành lập giải thưởng có từ ngày 12/8/{before} và đã qua {n} lần sửa đổi quy chế.",
        "Cô bé con anh {man} năm nay thi vào ngành chế tạo máy, dự án tốt nghiệp dự định tiếp nối công việc của bố.",
    ),
    headings=("Khởi đầu từ con số không", "Người thầy của những người thợ", "Giá trị một sáng kiến", "Lời hẹn"),
    bullets=(
        "có ít nhất một giải pháp được áp dụng từ {n} năm trở lên tại {home};",
        "được tập thể nơi làm việc giới thiệu bằng văn bản;",
        "ưu tiên tác giả là nữ, người dân tộc thiểu số, người làm việc ở {commune};",
        "hồ sơ gửi về {host} trước ngày cuối cùng của quý;",
    ),
    captions=(
        "Kỹ sư {person} bên chiếc {theme} đầu tiên",
        "Đồng chí {person} – {role} trao Bằng khen cho các tác giả",
        "Các gương mặt được biểu dương tại {home}",
        "Xưởng chế tạo {theme} ở {commune}",
        "Đ/c {person} chúc mừng gia đình tác giả",
    ),
    closings=(
        "Chia tay, anh {man} chỉ hẹn một điều: lần sau đến, {theme} sẽ chạy bằng năng lượng mặt trời.",
        "Danh sách đề cử đợt tới sẽ được {host} công bố tại {home}.",
        "Những con người như thế đang lặng lẽ làm đổi thay {commune}.",
    ),
)

TOPICS = (HEALTH, SCHOOL, HONOUR)
