"""Text stock: farming, forests and water."""

from __future__ import annotations

from scraper.demo.topic import Topic

FARMING = Topic(
    categories=("kinh-te-du-lich", "khoa-hoc-cong-nghe"),
    hosts=(
        "Hội Làm vườn tỉnh",
        "Trung tâm Khuyến nông tỉnh",
        "Hội Khoa học Đất tỉnh",
        "Chi cục Trồng trọt và Bảo vệ thực vật",
    ),
    themes=(
        "mận hậu",
        "cà phê chè",
        "nhãn chín muộn",
        "chanh leo",
        "dâu tây",
        "xoài tròn",
        "bơ sáp",
        "chè Shan tuyết",
        "na hoàng hậu",
        "khoai sọ",
    ),
    titles=(
        "{home} đưa giống {theme} mới lên nương dốc",
        "Người trồng {theme} ở {commune} học cách ghi nhật ký đồng ruộng",
        "Liên kết sản xuất và tiêu thụ {theme} tại {home}: từ thỏa thuận miệng đến hợp đồng",
        "Nâng giá trị cây {theme} nhờ khoa học công nghệ ở {home}",
        "{host} tập huấn kỹ thuật chăm sóc {theme} cho nông dân {commune}",
        "Hợp tác xã {theme} {home} sau {n} năm nhìn lại",
        (
            "Vùng nguyên liệu {theme} gắn với xây dựng nông thôn mới ở {home}: những điều rút ra sau một vụ được mùa "
            "mà giá không như mong đợi"
        ),
        "Vì sao {theme} {home} khó vào siêu thị?",
        "Tưới tiết kiệm cho {theme} trên đất dốc {commune}",
        "Ngày hội {theme} {home} lần thứ {n}",
    ),
    news=(
        "tại {commune}, {host} mở lớp hướng dẫn cắt tỉa và bón phân cho {theme} với {nn} hộ tham gia",
        "{host} cùng {org} khảo sát các vườn {theme} bị sương muối tại {home}",
        "UBND {home} gặp gỡ các hợp tác xã trồng {theme} để bàn đầu ra cho vụ thu hoạch sắp tới",
        "đoàn cán bộ của {host} nghiệm thu mô hình {theme} ghép cải tạo rộng {nn} ha ở {commune}",
    ),
    essays=(
        "Mười năm trước, nói đến {theme} ở {home}, nhiều người chỉ hình dung vài gốc cây già quanh nhà.",
        "Trên những sườn đồi từng chỉ có ngô và sắn của {commune}, cây {theme} đã bén rễ và nuôi sống nhiều gia đình.",
        "Thực hiện {decree}, {home} chọn {theme} làm cây chủ lực và giao {host} theo dõi từng vườn mẫu.",
        (
            "Câu chuyện của cây {theme} ở {home} không chỉ là câu chuyện giống má, mà còn là câu chuyện của thói quen "
            "canh tác."
        ),
    ),
    sentences=(
        "Toàn huyện hiện có {nnn} ha {theme}, trong đó {pct} diện tích đã cho thu hoạch ổn định.",
        (
            "Gia đình ông {man} ở {commune} bỏ hẳn phân hóa học trên {n} sào thử nghiệm và thấy đất tơi hơn sau hai "
            "mùa mưa."
        ),
        "Theo bà {woman}, cái khó nhất là thuyết phục các hộ cùng hái đúng độ chín thay vì hái rộ một lượt.",
        "Kỹ sư {person} đo độ ẩm đất {n} lần trong tuần rồi gửi lịch tưới vào nhóm điện thoại của bản.",
        "Giá thu mua tại vườn đầu vụ vào khoảng {nn}.000 đồng một ki-lô-gam, cao hơn niên vụ trước {pct}.",
        "Nhờ màng phủ và hệ thống ống nhỏ giọt, lượng nước dùng cho mỗi gốc {theme} giảm còn một phần {n}.",
        "{org} đứng ra bảo lãnh để {nn} hộ vay {million} mua giống sạch bệnh.",
        (
            "Mẫu quả gửi kiểm nghiệm ở Hà Nội không phát hiện dư lượng thuốc bảo vệ thực vật vượt ngưỡng, kết quả này "
            "được dán công khai tại nhà văn hóa {commune}."
        ),
        (
            "Có {nnn} hộ đã được cấp mã số vùng trồng, song việc ghi chép vẫn phụ thuộc vào vài người trẻ biết dùng "
            "máy tính."
        ),
        "Xe lạnh chưa vào được {commune} trong mùa mưa nên mỗi ngày chậm trễ làm hao {pct} sản lượng {theme}.",
        (
            "Trước đó, từ ngày 15/4/{before}, huyện đã cấm phun thuốc diệt cỏ ở đầu nguồn, một quyết định lúc đầu gây "
            "nhiều tranh luận."
        ),
        "Nhóm kỹ thuật khuyên bà con giữ lại cỏ thấp giữa hai hàng {theme} để chống xói mòn.",
        "Anh {man}, Giám đốc hợp tác xã, cho hay đơn hàng dài nhất hiện nay kéo dài {n} năm với một nhà máy ở {place}.",
        "So với cách trồng cũ, mật độ {nnn} cây một héc-ta cho quả đều hơn và đỡ sâu đục thân.",
        "Lớp học ngoài vườn không có bàn ghế, bài giảng là từng cành {theme} vừa cắt xuống.",
        "Doanh thu từ {theme} của {commune} năm vừa rồi đạt {money}, chiếm {pct} thu nhập của xã.",
        "Cán bộ {host} cảnh báo tình trạng trồng ồ ạt khi chưa có nhà máy, dẫn bài học của cây {theme} năm {before}.",
        "Chị {woman} bán {nn} tạ quả qua mạng chỉ trong ba buổi tối phát trực tiếp.",
        "Ở độ cao trên {nnn} mét, sương muối vẫn là mối lo lớn nhất của người trồng {theme}.",
        "Một số hộ thử nuôi ong trong vườn {theme} và thu thêm {million} mỗi năm từ mật.",
    ),
    headings=(
        "Từ nương ngô đến vườn cây",
        "Bài toán nước tưới",
        "Đầu ra ở đâu?",
        "Những việc cần làm ngay",
        "Chuyện của các hợp tác xã",
    ),
    bullets=(
        "chọn cây giống có bầu nguyên vẹn, rễ không xoăn và có giấy kiểm dịch của {host};",
        "bón lót {nn} kg phân chuồng hoai cho mỗi hố trước khi trồng ít nhất {nn} ngày;",
        "tỉa bỏ cành vượt ngay sau thu hoạch, quét vôi gốc trước mùa mưa;",
        "ghi ngày phun, loại thuốc và người phun vào sổ chung của tổ;",
        "báo cho cán bộ xã khi thấy lá {theme} vàng từ gân ra mép;",
    ),
    captions=(
        "Vườn {theme} của gia đình ông {man} ở {commune}",
        "Bà con {commune} thu hoạch {theme}",
        "Cán bộ {host} hướng dẫn kỹ thuật ghép {theme} tại {home}",
        "Đồng chí {person} – {role} thăm mô hình {theme} tại {commune}",
        "Phân loại {theme} trước khi đóng thùng ở {home}",
        "Hệ thống tưới nhỏ giọt trên đồi {theme}",
    ),
    closings=(
        "Vụ tới, {host} sẽ giữ lại {nn} vườn mẫu ở {home} để theo dõi thêm trước khi khuyến cáo nhân rộng.",
        "Con đường của cây {theme} còn dài, nhưng người {commune} đã biết mình phải bắt đầu từ đâu.",
        "Bà con mong {org} sớm có câu trả lời về kho lạnh trước khi mùa {theme} mới bắt đầu.",
    ),
)

FOREST = Topic(
    categories=("van-hoa-xa-hoi-moi-truong", "kinh-te-du-lich"),
    hosts=(
        "Hội Bảo vệ Thiên nhiên và Môi trường tỉnh",
        "Quỹ Bảo vệ và Phát triển rừng tỉnh",
        "Hội Khoa học Lâm nghiệp tỉnh",
    ),
    themes=(
        "rừng đầu nguồn",
        "rừng trúc",
        "suối Nậm La",
        "rừng sơn tra",
        "hồ thủy điện",
        "rừng cộng đồng",
        "khu bảo tồn Tà Xùa",
    ),
    titles=(
        "Giữ {theme} bằng hương ước ở {commune}",
        "{home}: dịch vụ môi trường rừng đến tay người giữ {theme}",
        "Khi trẻ em {commune} đếm chim quanh {theme}",
        "Rác nhựa và câu chuyện của {theme} tại {home}",
        "{host} ra quân trồng {big} cây bản địa ở {home}",
        "Du lịch cộng đồng cạnh {theme} {commune}: cơ hội và sức ép",
        "Cảnh báo lũ quét sớm cho các bản ven {theme} ở {home}",
        "Nước sạch cho {commune} và bài học từ {n} công trình bỏ hoang",
        "Ứng dụng khoa học và công nghệ trong giám sát {theme} tại {home}",
    ),
    news=(
        "{host} phối hợp với {org} phát động trồng cây tại khu vực {theme} thuộc {home}",
        "hơn {nnn} đoàn viên thanh niên {home} tham gia dọn rác dọc {theme}",
        "các tổ bảo vệ rừng của {commune} nhận máy định vị và đồng phục mới do {host} trao",
        "{host} công bố kết quả đo chất lượng nước tại {nn} điểm quanh {theme}",
    ),
    essays=(
        "Già bản {man} kể rằng ngày xưa muốn chặt một cây ở {theme} phải xin phép cả bản.",
        "Ai từng đến {home} vào mùa cạn đều hiểu vì sao người dân gọi {theme} là cái bình nước của mình.",
        (
            "Theo {decree}, mỗi héc-ta rừng ở lưu vực được chi trả một khoản nhất định, nhưng tiền đến tay dân thế nào "
            "lại là chuyện khác."
        ),
        "Không có hàng rào nào quanh {theme}, chỉ có lời hứa của {nnn} hộ dân {commune}.",
    ),
    sentences=(
        "Độ che phủ rừng của {home} đã lên {pct}, nhưng phần tăng thêm chủ yếu là rừng trồng thuần một loài.",
        "Tổ tuần tra gồm {nn} người chia làm {n} nhóm, mỗi nhóm đi ba ngày một chuyến.",
        "Ông {man} đánh dấu từng gốc cây cổ thụ bằng sơn trắng và ghi vào cuốn sổ đã sờn.",
        "Tiền chi trả năm rồi của {commune} là {million}, bản trích một phần làm đường bê tông.",
        "Máy đo mưa đặt trên mái nhà chị {woman} gửi số liệu về thành phố cứ mười phút một lần.",
        "Nhóm nghiên cứu ghi nhận {nn} loài chim quanh {theme}, trong đó có {n} loài cần được bảo vệ nghiêm ngặt.",
        "Trong {hour} phút mưa lớn, mực nước có thể dâng thêm hơn một mét nên còi báo động được đặt ngay đầu bản.",
        "Khách đến đông vào cuối tuần khiến lượng rác tăng {pct} so với ngày thường.",
        "Hương ước mới quy định ai làm cháy {theme} phải trồng bù {nnn} cây và chăm sóc trong {n} năm.",
        "{org} đề nghị không xây thêm đường ô tô xuyên qua {theme}.",
        "Học sinh {school} làm {nn} thùng phân loại từ chai nhựa cũ đặt dọc lối đi.",
        "Bể lọc bằng cát và than hoạt tính phục vụ {nnn} nhân khẩu, chi phí chừng {million}.",
        "Bà {woman} nói vui rằng nay đi lấy măng cũng phải nhìn đồng hồ vì đã có giờ đóng cửa rừng.",
        "Số vụ vi phạm lâm luật trên địa bàn giảm từ {nn} xuống còn {n} vụ trong một năm.",
        "Kỹ sư {person} cho rằng cây bản địa mọc chậm nhưng giữ đất tốt gấp nhiều lần cây nhập nội.",
        "Từ ngày 01/3/{before}, người dân {commune} không còn đốt nương trong tháng khô nhất.",
        "Bản đồ nguy cơ sạt lở tỷ lệ lớn đã hoàn thành cho {nn} bản của {home}.",
        "Nhà nghỉ trong bản phải có bể tự hoại ba ngăn mới được đón khách, {host} kiểm tra hai lần mỗi năm.",
    ),
    headings=("Người giữ rừng", "Nước từ đâu đến", "Khi khách tới bản", "Con số biết nói", "Còn những băn khoăn"),
    bullets=(
        "không mang lửa vào {theme} trong các tháng từ tháng mười một đến tháng tư;",
        "mỗi hộ trồng bù ít nhất {nn} cây sau một lần khai thác củi;",
        "gom rác hữu cơ ủ tại vườn, chuyển rác nhựa về điểm tập kết của {commune};",
        "trực còi báo lũ hai mươi bốn trên hai mươi bốn giờ khi mưa quá {nn} mi-li-mét;",
    ),
    captions=(
        "Tổ bảo vệ rừng {commune} trước giờ tuần tra",
        "Một góc {theme} nhìn từ {commune}",
        "Học sinh {school} trồng cây tại {home}",
        "Ông {man} bên gốc cây cổ thụ",
        "Trạm đo mưa tự động đặt tại {commune}",
        "Đ/c {person} – {role} phát động trồng cây",
    ),
    closings=(
        "Giữ được {theme} hôm nay là giữ nước cho {nnn} hộ ở hạ lưu ngày mai.",
        "Đợt kiểm tra kế tiếp của {host} tại {home} sẽ diễn ra trước mùa mưa.",
        "Với người {commune}, rừng còn thì bản còn, điều ấy không cần ai nhắc lại.",
    ),
)

TOPICS = (FARMING, FOREST)
