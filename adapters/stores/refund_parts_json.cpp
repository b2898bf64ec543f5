#include "adapters/stores/refund_parts_json.h"
#include <nlohmann/json.hpp>

namespace cho40::stores {

using nlohmann::json;

std::string parts_json(std::vector<qr_pay::RefundPart> const& parts)
{
    json out = json::array();
    for (auto const& part : parts) {
        json one = {{"from", static_cast<int>(part.from)}, {"amount", part.amount.count()}};
        if (!part.paper.is_nil()) {
            one["paper"] = part.paper.to_string();
            one["line"] = part.line;
        }
        out.push_back(std::move(one));
    }
    return out.dump();
}

std::vector<qr_pay::RefundPart> read_parts(std::string_view text)
{
    std::vector<qr_pay::RefundPart> parts;
    for (auto const& one : json::parse(text)) {
        qr_pay::RefundPart part;
        part.from = static_cast<ledger::AccountKind>(one.at("from").get<int>());
        part.amount = Dong(one.at("amount").get<std::int64_t>());
        part.paper = Uuid::from_string(one.value("paper", std::string())).value_or(Uuid{});
        part.line = one.value("line", 0);
        parts.push_back(part);
    }
    return parts;
}

}  // namespace cho40::stores
