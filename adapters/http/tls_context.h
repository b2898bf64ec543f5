#pragma once
#include "adapters/http/client.h"
#include "adapters/http/server.h"
#include <memory>

namespace boost::asio::ssl {
class context;
}

namespace cho40::http {

// TLS 1.2 and 1.3 with forward secrecy. Error invalid_config: a file that cannot be read or does not fit.
[[nodiscard]] Result<std::shared_ptr<boost::asio::ssl::context>> make_server_context(TlsServerFiles const& files);
// Trusts the system's authorities and ClientOptions::ca_file.
[[nodiscard]] Result<std::shared_ptr<boost::asio::ssl::context>> make_client_context(ClientOptions const& options);

}  // namespace cho40::http
