#include "qr-pay/sign_check.h"
#include "base/text.h"
#include "qr-pay/crc16.h"
#include "qr-pay/vietqr.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {
namespace {

// None for what is never registered: cards, cash machines, other networks.
std::optional<PaymentAddress> address_of(MerchantAccount const& account)
{
    using Kind = PaymentAddress::Kind;
    if (account.scheme != Scheme::vietqr) return std::nullopt;
    if (account.service == name_of(QrService::transfer_to_account)) return PaymentAddress{Kind::account, account.acquirer, account.account};
    if (account.service == name_of(QrService::merchant_payment)) return PaymentAddress{Kind::merchant, account.acquirer, account.account};
    return std::nullopt;
}

// The code as it would read if only its checksum were wrong. A printed sign whose CRC is damaged still shows the account to
// apps that do not check, so whose account it is must be told.
tl::expected<DecodedQr, QrRefusal> decode_despite_crc(std::string_view payload, QrFault fault)
{
    auto const body = payload.substr(0, payload.size() - std::min<std::size_t>(payload.size(), 4));
    if (fault != QrFault::crc_mismatch && fault != QrFault::crc_not_hex) return tl::unexpected(QrRefusal{fault, false});
    return decode_qr(std::string(body) + crc16_text(body));
}

Id<Owner> const* owner_of(MerchantAccount const& account, Id<Owner> stall, std::span<RegisteredAddress const> registered)
{
    auto const address = address_of(account);
    if (!address) return nullptr;
    Id<Owner> const* found = nullptr;
    for (auto const& r : registered) {
        if (r.address != *address) continue;
        if (r.owner == stall) return &r.owner;  // an address of its own and of another's alike: the stall is paid
        found = &r.owner;
    }
    return found;
}

// "***" asks the payer for the value: it fixes nothing.
std::string const* fixed_text(DecodedQr const& qr, std::string_view id)
{
    auto const* value = qr.additional ? find(*qr.additional, id) : nullptr;
    return value && *value != "***" ? value : nullptr;
}

std::vector<SignDifference> differences_of(DecodedQr const& qr, std::string_view memo)
{
    using enum SignDifference::Kind;
    auto const same_words = [](std::string_view a, std::string_view b) {
        return to_ascii_upper(plain_words(a)) == to_ascii_upper(plain_words(b));
    };
    std::vector<SignDifference> out;
    if (qr.amount) out.push_back({amount_fixed, *qr.amount});
    if (qr.initiation == Initiation::dynamic_code) out.push_back({single_use, "12"});
    if (auto const* text = fixed_text(qr, "08"); text && !same_words(*text, memo)) out.push_back({other_memo, *text});
    for (auto const* id : {"01", "05"}) {
        if (auto const* text = fixed_text(qr, id)) out.push_back({one_bill, *text});
    }
    if (qr.tip_indicator) out.push_back({extra_charge, *qr.tip_indicator});
    if (qr.currency != "704") out.push_back({other_currency, qr.currency.value_or("")});
    if (qr.country != "VN") out.push_back({other_country, qr.country.value_or("")});
    return out;
}

}  // namespace

std::vector<PaymentAddress> addresses_in(std::string_view payload)
{
    payload = trim(payload);
    auto qr = decode_qr(payload);
    if (!qr) qr = decode_despite_crc(payload, qr.error().fault);
    std::vector<PaymentAddress> out;
    if (!qr) return out;
    for (auto const& account : qr->merchant_accounts) {
        if (auto address = address_of(account)) out.push_back(*std::move(address));
    }
    return out;
}

SignCheck check_sign(std::string_view payload, Id<Owner> stall, std::span<RegisteredAddress const> registered, std::string_view memo)
{
    payload = trim(payload);
    auto qr = decode_qr(payload);
    SignCheck check;
    if (!qr) {
        check.refusal = qr.error();
        check.begins_as_payment_code = payload.starts_with("0002");
    }
    if (!qr) qr = decode_despite_crc(payload, qr.error().fault);
    if (!qr) return check;

    // An app pays whichever of the accounts it knows, so the worst one decides.
    auto const badness = [&](MerchantAccount const& account) {
        auto const* owner = owner_of(account, stall, registered);
        return !owner ? SignVerdict::unknown_account : *owner != stall ? SignVerdict::another_stall : SignVerdict::right_stall;
    };
    auto const worst = std::ranges::max_element(qr->merchant_accounts, {}, badness);
    auto const verdict = badness(*worst);
    // Of a code with a wrong checksum nothing is sure but that it names just what is registered: a letter that was misread
    // must not accuse somebody else.
    if (check.refusal && verdict != SignVerdict::right_stall) return check;
    check.verdict = verdict;
    check.account = *worst;
    if (verdict == SignVerdict::another_stall) check.owner = *owner_of(*worst, stall, registered);
    if (verdict == SignVerdict::right_stall) check.differences = differences_of(*qr, memo);
    if (check.refusal) check.differences.push_back({SignDifference::Kind::crc_damaged, std::string(payload.substr(payload.size() - 4))});
    check.refusal.reset();
    check.begins_as_payment_code = false;
    return check;
}

std::string_view name_of(SignVerdict verdict)
{
    static constexpr std::array<std::string_view, 4> names = {"right_stall", "another_stall", "unknown_account", "not_a_payment_code"};
    static_assert(static_cast<std::size_t>(SignVerdict::not_a_payment_code) + 1 == names.size());
    return names[static_cast<std::size_t>(verdict)];
}

std::string_view name_of(SignDifference::Kind kind)
{
    static constexpr std::array<std::string_view, 8> names = {"amount_fixed", "single_use",     "other_memo",    "one_bill",
                                                              "extra_charge", "other_currency", "other_country", "crc_damaged"};
    static_assert(static_cast<std::size_t>(SignDifference::Kind::crc_damaged) + 1 == names.size());
    return names[static_cast<std::size_t>(kind)];
}

}  // namespace cho40::qr_pay
