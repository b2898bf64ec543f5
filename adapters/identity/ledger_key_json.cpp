#include "adapters/identity/ledger_key_json.h"
#include "adapters/http/json_reader.h"
#include <nlohmann/json.hpp>

namespace cho40::identity {

nlohmann::json key_json(LedgerPublicKey const& key)
{
    return {{"algorithm", "Ed25519"}, {"key_id", key.id_text()}, {"public_key", to_hex(key.bytes())}, {"pem", key.pem()}};
}

Result<LedgerPublicKey> read_public_key(std::string_view text)
{
    auto const begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos || text[begin] != '{') return LedgerPublicKey::from_pem(text);
    CHO_TRY(auto const json, http::parse_json(text));
    auto const member = json.find("public_key");
    auto const bytes = member != json.end() && member->is_string() ? from_hex(member->get_ref<std::string const&>()) : std::nullopt;
    if (!bytes) return fail(Errc::invalid_format, "\"public_key\" is not there or not 64 hexadecimal digits", "/public_key");
    return LedgerPublicKey::from_bytes(*bytes);
}

}  // namespace cho40::identity
