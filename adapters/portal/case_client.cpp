#include "adapters/portal/case_client.h"
#include "base/digest.h"
#include <nlohmann/json.hpp>

namespace cho40::portal {

std::string payment_result_json(fees::PaymentResult const& result, std::string_view partner)
{
    using nlohmann::json;
    json receipts = json::array();
    for (auto const& r : result.receipts) {
        receipts.push_back({{"code", r.lookup_code},
                            {"form", fees::form_code(r.number.form)},
                            {"symbol", r.number.symbol},
                            {"number", r.number.number},
                            {"amount", r.total.count()}});
    }
    json body = {{"dossier_code", result.notice.dossier_code}, {"notice_code", result.notice.code}, {"amount", result.notice.total.count()},
                 {"paid_at", to_rfc3339(result.paid_at)},      {"receipts", std::move(receipts)},   {"partner", partner}};
    return body.dump();
}

std::string payment_result_checksum(fees::PaymentResult const& result, Secret const& secret)
{
    auto const& n = result.notice;
    return to_hex(sha256(n.dossier_code + '|' + n.code + '|' + std::to_string(n.total.count()) + '|' + to_rfc3339(result.paid_at) + '|' +
                         secret.expose()));
}

boost::asio::awaitable<fees::CaseAnswer> CaseClient::tell(fees::PaymentResult result)
{
    http::Outgoing call(http::Method::post, options_.url + "/portal/payment-results", payment_result_json(result, options_.partner));
    call.headers.set("Content-Type", "application/json");
    call.headers.set("X-Checksum", payment_result_checksum(result, options_.secret));
    call.deadline = options_.deadline;
    auto answered = co_await client_.call(std::move(call));
    fees::CaseAnswer answer;
    if (!answered.response) {
        answer.reason = std::string(errc_name(answered.response.error().code));
        co_return answer;
    }
    auto const status = answered.response->status;
    if (status >= 200 && status < 300) {
        answer.kind = fees::CaseAnswer::Kind::told;
        co_return answer;
    }
    answer.reason = "HTTP " + std::to_string(status);
    bool const may_pass = status >= 500 || status == 408 || status == 429;
    answer.kind = may_pass ? fees::CaseAnswer::Kind::no_answer : fees::CaseAnswer::Kind::refused;
    co_return answer;
}

}  // namespace cho40::portal
