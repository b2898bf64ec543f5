#include "adapters/http/tls_context.h"
#include <boost/asio/ssl/context.hpp>

namespace cho40::http {

namespace ssl = boost::asio::ssl;

namespace {

Error unusable(std::string const& file, boost::system::error_code const& error)
{
    return {Errc::invalid_config, "cannot use " + file + ": " + error.message()};
}

std::shared_ptr<ssl::context> modern(ssl::context::method method)
{
    auto context = std::make_shared<ssl::context>(method);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    // TLS 1.2 with ephemeral keys and authenticated ciphers only; 1.3 has no others.
    SSL_CTX_set_cipher_list(context->native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);  // idle connections keep no 34 KiB each
    return context;
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_server_context(TlsServerFiles const& files)
{
    auto context = modern(ssl::context::tls_server);
    boost::system::error_code error;
    context->use_certificate_chain_file(files.certificate_chain_file, error);
    if (error) return fail(unusable(files.certificate_chain_file, error));
    context->use_private_key_file(files.private_key_file, ssl::context::pem, error);
    if (error) return fail(unusable(files.private_key_file, error));
    if (!files.client_ca_file.empty()) {
        context->load_verify_file(files.client_ca_file, error);
        if (error) return fail(unusable(files.client_ca_file, error));
        context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    }
    return context;
}

Result<std::shared_ptr<ssl::context>> make_client_context(ClientOptions const& options)
{
    auto context = modern(ssl::context::tls_client);
    boost::system::error_code error;
    context->set_default_verify_paths(error);
    if (!options.ca_file.empty()) {
        context->load_verify_file(options.ca_file, error);
        if (error) return fail(unusable(options.ca_file, error));
    }
    if (!options.client_certificate_file.empty()) {
        context->use_certificate_chain_file(options.client_certificate_file, error);
        if (error) return fail(unusable(options.client_certificate_file, error));
        context->use_private_key_file(options.client_key_file, ssl::context::pem, error);
        if (error) return fail(unusable(options.client_key_file, error));
    }
    return context;
}

}  // namespace cho40::http
