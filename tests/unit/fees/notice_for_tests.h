#pragma once
#include "fees/notice.h"
#include "tests/unit/fees/tables_for_tests.h"

namespace cho40::fees {

// A notice of Bà Thế for these fees, asked for at the counter on 22/11/2026.
inline FeeNotice draft_of(std::vector<std::string> const& fee_codes)
{
    FeeNotice draft{};
    draft.code = "K7M2PQ94XYTB";
    draft.agency_code = "H49.20";
    draft.agency_name_vi = "Sở Tài chính";
    draft.agency_name_en = "Department of Finance";
    draft.dossier_code = "H49.20-261122-0007";
    draft.procedure_code = "2.001610";
    draft.procedure_name_vi = "Đăng ký doanh nghiệp";
    draft.procedure_name_en = "Business registration";
    draft.payer_name = "Nguyễn Thị Thế";
    draft.due_day = Day::from(2026, 11, 30);
    draft.issued_at = Day::from(2026, 11, 22).begin() + std::chrono::hours(9);
    draft.valid_until = draft.issued_at + std::chrono::hours(48);
    for (auto const& code : fee_codes) {
        AssessmentRequest request;
        request.fee_code = code;
        request.day = Day::from(2026, 11, 22);
        auto line = assess(embedded_tables(), request);
        EXPECT_TRUE(line) << line.error().detail;
        if (line) draft.lines.push_back(*std::move(line));
    }
    return draft;
}

inline Result<FeeNotice> notice_of(std::vector<std::string> const& fee_codes) { return FeeNotice::make(draft_of(fee_codes)); }

}  // namespace cho40::fees
