#include "fees/national_payment.h"
#include "base/check.h"
#include <array>

namespace cho40::fees {
namespace {

using namespace std::chrono_literals;
using qr_pay::BankCredit;

constexpr std::array<std::string_view, 6> state_names = {"", "created", "pending", "succeeded", "failed", "expired"};
constexpr std::array<std::chrono::minutes, 4> first_questions = {1min, 5min, 15min, 30min};
constexpr std::chrono::hours last_question{72};
// Who began the call, or heard of the money, has this long to finish; then whoever looks finishes it.
constexpr std::chrono::seconds finished_by_another{60};
// A clock of the platform's that differs by more is wrong: one that writes 03 for 15 o'clock is twelve hours away.
constexpr std::chrono::minutes clock_difference_max{5};

std::optional<NationalPayment> at_end(NationalPayment payment, NationalState state, std::string reason, Instant now)
{
    payment.state = state;
    payment.reason = std::move(reason);
    payment.since = now;
    ++payment.version;
    return payment;
}

}  // namespace

std::string_view national_state_name(NationalState state) { return state_names[static_cast<std::size_t>(state)]; }

bool is_open(NationalState state) { return state == NationalState::created || state == NationalState::pending; }

Result<NationalPayment> begin_call(NationalPayment payment, Instant now)
{
    if (payment.called_at || payment.state != NationalState::created)
        return fail(Errc::invalid_state, "this attempt was opened before; another one has another reference");
    payment.called_at = now;
    ++payment.version;
    return payment;
}

std::optional<NationalPayment> opened(NationalPayment payment, std::string pay_url, Instant now)
{
    if (payment.state != NationalState::created) return std::nullopt;
    payment.pay_url = std::move(pay_url);
    return at_end(std::move(payment), NationalState::pending, "", now);
}

std::optional<NationalPayment> refused(NationalPayment payment, std::string reason, Instant now)
{
    if (!is_open(payment.state)) return std::nullopt;
    return at_end(std::move(payment), NationalState::failed, std::move(reason), now);
}

std::optional<NationalPayment> judged(NationalPayment payment, NationalResult const& result, Instant now)
{
    using enum NationalState;
    if (result.kind == NationalResult::Kind::unknown) return std::nullopt;
    if (result.kind == NationalResult::Kind::failed) {
        if (payment.state == succeeded || payment.state == failed) return std::nullopt;
        return at_end(std::move(payment), failed, result.code, now);
    }
    if (payment.state == succeeded) {
        // A success that a question brought names no number; the platform's own telling does.
        if (!payment.transaction.empty() || result.transaction.empty()) return std::nullopt;
        payment.transaction = result.transaction;
        if (payment.bank.empty()) payment.bank = result.bank;
        ++payment.version;
        return payment;
    }
    payment.transaction = result.transaction;
    payment.bank = result.bank;
    bool const is_possible = result.told_paid_at && *result.told_paid_at >= payment.created_at - clock_difference_max &&
                             *result.told_paid_at <= now + clock_difference_max;
    payment.paid_at = is_possible ? *result.told_paid_at : now;
    return at_end(std::move(payment), succeeded, "", now);
}

std::optional<NationalPayment> given_up(NationalPayment payment, Instant now)
{
    if (!is_open(payment.state)) return std::nullopt;
    return at_end(std::move(payment), NationalState::expired, "never_known", now);
}

NationalPayment booked(NationalPayment payment)
{
    payment.is_booked = true;
    ++payment.version;
    return payment;
}

NationalPayment with_bill(NationalPayment payment)
{
    payment.has_bill = true;
    ++payment.version;
    return payment;
}

bool is_second_money(NationalPayment const& payment, NationalResult const& result)
{
    return result.kind == NationalResult::Kind::paid && payment.state == NationalState::succeeded && !payment.transaction.empty() &&
           !result.transaction.empty() && payment.transaction != result.transaction;
}

std::optional<Instant> next_question(Instant begin, Instant now)
{
    for (auto const after : first_questions) {
        if (begin + after > now) return begin + after;
    }
    auto const hours = std::chrono::floor<std::chrono::hours>(now - begin) + 1h;
    if (hours > last_question) return std::nullopt;
    return begin + hours;
}

std::optional<Instant> next_look(NationalPayment const& payment, Instant now)
{
    if (is_open(payment.state)) return next_question(payment.called_at.value_or(payment.created_at), now).value_or(now);
    if (payment.state != NationalState::succeeded) return std::nullopt;
    if (!payment.is_booked) return now + finished_by_another;
    if (payment.has_bill) return std::nullopt;
    return now;
}

Id<NationalPayment> national_payment_id(Id<FeeNotice> notice, std::string const& key)
{
    return Id<NationalPayment>(make_derived_uuid({"national_payment", notice.uuid.to_string(), key}));
}

std::string national_reference(std::string_view dossier_code, Instant at)
{
    std::string reference = "dvc";
    for (char const c : dossier_code) {
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_') reference += c;
    }
    auto const local = to_local_time(at);  // 2026-11-22 09:30:15
    for (char const c : std::string_view(local).substr(2)) {
        if (c >= '0' && c <= '9') reference += c;
    }
    return reference;
}

std::string national_account_number(std::string_view agency_code) { return "DVCQG-" + std::string(agency_code); }

BankCredit national_credit(NationalPayment const& payment, NationalResult const& result, Agency const& agency, Instant heard_at)
{
    CHO_CHECK(result.kind == NationalResult::Kind::paid);
    // One attempt is one payment, whoever tells of it and with whatever number. Another number beside a known one is other money.
    bool const is_other = is_second_money(payment, result);
    auto const provider_id = is_other ? payment.reference + "/" + result.transaction : payment.reference;
    auto const paid_at = is_other ? heard_at : payment.paid_at.value_or(heard_at);
    BankCredit credit("dvcqg", provider_id, agency.account_number, qr_pay::Direction::in, payment.amount, paid_at);
    credit.virtual_account = national_account_number(agency.code);
    credit.memo = payment.reference;
    credit.provider_order = payment.reference;
    credit.order_code = payment.order_code;
    credit.payer_bank = result.bank;
    return credit;
}

}  // namespace cho40::fees
