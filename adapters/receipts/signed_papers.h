#pragma once
#include "adapters/xml/signer.h"
#include "base/time.h"
#include "fees/receipt_report.h"
#include <boost/asio/thread_pool.hpp>

namespace cho40::receipts {

// Writes receipts and their daily summaries as XML and signs them beside the loop: RSA-SHA256, with the time of signing.
class SignedPapers final : public fees::ReceiptPapers, public fees::ReportWriter {
public:
    // No signer: nothing is signed.
    SignedPapers(boost::asio::thread_pool& computing, std::shared_ptr<xml::Signer const> signer, Clock const& clock)
        : computing_(computing), signer_(std::move(signer)), clock_(clock)
    {
    }

    [[nodiscard]] bool can_sign() const override { return signer_ != nullptr; }
    // Error: signing_failed (no signer, its certificate is not valid today).
    [[nodiscard]] boost::asio::awaitable<Result<fees::SignedFile>> sign_receipt(fees::Receipt receipt) const override;
    // Without a signer the report is made all the same, and not signed. Error: signing_failed.
    [[nodiscard]] boost::asio::awaitable<Result<fees::SignedFile>> write_report(fees::ReceiptReport report) const override;

private:
    [[nodiscard]] boost::asio::awaitable<Result<fees::SignedFile>> sign(std::string document) const;

    boost::asio::thread_pool& computing_;
    std::shared_ptr<xml::Signer const> signer_;
    Clock const& clock_;
};

}  // namespace cho40::receipts
