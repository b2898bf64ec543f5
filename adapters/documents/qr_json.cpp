#include "adapters/documents/qr_json.h"
#include <nlohmann/json.hpp>

namespace cho40::documents {
namespace {

using Json = nlohmann::ordered_json;
using namespace qr_pay;

Json map_of(SubObjects const& objects)
{
    auto map = Json::object();
    for (auto const& [id, value] : objects) map[id] = value;
    return map;
}

Json account_json(MerchantAccount const& account)
{
    Json json{{"id", account.id}, {"scheme", name_of(account.scheme)}};
    if (account.guid) json["guid"] = *account.guid;
    switch (account.scheme) {
    case Scheme::primitive: json["value"] = account.value; break;
    case Scheme::vietqr:
        json["acquirer"] = account.acquirer;
        json["account"] = account.account;
        json["service"] = account.service;
        break;
    case Scheme::vnpayqr:
        if (auto const* merchant = find(account.sub, "01")) json["merchant_id"] = *merchant;
        break;
    case Scheme::khqr: json["bakong_id"] = *account.guid; [[fallthrough]];
    case Scheme::promptpay:
    case Scheme::paynow:
    case Scheme::other: json["sub"] = map_of(account.sub); break;
    }
    return json;
}

Json decoded_json(DecodedQr const& qr)
{
    Json json;
    json["root"] = Json::array();
    for (auto const& [id, value] : qr.root) json["root"].push_back(Json{{"id", id}, {"value", value}});
    json["crc"] = qr.crc;
    json["initiation"] = name_of(qr.initiation);
    json["merchant_accounts"] = Json::array();
    for (auto const& account : qr.merchant_accounts) json["merchant_accounts"].push_back(account_json(account));

    struct Member {
        char const* name;
        std::optional<std::string> const& value;
    };
    Member const members[] = {{"mcc", qr.mcc},
                              {"currency", qr.currency},
                              {"amount", qr.amount},
                              {"tip_indicator", qr.tip_indicator},
                              {"fee_fixed", qr.fee_fixed},
                              {"fee_percent", qr.fee_percent},
                              {"country", qr.country},
                              {"merchant_name", qr.merchant_name},
                              {"merchant_city", qr.merchant_city},
                              {"postal_code", qr.postal_code}};
    for (auto const& [name, value] : members) {
        if (value) json[name] = *value;
    }
    if (qr.additional) json["additional"] = map_of(*qr.additional);
    if (qr.language) json["language"] = map_of(*qr.language);
    for (auto const& [id, content] : qr.unreserved) {
        auto const* text = std::get_if<std::string>(&content);
        json["unreserved"][id] = text ? Json(*text) : map_of(std::get<SubObjects>(content));
    }
    json["profile"] = qr.profile;
    if (auto const* vietqr = qr.vietqr()) {
        json["bin"] = vietqr->acquirer;
        json["account"] = vietqr->account;
        json["service"] = vietqr->service;
    }
    json["issues"] = qr.issues;
    return json;
}

}  // namespace

Json qr_json(tl::expected<DecodedQr, QrRefusal> const& reading)
{
    if (reading) return Json{{"valid", true}, {"decoded", decoded_json(*reading)}};
    return Json{{"valid", false}, {"decoded", Json{{"error", name_of(reading.error().fault)}, {"crc_ok", reading.error().crc_ok}}}};
}

}  // namespace cho40::documents
