#include "reconcile/engine.h"
#include "reconcile/beside.h"
#include "reconcile/equations/bank_days.h"
#include "reconcile/equations/batch_sums.h"
#include "reconcile/equations/provider_channel.h"
#include "reconcile/equations/repeatable.h"
#include "reconcile/rules/amount_and_status.h"
#include "reconcile/rules/bank_lines.h"
#include "reconcile/rules/bank_order.h"
#include "reconcile/rules/bank_reference.h"
#include "reconcile/rules/bank_reversal.h"
#include "reconcile/rules/currency.h"
#include "reconcile/rules/leftover_bank.h"
#include "reconcile/rules/leftover_provider.h"
#include "reconcile/rules/provider_lines.h"
#include "reconcile/rules/provider_order.h"
#include "reconcile/rules/provider_order_alone.h"
#include "reconcile/rules/provider_txn.h"
#include "reconcile/rules/settlement_named.h"
#include "reconcile/rules/settlement_unnamed.h"
#include "reconcile/run_rules.h"
#include "reconcile/totals.h"
#include <algorithm>
#include <tuple>

namespace cho40::reconcile {
namespace {

std::vector<std::unique_ptr<Rule const>> make_rules()
{
    std::vector<std::unique_ptr<Rule const>> rules;
    rules.push_back(std::make_unique<ProviderLines>());
    rules.push_back(std::make_unique<BankLines>());
    rules.push_back(std::make_unique<Currency>());
    rules.push_back(std::make_unique<ProviderTxn>());
    rules.push_back(std::make_unique<ProviderOrder>());
    rules.push_back(std::make_unique<ProviderOrderAlone>());
    rules.push_back(std::make_unique<BankReversal>());
    rules.push_back(std::make_unique<SettlementNamed>());
    rules.push_back(std::make_unique<SettlementUnnamed>());
    rules.push_back(std::make_unique<BankReference>());
    rules.push_back(std::make_unique<BankOrder>());
    rules.push_back(std::make_unique<AmountAndStatus>());
    rules.push_back(std::make_unique<LeftoverProvider>());
    rules.push_back(std::make_unique<LeftoverBank>());
    return rules;
}

void report_held_files(Pool& pool)
{
    for (auto const& held : pool.input().held) pool.add_break(held.kind, Dong(), held.why).file = held.file;
}

// Matches of the ledger's records come in the pool's order already.
void sort_result(RunResult& result)
{
    std::ranges::sort(result.provider_bank, {}, [](auto const& m) { return std::tie(m.batch); });
    std::ranges::sort(result.breaks, {}, [](auto const& b) {
        return std::tie(b.kind, b.internal, b.provider, b.bank, b.batch, b.business_date, b.file, b.delta, b.why);
    });
    std::ranges::sort(result.pending, {}, [](auto const& p) { return std::tie(p.kind, p.internal, p.bank, p.batch); });
}

Result<Done> check_internal(std::vector<InternalRecord const*> const& records)
{
    SortedKeys ids;
    ids.reserve(records.size());
    for (At at = 0; at < records.size(); ++at) {
        ids.emplace_back(records[at]->payment_id, 0, at);
        if (!records[at]->amount.is_positive()) {
            return fail(Errc::invalid_input, "the amount of internal record " + records[at]->payment_id + " must be more than 0");
        }
    }
    auto const text_of = [&](At at) { return records[at]->payment_id.view(); };
    sort_keys(ids, text_of);
    auto const twice = std::adjacent_find(ids.begin(), ids.end(),
                                          [&](Key const& a, Key const& b) { return compare(a, b, text_of, text_of) == 0; });
    if (twice != ids.end()) {
        return fail(Errc::invalid_input, "two internal records have the payment id " + records[twice->at]->payment_id);
    }
    return Done{};
}

// Notes the figures of each equation in the result. Error: equation_failed.
Result<Done> check_equations(Pool& pool)
{
    ProviderChannel const provider_channel;
    BatchSums const batch_sums;
    BankDays const bank_days;
    for (Equation const* equation : {static_cast<Equation const*>(&provider_channel), static_cast<Equation const*>(&batch_sums),
                                     static_cast<Equation const*>(&bank_days)}) {
        CHO_TRY(auto const broken, equation->broken(pool));
        if (broken) return fail(Errc::equation_failed, std::string(equation->name()) + ": " + *broken);
        CHO_TRY(auto const figures, equation->figures(pool));
        pool.result.equations.push_back(figures);
    }
    return Done{};
}

}  // namespace

std::vector<std::unique_ptr<Rule const>> const& rules_in_order()
{
    static auto const rules = make_rules();
    return rules;
}

Result<Pool> run_rules(RunInput const& input, Settings const& settings)
{
    auto pool = Pool::make(input, settings);
    for (auto const& rule : rules_in_order()) CHO_TRY_DO(rule->apply(pool));
    report_held_files(pool);
    CHO_TRY(pool.result.totals, totals_of(pool));
    sort_result(pool.result);
    return pool;
}

Result<RunResult> reconcile_day(RunInput const& input, Settings const& settings)
{
    // Beside the first run go the second and the check of what came in, each on its own records.
    Repeatable repeatable(input, settings);
    auto checked = beside(input, [&input] { return check_internal(input.internal); });
    auto run = run_rules(input, settings);
    CHO_TRY_DO(checked.get());
    CHO_TRY(auto pool, std::move(run));
    CHO_TRY_DO(check_equations(pool));
    CHO_TRY(auto const broken, repeatable.broken(pool));
    if (broken) return fail(Errc::equation_failed, std::string(Repeatable::name()) + ": " + *broken);
    auto const net = pool.result.totals.internal_net;
    pool.result.equations.push_back({6, Repeatable::name(), net, net});
    pool.tell_matches();
    return std::move(pool.result);
}

}  // namespace cho40::reconcile
