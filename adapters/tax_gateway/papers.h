#pragma once
#include "adapters/xml/signer.h"
#include "etax/returns.h"
#include <boost/asio/thread_pool.hpp>

namespace cho40::tax_gateway {

// Writes the authority's XML, signs it beside the loop, reads its notices.
class XmlPapers final : public etax::Papers {
public:
    // No signer: documents can be written, not signed.
    XmlPapers(boost::asio::thread_pool& computing, std::shared_ptr<xml::Signer const> signer, Clock const& clock)
        : computing_(computing), signer_(std::move(signer)), clock_(clock)
    {
    }

    [[nodiscard]] Result<std::string> write(etax::ReturnDocument const& document) const override;
    // A certificate of an agent or provider signs for others and carries their own code or none; one that carries another
    // *taxpayer's* personal number is refused (certificate_mismatch).
    [[nodiscard]] boost::asio::awaitable<Result<std::string>> sign(std::string document, std::string tax_code) const override;
    [[nodiscard]] Result<etax::Notice> read_notice(std::string_view raw) const override;

private:
    boost::asio::thread_pool& computing_;
    std::shared_ptr<xml::Signer const> signer_;
    Clock const& clock_;
};

// The signer that the configuration names; nothing when it names none. Errors: invalid_config (unreadable file), those
// of FileSigner::from_pem.
[[nodiscard]] Result<std::shared_ptr<xml::Signer const>> signer_from_files(std::string const& key_file,
                                                                           std::string const& certificate_file);

}  // namespace cho40::tax_gateway
