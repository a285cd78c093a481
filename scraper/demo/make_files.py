"""Makes the few binary files that the demo ships; a developer's tool.

    python -m scraper.demo.make_files PATH/TO/DejaVuSans.ttf

Needs Pillow and fpdf2, imported where they are used: the results are kept in the repository, so a running demo, and a
package that imports all its modules, need neither.
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FOLDER = Path(__file__).parent / "files"
DOCUMENTS = {
    "quy-che": (
        "QUY CHẾ PHỐI HỢP GIỮA CÁC HỘI THÀNH VIÊN",
        (
            "Điều 1. Quy chế này quy định việc phối hợp giữa các hội thành viên khi làm nhiệm vụ tư vấn, phản biện.",
            "Điều 2. Mỗi hội cử một đầu mối, báo tên và số điện thoại cho văn phòng trong mười ngày làm việc.",
            "Điều 3. Ý kiến khác nhau được ghi nguyên văn vào biên bản, không gộp.",
        ),
    ),
    "huong-dan": (
        "HƯỚNG DẪN GHI NHẬT KÝ ĐỒNG RUỘNG",
        (
            "Bước 1. Ghi ngày, giờ và thời tiết trước khi xuống vườn.",
            "Bước 2. Ghi tên thuốc, liều lượng và người phun; dán vỏ gói thuốc vào trang sau.",
            "Bước 3. Cuối tháng, tổ trưởng ký xác nhận và gửi bản chụp về hợp tác xã.",
        ),
    ),
    "ke-hoach": (
        "KẾ HOẠCH TỔ CHỨC NGÀY HỘI SÁNG TẠO",
        (
            "I. Mục đích: tạo sân chơi cho học sinh và người lao động có ý tưởng mới.",
            "II. Nội dung: trưng bày, chạy thử mô hình, giao lưu với tác giả.",
            "III. Kinh phí: từ nguồn xã hội hóa và quỹ hỗ trợ sáng tạo của tỉnh.",
        ),
    ),
    "thong-bao": (
        "THÔNG BÁO TIẾP NHẬN HỒ SƠ DỰ THI",
        (
            "Ban Thư ký nhận hồ sơ tại văn phòng và qua thư điện tử.",
            "Hồ sơ gồm phiếu đăng ký, bản mô tả giải pháp và ảnh chụp mô hình.",
            "Hồ sơ không hoàn trả; tác giả nên giữ lại một bản.",
        ),
    ),
}


def make_pdf(font: str, name: str, title: str, lines: tuple[str, ...]) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_creation_date(datetime(2024, 1, 2, tzinfo=UTC))
    pdf.set_title(title)
    pdf.set_lang("vi")
    pdf.add_font("DejaVu", fname=font)
    pdf.add_page()
    pdf.set_font("DejaVu", size=15)
    pdf.multi_cell(0, 9, title, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(6)
    pdf.set_font("DejaVu", size=11)
    for line in lines:
        pdf.multi_cell(0, 7, line, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2)
    pdf.output(str(FOLDER / f"{name}.pdf"))


def make_scene(seed: int) -> Image:
    from PIL import Image, ImageDraw

    rng = random.Random(seed)
    image = Image.new("RGB", (420, 280), (180 - seed * 8, 205, 235))
    draw = ImageDraw.Draw(image)
    for depth in range(5):
        base = 120 + depth * 30
        peaks = [(x, base - rng.randint(0, 60)) for x in range(-40, 480, 70)]
        draw.polygon([(-40, 280), *peaks, (480, 280)], fill=(60 + depth * 12, 130 - depth * 14, 70 + seed * 9))
    for _ in range(40):
        x, y = rng.randint(0, 410), rng.randint(190, 270)
        draw.ellipse((x, y, x + 9, y + 9), fill=(200 - seed * 20, 60 + seed * 25, 70))
    return image


def main(font: str) -> int:
    FOLDER.mkdir(exist_ok=True)
    for name, (title, lines) in DOCUMENTS.items():
        make_pdf(font, name, title, lines)
    for seed in (1, 2, 3):
        make_scene(seed).save(FOLDER / f"anh-{seed}.jpg", quality=70)
    for seed in (1, 2):
        make_scene(seed + 3).quantize(32).save(FOLDER / f"anh-{seed}.gif")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
