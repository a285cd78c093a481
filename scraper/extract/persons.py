"""The words from which persons are told from places, days and organisations: family names, places, and what never opens
a name. Data only; `names.py` holds the rules."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.split(","))


# Family names, those of the north-west's peoples included.
SURNAMES = _set(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đoàn vương trịnh trương đinh lâm phùng"
    " mai tô hà tạ cao chu lưu lương thái tăng quách khổng kiều nghiêm thạch la mạc tống hứa triệu nông ma lò cầm quàng"
    " tòng vì mùa giàng thào sùng vàng bạc điêu đèo lường lừ lèo cà hờ hạng tráng sồng vừ ly phàng và lầu bàn tếnh sa"
    " hoa bế âu lục đàm đồng lộc ngần khà vi cút hạ thân tiêu từ viên doãn giang khuất nhâm quản thiều tôn ông hầu mè"
    " mào mòng tẩn chảo cháo chẻo phàn tần thền vù cứ cư khang hảng hoàn chá thò phừ moong xa lự lìm quàn mã tráng lồ"
)
# Never bylines, wherever they stand.
OWN_PLACES = _phrases(
    "sơn la, việt nam, hà nội, điện biên, điện biên phủ, lai châu, hòa bình, hoà bình, mộc châu, mai sơn, yên châu,"
    " thuận châu, quỳnh nhai, mường la, bắc yên, phù yên, sông mã, sốp cộp, vân hồ, vân nam, tây bắc, trung ương,"
    " quốc hội, chính phủ, bộ chính trị"
)
# Provinces, towns, rivers, mountains, and the communes and wards hereabouts that have a name's form: no bylines unless
# set as one.
PLACES = OWN_PLACES | _phrases(
    "an giang, bạc liêu, bắc giang, bắc kạn, bắc ninh, bến tre, bình dương, bình định, bình phước, bình thuận, cà mau,"
    " cao bằng, cần thơ, đà nẵng, đắk lắk, đắc lắc, đắk nông, đắc nông, đồng nai, đồng tháp, gia lai, hà giang, hà nam,"
    " hà tĩnh, hà tây, hà đông, hải dương, hải phòng, hậu giang, hưng yên, khánh hòa, khánh hoà, kiên giang, kon tum,"
    " lạng sơn, lào cai, lâm đồng, long an, nam định, nghệ an, ninh bình, ninh thuận, phú thọ, phú yên, quảng bình,"
    " quảng nam, quảng ngãi, quảng ninh, quảng trị, sóc trăng, tây ninh, thái bình, thái nguyên, thanh hóa, thanh hoá,"
    " thừa thiên huế, tiền giang, trà vinh, tuyên quang, vĩnh long, vĩnh phúc, vũng tàu, yên bái, sài gòn,"
    " hồ chí minh, điện biên phủ, sa pa, đà lạt, nha trang, hạ long, côn đảo, phú quốc, hoàng sa, trường sa, nghĩa lộ,"
    " viêng chăn, luông pha băng, hủa phăn, xiêng khoảng, quế lâm, côn minh, bắc kinh, hồng kông, đài loan,"
    " hồng hà, đà giang, cửu long, hoàng liên sơn, trường sơn, fan xi păng, pha luông, pha đin, ba vì,"
    " tà xùa, nà sản, hua la, nậm la, cò nòi, tô hiệu, quyết thắng, quyết tâm, tân lập, tân lang, tân hợp, tân xuân,"
    " hồng ngài, hồng gai, hát lót, thảo nguyên, ngọc chiến, tông lạnh, tông cọ, tạ bú, ít ong, chiềng lề,"
    " lóng luông, lóng sập, vân hồ, vân tây, gia phù, quang huy, huy hạ, huy bắc, huy tân, tường phù, tường thượng,"
    " mường và, dồm cang, púng bánh, co mạ, co tòng, long hẹ, phiêng khoài, yên sơn, đông sang, quy hướng, cao nguyên"
)
# First syllables of places, of times, of headings and of prizes: no person's name opens with one.
NEVER_FIRST = _set(
    "sông suối núi thác đỉnh bản mường chiềng nà tà hua nậm phiêng pá pú huổi háng lóng xóm làng phố phường huyện tỉnh"
    " chợ rừng biển đảo vịnh cầu hang giải hạng bài phần chương mục vòng khối lớp tết lễ ngày đêm"
    " chiều sáng trưa tháng bến khúc tiếng nhớ về kỳ số tập hết kính trân xin còn những các một hai bảng danh nguồn"
)
# Two-syllable words and sayings that have a name's form.
NO_NAMES = _phrases(
    "trung thu, nguyên đán, thanh niên, phụ nữ, nhân dân, tiền phong, lao động, thiếu nhi, nhi đồng, thu đông, xuân hè,"
    " xuân thu, hoa ban, hoa ban trắng, hoa đào, mai vàng, đồng khởi, cần kiệm, trí đức, phúc lộc thọ, an toàn,"
    " đoàn kết, thành công, thắng lợi, đồng tâm, hòa hợp, hạnh phúc, bình an, bình yên, văn minh, văn hóa, văn hoá,"
    " sáng tạo, thi đua, hợp tác, phát triển, đổi mới, quê hương, đất nước, tổ quốc, tây nguyên, đông nam á, đông bắc,"
    " tây nam, biển đông, thế giới, châu âu, châu á, xuân hạ thu đông, nông thôn mới, thành tích, hồng kỳ, cao nguyên,"
    " cao nguyên xanh, mộc châu xanh, hoa hồng, hoa mai, hoa sen, thảo luận, công tác, công trình, quy định"
)
# Seasons, rivers and mountains that authors go by; so few are listed because most such names are never signed with.
PEN_NAMES = _phrases("xuân thu, trường sơn, hồng hà, đà giang, cửu long, hoàng liên")
# Of whom much is quoted and named, and who signs nothing here.
OF_HISTORY = _phrases(
    "hồ chí minh, nguyễn ái quốc, nguyễn tất thành, hùng vương, hai bà trưng, trần hưng đạo, trần quốc tuấn,"
    " lý thường kiệt, lê lợi, quang trung, nguyễn huệ, nguyễn trãi, phan bội châu, phan châu trinh, phan chu trinh,"
    " hoàng diệu, trần phú, tô hiệu, tô vĩnh diện, lê hồng phong, nguyễn văn cừ, lê duẩn, trường chinh, phạm văn đồng,"
    " võ nguyên giáp, tôn đức thắng, nguyễn lương bằng, hoàng quốc việt, phạm hùng, nguyễn văn linh, võ thị sáu,"
    " phan đình giót, bế văn đàn, lò văn giá, các mác, c. mác, lê nin, lênin,"
    " v.i. lênin, v.i.lênin, v. i. lênin, ăng ghen, ph. ăng ghen"
)
# Before `trường`, `đoàn`, `viện` … these make an organisation; any other syllable may make a name (`Xuân Trường`).
OF_ORGANISATIONS = _set(
    "chi công liên tập đại quốc nhà học thư bệnh văn môi thị hội quảng nông trung lâm sư quân ủy uỷ thường tỉnh huyện"
    " xã liên trưởng phó hải tiểu đơn làm phân ngân lãnh thông"
)
# Frequent syllables of given and pen names, of which a plain line in capitals may be made.
GIVEN = _set(
    "an anh ánh ba bách bảo bích bình chi châu chiến chinh chung công cường cúc cương danh dân diễm diệp diệu dũng dung"
    " duy duyên đan đạt điệp đình đông đức giang hà hải hạnh hân hằng hậu hiên hiền hiến hiếu hiệp hoa hòa hoà hoài"
    " hoan hoàng hoạt hồng hợp huân huệ hùng huy huyền hưng hương hường hữu khang khánh khiêm khoa khôi khuê kiên kiệt"
    " kim kỳ lâm lan lành lệ liên liễu linh loan long lộc lợi luân luyến lương ly lý mai mạnh mẫn mến minh mơ my mỹ nam"
    " nga ngân nghĩa ngọc nguyên nguyệt nhã nhàn nhân nhật nhi nhiên nhung như oanh phong phú phúc phước phương phượng"
    " quân quang quý quyên quyền quyết quỳnh sáng sâm sinh sơn sương tâm tân tấn thái thanh thành thảo thạch thắm thắng"
    " thế thi thiên thiện thịnh thoa thơ thơm thu thủy thuỷ thúy thuý thùy thuỳ thuận thuyết thư thương thường tiên"
    " tiến tín tình toàn toản trà trang trâm trí trinh trọng trung trúc trường tú tuân tuấn tuệ tùng tuyên tuyến tuyền"
    " tuyết tường uyên văn vân vi việt vinh vĩnh vui vũ vượng vy xuân yên yến"
)
