#include "apps/sandbox/rail_messages.h"
#include "adapters/rails/providers/casso.h"
#include "adapters/rails/providers/momo.h"
#include "adapters/rails/providers/payos.h"
#include "adapters/rails/providers/sepay.h"
#include "adapters/rails/providers/vietqr.h"
#include "adapters/rails/providers/vnpay.h"
#include "adapters/rails/providers/zalopay.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/text.h"
#include "qr-pay/banks.h"
#include <algorithm>
#include <fmt/format.h>

namespace cho40::sandbox {
namespace {

using qr_pay::BankCredit;
using rails::RailSecret;
using rails::RawNotification;

std::string hash_of(RailAccount const& account, Transfer const& transfer)
{
    return to_hex(sha256(account.id + "/" + transfer.reference)).substr(0, 32);
}

// The digits of the bank's reference, and two more by which rail accounts differ: below 2^53, so that every reader of JSON
// reads it exactly.
std::string whole_number(RailAccount const& account, Transfer const& transfer)
{
    return fmt::format("{}{:02}", transfer.reference.substr(2), sha256(account.id)[0] % 100);
}

// Payments to a merchant account are for an order of the merchant's, whatever the payer wrote.
std::string order_of(Transfer const& transfer)
{
    return transfer.order_code.empty() ? fmt::format("QUAY{}", transfer.number) : transfer.order_code;
}

RawNotification json_post(std::string body, Instant sent_at)
{
    RawNotification raw;
    raw.headers.emplace_back("Content-Type", "application/json");
    raw.body = std::move(body);
    raw.received_at = sent_at;
    return raw;
}

using Written = RawNotification (*)(BankCredit, RailAccount const&, Transfer const&, Instant);

RawNotification write_payos(BankCredit credit, RailAccount const& account, Transfer const& transfer, Instant at)
{
    // payOS numbers orders; 123 is the number of its sample.
    auto const order = static_cast<std::int64_t>(transfer.number) + 1000;
    return json_post(rails::payos::webhook_body(credit, order, hash_of(account, transfer), Secret(account.secret)), at);
}

RawNotification write_sepay(BankCredit credit, RailAccount const& account, Transfer const& transfer, Instant at)
{
    auto const* bank = qr_pay::Banks::current().find(transfer.bank_bin);
    credit.payer_bank = bank == nullptr ? transfer.bank_bin : bank->short_name;  // its `gateway` is the receiving bank
    return rails::sepay::notification(credit, RailSecret(account.secret), at);
}

RawNotification write_vnpay(BankCredit credit, RailAccount const& account, Transfer const& transfer, Instant at)
{
    credit.provider_id = whole_number(account, transfer);
    credit.provider_order = order_of(transfer);
    credit.memo = "Thanh toan don hang " + credit.provider_order;
    return rails::vnpay::notification(credit, RailSecret(account.secret), at);
}

RawNotification write_momo(BankCredit credit, RailAccount const& account, Transfer const& transfer, Instant at)
{
    credit.provider_order = order_of(transfer);
    credit.memo = "Thanh toan don hang " + credit.provider_order;
    return rails::momo::notification(credit, RailSecret(account.secret), at);
}

RawNotification write_zalopay(BankCredit credit, RailAccount const& account, Transfer const& transfer, Instant at)
{
    auto day = Day::of(transfer.booked_at).to_string().substr(2);
    std::erase(day, '-');
    credit.provider_order = day + "_" + order_of(transfer);
    return rails::zalopay::notification(credit, RailSecret(account.secret), at);
}

struct Voice {
    std::string_view rail;
    bool money_out;      // whether it tells of it
    bool whole_numbers;  // how it numbers transfers
    bool names_contracts;  // and not accounts
    Written write;
};

constexpr Voice voices[] = {
    {"casso", true, true, false,
     [](BankCredit credit, RailAccount const& account, Transfer const&, Instant at) {
         return rails::casso::notification(credit, RailSecret(account.secret), at);
     }},
    {"momo", false, true, true, write_momo},
    {"payos", false, false, false, write_payos},
    {"sepay", true, true, false, write_sepay},
    {"vietqr", true, false, false,
     [](BankCredit credit, RailAccount const&, Transfer const&, Instant at) { return json_post(rails::vietqr::sync_body(credit), at); }},
    {"vnpay", false, true, true, write_vnpay},
    {"zalopay", false, true, true, write_zalopay},
};

Voice const& voice_of(std::string_view rail)
{
    auto const* const found = std::ranges::find(voices, rail, &Voice::rail);
    CHO_CHECK(found != std::end(voices));  // the setup takes no other rail
    return *found;
}

}  // namespace

std::string provider_transaction(RailAccount const& account, Transfer const& transfer)
{
    auto number = voice_of(account.rail).whole_numbers ? whole_number(account, transfer) : hash_of(account, transfer);
    if (account.rail == "payos") return transfer.reference + "/" + number;
    if (account.rail == "vnpay") return number + "/" + order_of(transfer);
    return number;
}

bool can_name(std::string_view rail, std::string_view account_number)
{
    if (rail != "zalopay") return true;
    return account_number.size() <= 18 && !account_number.starts_with('0') &&
           account_number.find_first_not_of("0123456789") == account_number.npos;
}

std::optional<RawNotification> notification_of(RailAccount const& account, Transfer const& transfer, Instant signed_at)
{
    auto const& voice = voice_of(account.rail);
    bool const in = transfer.flow == Flow::in;
    if (!in && !voice.money_out) return std::nullopt;
    bool const by_contract = voice.names_contracts && !transfer.provider_account.empty();
    BankCredit credit(account.rail, provider_transaction(account, transfer),
                      by_contract ? transfer.provider_account : transfer.account_number,
                      in ? qr_pay::Direction::in : qr_pay::Direction::out, transfer.amount, transfer.booked_at);
    credit.bank_reference = transfer.reference;
    credit.memo = transfer.memo;
    credit.virtual_account = transfer.virtual_account;
    credit.payer_name = transfer.payer.name;
    credit.payer_account = transfer.payer.account;
    credit.payer_bank = transfer.payer.bank_bin;
    credit.balance = transfer.balance;
    return voice.write(std::move(credit), account, transfer, signed_at);
}

std::optional<RawNotification> probe_of(RailAccount const& account, Instant signed_at)
{
    if (account.rail == "payos") return json_post(rails::payos::probe_body(Secret(account.secret)), signed_at);
    if (account.rail != "casso") return std::nullopt;
    // The sample as Casso publishes it.
    BankCredit credit("casso", "0", "88888888", qr_pay::Direction::in, Dong(599'000), *parse_local_time("2024-10-03 15:06:37"));
    credit.bank_reference = "MA_GIAO_DICH_THU_NGHIEM";
    credit.memo = "giao dich thu nghiem";
    credit.payer_name = "NGUYEN VAN A";
    credit.payer_account = "8888888888";
    credit.payer_bank = "970415";
    credit.balance = Dong(25'000'000);
    return rails::casso::notification(credit, RailSecret(account.secret), signed_at);
}

}  // namespace cho40::sandbox
