#include "qr-pay/bank_credit.h"
#include "base/text.h"

namespace cho40::qr_pay {
namespace {

constexpr auto clocks_differ_max = std::chrono::minutes(2);

// "FT26032512345" -> "AA99999999999": which kind of number a bank reference is.
std::string shape_of(std::string_view squeezed)
{
    std::string shape;
    for (char c : squeezed) shape += c >= '0' && c <= '9' ? '9' : 'A';
    return shape;
}

bool references_contradict(BankCredit const& a, BankCredit const& b)
{
    auto const left = squeeze(a.bank_reference);
    auto const right = squeeze(b.bank_reference);
    return !left.empty() && !right.empty() && left != right && shape_of(left) == shape_of(right);
}

}  // namespace

std::string provider_key(BankCredit const& credit) { return credit.rail + "/" + credit.provider_id; }

Sha256 told_key(BankCredit const& credit)
{
    auto const at = std::to_string(credit.booked_at.time_since_epoch().count());
    return sha256(provider_key(credit) + "\n" + credit.account_number + (credit.direction == Direction::in ? "\nin\n" : "\nout\n") +
                  std::to_string(credit.amount.count()) + "\n" + at);
}

std::string dedupe_key(BankCredit const& credit)
{
    auto const reference = squeeze(credit.bank_reference);
    if (reference.empty()) return provider_key(credit);
    return squeeze(credit.account_number) + (credit.direction == Direction::in ? "/in/" : "/out/") + reference;
}

bool may_be_same_transfer(BankCredit const& a, BankCredit const& b)
{
    auto const apart = a.booked_at < b.booked_at ? b.booked_at - a.booked_at : a.booked_at - b.booked_at;
    return a.rail != b.rail && a.direction == b.direction && a.amount == b.amount && apart <= clocks_differ_max &&
           squeeze(a.account_number) == squeeze(b.account_number) && squeeze(a.memo) == squeeze(b.memo) && !references_contradict(a, b);
}

}  // namespace cho40::qr_pay
