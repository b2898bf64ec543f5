#pragma once
#include "base/dong.h"
#include "base/time.h"
#include <optional>
#include <string>
#include <vector>

namespace cho40::etax {

// What a notice of the tax authority says about a filing. A receipt is not an acceptance: 843 says that the dossier
// arrived, 844 that it was accepted or refused. Under Thông tư 89/2026 (from 01/07/2026) there is one notice,
// 01/TB-TĐT, "received" or "not received"; both worlds are delivered until 01/01/2027.
enum class NoticeKind {
    received,       // 843 (01-1/TB-TĐT)
    result,         // 844 (01-2/TB-TĐT): accepted or refused
    receipt_2026,   // 01/TB-TĐT of Thông tư 89/2026: received or not received
    invalid,        // 213: the transaction could not be read
    incident,       // 02/TB-TĐT: the authority's own system was down
    other,
};

struct NoticeReason {
    std::string group;      // tenNhomLoi
    std::string error;      // tenLoi, or the code of a 213
    std::string guidance;   // huongDanXuLy
    std::string note;       // ghiChu

    friend bool operator==(NoticeReason const&, NoticeReason const&) = default;
};

// A sum to pay with the identifier the payment must carry. Negative after a correction downwards.
struct NoticedPayable {
    std::string id;         // opaque, at most 30 characters
    Dong amount;
    std::string currency;   // tenLoaiTien

    friend bool operator==(NoticedPayable const&, NoticedPayable const&) = default;
};

struct NoticedDossier {
    std::string name;       // tokhai-phuluc
    std::string type;       // Chính thức, Bổ sung
    std::string period;     // as written: Q1/2026, 2/2026
    int times = 0;          // lanNop: 1 for the first filing

    friend bool operator==(NoticedDossier const&, NoticedDossier const&) = default;
};

struct Notice {
    NoticeKind kind = NoticeKind::other;
    std::string code;              // maTBao: 843, 844, 213, …
    std::string title;             // tenTBao
    std::string number;            // soTBao
    std::optional<Day> day;        // ngayTBao
    std::string office_code;       // maCQT
    std::string office_name;
    std::string recipient_code;    // the taxpayer
    std::string recipient_name;
    std::optional<bool> positive;  // trangThai Y or N
    std::optional<Instant> filed_at;      // ngayNopThucTe: the legal time of filing
    std::optional<Instant> accepted_at;   // ngayChapNhan
    std::optional<Instant> completed_at;  // ngayHoanThanh
    std::string transaction_code;  // maGiaoDichDTu, or maGDich of a 213; opaque
    std::vector<NoticedDossier> dossiers;
    std::vector<NoticeReason> reasons;
    std::vector<NoticedPayable> payables;
    std::string link;
    std::string hotline;

    friend bool operator==(Notice const&, Notice const&) = default;
};

[[nodiscard]] constexpr char const* name_of(NoticeKind kind)
{
    switch (kind) {
    case NoticeKind::received: return "received";
    case NoticeKind::result: return "result";
    case NoticeKind::receipt_2026: return "receipt_2026";
    case NoticeKind::invalid: return "invalid";
    case NoticeKind::incident: return "incident";
    case NoticeKind::other: break;
    }
    return "other";
}

}  // namespace cho40::etax
