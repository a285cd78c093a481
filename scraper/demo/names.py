"""People, places, organisations and numbers that fill the slots of the text stock.

All persons are invented by putting common family, middle and given names together. The dates inside `{decree}` are
there to mislead: they are days of cited documents, never the day an article is about.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

FAMILIES = (
    "Lò",
    "Cà",
    "Tòng",
    "Quàng",
    "Cầm",
    "Hoàng",
    "Lường",
    "Bạc",
    "Mùa",
    "Giàng",
    "Vàng",
    "Sồng",
    "Nguyễn",
    "Trần",
    "Phạm",
    "Vũ",
    "Đinh",
    "Hà",
    "Bùi",
    "Đặng",
    "Phan",
    "Lê",
)
MEN = (
    "Văn Hặc",
    "Văn Pánh",
    "Đức Thuận",
    "Quang Tiến",
    "Minh Khải",
    "Xuân Trường",
    "Hữu Lộc",
    "Đình Chiến",
    "A Dơ",
    "Văn Inh",
    "Ngọc Sơn",
    "Thanh Tùng",
    "Văn Thoan",
    "Mạnh Cường",
    "Trung Hiếu",
    "Văn Ngoan",
)
WOMEN = (
    "Thị Khiêm",
    "Thị Chiêm",
    "Thu Hương",
    "Bích Ngọc",
    "Thị Mai",
    "Kim Oanh",
    "Thị Xôm",
    "Thanh Huyền",
    "Thị Dua",
    "Hồng Vân",
    "Thị Ón",
    "Thị Loan",
    "Minh Nguyệt",
    "Thị Hạnh",
    "Phương Thảo",
    "Thị Pâng",
)
PEN_NAMES = (
    "Thu Trang",
    "Hải Yến",
    "Minh Đức",
    "Quốc Tuấn",
    "Lan Phương",
    "Huy Ngoan",
    "Diệu Linh",
    "Lam Sơn",
    "Trung Thành",
    "Kiều My",
    "Ngọc Thuấn",
    "Việt Anh",
)
PLACES = (
    "huyện Mai Sơn",
    "huyện Mộc Châu",
    "huyện Yên Châu",
    "huyện Thuận Châu",
    "huyện Sông Mã",
    "huyện Sốp Cộp",
    "huyện Bắc Yên",
    "huyện Phù Yên",
    "huyện Vân Hồ",
    "huyện Quỳnh Nhai",
    "huyện Mường La",
    "thành phố Sơn La",
)
COMMUNES = (
    "xã Chiềng Ban",
    "xã Hát Lót",
    "xã Cò Nòi",
    "xã Chiềng Khoa",
    "xã Lóng Luông",
    "xã Phiêng Luông",
    "xã Chiềng Hặc",
    "xã Co Mạ",
    "xã Nậm Lầu",
    "xã Mường Hung",
    "xã Púng Bánh",
    "xã Xím Vàng",
    "xã Gia Phù",
    "xã Mường Giàng",
    "xã Ngọc Chiến",
    "bản Lướt",
    "bản Noong La",
    "bản Hua Ít",
)
ORGANISATIONS = (
    "Hội Nông dân tỉnh",
    "Hội Liên hiệp Phụ nữ tỉnh",
    "Tỉnh đoàn",
    "Sở Nông nghiệp và Môi trường",
    "Sở Y tế",
    "Liên minh Hợp tác xã tỉnh",
    "Hội Khuyến học tỉnh",
    "Báo Sơn La",
    "Trung tâm Ứng dụng tiến bộ khoa học",
    "Hội Cựu giáo chức tỉnh",
    "Hội Kiến trúc sư tỉnh",
    "Ban Dân tộc tỉnh",
    "Hội Sinh vật cảnh",
    "Hội Điều dưỡng tỉnh",
)
SCHOOLS = (
    "Trường THPT Tô Hiệu",
    "Trường THPT Chuyên Sơn La",
    "Trường THCS Lê Quý Đôn",
    "Trường THPT Cò Nòi",
    "Trường Tiểu học Quyết Thắng",
    "Trường Cao đẳng Sơn La",
    "Trường THPT Mường Bú",
    "Trường PTDT nội trú Thuận Châu",
)
ROLES = (
    "Phó Chủ tịch UBND tỉnh",
    "Chủ tịch Liên hiệp hội",
    "Phó Giám đốc Sở",
    "Trưởng phòng Tư vấn phản biện",
    "Bí thư Huyện ủy",
    "Trưởng ban Dân vận",
    "Phó Chủ tịch HĐND huyện",
    "Viện trưởng",
    "Tổng Thư ký hội",
)
LAWS = (
    "Luật Thủ đô (sửa đổi)",
    "Luật Địa chất và Khoáng sản",
    "Luật Nhà giáo",
    "Luật Di sản văn hóa",
    "Luật Chăn nuôi",
    "Luật Phòng bệnh",
    "Luật Việc làm (sửa đổi)",
    "Luật Công nghiệp công nghệ số",
)
AFFILIATIONS = (
    "Trường Cao đẳng Sơn La",
    "Hội Khoa học Lịch sử tỉnh",
    "Chuyên viên chính, Sở Y tế",
    "Phó Trưởng ban Tuyên giáo Huyện ủy",
    "Giảng viên Trường Chính trị tỉnh",
    "Viện Nghiên cứu Rau quả",
    "Bệnh viện Đa khoa tỉnh",
)
DEGREES = ("TS.", "ThS.", "PGS.TS.", "BSCKII.", "ThS. BS.", "KS.")
PUBLISHERS = (
    "Báo Sơn La",
    "Tạp chí Tia Sáng",
    "Báo Khoa học và Đời sống",
    "Cổng thông tin điện tử tỉnh",
    "Báo Nhân Dân",
    "TTXVN",
)


def person(rng: random.Random) -> str:
    return f"{rng.choice(FAMILIES)} {rng.choice(MEN + WOMEN)}"


def decree(rng: random.Random) -> str:
    """A cited document with its own day, which is never the article's."""
    day = f"{rng.randint(1, 28):02d}/{rng.randint(1, 12)}/{rng.randint(2006, 2019)}"
    number = rng.randint(11, 96)
    return rng.choice(
        (
            f"Nghị quyết số {number}-NQ/TU ngày {day} của Ban Thường vụ Tỉnh ủy",
            f"Quyết định số {number * 13}/QĐ-UBND ngày {day} của UBND tỉnh",
            f"Kế hoạch số {number}/KH-UBND ngày {day}",
            f"Chỉ thị số {number}-CT/TW ngày {day} của Ban Bí thư",
            f"Thông tư số {number}/2016/TT-BKHCN ngày {day}",
        )
    )


def comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


MAKERS: Mapping[str, Callable[[random.Random], str]] = {
    "person": person,
    "man": lambda rng: f"{rng.choice(FAMILIES)} {rng.choice(MEN)}",
    "woman": lambda rng: f"{rng.choice(FAMILIES)} {rng.choice(WOMEN)}",
    "role": lambda rng: rng.choice(ROLES),
    "place": lambda rng: rng.choice(PLACES),
    "commune": lambda rng: rng.choice(COMMUNES),
    "org": lambda rng: rng.choice(ORGANISATIONS),
    "school": lambda rng: rng.choice(SCHOOLS),
    "law": lambda rng: rng.choice(LAWS),
    "decree": decree,
    "n": lambda rng: f"{rng.randint(2, 9):02d}" if rng.random() < 0.4 else str(rng.randint(2, 9)),
    "nn": lambda rng: str(rng.randint(11, 98)),
    "nnn": lambda rng: str(rng.randint(105, 985)),
    "big": lambda rng: f"{rng.randint(1, 48)}.{rng.randint(10, 99)}0",
    "pct": lambda rng: f"{comma(rng.uniform(2, 97))}%",
    "money": lambda rng: f"{comma(rng.uniform(0.6, 88))} tỷ đồng",
    "million": lambda rng: f"{rng.randint(12, 480)} triệu đồng",
    "before": lambda rng: str(rng.randint(2009, 2019)),
    "hour": lambda rng: str(rng.randint(2, 6) * 10),
}


class Slots(dict[str, str]):
    """Fills a template: what the article fixes once, else a fresh draw."""

    def __init__(self, rng: random.Random, fixed: Mapping[str, str]) -> None:
        super().__init__(fixed)
        self.rng = rng

    def __missing__(self, key: str) -> str:
        if key == "thing":
            return self["theme"]
        return MAKERS[key](self.rng)

    def fill(self, template: str) -> str:
        text = template.format_map(self)
        return text[0].upper() + text[1:]
