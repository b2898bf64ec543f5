#include "qr-pay/qr_warnings.h"
#include "base/text.h"
#include <algorithm>

namespace cho40::qr_pay {
namespace {

// Printable ASCII, the format "ans" of EMV.
bool is_ans(std::string_view text)
{
    return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c <= 0x7E; });
}

std::string joined(std::vector<std::string> const& ids)
{
    std::string out;
    for (auto const& id : ids) out += (out.empty() ? "" : ",") + id;
    return out;
}

std::vector<std::string> missing_of_52_59_60(DecodedQr const& qr)
{
    std::vector<std::string> missing;
    if (!qr.mcc) missing.emplace_back("52");
    if (!qr.merchant_name) missing.emplace_back("59");
    if (!qr.merchant_city) missing.emplace_back("60");
    return missing;
}

void missing_objects(DecodedQr& qr)
{
    auto const* vietqr = qr.vietqr();
    if (vietqr && vietqr->service != "QRPUSH" && vietqr->service != "QRCASH") return;
    auto missing = missing_of_52_59_60(qr);
    if (!vietqr) {
        if (!missing.empty()) qr.issues.push_back("missing_emv_mandatory:" + joined(missing));
        return;
    }
    if (vietqr->service == "QRCASH") {
        for (auto const* sub : {"05", "07"}) {
            if (!qr.additional || !find(*qr.additional, sub)) missing.push_back(std::string("62-") + sub);
        }
    }
    if (!missing.empty()) qr.issues.push_back("missing_for_" + vietqr->service + ":" + joined(missing));
}

void vietqr_deviations(DecodedQr& qr, std::vector<SubObjects> const& organisations)
{
    auto const* vietqr = qr.vietqr();
    if (!vietqr) return;
    if (!find(vietqr->sub, "02")) qr.issues.emplace_back("service_code_absent_means_QRPUSH");
    if (qr.initiation == Initiation::dynamic_code && !qr.amount) qr.issues.emplace_back("dynamic_without_amount");
    if (qr.initiation == Initiation::static_code && qr.amount) qr.issues.emplace_back("static_with_amount");
    if (qr.currency != "704") qr.issues.emplace_back("currency_not_704");
    if (qr.country != "VN") qr.issues.emplace_back("country_not_VN");

    auto organisation = organisations.begin();
    for (auto const& account : qr.merchant_accounts) {
        if (account.scheme != Scheme::vietqr) continue;
        if (account.id != "38") qr.issues.emplace_back("vietqr_not_in_38");
        for (auto const& [id, value] : *organisation++) {
            if (id != "00" && id != "01") qr.issues.push_back(account.id + "-01_has_unexpected_sub_id:" + id);
        }
    }
}

void lengths_and_alphabets(DecodedQr& qr)
{
    struct Limit {
        char const* id;
        std::optional<std::string> const& value;
        std::size_t characters_max;
    };
    Limit const limits[] = {{"59", qr.merchant_name, 25}, {"60", qr.merchant_city, 15}, {"61", qr.postal_code, 10}};
    for (auto const& [id, value, most] : limits) {
        if (value && count_code_points(*value) > most) qr.issues.push_back(std::string(id) + "_longer_than_" + std::to_string(most));
        if (value && !is_ans(*value)) qr.issues.push_back(std::string(id) + "_non_ascii");
    }
    if (!qr.additional) return;
    for (auto const& [id, value] : *qr.additional) {
        if (id >= "50") continue;  // templates of payment systems: any text, up to 99
        if (id != "09" && count_code_points(value) > 25) qr.issues.push_back("62-" + id + "_longer_than_25");
        if (!is_ans(value)) qr.issues.push_back("62-" + id + "_non_ascii");
    }
}

// 62-09 asks the payer for an address, a mobile number, an e-mail address: each letter at most once.
bool is_ame(std::string_view text)
{
    return text.find_first_not_of("AME") == text.npos &&
           std::ranges::all_of(std::string_view("AME"), [&](char c) { return std::ranges::count(text, c) <= 1; });
}

}  // namespace

void add_warnings(DecodedQr& qr, std::vector<SubObjects> const& organisations)
{
    if (qr.root.back().second != qr.crc) qr.issues.emplace_back("crc_lower_case");
    missing_objects(qr);
    vietqr_deviations(qr, organisations);
    for (auto const& account : qr.merchant_accounts) {
        if (account.scheme != Scheme::primitive && !account.guid) qr.issues.push_back(account.id + "_without_guid");
    }
    lengths_and_alphabets(qr);
    if (qr.additional) {
        if (auto const* ask = find(*qr.additional, "09"); ask && !is_ame(*ask)) qr.issues.emplace_back("62-09_not_AME");
    }
    if (qr.language && (!find(*qr.language, "00") || !find(*qr.language, "01"))) qr.issues.emplace_back("64_missing_00_or_01");
    for (auto const& [id, value] : qr.root) {
        if (id >= "65" && id <= "79") qr.issues.push_back("rfu_id_" + id + "_present");
    }
    for (auto const& [id, content] : qr.unreserved) {
        if (std::holds_alternative<std::string>(content)) qr.issues.push_back("unreserved_" + id + "_is_not_a_template");
    }
    if (qr.currency == "704" && qr.amount) {
        auto const point = qr.amount->find('.');
        if (point != std::string::npos && point + 1 < qr.amount->size())
            qr.issues.emplace_back("amount_has_decimals_but_VND_exponent_is_0");
    }
}

}  // namespace cho40::qr_pay
