#include "fees/collector_statement.h"
#include "base/sealed_csv.h"
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace cho40::fees {
namespace {

using Share = std::optional<int>;
using FeeKey = std::tuple<FeeKind, std::string, std::string, Share>;

// What the agency's own row says goes before the schedule's.
Share share_of(ReceiptLine const& line, std::string const& agency_code, Day day, Agencies const& agencies, FeeTables const& tables)
{
    if (auto const* const own = agencies.collection(agency_code, line.fee_code, day)) return own->retained_percent;
    auto const rates = tables.rates_on(line.fee_code, day);
    if (rates.size() != 1 || rates.front()->retained_uncertain) return std::nullopt;
    return rates.front()->retained_percent;
}

// Money that came back from the payer's bank is the collector's again.
Dong signed_amount(ReceiptEntryKind kind, Dong amount) { return kind == ReceiptEntryKind::given_back ? amount : Dong(-amount.count()); }

class Collecting {
public:
    Collecting(CollectorStatement& statement, Agencies const& agencies, FeeTables const& tables)
        : statement_(statement), agencies_(agencies), tables_(tables)
    {
    }

    Result<Done> take(Receipt receipt)
    {
        CollectedReceipt collected{std::move(receipt), false, {}};
        auto const& paper = collected.receipt;
        bool const in_period = holds(paper.issued_at);
        bool const live = paper.state == ReceiptState::issued || paper.state == ReceiptState::adjusted;
        collected.counts = in_period && live;
        if (collected.counts) CHO_TRY_DO(take_lines(paper));
        if (live) CHO_TRY_DO(take_entries(collected));
        if (in_period) CHO_TRY_DO(take_number(paper, live));
        if (in_period || !collected.given_back.is_zero()) statement_.receipts.push_back(std::move(collected));
        return Done{};
    }

    Result<Done> finish()
    {
        for (auto& [key, fee] : fees_) {
            CHO_TRY(statement_.gross, add(statement_.gross, fee.gross));
            CHO_TRY(statement_.given_back, add(statement_.given_back, fee.given_back));
            if (fee.retained_percent) {
                CHO_TRY(fee.kept, multiply_half_up(fee.net(), *fee.retained_percent, 100));
                fee.to_budget = Dong(fee.net().count() - fee.kept->count());
                CHO_TRY(statement_.kept, add(statement_.kept, *fee.kept));
                CHO_TRY(statement_.to_budget, add(statement_.to_budget, fee.to_budget));
            } else {
                CHO_TRY(statement_.undecided, add(statement_.undecided, fee.net()));
            }
            statement_.fees.push_back(std::move(fee));
        }
        for (auto& [key, series] : series_) statement_.series.push_back(std::move(series));
        std::ranges::sort(statement_.receipts, {}, [](auto const& r) {
            return std::tuple(form_code(r.receipt.number.form), r.receipt.number.symbol, r.receipt.number.number);
        });
        return Done{};
    }

private:
    [[nodiscard]] bool holds(Instant at) const { return statement_.from.begin() <= at && at < statement_.to.end(); }

    // Of the day on which it was collected: a later change of the share is none of money that came before.
    CollectedFee& fee_of(Receipt const& receipt, ReceiptLine const& line)
    {
        auto const share = share_of(line, statement_.agency_code, Day::of(receipt.issued_at), agencies_, tables_);
        auto& fee = fees_[{receipt.kind, line.fee_code, line.budget_subitem, share}];
        fee.kind = receipt.kind;
        fee.fee_code = line.fee_code;
        fee.name_vi = line.name_vi;
        fee.budget_subitem = line.budget_subitem;
        fee.retained_percent = share;
        return fee;
    }
    Result<Done> take_lines(Receipt const& receipt)
    {
        ++statement_.count;
        std::set<CollectedFee*> touched;
        for (auto const& line : receipt.lines) {
            auto& fee = fee_of(receipt, line);
            CHO_TRY(fee.gross, add(fee.gross, line.amount));
            if (touched.insert(&fee).second) ++fee.receipts;
        }
        return Done{};
    }
    Result<Done> take_entries(CollectedReceipt& collected)
    {
        auto const& paper = collected.receipt;
        for (auto const& entry : paper.entries) {
            if (!holds(entry.at)) continue;
            for (auto const& part : entry.lines) {
                auto const at = static_cast<std::size_t>(part.line) - 1;
                if (part.line < 1 || at >= paper.lines.size())
                    return fail(Errc::books_broken, "an entry names a line that the receipt has not");
                auto& fee = fee_of(paper, paper.lines[at]);
                auto const amount = signed_amount(entry.kind, part.amount);
                CHO_TRY(fee.given_back, add(fee.given_back, amount));
                CHO_TRY(collected.given_back, add(collected.given_back, amount));
            }
        }
        return Done{};
    }
    Result<Done> take_number(Receipt const& receipt, bool live)
    {
        auto const form = std::string(form_code(receipt.number.form));
        auto& series = series_[{form, receipt.number.symbol}];
        series.form = form;
        series.symbol = receipt.number.symbol;
        series.first = series.count == 0 ? receipt.number.number : std::min(series.first, receipt.number.number);
        series.last = std::max(series.last, receipt.number.number);
        ++series.count;
        if (live) { CHO_TRY(series.total, add(series.total, receipt.total)); }
        return Done{};
    }

    CollectorStatement& statement_;
    Agencies const& agencies_;
    FeeTables const& tables_;
    std::map<FeeKey, CollectedFee> fees_;
    std::map<std::pair<std::string, std::string>, CollectedSeries> series_;
};

std::string text_of(Dong amount) { return std::to_string(amount.count()); }

std::string kind_name(FeeKind kind) { return kind == FeeKind::phi ? "phi" : "le_phi"; }

}  // namespace

Result<CollectorStatement> collector_statement(Agency const& agency, Day from, Day to, std::vector<Receipt> receipts,
                                               Agencies const& agencies, FeeTables const& tables)
{
    CollectorStatement statement;
    statement.agency_code = agency.code;
    statement.agency_name = agency.name_vi;
    statement.from = from;
    statement.to = to;
    Collecting collecting(statement, agencies, tables);
    for (auto& receipt : receipts) CHO_TRY_DO(collecting.take(std::move(receipt)));
    CHO_TRY_DO(collecting.finish());
    return statement;
}

std::string collector_csv(CollectorStatement const& statement)
{
    SealedCsv csv({"row", "id", "name", "date", "kind", "budget_subitem", "retained_percent", "first", "last", "count", "sum", "given_back",
                   "kept", "to_budget", "undecided", "state", "sha256"});
    csv.row({"agency", statement.agency_code, statement.agency_name, statement.from.to_string() + "/" + statement.to.to_string(), "", "",
             "", "", "", "", "", "", "", "", "", "", ""});
    for (auto const& fee : statement.fees) {
        csv.row({"fee", fee.fee_code, fee.name_vi, "", kind_name(fee.kind), fee.budget_subitem,
                 fee.retained_percent ? std::to_string(*fee.retained_percent) : "", "", "", std::to_string(fee.receipts),
                 text_of(fee.gross), text_of(fee.given_back), fee.kept ? text_of(*fee.kept) : "", fee.kept ? text_of(fee.to_budget) : "",
                 fee.kept ? "" : text_of(fee.net()), "", ""});
    }
    for (auto const& series : statement.series) {
        csv.row({"series", series.form, series.symbol, "", "", "", "", std::to_string(series.first), std::to_string(series.last),
                 std::to_string(series.count), text_of(series.total), "", "", "", "", "", ""});
    }
    for (auto const& one : statement.receipts) {
        auto const& paper = one.receipt;
        csv.row({"receipt", paper.number.symbol, std::string(form_code(paper.number.form)), Day::of(paper.issued_at).to_string(),
                 kind_name(paper.kind), "", "", std::to_string(paper.number.number), "", one.counts ? "1" : "0",
                 text_of(one.counts ? paper.total : Dong()), text_of(one.given_back), "", "", "",
                 std::string(receipt_state_name(paper.state)), paper.digest});
    }
    csv.row({"sums", "", "", "", "", "", "", "", "", std::to_string(statement.count), text_of(statement.gross),
             text_of(statement.given_back), text_of(statement.kept), text_of(statement.to_budget), text_of(statement.undecided), "", ""});
    return std::move(csv).seal(statement.count, statement.gross);
}

}  // namespace cho40::fees
