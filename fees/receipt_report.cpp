#include "fees/receipt_report.h"
#include "base/csv.h"
#include <algorithm>
#include <array>

namespace cho40::fees {
namespace {

using boost::asio::awaitable;

struct RowLine {
    std::size_t line;  // of the receipt, from 0
    Dong amount;
};

// What a row of each kind is about, and with which sign.
std::vector<RowLine> lines_of(Unreported const& item)
{
    auto const& r = item.stored.receipt;
    std::vector<RowLine> out;
    switch (item.as) {
    case ReportedAs::issued:
        for (std::size_t i = 0; i < r.lines.size(); ++i) out.push_back({i, r.lines[i].amount});
        break;
    case ReportedAs::given_back:
    case ReportedAs::sent_back: {
        auto const kind = item.as == ReportedAs::given_back ? ReceiptEntryKind::given_back : ReceiptEntryKind::sent_back;
        for (auto const& entry : r.entries) {
            if (entry.refund != item.act || entry.kind != kind) continue;
            for (auto const& part : entry.lines) {
                auto const sign = kind == ReceiptEntryKind::given_back ? -1 : 1;
                out.push_back({static_cast<std::size_t>(part.line - 1), Dong(sign * part.amount.count())});
            }
        }
        break;
    }
    case ReportedAs::cancelled:  // its money was given back and told of before
        for (std::size_t i = 0; i < r.lines.size(); ++i) out.push_back({i, Dong()});
        break;
    case ReportedAs::replaced:
        for (std::size_t i = 0; i < r.lines.size(); ++i) out.push_back({i, Dong(-r.lines[i].amount.count())});
        break;
    }
    return out;
}

std::optional<ReceiptNumber> related_of(Unreported const& item)
{
    if (item.as == ReportedAs::issued) return item.stored.receipt.replaces;
    if (item.as == ReportedAs::replaced) return item.stored.receipt.replaced_by;
    return std::nullopt;
}

std::string explanation_of(Unreported const& item)
{
    switch (item.as) {
    case ReportedAs::issued: return item.stored.receipt.replaces ? "Lập thay cho biên lai sai" : "";
    case ReportedAs::given_back: return "Hoàn cho người nộp ngày " + Day::of(item.at).to_vietnamese();
    case ReportedAs::sent_back: return "Ngân hàng trả lại khoản hoàn ngày " + Day::of(item.at).to_vietnamese();
    case ReportedAs::cancelled:
    case ReportedAs::replaced: return item.reason;
    }
    return {};
}

std::string state_of(ReportRow const& row)
{
    if (row.as == ReportedAs::issued && row.related) return "Thay thế";
    return std::string(reported_as_vi(row.as));
}

constexpr std::string_view end_of_line = "\r\n";

void add_line(std::string& out, std::initializer_list<std::string> cells)
{
    bool first = true;
    for (auto const& cell : cells) {
        if (!first) out += ',';
        first = false;
        out += csv_cell(cell);
    }
    out += end_of_line;
}

auto nothing_to_tell(Day day)
{
    return fail(Error(Errc::invalid_state, "everything of " + day.to_string() + " is in a report already")
                    .vi("Mọi biên lai ngày " + day.to_vietnamese() + " đã có trong bảng tổng hợp."));
}

// Of two who make a report of an agency at once, one reads again.
ledger::Guard next_report(Id<Agency> agency, std::int64_t last)
{
    return {make_derived_uuid({"receipt reports", agency.uuid.to_string()}), last, last + 1};
}

}  // namespace

std::string_view reported_as_name(ReportedAs as)
{
    constexpr std::array<std::string_view, 6> names = {"", "issued", "given_back", "sent_back", "cancelled", "replaced"};
    return names[static_cast<std::size_t>(as)];
}

std::string_view reported_as_vi(ReportedAs as)
{
    constexpr std::array<std::string_view, 6> names = {"", "Mới", "Điều chỉnh", "Điều chỉnh", "Hủy", "Bị thay thế"};
    return names[static_cast<std::size_t>(as)];
}

std::vector<ReportRow> report_rows(std::vector<Unreported> const& items)
{
    std::vector<Unreported const*> ordered;
    for (auto const& item : items) ordered.push_back(&item);
    std::ranges::stable_sort(ordered, [](Unreported const* a, Unreported const* b) {
        return std::tie(a->stored.receipt.number, a->as, a->at) < std::tie(b->stored.receipt.number, b->as, b->at);
    });
    std::vector<ReportRow> rows;
    for (auto const* item : ordered) {
        auto const& r = item->stored.receipt;
        for (auto const& [line, amount] : lines_of(*item)) {
            ReportRow row;
            row.as = item->as;
            row.receipt = r.id;
            row.number = r.number;
            row.issued_on = Day::of(r.issued_at);
            row.fee_code = r.lines[line].fee_code;
            row.fee_name = r.lines[line].name_vi;
            row.amount = amount;
            row.related = related_of(*item);
            row.explanation = explanation_of(*item);
            row.earlier = item->as == ReportedAs::issued ? std::nullopt : item->earlier;
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

std::string report_csv(ReceiptReport const& report)
{
    std::string out = "\xEF\xBB\xBF";
    add_line(out, {"Mẫu số", "01/TH-BLĐT"});
    add_line(out, {"Người thu", report.collector_name});
    add_line(out, {"Mã số thuế", report.collector_tax_code});
    add_line(out, {"Ngày", report.day.to_vietnamese()});
    add_line(out, {"Bảng tổng hợp số", std::to_string(report.number)});
    add_line(out, {"Phần trong ngày", std::to_string(report.part)});
    add_line(out, {"STT", "Mẫu số biên lai", "Ký hiệu", "Số", "Ngày lập", "Tên loại phí, lệ phí", "Số tiền", "Mức thu", "Trạng thái",
                   "Kỳ điều chỉnh", "Biên lai liên quan", "Giải thích", "Ghi chú"});
    std::int64_t place = 0;
    for (auto const& row : report.rows) {
        // The rate of a fee is not a number of the receipt: what is due may be of pages, bands or percentages.
        add_line(out, {std::to_string(++place), std::string(form_code(row.number.form)), row.number.symbol,
                       std::to_string(row.number.number), row.issued_on.to_vietnamese(), row.fee_name, std::to_string(row.amount.count()),
                       "", state_of(row), row.earlier ? row.earlier->day.to_vietnamese() : "", row.related ? row.related->to_string() : "",
                       row.explanation, row.earlier ? "Đã có trong bảng tổng hợp số " + std::to_string(row.earlier->number) : ""});
    }
    add_line(out, {"Cộng", std::to_string(report.rows.size()) + " dòng", "", "", "", "", std::to_string(report.total.count()), "", "", "",
                   "", "", ""});
    return out;
}

bool report_is_due(Day day, Instant now, std::optional<Instant> last)
{
    using namespace std::chrono_literals;
    auto const today = Day::of(now);
    if (day > today) return false;
    if (day < today) return true;
    auto const left = day.end() - now;
    if (left > 2h) return false;
    if (!last) return true;
    return now - *last >= (left > 15min ? std::chrono::seconds(15min) : std::chrono::seconds(1min));
}

awaitable<Result<MadeReport>> MakeReceiptReports::make(Id<Agency> agency, Day day, Uuid by, ledger::Extra<MadeReport> extra)
{
    auto const now = clock_.now();
    if (day > Day::of(now))
        co_return fail(Error(Errc::invalid_period, day.to_string() + " is still to come", "/date").vi("Ngày này chưa đến."));
    CHO_CO_TRY(auto const registered, co_await agencies_.find_agency(agency));
    if (!registered) co_return fail(Errc::not_found, "no such agency");
    CHO_CO_TRY(auto const items, co_await reports_.unreported(registered->book, agency, day, items_max));
    if (items.empty()) co_return nothing_to_tell(day);
    CHO_CO_TRY(auto const last, co_await reports_.last_report(registered->book, agency, day));
    MadeReport made;
    auto& report = made.report;
    report.id = make_id<ReceiptReport>(now, random_);
    report.book = registered->book;
    report.agency = agency;
    report.agency_code = registered->facts.code;
    report.collector_name = registered->facts.name_vi;
    report.collector_tax_code = registered->facts.tax_code;
    report.number = last.number + 1;
    report.day = day;
    report.part = last.part + 1;
    report.rows = report_rows(items);
    for (auto const& row : report.rows) { CHO_CO_TRY(report.total, add(report.total, row.amount)); }
    report.made_by = by;
    report.made_at = now;
    made.csv = report_csv(report);
    made.csv_digest = sha256(made.csv);
    CHO_CO_TRY(made.xml, co_await writer_.write_report(report));
    ledger::Command command(report.book);
    command.guards.push_back(next_report(agency, last.number));
    command.rows.push_back(std::make_shared<NewReceiptReport>(made));
    for (auto const& item : items) command.rows.push_back(std::make_shared<Reported>(report.book, report.id, item));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

awaitable<Result<MakeReceiptReports::Round>> MakeReceiptReports::round()
{
    constexpr int days_at_once = 200;
    CHO_CO_TRY(auto const open, co_await reports_.open_days(days_at_once));
    auto const now = clock_.now();
    Round round;
    for (auto const& one : open) {
        if (one.day < Day::of(now)) round.late += one.count;
    }
    for (auto const& one : open) {
        if (!report_is_due(one.day, now, one.last)) continue;
        auto const made = co_await make(one.agency, one.day, Uuid{}, {});
        if (made) {
            ++round.made;
            round.more = round.more || one.count > items_max;
            continue;
        }
        // Somebody else made it meanwhile: the next round sees what is left.
        if (made.error().code != Errc::stale && made.error().code != Errc::invalid_state) co_return tl::unexpected<Error>(made.error());
    }
    co_return round;
}

}  // namespace cho40::fees
