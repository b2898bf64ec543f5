#pragma once
#include "adapters/identity/ledger_key.h"
#include "apps/cli/installation.h"
#include "apps/cli/io.h"
#include <optional>

namespace cho40::cli {

// The key the installation signs its books with; nothing where no installation key is configured.
inline std::optional<identity::LedgerKey> installation_ledger_key()
{
    auto const config = installation();
    auto const& text = config.installation.key.expose();
    if (text.empty()) return std::nullopt;
    return identity::LedgerKey(value_or_stop(identity::InstallationKey::parse(text), "installation.key"));
}

}  // namespace cho40::cli
