#include "adapters/api/match_json.h"
#include "adapters/api/ids.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;
using qr_pay::MatchRule;

struct Words {
    MatchRule rule;
    std::string_view vi, en;
};
constexpr Words all_words[] = {
    {MatchRule::virtual_account, "Tiền vào số tài khoản cấp riêng cho khoản này.",
     "It came to the account that was given out for this payment alone."},
    {MatchRule::provider_order, "Đơn vị thanh toán báo lại đúng mã của khoản này.", "The provider echoed the code of this payment."},
    {MatchRule::code, "Nội dung chuyển khoản có mã của khoản này: ", "The memo holds the code of this payment: "},
    {MatchRule::several_codes,
     "Nội dung có nhiều mã, máy không tự chọn. Mã đầu tiên: ", "The memo holds several codes and none was chosen. The first: "},
    {MatchRule::code_nearly,
     "Nội dung gần đúng một mã, cần người bán xác nhận: ", "The memo nearly holds a code; the stall has to confirm: "},
    {MatchRule::amount_and_time, "Không có mã; chỉ một khoản đang chờ có đúng số tiền này, cần người bán xác nhận.",
     "No code; exactly one waiting payment lacks this amount; the stall has to confirm."},
    {MatchRule::nothing, "Không có mã và không có khoản nào đang chờ đúng số tiền này.",
     "No code, and no waiting payment lacks this amount."},
    {MatchRule::by_hand, "Người bán đã xác nhận.", "The stall confirmed it."},
    {MatchRule::paid_by, "Nội dung có mã giao dịch của lần chuyển hoàn: ", "The memo holds the bank's reference of the refund: "},
};

// Characters, not bytes; what is not UTF-8 was never stored.
std::string characters(std::string_view text, qr_pay::MemoSpan span)
{
    auto const place = [&](std::uint32_t count) {
        std::size_t at = 0;
        for (; at < text.size() && count > 0; --count) {
            ++at;
            while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
        }
        return at;
    };
    auto const from = place(span.from);
    return std::string(text.substr(from, place(span.from + span.length) - from));
}

}  // namespace

json match_json(std::optional<qr_pay::Match> const& stored, std::string_view narrative, http::Language language)
{
    if (!stored) return nullptr;
    auto const& match = *stored;
    auto const fired_on = characters(narrative, match.characters);
    std::string words;
    for (auto const& row : all_words) {
        if (row.rule == match.rule) words = language == http::Language::vi ? row.vi : row.en;
    }
    if (words.ends_with(' ')) words += "“" + fired_on + "”.";
    bool const by_characters = match.characters.length > 0;
    return {{"rule", qr_pay::name_of(match.rule)},
            {"rules_version", match.version},
            {"characters", by_characters ? json{{"from", match.characters.from}, {"length", match.characters.length}, {"text", fired_on}}
                                         : json(nullptr)},
            {"text", words}};
}

}  // namespace cho40::api
