#include "apps/sandbox/tax_office.h"
#include "adapters/tax_gateway/inspect.h"
#include "adapters/tax_gateway/notice_xml.h"
#include "adapters/xml/sign.h"
#include "adapters/xml/verify.h"
#include "base/digest.h"
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using etax::Notice;
using etax::NoticeKind;
using etax::NoticeReason;
using Steady = std::chrono::steady_clock;

struct Named {
    TaxScenario scenario;
    std::string_view name;
};
constexpr Named scenarios[] = {
    {TaxScenario::accept, "accept"},
    {TaxScenario::refuse_business, "refuse_business"},
    {TaxScenario::refuse_technical, "refuse_technical"},
    {TaxScenario::silent, "silent"},
    {TaxScenario::slow, "slow"},
    {TaxScenario::timeout_then_received, "timeout_then_received"},
};

constexpr int result_after = 1;         // seconds
constexpr int slow_receipt_after = 2;
constexpr int slow_result_after = 5;

std::string type_name(std::string const& letter) { return letter == "B" ? "Bổ sung" : "Chính thức"; }

// What the notices say about the dossier, read without judging it.
void describe(xml::Element root, Notice& draft)
{
    auto const general = root.child("HSoKhaiThue").child("TTinChung").child("TTinTKhaiThue");
    auto const form = general.child("TKhaiThue");
    draft.office_code = form.child("maCQTNoiNop").value();
    draft.office_name = form.child("tenCQTNoiNop").value();
    draft.recipient_code = general.child("NNT").child("mst").value();
    draft.recipient_name = general.child("NNT").child("tenNNT").value();
    auto const times = form.child("soLan").value();
    int number = 0;
    std::from_chars(times.data(), times.data() + times.size(), number);
    draft.dossiers.push_back({form.child("tenTKhai").value(), type_name(form.child("loaiTKhai").value()),
                              form.child("KyKKhaiThue").child("kyKKhai").value(), number + 1});
}

}  // namespace

Result<TaxScenario> tax_scenario_named(std::string_view name)
{
    for (auto const& known : scenarios) {
        if (known.name == name) return known.scenario;
    }
    return fail(Errc::unknown_value, "the tax authority has no scenario \"" + std::string(name.substr(0, 40)) + "\"", "/scenario");
}

std::string_view name_of(TaxScenario scenario)
{
    for (auto const& known : scenarios) {
        if (known.scenario == scenario) return known.name;
    }
    return "accept";
}

void TaxOffice::set_scenario(std::string taxpayer, std::optional<TaxScenario> scenario)
{
    if (scenario) scenarios_.insert_or_assign(std::move(taxpayer), *scenario);
    else scenarios_.erase(taxpayer);
}

void TaxOffice::reset()
{
    scenarios_.clear();
    filings_.clear();
    numbers_ = 0;
}

Result<TaxOffice::Receipt> TaxOffice::take(std::string transaction, std::string bytes, std::optional<TaxScenario> asked, Instant now)
{
    auto const digest = to_hex(sha256(bytes));
    if (auto const known = filings_.find(transaction); known != filings_.end()) {
        if (known->second.digest != digest) return fail(Errc::file_conflict, "other bytes were sent under this transaction id before");
        return Receipt{true, digest, known->second.scenario};
    }
    Filing filing;
    filing.digest = digest;
    filing.came = Steady::now();
    filing.draft.transaction_code = transaction;
    filing.draft.filed_at = now;
    auto const document = xml::Document::parse(bytes);
    if (!document || document->root().name() != "HSoThueDTu") {
        filing.readable = false;
        filing.problems.push_back({"Sai định dạng", "TVAN-0001", document ? "this is no HSoThueDTu" : document.error().detail, digest});
    } else {
        describe(document->root(), filing.draft);
        auto const report = xml::verify(*document, {now, {}});
        if (!report.why.empty())
            filing.problems.push_back({"Chữ ký số", "CKS-0001", "Hồ sơ chưa được ký số hoặc chữ ký sai vị trí", report.why});
        for (auto const& signature : report.signatures) {
            if (!signature.valid)
                filing.problems.push_back({"Chữ ký số", "CKS-0002", "Chữ ký số không hợp lệ, hãy ký lại và nộp lại", signature.why});
        }
        if (!report.ok && filing.problems.empty())
            filing.problems.push_back({"Chữ ký số", "CKS-0003", "Không xác thực được chữ ký số", ""});
    }
    auto const set = scenarios_.find(filing.draft.recipient_code);
    filing.scenario = asked ? *asked : set != scenarios_.end() ? set->second : TaxScenario::accept;
    Receipt const receipt{false, digest, filing.scenario};
    filings_.emplace(std::move(transaction), std::move(filing));
    return receipt;
}

Result<Done> TaxOffice::send(Filing& filing, Notice notice, Instant now)
{
    notice.number = fmt::format("{:09}/{}/TB-TĐT", ++numbers_, Day::of(now).year());
    notice.day = Day::of(now);
    SentNotice sent{notice.code, tax_gateway::write_notice(notice), now};
    if (signer_) { CHO_TRY(sent.bytes, xml::sign(sent.bytes, *signer_)); }
    filing.sent.push_back(std::move(sent));
    return Done{};
}

// Sends what is due.
Result<Done> TaxOffice::go_on(Filing& filing, Instant now)
{
    auto const waited = Steady::now() - filing.came;
    bool const slow = filing.scenario == TaxScenario::slow;
    if (filing.scenario == TaxScenario::silent) return Done{};
    if (!filing.readable || filing.scenario == TaxScenario::refuse_technical) {
        if (!filing.sent.empty()) return Done{};
        auto notice = filing.draft;
        notice.kind = NoticeKind::invalid;
        notice.code = "213";
        notice.title = "Thông báo về việc giao dịch không hợp lệ";
        notice.positive = false;
        notice.filed_at.reset();
        notice.dossiers.clear();
        notice.reasons = filing.problems;
        if (notice.reasons.empty())
            notice.reasons.push_back({"Giao dịch không hợp lệ", "IHTKK-9999", "Premature end of file", "Test-Scenario"});
        notice.reasons.resize(1);
        return send(filing, std::move(notice), now);
    }
    if (filing.sent.empty()) {
        if (slow && waited < slow_receipt_after * second_) return Done{};
        auto notice = filing.draft;
        notice.kind = NoticeKind::received;
        notice.code = "843";
        notice.title = "Thông báo về việc tiếp nhận hồ sơ thuế điện tử";
        notice.filed_at.reset();
        CHO_TRY_DO(send(filing, std::move(notice), now));
    }
    bool const due = slow ? waited >= slow_result_after * second_ : filing.polls >= 2 || waited >= result_after * second_;
    if (!due || filing.sent.size() > 1) return Done{};
    auto notice = filing.draft;
    notice.kind = NoticeKind::result;
    notice.code = "844";
    notice.title = "Thông báo về việc chấp nhận/không chấp nhận hồ sơ thuế điện tử";
    notice.reasons = filing.problems;
    if (filing.scenario == TaxScenario::refuse_business) {
        notice.reasons.push_back({"Nghiệp vụ", "NV-0101", "Kiểm tra kỳ tính thuế và doanh thu, lập lại hồ sơ",
                                  "Tờ khai của kỳ này không đúng với dữ liệu đăng ký thuế"});
    }
    notice.positive = notice.reasons.empty();
    if (*notice.positive) notice.accepted_at = now;
    return send(filing, std::move(notice), now);
}

Result<std::vector<SentNotice>> TaxOffice::notices(std::string const& transaction, Instant now)
{
    auto const found = filings_.find(transaction);
    if (found == filings_.end()) return fail(Errc::not_found, "no filing came under this transaction id");
    ++found->second.polls;
    CHO_TRY_DO(go_on(found->second, now));
    return found->second.sent;
}

}  // namespace cho40::sandbox
