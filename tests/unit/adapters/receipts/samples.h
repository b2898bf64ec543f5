#pragma once
#include "adapters/xml/signer.h"
#include "base/vietnamese_number.h"
#include "fees/receipt.h"
#include "tests/support/throwaway_identity.h"
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace cho40::tests {

inline fees::Receipt sample_receipt()
{
    fees::Receipt r{};
    r.agency_code = "H49.20";
    r.number = {fees::ReceiptForm::no_printed_value, "26TBP", 12};
    r.issued_at = *parse_rfc3339("2026-11-22T03:18:00Z");
    r.collector_name = "Sở Tài chính - Phòng Đăng ký kinh doanh";
    r.collector_tax_code = "5701990026";
    r.collector_address = "phường Hạ Long & \"Bãi Cháy\", tỉnh Quảng Ninh";
    r.kind = fees::FeeKind::phi;
    r.payer_name = "Nguyễn Thị Thế <chủ hộ>";
    r.dossier_code = "H49.20-261122-0007";
    r.notice_code = "K7M2PQ94XYTB";
    r.lines = {{"BR_PUB", "Công bố nội dung đăng ký doanh nghiệp", "Publication", "2266", Dong(100'000)}};
    r.total = Dong(100'000);
    r.words = amount_in_words(r.total);
    r.lookup_code = "W3HT9KQ27MPA";
    r.digest = receipt_digest(r);
    return r;
}

inline ThrowawayIdentity const& signing_identity()
{
    static auto const identity = make_throwaway_identity("MST:5700100000");
    return identity;
}

inline xml::FileSigner const& sample_signer()
{
    static auto const signer = *xml::FileSigner::from_pem(Secret(signing_identity().key_pem), signing_identity().certificate_pem);
    return signer;
}

// What the xmlsec1 tool, which shares no code with ours, says to a signed document: 0 when it accepts it. `part` is the namespace
// and the name of what is signed.
inline int xmlsec1_verdict(std::string const& bytes, std::string const& part)
{
    auto const folder = std::filesystem::temp_directory_path() / ("cho40-receipts-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "doc.xml", std::ios::binary) << bytes;
    std::ofstream(folder / "cert.pem", std::ios::binary) << signing_identity().certificate_pem;
    auto const command = "xmlsec1 --verify --trusted-pem " + (folder / "cert.pem").string() + " --id-attr:id " + part + " " +
                         (folder / "doc.xml").string() + " >/dev/null 2>&1";
    auto const verdict = std::system(command.c_str());
    std::filesystem::remove_all(folder);
    return verdict;
}

}  // namespace cho40::tests
