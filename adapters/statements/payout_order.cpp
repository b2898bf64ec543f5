#include "adapters/statements/payout_order.h"
#include "base/text.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <unordered_set>

namespace cho40::statements {
namespace {

constexpr std::size_t id_max = 35;
constexpr std::size_t name_max = 70;
constexpr std::size_t account_max = 34;
constexpr std::size_t remittance_max = 140;
constexpr std::int64_t amount_max = 999'999'999'999'999'999;  // 18 digits

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_alnum(char c) { return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z'); }
bool is_bank_character(char c) { return is_alnum(c) || std::string_view("/-?:().,'+ ").find(c) != std::string_view::npos; }

class Check {
public:
    void wrong(std::string pointer, Errc code, std::string detail, std::optional<std::int64_t> limit = {})
    {
        if (fields_.size() < fields_max) fields_.push_back({std::move(pointer), code, std::move(detail), {}, limit});
    }

    void text(std::string const& pointer, std::string const& value, std::size_t max, bool may_be_empty = false)
    {
        auto const bank_text = to_bank_text(value);
        if (!bank_text) return wrong(pointer, bank_text.error().code, bank_text.error().detail);
        if (trim(*bank_text).empty() && !may_be_empty) return wrong(pointer, Errc::required, "must not be empty");
        if (bank_text->size() > max) {
            wrong(pointer, Errc::text_too_long, "must have at most " + std::to_string(max) + " characters", static_cast<std::int64_t>(max));
        }
    }

    // An id comes back and is compared: accents would be lost on the way.
    void id(std::string const& pointer, std::string const& value)
    {
        if (!std::ranges::all_of(value, is_bank_character)) {
            return wrong(pointer, Errc::invalid_format, "an id has only letters, digits, spaces and / - ? : ( ) . , ' +");
        }
        if (value.starts_with('/') || value.ends_with('/') || value.find("//") != value.npos || trim(value) != value) {
            return wrong(pointer, Errc::invalid_format, "an id has no slash or space at its ends and no two slashes in a row");
        }
        text(pointer, value, id_max);
    }

    void party(std::string const& pointer, PayoutParty const& party)
    {
        text(pointer + "/name", party.name, name_max);
        if (party.account.empty() || party.account.size() > account_max || !std::ranges::all_of(party.account, is_alnum)) {
            wrong(pointer + "/account", Errc::invalid_format, "must be 1 to 34 letters and digits");
        }
        bank(pointer + "/bank", party.bank);
    }

    Result<Done> result() &&
    {
        if (fields_.empty()) return Done{};
        Error error(Errc::validation_failed, "the order cannot be written", fields_.front().pointer);
        error.fields = std::move(fields_);
        return fail(std::move(error));
    }

private:
    static constexpr std::size_t fields_max = 50;

    void bank(std::string const& pointer, PayoutBank const& bank)
    {
        if (bank.bin.empty() && bank.bic.empty()) wrong(pointer, Errc::required, "a bank needs its bin or its bic");
        if (!bank.bin.empty() && (bank.bin.size() != 6 || !std::ranges::all_of(bank.bin, is_digit))) {
            wrong(pointer + "/bin", Errc::invalid_format, "must be six digits");
        }
        if (!bank.bic.empty() && !is_bic(bank.bic)) {
            wrong(pointer + "/bic", Errc::invalid_format, "must be a BIC of 8 or 11 characters, like BFTVVNVX");
        }
    }

    static bool is_bic(std::string_view bic)
    {
        auto const upper_or_digit = [](char c) { return is_upper(c) || is_digit(c); };
        return (bic.size() == 8 || bic.size() == 11) && std::ranges::all_of(bic, upper_or_digit) && is_upper(bic[4]) && is_upper(bic[5]);
    }

    std::vector<FieldError> fields_;
};

}  // namespace

Result<std::string> to_bank_text(std::string_view text)
{
    if (!is_valid_utf8(text)) return fail(Errc::invalid_utf8, "must be valid UTF-8");
    auto plain = strip_accents(text);
    auto const odd = std::ranges::find_if_not(plain, is_bank_character);
    if (odd == plain.end()) return plain;
    auto end = odd + 1;
    while (end != plain.end() && (static_cast<unsigned char>(*end) & 0xC0) == 0x80) ++end;
    auto shown = static_cast<unsigned char>(*odd) < 0x20 ? std::string("a control character") : "\"" + std::string(odd, end) + "\"";
    return fail(Errc::invalid_format, "banks do not take " + shown + ": letters, digits, spaces and / - ? : ( ) . , ' + only");
}

Result<Done> check(PayoutOrder const& order)
{
    Check check;
    check.id("/id", order.id);
    check.party("/debtor", order.debtor);
    if (order.execution < Day::of(order.created_at)) {
        check.wrong("/execution_date", Errc::invalid_date, "must not be before the day of created_at");
    }
    if (order.transfers.empty()) check.wrong("/transfers", Errc::too_few, "must have at least one transfer", 1);
    if (order.transfers.size() > payout_transfers_max) {
        check.wrong("/transfers", Errc::too_many, "must have at most " + std::to_string(payout_transfers_max) + " transfers",
                    static_cast<std::int64_t>(payout_transfers_max));
    }
    reconcile::Sum sum;
    std::unordered_set<std::string> ids;
    for (std::size_t i = 0; i < order.transfers.size(); ++i) {
        auto const& transfer = order.transfers[i];
        auto const pointer = "/transfers/" + std::to_string(i);
        check.id(pointer + "/end_to_end_id", transfer.end_to_end_id);
        if (!ids.insert(transfer.end_to_end_id).second) {
            check.wrong(pointer + "/end_to_end_id", Errc::invalid_input, "is the id of an earlier transfer of the order");
        }
        if (!transfer.amount.is_positive()) check.wrong(pointer + "/amount_vnd", Errc::amount_not_positive, "must be above 0");
        if (transfer.amount.count() > amount_max) check.wrong(pointer + "/amount_vnd", Errc::too_large, "must have at most 18 digits");
        check.party(pointer + "/creditor", transfer.creditor);
        check.text(pointer + "/remittance", transfer.remittance, remittance_max, true);
        sum.add(transfer.amount);
    }
    auto const total = sum.total();
    if (!total || total->count() > amount_max) check.wrong("/transfers", Errc::amount_overflow, "add up to more than 18 digits");
    return std::move(check).result();
}

}  // namespace cho40::statements
