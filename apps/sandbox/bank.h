#pragma once
#include "apps/sandbox/dice.h"
#include "base/dong.h"
#include "base/result.h"
#include "base/time.h"
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The bank's books: accounts and the transfers booked on them. Knows no HTTP and waits for nothing.
namespace cho40::sandbox {

// Where a transfer ends first: straight on the market's account, or with the provider, who settles the next day.
enum class Channel { bank, provider };

// The settlement credits carry this name unless the rail account was given one.
inline constexpr std::string_view provider_name_default = "CTY CP GIAI PHAP THANH TOAN VN";

// What the service shows and signs with at the provider's refund call.
struct RefundAccess {
    std::string user;
    std::string password;
    std::string key;  // of the checkSum
};

// One way in which transfers are told to the service.
struct RailAccount {
    std::string id;       // "rla_…", the service's
    std::string rail;     // one of adapters/rails
    std::string address;  // path at the service, or a whole URL
    std::string secret;   // in the form the rail asks for
    std::string api_key;  // for the provider's list call, where it has one
    std::optional<RefundAccess> refund_access;  // of vietqr.vn; none: it takes no refund orders for it
    Channel channel = Channel::bank;
    std::string name = std::string(provider_name_default);
    std::int64_t fee_basis_points = 0;  // of each payment, 0 … 10,000
    Dong fee_fixed;                     // of each payment
};

struct ReceivingAccount {
    std::string bank_bin;
    std::string account_number;
    std::string holder_name;
    std::vector<std::string> rail_accounts;
    std::string provider_account = {};  // what VNPAY, MoMo and ZaloPay call it; empty: its number
    std::vector<std::string> virtual_accounts = {};  // numbers given out for it: what is sent there comes to it
    Dong opening;  // before the first transfer
};

struct Payer {
    std::string name;
    std::string account;
    std::string bank_bin;
};

enum class Flow { in, out };

// What happened on an account. A failed one moved no money and stands in the provider's file alone.
struct Transfer {
    std::uint64_t number = 0;       // counted from 1
    std::string reference;          // of the bank, "FT" and 14 digits, unique
    std::string bank_bin;
    std::string account_number;
    std::string virtual_account;    // it was sent to, or empty
    std::string provider_account;   // of the account, or empty
    std::string holder_name;
    Flow flow = Flow::in;
    Dong amount;
    std::string memo;               // as the receiving bank shows it
    std::string order_code;         // in what the payer wrote, or empty
    Payer payer;
    Instant booked_at;
    bool failed = false;
    std::string refunds;            // reference of the transfer that is paid back, or empty
    Dong balance;                   // of the account when this was booked, with it
};

// What to book. Empty members are filled in from the seed.
struct TransferOrder {
    std::string bank_bin;
    std::string account_number;
    Flow flow = Flow::in;
    Dong amount;
    std::string payer_memo;
    std::string wrapper;            // see memo_wrappers.h
    Payer payer;
    std::optional<Instant> booked_at;
    bool failed = false;
    std::string refunds;
};

class Bank {
public:
    Bank(std::uint64_t seed, Clock const& clock) : dice_(seed), clock_(clock) {}

    void put(RailAccount account);
    // Error: invalid_input when a rail account is not known, or a virtual account is another's.
    [[nodiscard]] Result<Done> put(ReceivingAccount account);
    // Forgets accounts and transfers; the clock goes right again and the numbers begin at 1.
    void reset();

    // The bank's clock runs on from `now`.
    void set_clock(Instant now) { ahead_ = now - clock_.now(); }
    [[nodiscard]] Instant now() const { return clock_.now() + ahead_; }

    // Error: not_found.
    [[nodiscard]] Result<RailAccount> rail_account(std::string_view id) const;
    [[nodiscard]] std::map<std::string, RailAccount, std::less<>> const& rail_accounts() const { return rail_accounts_; }
    // The account with this number, or whose virtual account it is. Error: unknown_receiving_account.
    [[nodiscard]] Result<ReceivingAccount> receiving_account(std::string const& bank_bin, std::string const& number) const;
    // Those which a rail account tells of, by bank and number.
    [[nodiscard]] std::vector<ReceivingAccount> told_by(std::string_view rail_account) const;

    // Errors: unknown_receiving_account, unknown_value (wrapper), invalid_utf8.
    [[nodiscard]] Result<Transfer> book(TransferOrder order);
    // Takes back into the books what was booked in an earlier life; the balance is made anew. Pre: in the order of their
    // numbers.
    void restore(Transfer transfer);
    // Is told of each transfer that was booked.
    void on_booked(std::function<void(Transfer const&)> listener) { booked_ = std::move(listener); }
    // Error: not_found.
    [[nodiscard]] Result<Transfer> transfer(std::string_view reference) const;
    [[nodiscard]] std::deque<Transfer> const& transfers() const { return transfers_; }
    [[nodiscard]] Dice const& dice() const { return dice_; }

private:
    [[nodiscard]] std::string reference_of(std::uint64_t number, Instant booked_at) const;
    [[nodiscard]] Payer payer_of(std::uint64_t number) const;
    void put_into_books(Transfer& transfer);

    Dice dice_;
    Clock const& clock_;
    Instant::duration ahead_{0};
    std::map<std::string, RailAccount, std::less<>> rail_accounts_;
    std::map<std::string, ReceivingAccount> receiving_accounts_;  // by "bin/number"
    std::map<std::string, std::string> virtual_accounts_;         // whose it is, both as "bin/number"
    std::deque<Transfer> transfers_;
    std::map<std::string, std::size_t, std::less<>> by_reference_;
    std::map<std::string, std::int64_t> moved_;  // since the opening, by "bin/number"
    std::function<void(Transfer const&)> booked_;
};

}  // namespace cho40::sandbox
