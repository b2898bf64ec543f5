#include "merchants/register.h"
#include "qr-pay/bank_account.h"

namespace cho40::merchants {
namespace {

constexpr int attempts_max = 20;

}  // namespace

ledger::BookId draw_book(Random& random)
{
    std::uint64_t value = 0;
    random.fill(reinterpret_cast<std::uint8_t*>(&value), sizeof value);
    return ledger::BookId{static_cast<std::int64_t>((value >> 2) | 1)};
}

std::vector<ledger::Guard> guards_of_owner(ledger::BookId book, ledger::OwnerOrdinal ordinal, std::string const& bank_bin,
                                           std::string const& account_number)
{
    auto const b = std::to_string(book.value);
    return {ledger::Guard{make_derived_uuid({"ordinal", b, std::to_string(ordinal.value)}), 0, 1},
            ledger::Guard{make_derived_uuid({"receiving", b, bank_bin, account_number}), 0, 1}};
}

boost::asio::awaitable<Result<Market>> Register::market(Market facts, ledger::Extra<Market> extra)
{
    auto const now = clock_.now();
    auto made = std::move(facts);
    if (made.book.value == 0) made.book = draw_book(random_);
    if (made.id.is_nil()) made.id = make_id<Market>(now, random_);
    ledger::Command command(made.book);
    command.rows.push_back(std::make_shared<NewBook>(made.book, ledger::BookKind::market, made.name, Uuid{}, now));
    command.rows.push_back(std::make_shared<NewMarket>(made, now));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

boost::asio::awaitable<Result<Household>> Register::household(Household facts, ledger::Extra<Household> extra)
{
    auto const now = clock_.now();
    auto made = std::move(facts);
    if (made.id.is_nil()) made.id = make_id<Household>(now, random_);
    ledger::Command command(made.book);
    command.rows.push_back(std::make_shared<NewHousehold>(made, now));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

boost::asio::awaitable<Result<StallWithAccount>> Register::stall(Stall facts, NewAccountFacts account,
                                                                 ledger::Extra<StallWithAccount> extra)
{
    CHO_CO_TRY_DO(qr_pay::check_receiving_account(account.bank_bin, account.account_number));
    if (!account.provider_account.empty() && account.channel != Channel::provider) {
        co_return fail(Errc::invalid_input, "only money that a provider collects is told under another name",
                       "/receiving_account/provider_account");
    }
    for (int attempt = 1;; ++attempt) {
        auto const now = clock_.now();
        StallWithAccount made;
        made.stall = facts;
        if (made.stall.id.is_nil()) made.stall.id = make_id<Stall>(now, random_);
        CHO_CO_TRY(made.stall.ordinal, co_await ordinals_.next(facts.book));
        // Callers at the same moment are told the same place; after a clash each looks a little further on its own.
        if (attempt > 1) {
            std::uint8_t further = 0;
            random_.fill(&further, 1);
            made.stall.ordinal.value += further % (8 * attempt);
        }
        made.account.book = facts.book;
        made.account.id = make_id<qr_pay::ReceivingAccountTag>(now, random_);
        made.account.owner_kind = qr_pay::OwnerKind::stall;
        made.account.owner = Id<qr_pay::Owner>(made.stall.id.uuid);
        made.account.ordinal = made.stall.ordinal;
        made.account.bank_bin = account.bank_bin;
        made.account.account_number = account.account_number;
        made.account.holder_name = account.holder_name;

        ledger::Command command(facts.book);
        command.open = ledger::stall_accounts(made.stall.ordinal);
        command.guards = guards_of_owner(facts.book, made.stall.ordinal, account.bank_bin, account.account_number);
        if (!account.provider_account.empty()) {
            // One name of a provider cannot be two stalls' money.
            auto const name = make_derived_uuid({"receiving", std::to_string(facts.book.value), "provider", account.provider_account});
            command.guards.push_back(ledger::Guard{name, 0, 1});
        }
        command.rows.push_back(std::make_shared<NewStall>(made, now));
        command.rows.push_back(std::make_shared<NewReceivingAccount>(made.account, account.channel, account.provider_account, now));
        extra.add_to(command, made);
        auto receipt = co_await ledger_.submit(std::move(command));
        if (receipt) co_return made;
        if (receipt.error().code != Errc::stale || attempt == attempts_max) co_return tl::unexpected<Error>(std::move(receipt).error());
    }
}

boost::asio::awaitable<Result<RailAccount>> Register::rail_account(RailAccount facts, ledger::Extra<RailAccount> extra)
{
    auto made = std::move(facts);
    made.created_at = clock_.now();
    made.changed_at = made.created_at;
    made.secret_since = made.created_at;
    if (made.id.is_nil()) made.id = make_id<qr_pay::RailAccountTag>(made.created_at, random_);
    ledger::Command command(made.book);
    command.rows.push_back(std::make_shared<NewRailAccount>(made));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

boost::asio::awaitable<Result<RailAccount>> Register::renew_secret(RailAccount account, std::string sealed_secret, Instant previous_until,
                                                                   ledger::Extra<RailAccount> extra)
{
    auto const now = clock_.now();
    auto made = std::move(account);
    made.previous_secret.reset();
    if (previous_until > now) made.previous_secret = RailAccount::PreviousSecret{std::move(made.sealed_secret), previous_until};
    made.sealed_secret = std::move(sealed_secret);
    made.secret_since = now;
    co_return co_await change_secrets(std::move(made), now, std::move(extra));
}

boost::asio::awaitable<Result<RailAccount>> Register::keep_secret(RailAccount account, Instant previous_until,
                                                                  ledger::Extra<RailAccount> extra)
{
    auto const now = clock_.now();
    auto made = std::move(account);
    if (made.previous_secret && made.previous_secret->until > now) {
        if (previous_until > now) made.previous_secret->until = previous_until;
        else made.previous_secret.reset();
    }
    co_return co_await change_secrets(std::move(made), now, std::move(extra));
}

boost::asio::awaitable<Result<RailAccount>> Register::limit_previous_secret(RailAccount account, Instant until,
                                                                            ledger::Extra<RailAccount> extra)
{
    auto const now = clock_.now();
    auto made = std::move(account);
    if (!made.previous_secret || made.previous_secret->until <= now)
        co_return fail(
            Error(Errc::invalid_state, "there is no secret of before that counts still").vi("Không còn khoá cũ nào có hiệu lực."));
    if (until > now) made.previous_secret->until = until;
    else made.previous_secret.reset();
    co_return co_await change_secrets(std::move(made), now, std::move(extra));
}

boost::asio::awaitable<Result<RailAccount>> Register::set_list_access(RailAccount account, RailAccount::ListAccess list,
                                                                      ledger::Extra<RailAccount> extra)
{
    auto made = std::move(account);
    made.list = std::move(list);
    co_return co_await change_secrets(std::move(made), clock_.now(), std::move(extra));
}

boost::asio::awaitable<Result<RailAccount>> Register::change_secrets(RailAccount made, Instant now, ledger::Extra<RailAccount> extra)
{
    // Accounts are made without a guard, so the first change finds none.
    auto const guard = make_derived_uuid({"rail_account", made.id.uuid.to_string()});
    ledger::Command command(made.book);
    command.guards.push_back(ledger::Guard{guard, made.version - 1, made.version});
    made.changed_at = now;
    ++made.version;
    command.rows.push_back(std::make_shared<ChangedRailSecrets>(made));
    extra.add_to(command, made);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return made;
}

}  // namespace cho40::merchants
