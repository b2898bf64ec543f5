#include "apps/sandbox/rail_messages.h"
#include "adapters/rails/providers/payos.h"
#include "adapters/rails/providers/vietqr.h"
#include "base/digest.h"

namespace cho40::sandbox {
namespace {

using std::chrono::seconds;

qr_pay::BankCredit credit_of(RailAccount const& account, Transfer const& transfer)
{
    qr_pay::BankCredit credit(account.rail, provider_transaction(account, transfer), transfer.account_number,
                              transfer.flow == Flow::in ? qr_pay::Direction::in : qr_pay::Direction::out, transfer.amount,
                              transfer.booked_at);
    credit.bank_reference = transfer.reference;
    credit.memo = transfer.memo;
    credit.payer_name = transfer.payer.name;
    credit.payer_account = transfer.payer.account;
    credit.payer_bank = transfer.payer.bank_bin;
    return credit;
}

std::string own_number(RailAccount const& account, Transfer const& transfer)
{
    return to_hex(sha256(account.id + "/" + transfer.reference)).substr(0, 32);
}

bool is_good(int status) { return status >= 200 && status < 300; }

}  // namespace

std::string provider_transaction(RailAccount const& account, Transfer const& transfer)
{
    auto number = own_number(account, transfer);
    return account.rail == "payos" ? transfer.reference + "/" + number : number;
}

std::optional<std::string> notification_body(RailAccount const& account, Transfer const& transfer)
{
    auto const credit = credit_of(account, transfer);
    if (account.rail == "vietqr") return rails::vietqr::sync_body(credit);
    if (transfer.flow == Flow::out) return std::nullopt;
    // payOS numbers orders; 123 is the number of its sample.
    auto const order = static_cast<std::int64_t>(transfer.number) + 1000;
    return rails::payos::webhook_body(credit, order, own_number(account, transfer), Secret(account.secret));
}

std::optional<seconds> pause_before_retry(std::string_view rail, int tries, int status)
{
    if (is_good(status)) return std::nullopt;
    if (rail == "vietqr") {
        if (status == 400 || tries >= 10) return std::nullopt;
        return tries < 5 ? seconds(tries) : seconds(60);
    }
    // An answer below 500 says that trying again is no use, except "too many" and "timeout".
    bool const final = status >= 400 && status < 500 && status != 408 && status != 429;
    if (final || tries >= 5) return std::nullopt;
    return seconds(1 << tries);
}

}  // namespace cho40::sandbox
