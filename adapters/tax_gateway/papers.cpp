#include "adapters/tax_gateway/papers.h"
#include "adapters/tax_gateway/filing_xml.h"
#include "adapters/tax_gateway/inspect.h"
#include "adapters/tax_gateway/notice_xml.h"
#include "adapters/xml/sign.h"
#include "base/offload.h"
#include <fstream>

namespace cho40::tax_gateway {
namespace {

Result<std::string> read_file(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) return fail(Errc::invalid_config, path + ": cannot be read");
    return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

Result<std::string> XmlPapers::write(etax::ReturnDocument const& document) const { return write_filing(document); }

boost::asio::awaitable<Result<std::string>> XmlPapers::sign(std::string document, std::string tax_code) const
{
    if (!signer_)
        co_return fail(Error(Errc::signing_failed, "no certificate is configured (etax.certificate, etax.signing_key)")
                           .vi("Chưa cấu hình chữ ký số."));
    auto const& certificate = signer_->certificate();
    if (!certificate.valid_at(clock_.now()))
        co_return fail(Error(Errc::signing_failed, "the certificate is not valid today").vi("Chữ ký số đã hết hạn hoặc chưa có hiệu lực."));
    auto const code = certificate.subject_code();
    if (code && code->kind == "CCCD" && !is_same_taxpayer(tax_code, code->code)) {
        co_return fail(Error(Errc::certificate_mismatch, "the certificate belongs to another person").vi("Chữ ký số là của người khác."));
    }
    auto work = [signer = signer_, text = std::move(document)] { return xml::sign(text, *signer); };
    co_return co_await offload(computing_, std::move(work));
}

Result<etax::Notice> XmlPapers::read_notice(std::string_view raw) const { return tax_gateway::read_notice(raw); }

Result<std::shared_ptr<xml::Signer const>> signer_from_files(std::string const& key_file, std::string const& certificate_file)
{
    if (key_file.empty() || certificate_file.empty()) return std::shared_ptr<xml::Signer const>();
    CHO_TRY(auto const key, read_file(key_file));
    CHO_TRY(auto const certificate, read_file(certificate_file));
    CHO_TRY(auto signer, xml::FileSigner::from_pem(Secret(key), certificate));
    return std::shared_ptr<xml::Signer const>(std::make_shared<xml::FileSigner>(std::move(signer)));
}

}  // namespace cho40::tax_gateway
