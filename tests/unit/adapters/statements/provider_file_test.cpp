#include "adapters/statements/provider_file.h"
#include "base/digest.h"
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace cho40::statements {
namespace {

std::string const head = "H|CHO40|DS|VNP|20261116|1|20261117080000\n";
std::string const pay = "D|1|CQAAAA111|V1|PAY|50000|250|49750|SUCCESS|20261116131500|VNPA|20261117\n";
std::string const failed = "D|2||V2|PAY|9000|0|0|FAILED|20261116131501||\n";
std::string const refund = "D|3|CQAAAA111|V3|REFUND|20000|0|-20000|SUCCESS|20261116235959|VNPA|20261117\n";

std::string sealed(std::string const& lines, std::string const& sums) { return lines + "T|" + sums + "|" + to_hex(sha256(lines)) + "\n"; }

TEST(ProviderPipe, IsRead)
{
    auto const file = read_provider_file(sealed(head + pay + failed + refund, "3|30000|250|29750"));
    ASSERT_TRUE(file) << file.error().detail << ' ' << file.error().pointer;
    EXPECT_EQ(file->partner, "VNP");
    EXPECT_EQ(file->business_date, Day::from(2026, 11, 16));
    EXPECT_EQ(file->revision, 1);
    ASSERT_EQ(file->lines.size(), 3u);
    EXPECT_EQ(file->lines[0].id(), "VNP-20261116-1:1");
    EXPECT_EQ(to_local_time(file->lines[0].at), "2026-11-16 13:15:00") << "24 hours";
    EXPECT_EQ(file->lines[1].status, reconcile::LineStatus::failed);
    EXPECT_EQ(file->lines[2].net, Dong(-20000));
    EXPECT_EQ(file->lines[2].settlement_date, Day::from(2026, 11, 17));
}

TEST(ProviderPipe, RefusesWhatDoesNotAgree)
{
    struct Row {
        char const* what;
        std::string bytes;
        Errc code;
        char const* line;
    };
    auto const good = sealed(head + pay, "1|50000|250|49750");
    auto changed = good;
    changed.replace(changed.find("V1"), 2, "V9");
    Row const rows[] = {
        {"cut", head + pay, Errc::file_integrity, "line 3"},
        {"empty", "", Errc::file_integrity, "line 1"},
        {"another count", sealed(head + pay, "2|50000|250|49750"), Errc::file_integrity, "line 3"},
        {"another gross", sealed(head + pay, "1|50001|250|49750"), Errc::file_integrity, "line 3"},
        {"another fee", sealed(head + pay, "1|50000|251|49750"), Errc::file_integrity, "line 3"},
        {"another net", sealed(head + pay, "1|50000|250|49751"), Errc::file_integrity, "line 3"},
        {"a changed byte", changed, Errc::file_integrity, "line 3"},
        {"a line left out", sealed(head + refund, "1|-20000|0|-20000"), Errc::file_integrity, "line 2"},
        {"something behind the trailer", good + pay, Errc::invalid_input, "line 4"},
        {"no header", sealed(pay, "1|50000|250|49750"), Errc::invalid_input, "line 1"},
        {"a field too many", sealed(head + "D|1|a|b|c|PAY|1|0|1|SUCCESS|20261116131500|VNPA|20261117\n", "1|1|0|1"), Errc::invalid_input,
         "line 2"},
        {"a float", sealed(head + "D|1|CQ|V1|PAY|5.0|0|5|SUCCESS|20261116131500|VNPA|20261117\n", "1|5|0|5"), Errc::invalid_input,
         "line 2"},
        {"a 12-hour or broken time", sealed(head + "D|1|CQ|V1|PAY|5|0|5|SUCCESS|20261116991500|VNPA|20261117\n", "1|5|0|5"),
         Errc::invalid_date, "line 2"},
        {"a carriage return", sealed("H|CHO40|DS|VNP|20261116|1|20261117080000\r\n", "0|0|0|0"), Errc::invalid_date, "line 1"},
        {"not UTF-8", sealed(head + "D|1|\xff|V1|PAY|5|0|5|SUCCESS|20261116131500|VNPA|20261117\n", "1|5|0|5"), Errc::invalid_utf8,
         "line 2"},
    };
    ASSERT_TRUE(read_provider_pipe(good));
    for (auto const& row : rows) {
        auto const file = read_provider_pipe(row.bytes);
        ASSERT_FALSE(file) << row.what;
        EXPECT_EQ(errc_name(file.error().code), errc_name(row.code)) << row.what << ": " << file.error().detail;
        EXPECT_EQ(file.error().pointer, row.line) << row.what;
    }
}

TEST(ProviderFile, BothFormsHoldWhatIsWritten)
{
    auto const ok = rc::check([] {
        ProviderFile file;
        file.partner = "VNP";
        file.business_date = Day::from(2026, 11, 16);
        file.revision = *rc::gen::inRange(1, 5);
        file.created_at = *parse_local_time("2026-11-17 08:00:00");
        auto const text = rc::gen::container<std::string>(rc::gen::element('A', '7', ' ', ',', '"', '-'));
        for (std::int64_t i = 1, n = *rc::gen::inRange(0, 8); i <= n; ++i) {
            reconcile::ProviderLine l;
            l.file_id = "VNP-20261116-" + std::to_string(file.revision);
            l.line_no = i;
            l.business_date = *file.business_date;
            l.provider_txn_id = "V" + *text + "1";  // spaces at the end of a cell are not kept
            l.order_ref = "C" + *text + "1";
            l.kind = *rc::gen::element(reconcile::Kind::payment, reconcile::Kind::refund);
            l.amount = Dong(*rc::gen::inRange(1, 1000000));
            l.fee = Dong(*rc::gen::inRange(0, 100));
            l.status = *rc::gen::element(reconcile::LineStatus::success, reconcile::LineStatus::failed);
            if (l.status == reconcile::LineStatus::success) l.net = Dong(signed_amount(l.kind, l.amount).count() - l.fee.count());
            l.at = file.business_date->begin() + std::chrono::seconds(*rc::gen::inRange(0, 86400));
            l.batch = *rc::gen::element<std::string>("", "VNPA");
            if (!l.batch.empty()) l.settlement_date = Day::from(2026, 11, 17);
            file.lines.push_back(std::move(l));
        }
        auto const pipe = write_provider_pipe(file);
        RC_ASSERT(pipe.has_value());
        auto const from_pipe = read_provider_file(*pipe);
        if (!from_pipe) RC_FAIL(from_pipe.error().detail);
        auto const from_csv = read_provider_file(write_provider_csv(file.lines));
        if (!from_csv) RC_FAIL(from_csv.error().detail);
        for (auto const& read : {*from_pipe, *from_csv}) {
            RC_ASSERT(read.lines.size() == file.lines.size());
            for (std::size_t i = 0; i < file.lines.size(); ++i) {
                auto const& a = file.lines[i];
                auto const& b = read.lines[i];
                RC_ASSERT(std::tie(a.file_id, a.line_no, a.business_date, a.provider_txn_id, a.order_ref, a.kind, a.amount, a.fee, a.net,
                                   a.status, a.at, a.batch, a.settlement_date) ==
                          std::tie(b.file_id, b.line_no, b.business_date, b.provider_txn_id, b.order_ref, b.kind, b.amount, b.fee, b.net,
                                   b.status, b.at, b.batch, b.settlement_date));
            }
        }
    });
    EXPECT_TRUE(ok);
}

TEST(ProviderPipe, WritesNoFieldThatBreaksTheLine)
{
    ProviderFile file;
    file.partner = "VNP";
    file.business_date = Day::from(2026, 11, 16);
    file.created_at = Instant();
    file.lines.resize(1);
    file.lines[0].order_ref = "a|b";
    EXPECT_EQ(write_provider_pipe(file).error().code, Errc::invalid_input);
}

TEST(ProviderCsv, SaysLineAndColumn)
{
    std::string const header =
        "file_id,line_no,business_date,provider_txn_id,order_ref,type,amount_vnd,fee_vnd,net_vnd,status,txn_time,settlement_batch,settlement_date\n";
    struct Row {
        char const* row;
        char const* column;
    };
    for (auto const& row : {Row{"F,x,2026-11-16,V,C,PAY,1,0,1,SUCCESS,2026-11-16 08:00:00,B,2026-11-17", "line_no"},
                            Row{"F,1,2026-11-16,V,C,PAID,1,0,1,SUCCESS,2026-11-16 08:00:00,B,2026-11-17", "type"},
                            Row{"F,1,2026-11-16,V,C,PAY,1.5,0,1,SUCCESS,2026-11-16 08:00:00,B,2026-11-17", "amount_vnd"},
                            Row{"F,1,2026-11-16,V,C,PAY,1,0,1,OK,2026-11-16 08:00:00,B,2026-11-17", "status"},
                            Row{"F,1,2026-11-16,V,C,PAY,1,0,1,SUCCESS,2026-11-16,B,2026-11-17", "txn_time"},
                            Row{"F,1,2026-11-16,V,C,PAY,1,0,1,SUCCESS,2026-11-16 08:00:00,B,", "settlement_date"}}) {
        auto const file = read_provider_csv(header + row.row + "\n");
        ASSERT_FALSE(file) << row.column;
        EXPECT_EQ(file.error().pointer, "line 2");
        EXPECT_EQ(file.error().detail.substr(0, std::string(row.column).size()), row.column);
    }
}

}  // namespace
}  // namespace cho40::statements
