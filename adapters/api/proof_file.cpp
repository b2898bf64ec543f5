#include "adapters/api/proof_file.h"
#include "adapters/documents/proof_json.h"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cho40::api {

http::Response proof_file(ledger::Proof const& proof, identity::LedgerPublicKey const& key, std::string_view name)
{
    std::optional<std::string> known;
    if (key.id() == proof.head.key) known = key.bytes();
    // Indented: people open it to see what is in it.
    return http::Response::json_text(documents::proof_json(proof, known).dump(2) + '\n')
        .header("Content-Disposition", fmt::format("attachment; filename=\"{}.json\"", name));
}

}  // namespace cho40::api
