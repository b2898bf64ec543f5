#include "fees/explain.h"
#include "base/text.h"

namespace cho40::fees {
namespace {

std::string money(Dong amount) { return dong_text(amount.count()); }

std::string join(std::vector<std::string> const& parts, std::string_view between)
{
    std::string text;
    for (auto const& part : parts) {
        if (!text.empty()) text += between;
        text += part;
    }
    return text;
}

std::string groups(FeeTables const& tables, Relief const& relief, std::string Audience::* name, std::string_view between)
{
    std::vector<std::string> names;
    for (auto const& key : relief.audience) {
        auto const* audience = tables.audience(key);
        names.push_back(audience ? audience->*name : key);
    }
    return join(names, between);
}

std::string_view reason_vi(UnknownBecause reason)
{
    switch (reason) {
    case UnknownBecause::nothing: break;
    case UnknownBecause::no_rate_on_day: return "không có mức thu nào có hiệu lực vào ngày này";
    case UnknownBecause::amount_not_found: return "chưa có số tiền trong biểu mức thu";
    case UnknownBecause::other_province: return "chỉ có mức thu của tỉnh khác, không áp dụng tại Quảng Ninh";
    case UnknownBecause::set_locally: return "mức thu do Hội đồng nhân dân tỉnh quy định và chưa được nhập vào biểu";
    case UnknownBecause::see_circular: return "mức thu nằm trong thông tư chưa được nhập vào biểu";
    case UnknownBecause::range_only: return "mức thu tùy trường hợp, cán bộ xác định theo hồ sơ";
    case UnknownBecause::percentage_not_known: return "tỷ lệ thu do cơ quan có thẩm quyền xác định";
    case UnknownBecause::value_missing: return "chưa có giá trị dùng để tính";
    case UnknownBecause::exchange_rate_missing: return "chưa có tỷ giá USD của ngày nộp";
    case UnknownBecause::value_outside_bands: return "giá trị này nằm ngoài các mức đã nhập vào biểu";
    case UnknownBecause::free_limit_uncertain: return "giá trị nằm sát ngưỡng không phải nộp, ngưỡng của ngày này chưa được xác nhận";
    }
    return "";
}

std::string_view reason_en(UnknownBecause reason)
{
    switch (reason) {
    case UnknownBecause::nothing: break;
    case UnknownBecause::no_rate_on_day: return "no rate is in force on this day";
    case UnknownBecause::amount_not_found: return "the schedule does not hold the amount";
    case UnknownBecause::other_province: return "only another province's tariff is known, which does not apply in Quảng Ninh";
    case UnknownBecause::set_locally: return "the provincial council sets the amount and it is not in the schedule yet";
    case UnknownBecause::see_circular: return "the amount is in a circular that is not in the schedule yet";
    case UnknownBecause::range_only: return "the amount depends on the case and an officer decides it";
    case UnknownBecause::percentage_not_known: return "the percentage is decided by the competent authority";
    case UnknownBecause::value_missing: return "the value it is computed from is missing";
    case UnknownBecause::exchange_rate_missing: return "the USD rate of the day of payment is missing";
    case UnknownBecause::value_outside_bands: return "the value lies outside the bands in the schedule";
    case UnknownBecause::free_limit_uncertain:
        return "the value is close to the limit below which nothing is due, and that limit is not confirmed for this day";
    }
    return "";
}

}  // namespace

std::string legal_basis_en(std::string_view legal_basis)
{
    std::string text;
    int depth = 0;
    for (char c : legal_basis) {
        if (c == '(' && (text.empty() || text.back() == ' ')) ++depth;  // "art. 4(1)" is no remark
        // A remark that is left out leaves no space before the mark that follows it.
        if (depth == 0 && (c == ';' || c == ',') && text.ends_with(' ')) text.pop_back();
        if (depth == 0) text += c;
        if (c == ')' && depth > 0) --depth;
    }
    auto const end = text.find_last_not_of(" ;,");
    text.resize(end == std::string::npos ? 0 : end + 1);
    return text;
}

std::string legal_basis_vi(std::string_view legal_basis)
{
    auto text = legal_basis_en(legal_basis);
    constexpr std::pair<std::string_view, std::string_view> words[] = {{" as amended by ", ", sửa đổi bởi "},
                                                                       {" as amended", ""},
                                                                       {" then ", ", "},
                                                                       {"; since 2025 ", "; từ 2025 "},
                                                                       {" item ", " mục "},
                                                                       {" art. ", " Điều "},
                                                                       {" annex ", " phụ lục "},
                                                                       {"; carried over by ", "; tiếp tục tại "},
                                                                       {"; published list ", "; danh mục tại "},
                                                                       {"; elsewhere half", ""}};
    for (auto const& [english, vietnamese] : words) {
        for (auto at = text.find(english); at != std::string::npos; at = text.find(english, at + vietnamese.size())) {
            text.replace(at, english.size(), vietnamese);
        }
    }
    return text;
}

std::string relief_text_vi(FeeTables const& tables, Relief const& relief)
{
    std::string text;
    switch (relief.kind) {
    case ReliefKind::pct: text = "còn " + std::to_string(relief.value) + "%"; break;
    case ReliefKind::off: text = "giảm " + std::to_string(relief.value) + "%"; break;
    case ReliefKind::free: text = "miễn"; break;
    case ReliefKind::cap: text = "tối đa " + money(Dong(relief.value)); break;
    case ReliefKind::min: text = "tối thiểu " + money(Dong(relief.value)); break;
    }
    if (!relief.audience.empty()) text += " cho " + groups(tables, relief, &Audience::name_vi, ", ");
    if (auto const* act = tables.act(relief.source)) text += " theo " + act->title_vi;
    if (relief.to) text += " (đến " + relief.to->to_vietnamese() + ")";
    return text;
}

std::string relief_text_en(FeeTables const& tables, Relief const& relief)
{
    std::string text;
    switch (relief.kind) {
    case ReliefKind::pct: text = std::to_string(relief.value) + "% of it"; break;
    case ReliefKind::off: text = std::to_string(relief.value) + "% off"; break;
    case ReliefKind::free: text = "free"; break;
    case ReliefKind::cap: text = "at most " + money(Dong(relief.value)); break;
    case ReliefKind::min: text = "at least " + money(Dong(relief.value)); break;
    }
    if (!relief.audience.empty()) text += " for: " + groups(tables, relief, &Audience::name_en, ", ");
    if (auto const* act = tables.act(relief.source)) text += " under " + act->title_en;
    if (relief.to) text += " (until " + relief.to->to_vietnamese() + ")";
    return text;
}

std::string explain_vi(FeeTables const& tables, Assessment const& a)
{
    std::string text = a.name_vi + ": ";
    if (a.knowledge == Knowledge::unknown) {
        return text + "chưa xác định được số tiền vì " + std::string(reason_vi(a.unknown_because)) +
               ". Chưa thể nộp trực tuyến; cán bộ tiếp nhận sẽ xem xét.";
    }
    if (a.base) {
        text += "mức thu " + money(*a.base);
        if (!a.working.empty()) text += " (" + a.working + ")";
        text += " theo " + legal_basis_vi(a.legal_basis);
    } else {
        text += "theo " + legal_basis_vi(a.legal_basis);
    }
    if (auto const* used = a.relief_used()) text += "; được áp dụng: " + relief_text_vi(tables, used->relief);
    text += a.due->is_zero() ? ". Không phải nộp tiền." : ". Phải nộp " + money(*a.due) + ".";
    for (auto const& other : a.reliefs) {
        if (other.verdict != ReliefOutcome::Verdict::not_better) continue;
        text += " Không cộng thêm: " + relief_text_vi(tables, other.relief) + " (chỉ hưởng một ưu đãi có lợi nhất).";
    }
    if (!a.open_condition.empty()) text += " Cán bộ cần xác nhận điều kiện: " + a.open_condition + ".";
    return text;
}

std::string explain_en(FeeTables const& tables, Assessment const& a)
{
    std::string text = a.name_en + ": ";
    if (a.knowledge == Knowledge::unknown) {
        return text + "the amount is not known because " + std::string(reason_en(a.unknown_because)) +
               ". It cannot be paid online; an officer will look at it.";
    }
    if (a.base) {
        text += "rate " + money(*a.base);
        if (!a.working.empty()) text += " (" + a.working + ")";
        text += " by " + legal_basis_en(a.legal_basis);
    } else {
        text += "by " + legal_basis_en(a.legal_basis);
    }
    if (auto const* used = a.relief_used()) text += "; applied: " + relief_text_en(tables, used->relief);
    text += a.due->is_zero() ? ". Nothing to pay." : ". To pay: " + money(*a.due) + ".";
    for (auto const& other : a.reliefs) {
        if (other.verdict != ReliefOutcome::Verdict::not_better) continue;
        text += " Not added: " + relief_text_en(tables, other.relief) + " (only the single best relief applies).";
    }
    if (!a.open_condition.empty()) text += " An officer must confirm the condition: " + a.open_condition + ".";
    return text;
}

}  // namespace cho40::fees
