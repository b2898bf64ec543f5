#include "adapters/api/refund_outflow_json.h"
#include "adapters/api/match_json.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;
using qr_pay::Outflow;
using qr_pay::RefundState;
using Words = OutflowWords;

// What the words speak of, as it is written.
struct Figures {
    std::string asked, left, missing, excess, code;
};

Words too_little(qr_pay::StoredRefund const& refund, Figures const& f, bool vi)
{
    bool const is_done = refund.refund.state == RefundState::done;
    if (is_done) {
        return vi ? Words{"Đã ghi hoàn " + f.asked + " nhưng ngân hàng chỉ báo đi " + f.left + ", còn thiếu " + f.missing + ".",
                          "Xem sao kê. Nếu khách chưa nhận đủ, chuyển nốt " + f.missing + " với nội dung " + f.code + "."}
                  : Words{f.asked + " is noted as given back, but the bank told of " + f.left + " only: " + f.missing + " is missing.",
                          "Look at the bank's statement. If the payer lacks it, send " + f.missing + " with " + f.code + " in the memo."};
    }
    if (refund.refund.method == qr_pay::RefundMethod::provider) {
        return vi ? Words{"Nhà cung cấp mới chuyển " + f.left + ", còn thiếu " + f.missing + ".",
                          "Đừng tự chuyển nốt: hỏi nhà cung cấp phần còn thiếu trước."}
                  : Words{"The provider sent " + f.left + ", " + f.missing + " is missing.",
                          "Do not send the rest yourself: ask the provider about it first."};
    }
    return vi ? Words{"Mới chuyển " + f.left + ", còn thiếu " + f.missing + ".",
                      "Chuyển nốt " + f.missing + " với nội dung " + f.code + ". Xong thì bấm “Tôi đã chuyển rồi”."}
              : Words{"Only " + f.left + " left, " + f.missing + " is missing.",
                      "Send the missing " + f.missing + " with " + f.code + " in the memo, then say “I have sent it”."};
}

Words excess(qr_pay::StoredRefund const& refund, Figures const& f, bool twice, bool vi)
{
    auto words = vi ? Words{"Đã chuyển " + f.left + ", dư " + f.excess + ".",
                            "Đừng chuyển thêm. Xem sao kê rồi nhờ khách trả lại " + f.excess + "."}
                    : Words{f.left + " left, " + f.excess + " too much.",
                            "Send no more. Look at the bank's statement, then ask the payer for " + f.excess + "."};
    if (twice) words.text = (vi ? "Hoàn hai lần. " : "Refund paid twice. ") + words.text;
    if (refund.refund.state != RefundState::done) {
        words.next += vi ? " Bấm “Tôi đã chuyển rồi” để ghi đã hoàn " + f.asked + "."
                         : " Say “I have sent it” to note " + f.asked + " as given back.";
    }
    return words;
}

Words not_asked_for(qr_pay::StoredRefund const& refund, Figures const& f, bool vi)
{
    switch (refund.refund.state) {
    case RefundState::awaiting_approval:
        return vi ? Words{"Đã chuyển " + f.excess + " khi khoản hoàn chưa được duyệt.",
                          "Đừng chuyển thêm. Nhờ người khác duyệt, rồi bấm “Tôi đã chuyển rồi”."}
                  : Words{f.excess + " left before the refund was approved.",
                          "Send no more. Have another person approve it, then say “I have sent it”."};
    case RefundState::returned:
        return vi ? Words{"Ngân hàng đã trả khoản hoàn về, nhưng lại có " + f.excess + " đi với mã cũ.",
                          "Nếu là trả lại khách: lập khoản hoàn khác rồi bấm “Tôi đã chuyển rồi” với mã giao dịch này."}
                  : Words{"The bank sent the refund back, and " + f.excess + " left again under its old code.",
                          "If it was for the payer: ask for another refund, then say “I have sent it” with this bank reference."};
    default:
        return vi ? Words{"Đã chuyển " + f.excess + " dù khoản hoàn này đã đóng.",
                          "Nếu đúng là trả khách: lập khoản hoàn khác rồi bấm “Tôi đã chuyển rồi” với mã giao dịch này. Nếu nhầm: nhờ khách trả lại."}
                  : Words{f.excess + " left though this refund is closed.",
                          "If it was right: ask for another refund, then say “I have sent it” with this bank reference. If not: ask the "
                          "payer for it."};
    }
}

}  // namespace

Words outflow_words(qr_pay::StoredRefund const& refund, qr_pay::RefundOutflow const& outflow, http::Language language)
{
    bool const vi = language == http::Language::vi;
    auto const text = [](Dong amount) { return dong_text(amount.count()); };
    Figures const f{text(refund.refund.amount), text(outflow.left), text(outflow.missing), text(outflow.excess), refund.refund.code.text()};
    switch (outflow.what) {
    case Outflow::as_asked: return {};
    case Outflow::too_little: return too_little(refund, f, vi);
    case Outflow::too_much: return excess(refund, f, false, vi);
    case Outflow::paid_twice: return excess(refund, f, true, vi);
    case Outflow::not_asked_for: return not_asked_for(refund, f, vi);
    case Outflow::in_parts:
        return vi ? Words{"Đã chuyển đủ " + f.asked + " trong nhiều lần.", "Bấm “Tôi đã chuyển rồi” và nhập mã giao dịch của lần cuối."}
                  : Words{"All of " + f.asked + " left in several transfers.",
                          "Say “I have sent it” with the bank reference of the last one."};
    case Outflow::unclear:
        return vi ? Words{"Có " + f.left + " đi với nội dung không chắc là của khoản hoàn này.",
                          "Xem sao kê. Nếu đúng, bấm “Tôi đã chuyển rồi” với mã giao dịch này."}
                  : Words{f.left + " left with a memo that may or may not mean this refund.",
                          "Look at the bank's statement. If it does, say “I have sent it” with this bank reference."};
    }
    return {};
}

json telling_json(qr_pay::RefundMovement const& telling, http::Language language)
{
    auto const& transfer = telling.transfer;
    return {{"rail", transfer.rail},
            {"amount", http::money_json(transfer.amount)},
            {"bank_reference", http::text_or_null(transfer.bank_reference)},
            {"narrative", transfer.memo},
            {"booked_at", http::instant_json(transfer.booked_at)},
            {"outcome", qr_pay::name_of(telling.outcome)},
            {"match", match_json(telling.match, transfer.memo, language)}};
}

json outflow_json(qr_pay::StoredRefund const& refund, qr_pay::RefundOutflow const& outflow, http::Language language)
{
    if (outflow.what == Outflow::as_asked) return nullptr;
    auto const words = outflow_words(refund, outflow, language);
    json movements = json::array();
    for (auto const& movement : outflow.movements) movements.push_back(telling_json(movement, language));
    return {{"what", qr_pay::name_of(outflow.what)},
            {"left", http::money_json(outflow.left)},
            {"missing", http::money_json(outflow.missing)},
            {"excess", http::money_json(outflow.excess)},
            {"text", words.text},
            {"next", words.next},
            {"movements", std::move(movements)}};
}

}  // namespace cho40::api
