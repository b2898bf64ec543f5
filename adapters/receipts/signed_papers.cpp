#include "adapters/receipts/signed_papers.h"
#include "adapters/receipts/receipt_xml.h"
#include "adapters/receipts/report_xml.h"
#include "adapters/xml/sign.h"
#include "base/offload.h"

namespace cho40::receipts {

using fees::SignedFile;

boost::asio::awaitable<Result<SignedFile>> SignedPapers::sign_receipt(fees::Receipt receipt) const
{
    co_return co_await sign(receipt_xml(receipt));
}

boost::asio::awaitable<Result<SignedFile>> SignedPapers::write_report(fees::ReceiptReport report) const
{
    auto document = report_xml(report);
    if (signer_) co_return co_await sign(std::move(document));
    SignedFile file;
    file.digest = sha256(document);
    file.xml = std::move(document);
    file.signed_at = report.made_at;
    co_return file;
}

boost::asio::awaitable<Result<SignedFile>> SignedPapers::sign(std::string document) const
{
    if (!signer_)
        co_return fail(Error(Errc::signing_failed, "no certificate is configured (etax.certificate, etax.signing_key)")
                           .vi("Chưa cấu hình chữ ký số nên chưa có tệp ký số."));
    auto const now = clock_.now();
    if (!signer_->certificate().valid_at(now))
        co_return fail(Error(Errc::signing_failed, "the certificate is not valid today").vi("Chữ ký số đã hết hạn hoặc chưa có hiệu lực."));
    auto work = [signer = signer_, text = std::move(document), now]() -> Result<SignedFile> {
        CHO_TRY(auto bytes, xml::sign(text, *signer, {.signed_info = xml::C14n::inclusive, .signing_time = now}));
        SignedFile file;
        file.digest = sha256(bytes);
        file.xml = std::move(bytes);
        file.signed_by = signer->certificate().subject();
        file.signed_at = now;
        return file;
    };
    auto const in_a_box = [work = std::move(work)] { return std::optional(work()); };
    auto signed_file = co_await offload(computing_, in_a_box);
    co_return *std::move(signed_file);
}

}  // namespace cho40::receipts
