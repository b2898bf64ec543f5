#include "fees/receipt.h"
#include "base/digest.h"
#include "base/vietnamese_number.h"
#include <algorithm>
#include <array>

namespace cho40::fees {
namespace {

void add_field(std::string& bytes, std::string_view field)
{
    bytes += std::to_string(field.size());
    bytes += ':';
    bytes += field;
    bytes += '\n';
}

Result<Done> leave(Receipt& receipt, ReceiptState to, std::string reason)
{
    if (receipt.state == ReceiptState::replaced || receipt.state == ReceiptState::cancelled) {
        return fail(Errc::invalid_state,
                    "the receipt " + receipt.number.to_string() + " is " + std::string(receipt_state_name(receipt.state)));
    }
    receipt.state = to;
    receipt.state_reason = std::move(reason);
    return Done{};
}

}  // namespace

std::string_view receipt_state_name(ReceiptState state)
{
    constexpr std::array<std::string_view, 4> names = {"issued", "replaced", "cancelled", "adjusted"};
    return names[static_cast<std::size_t>(state)];
}

Dong Receipt::given_back() const
{
    std::int64_t sum = 0;  // within the total
    for (auto const& entry : entries) sum += entry.kind == ReceiptEntryKind::given_back ? entry.amount.count() : -entry.amount.count();
    return Dong(sum);
}

Dong Receipt::given_back_of(std::int32_t line) const
{
    std::int64_t sum = 0;
    for (auto const& entry : entries) {
        for (auto const& part : entry.lines) {
            if (part.line != line) continue;
            sum += entry.kind == ReceiptEntryKind::given_back ? part.amount.count() : -part.amount.count();
        }
    }
    return Dong(sum);
}

std::optional<Instant> Receipt::given_back_at() const
{
    std::optional<Instant> last;
    for (auto const& entry : entries) {
        auto const is_same = [&](ReceiptEntry const& other) { return other.refund == entry.refund; };
        bool const was_sent_back = std::ranges::count_if(entries, is_same) > 1;
        if (!was_sent_back) last = entry.at;
    }
    return last;
}

std::vector<ReceiptPlan> plan_receipts(FeeNotice const& notice, Agency const& agency)
{
    std::vector<ReceiptPlan> plans;
    for (auto const kind : {FeeKind::phi, FeeKind::le_phi}) {
        auto const total = notice.total_of(kind);
        if (total.is_zero()) continue;
        ReceiptPlan plan{kind, {}, total, kind == FeeKind::phi ? agency.letters_phi : agency.letters_le_phi};
        for (auto const& line : notice.lines) {
            if (line.kind != kind || !line.due || line.due->is_zero()) continue;
            plan.lines.push_back({line.fee_code, line.name_vi, line.name_en, line.budget_subitem, *line.due});
        }
        plans.push_back(std::move(plan));
    }
    return plans;
}

Receipt issue_receipt(ReceiptPlan plan, FeeNotice const& notice, Agency const& agency, ReceiptDraw draw)
{
    Receipt r{};
    r.id = draw.id;
    r.agency_code = agency.code;
    r.number = std::move(draw.number);
    r.issued_at = draw.issued_at;
    r.collector_name = agency.name_vi;
    r.collector_tax_code = agency.tax_code;
    r.collector_address = agency.address;
    r.kind = plan.kind;
    r.payer_name = notice.payer_name;
    r.dossier_code = notice.dossier_code;
    r.notice_code = notice.code;
    r.lines = std::move(plan.lines);
    r.total = plan.total;
    r.words = amount_in_words(plan.total);
    r.payments = std::move(draw.payments);
    r.lookup_code = draw.code.text();
    r.replaces = std::move(draw.replaces);
    r.digest = receipt_digest(r);
    return r;
}

std::string receipt_digest(Receipt const& r)
{
    std::string bytes;
    add_field(bytes, "cho40-receipt-1");
    for (auto const& field :
         {r.agency_code, r.number.to_string(), to_rfc3339_micro(r.issued_at), r.collector_name, r.collector_tax_code, r.collector_address,
          r.delegate ? r.delegate->name : std::string(), r.delegate ? r.delegate->address : std::string(),
          std::string(fee_kind_name(r.kind)), r.payer_name, r.dossier_code, r.notice_code}) {
        add_field(bytes, field);
    }
    for (auto const& line : r.lines) {
        add_field(bytes, line.fee_code);
        add_field(bytes, line.name_vi);
        add_field(bytes, line.budget_subitem);
        add_field(bytes, std::to_string(line.amount.count()));
    }
    add_field(bytes, std::to_string(r.total.count()));
    add_field(bytes, r.words);
    add_field(bytes, r.replaces ? r.replaces->to_string() : std::string());
    return to_hex(sha256(bytes));
}

Result<Done> replace_receipt(Receipt& receipt, ReceiptNumber by, std::string reason)
{
    CHO_TRY_DO(leave(receipt, ReceiptState::replaced, std::move(reason)));
    receipt.replaced_by = std::move(by);
    return Done{};
}

Result<Done> cancel_receipt(Receipt& receipt, std::string reason) { return leave(receipt, ReceiptState::cancelled, std::move(reason)); }
Result<Done> adjust_receipt(Receipt& receipt, std::string reason) { return leave(receipt, ReceiptState::adjusted, std::move(reason)); }

Correction correction_for(bool touches_amount, bool touches_tax_code)
{
    return touches_amount || touches_tax_code ? Correction::replacement : Correction::notice_of_mistake;
}

}  // namespace cho40::fees
