#include "ledger/statement.h"
#include "base/check.h"

namespace cho40::ledger {

Dong movement(JournalRow const& row, AccountNumber account)
{
    auto const& t = row.transfer;
    if (!moves_money(t.kind)) return Dong();
    return t.debit == account ? t.amount : Dong(-t.amount.count());
}

StatementLine line_of(JournalRow const& row, AccountNumber account)
{
    auto const& t = row.transfer;
    bool const debited = t.debit == account;
    CHO_CHECK(debited || t.credit == account);
    StatementLine line;
    line.seq = row.seq;
    line.transfer = t.id;
    line.other = debited ? t.credit : t.debit;
    line.amount = movement(row, account);
    line.balance = debited ? row.debit_balance : row.credit_balance;
    line.code = t.code;
    line.reference = t.reference;
    line.event_at = t.event_at;
    line.recorded_at = row.recorded_at;
    return line;
}

Result<Done> StatementTotals::add(StatementLine const& line)
{
    CHO_TRY(auto const balance, cho40::add(closing_, line.amount));
    if (balance != line.balance) {
        return fail(Errc::books_broken, "row " + std::to_string(line.seq) + " says a balance of " + std::to_string(line.balance.count()) +
                                            " đồng; the rows before it give " + std::to_string(balance.count()) +
                                            "; run `cho40 ledger verify`");
    }
    auto& side = line.amount < Dong() ? credits_ : debits_;
    CHO_TRY(side, line.amount < Dong() ? subtract(side, line.amount) : cho40::add(side, line.amount));
    closing_ = balance;
    ++lines_;
    return Done{};
}

boost::asio::awaitable<Result<Statement>> read_statement(StatementQuery query, StatementStream& stream, std::size_t lines_max)
{
    constexpr std::size_t piece = 1000;
    Statement statement{query, StatementTotals(stream.opening()), {}};
    for (;;) {
        CHO_CO_TRY(auto lines, co_await stream.next(std::min(piece, lines_max + 1)));
        if (lines.empty()) co_return statement;
        if (statement.lines.size() + lines.size() > lines_max) {
            co_return fail(Errc::too_many, "the statement has more than " + std::to_string(lines_max) +
                                               " lines; ask for a shorter period, or write it with `cho40 ledger statement`");
        }
        for (auto& line : lines) {
            CHO_CO_TRY_DO(statement.totals.add(line));
            statement.lines.push_back(std::move(line));
        }
    }
}

}  // namespace cho40::ledger
