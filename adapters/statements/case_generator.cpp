#include "adapters/statements/case_generator.h"
#include "adapters/statements/camt_writer.h"
#include "adapters/statements/provider_file.h"
#include "adapters/statements/record_files.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <fmt/format.h>
#include <fstream>

namespace cho40::statements {
namespace {

using namespace reconcile;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t lines_in_batch = 2000;
constexpr std::int64_t camt_payments_max = 50'000;
char const* const account = "0141000456789";
char const* const provider_name = "CTY CP GIAI PHAP THANH TOAN VN";

// Same numbers on every machine, unlike the distributions of the standard library.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next()
    {
        auto z = state_ += 0x9E3779B97F4A7C15ULL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    std::int64_t below(std::int64_t limit) { return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(limit)); }

private:
    std::uint64_t state_;
};

// What happens to a payment, and to how many of 10,000.
struct Chance {
    int in_ten_thousand;
    int story;
};

enum Story {
    plain,
    lost_notice,
    failed_twice,
    paid_twice,
    missing_there,
    missing_here,
    status_differs,
    amount_differs,
    order_alone,
    line_twice,
    line_contradicts,
    refunded,
    over_midnight,
    bank_amount_differs,
    bank_paid_twice,
    bank_missing,
    bank_unknown,
    bank_reversed,
    bank_two_codes
};

constexpr Chance provider_stories[] = {{300, lost_notice}, {200, failed_twice},   {15, paid_twice},     {20, missing_there},
                                       {20, missing_here}, {15, status_differs},  {10, amount_differs}, {10, order_alone},
                                       {10, line_twice},   {5, line_contradicts}, {150, refunded},      {30, over_midnight}};
constexpr Chance bank_stories[] = {{20, bank_amount_differs}, {15, bank_paid_twice}, {15, bank_missing},
                                   {20, bank_unknown},        {10, bank_reversed},   {5, bank_two_codes}};

template <std::size_t N>
int pick(Chance const (&stories)[N], Dice& dice)
{
    auto roll = dice.below(10'000);
    for (auto const& chance : stories) {
        if (roll < chance.in_ten_thousand) return chance.story;
        roll -= chance.in_ten_thousand;
    }
    return plain;
}

class Generator {
public:
    explicit Generator(GeneratorSettings settings) : settings_(settings), dice_(settings.seed) {}

    Result<GeneratedCase> run()
    {
        for (number_ = 0; number_ < settings_.payments; ++number_) {
            if (dice_.below(10) < 7) through_provider();
            else straight_to_bank();
        }
        out_.csv_statement = settings_.csv_statement;
        CHO_TRY_DO(settle());
        CHO_TRY_DO(add_totals());
        sort();
        return std::move(out_);
    }

private:
    RunResult& result() { return out_.answer.result; }

    // A multiplication by an odd number visits every code once.
    std::string order_code(std::int64_t number) const
    {
        auto value = (static_cast<std::uint64_t>(number) * 0x2545F4914F6CDD1DULL + settings_.seed) & ((1ULL << 35) - 1);
        std::string code = "CQ";
        for (int i = 0; i < 7; ++i, value >>= 5) code += "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"[value & 31];
        return code;
    }

    InternalRecord& row(Kind kind, Dong amount, Instant at, Channel channel)
    {
        InternalRecord r;
        r.payment_id = fmt::format("P{:07}", ++rows_);
        r.kind = kind;
        r.order_ref = order_code(number_);
        r.amount = amount;
        r.event_at = at;
        r.channel = channel;
        out_.internal.push_back(std::move(r));
        return out_.internal.back();
    }

    ProviderLine& line(std::vector<ProviderLine>& file, Kind kind, Dong amount, Instant at, LineStatus status = LineStatus::success)
    {
        bool const next = &file == &out_.next_day;
        ProviderLine l;
        l.file_id = next ? "VNP-20261117-1" : "VNP-20261116-1";
        l.line_no = static_cast<std::int64_t>(file.size()) + 1;
        l.business_date = next ? day_.plus_days(1) : day_;
        l.provider_txn_id = fmt::format("V{:08}", ++transactions_);
        l.order_ref = order_code(number_);
        l.kind = kind;
        l.amount = amount;
        l.status = status;
        if (status == LineStatus::success) {
            l.fee = kind == Kind::payment ? Dong(amount.count() / 200) : Dong();
            l.net = Dong(signed_amount(kind, amount).count() - l.fee.count());
        }
        l.at = at;
        l.batch = fmt::format("VNP{}B{:04}", next ? "20261117" : "20261116", (l.line_no - 1) / lines_in_batch + 1);
        l.settlement_date = l.business_date.plus_days(1);
        file.push_back(std::move(l));
        return file.back();
    }

    BankEntry& entry(Direction direction, Dong amount, Instant at, std::string narrative)
    {
        BankEntry e;
        e.account = account;
        e.entry_ref = fmt::format("FT26320{:08}", ++entries_);
        e.booked_at = at;
        e.booking_date = e.value_date = Day::of(at);
        e.direction = direction;
        e.amount = amount;
        e.counterparty = fmt::format("NGUYEN VAN {:05}", dice_.below(100'000));
        e.narrative = std::move(narrative);
        out_.bank.push_back(std::move(e));
        return out_.bank.back();
    }

    void matched(InternalRecord const& r, ProviderLine const& l, MatchRule rule, Flags flags = {})
    {
        result().internal_provider.push_back({r.payment_id, {l.file_id, l.line_no}, rule, flags});
    }

    Break& broken(BreakClass kind, std::int64_t delta)
    {
        auto& b = result().breaks.emplace_back();
        b.kind = kind;
        b.delta = Dong(delta);
        return b;
    }

    Dong some_amount() { return Dong(1000 + dice_.below(4000) * 500); }
    Instant some_time() { return day_.begin() + std::chrono::hours(5) + seconds(dice_.below(17 * 3600)); }  // far from midnight

    void through_provider()
    {
        auto const story = pick(provider_stories, dice_);
        auto const amount = some_amount();
        auto const at = some_time();
        auto const heard = at + seconds(dice_.below(60));
        switch (story) {
        case missing_here: {
            auto const& l = line(out_.day, Kind::payment, amount, at);
            broken(BreakClass::MISSING_INTERNAL, amount.count()).provider = {l.id()};
            return;
        }
        case missing_there: {
            auto const& r = row(Kind::payment, amount, at, Channel::provider);
            broken(BreakClass::MISSING_AT_PROVIDER, -amount.count()).internal = {r.payment_id};
            return;
        }
        case failed_twice: {
            auto& r = row(Kind::payment, amount, at, Channel::provider);
            auto const& l = line(out_.day, Kind::payment, amount, heard, LineStatus::failed);
            r.status = InternalStatus::failed;
            r.provider_txn_id = l.provider_txn_id;
            matched(r, l, MatchRule::r1);
            return;
        }
        case over_midnight: {
            auto& r = row(Kind::payment, amount, day_.end() - seconds(1 + dice_.below(60)), Channel::provider);
            auto const& l = line(out_.next_day, Kind::payment, amount, day_.end() + seconds(dice_.below(60)));
            r.provider_txn_id = l.provider_txn_id;
            matched(r, l, MatchRule::r1, {Flag::DATE_SHIFT});
            return;
        }
        default: break;
        }
        auto& r = row(Kind::payment, amount, at, Channel::provider);
        bool const other_amount = story == amount_differs || story == order_alone;
        auto const l = line(out_.day, Kind::payment, other_amount ? Dong(amount.count() + 500) : amount, heard);
        bool const notice = story != lost_notice && story != order_alone;
        if (notice) r.provider_txn_id = l.provider_txn_id;
        matched(r, l, notice ? MatchRule::r1 : story == order_alone ? MatchRule::r3 : MatchRule::r2);
        if (story == plain) return;
        auto const pair = [&](BreakClass kind, std::int64_t delta) {
            auto& b = broken(kind, delta);
            b.internal = {r.payment_id};
            b.provider = {l.id()};
        };
        if (other_amount) pair(BreakClass::AMOUNT_MISMATCH, 500);
        if (story == status_differs) {
            r.status = InternalStatus::pending;
            pair(BreakClass::STATUS_MISMATCH, 0);
        }
        if (story == paid_twice) {
            auto const& second = line(out_.day, Kind::payment, amount, heard + seconds(30));
            broken(BreakClass::DUPLICATE_PAYMENT, amount.count()).provider = {second.id()};
        }
        if (story == line_twice || story == line_contradicts) {
            auto again = l;
            again.line_no = static_cast<std::int64_t>(out_.day.size()) + 1;
            again.batch = fmt::format("VNP20261116B{:04}", (l.line_no - 1) / lines_in_batch + 1);
            if (story == line_contradicts) {
                again.amount = Dong(again.amount.count() + 1000);
                again.net = Dong(again.net.count() + 1000);
                broken(BreakClass::CONFLICTING_DUPLICATE, 1000).provider = {l.id(), again.id()};
            } else {
                broken(BreakClass::DUPLICATE_PROVIDER_LINE, 0).provider = {again.id()};
            }
            inactive_.push_back(out_.day.size());
            out_.day.push_back(std::move(again));
        }
        if (story == refunded) {
            auto const payment_id = r.payment_id;
            auto& back = row(Kind::refund, Dong(amount.count() / 2), at + minutes(30), Channel::provider);
            auto const& out = line(out_.day, Kind::refund, back.amount, heard + minutes(30));
            back.parent_id = payment_id;
            back.provider_txn_id = out.provider_txn_id;
            matched(back, out, MatchRule::r1);
        }
    }

    void straight_to_bank()
    {
        auto const story = pick(bank_stories, dice_);
        auto const amount = some_amount();
        auto const at = some_time();
        auto const booked = at + seconds(dice_.below(20));
        if (story == bank_unknown) {
            auto const& e = entry(Direction::credit, amount, booked, "tien ca chi Hoa");
            broken(BreakClass::BANK_UNIDENTIFIED, amount.count()).bank = {e.entry_ref};
            return;
        }
        auto const r = row(Kind::payment, amount, at, Channel::bank);
        auto const paid_by = [&](BankEntry const& e, MatchRule rule) {
            result().internal_bank.push_back({r.payment_id, e.entry_ref, rule, {}});
        };
        switch (story) {
        case bank_missing: break;
        case bank_reversed: {
            auto const e = entry(Direction::credit, amount, booked, r.order_ref + " tien rau");
            auto& back = entry(Direction::debit, amount, booked + minutes(60), "DAO BUT TOAN " + e.entry_ref);
            back.reversal = true;
            back.counterparty = e.counterparty;
            broken(BreakClass::BANK_REVERSED, 0).bank = {e.entry_ref, back.entry_ref};
            break;
        }
        case bank_amount_differs: {
            auto const& e = entry(Direction::credit, Dong(amount.count() - 500), booked, "IBFT " + r.order_ref);
            paid_by(e, MatchRule::b2);
            auto& b = broken(BreakClass::AMOUNT_MISMATCH, -500);
            b.internal = {r.payment_id};
            b.bank = {e.entry_ref};
            return;
        }
        case bank_two_codes: {
            // Two orders in one transfer; the second is a payment of its own.
            ++number_;
            auto const other = row(Kind::payment, some_amount(), at, Channel::bank);
            auto const& e = entry(Direction::credit, Dong(amount.count() + other.amount.count()), booked,
                                  r.order_ref + " " + other.order_ref);
            auto& b = broken(BreakClass::AMBIGUOUS, e.amount.count());
            b.internal = {r.payment_id, other.payment_id};
            std::ranges::sort(b.internal);
            b.bank = {e.entry_ref};
            return;
        }
        default: {
            paid_by(entry(Direction::credit, amount, booked, "MBVCB.3278907687." + r.order_ref + " tien rau"), MatchRule::b1);
            if (story != bank_paid_twice) return;
            auto const& second = entry(Direction::credit, amount, booked + minutes(5), r.order_ref.str());
            broken(BreakClass::DUPLICATE_PAYMENT, amount.count()).bank = {second.entry_ref};
            return;
        }
        }
        broken(BreakClass::MISSING_AT_BANK, -amount.count()).internal = {r.payment_id};
    }

    [[nodiscard]] bool active(std::size_t index) const
    {
        return out_.day[index].status == LineStatus::success && !std::ranges::binary_search(inactive_, index);
    }

    // Batches of the day reach the account on the next day; those of the next day are not due yet.
    Result<Done> settle()
    {
        std::map<std::string, Sum> nets;
        for (std::size_t i = 0; i < out_.day.size(); ++i) {
            if (active(i)) nets[out_.day[i].batch.str()].add(out_.day[i].net);
        }
        auto const at = day_.end() + std::chrono::hours(10);
        std::set<Dong> amounts;
        for (auto const& [batch, sum] : nets) {
            CHO_TRY(auto const net, sum.total());
            if (net.count() < 10'000) {
                // Too small to be cut; refunds may have eaten it.
                if (!net.is_zero()) settled(batch, net, {{net, at, "QT " + batch}}, MatchRule::s1, {});
                continue;
            }
            auto const roll = dice_.below(100);
            if (roll < 8) {
                settled(batch, net,
                        {{Dong(net.count() - 5000), at, "QT " + batch + " 1/2"}, {Dong(5000), at + minutes(5), "QT " + batch + " 2/2"}},
                        MatchRule::s1, {Flag::SPLIT});
            } else if (roll < 12) {
                settled(batch, net, {{Dong(net.count() - 1000), at, "QT " + batch}}, MatchRule::s2, {});
                auto& b = broken(BreakClass::SETTLEMENT_AMOUNT_MISMATCH, -1000);
                b.batch = batch;
                b.bank = result().provider_bank.back().bank;
            } else if (roll < 16 && amounts.insert(net).second) {
                settled(batch, net, {{net, at, "QUYET TOAN DOANH SO"}}, MatchRule::s3, {Flag::NO_REFERENCE});
            } else if (roll < 20) {
                broken(BreakClass::MISSING_AT_BANK, -net.count()).batch = batch;
            } else {
                settled(batch, net, {{net, at, "VNPAY QT DOANH SO LO " + batch}}, MatchRule::s1, {});
            }
        }
        std::set<std::string> waiting;
        for (auto const& l : out_.next_day) waiting.insert(l.batch.str());
        for (auto const& batch : waiting) result().pending.push_back({Waiting::PENDING_BANK, {}, {}, batch});
        return Done{};
    }

    struct Transfer {
        Dong amount;
        Instant at;
        std::string narrative;
    };

    void settled(std::string const& batch, Dong net, std::vector<Transfer> const& transfers, MatchRule rule, Flags flags)
    {
        Ids refs;
        for (auto const& t : transfers) {
            bool const in = t.amount.count() > 0;
            auto& e = entry(in ? Direction::credit : Direction::debit, in ? t.amount : Dong(-t.amount.count()), t.at, t.narrative);
            e.counterparty = provider_name;
            refs.push_back(e.entry_ref);
        }
        result().provider_bank.push_back({batch, net, std::move(refs), rule, flags});
    }

    Result<Done> add_totals()
    {
        Sum internal, gross, fee, net, credit, debit;
        for (auto const& r : out_.internal) {
            if (r.status == InternalStatus::succeeded) internal.add(signed_amount(r.kind, r.amount));
        }
        auto const count = [&](ProviderLine const& l) { gross.add(signed_amount(l.kind, l.amount)), fee.add(l.fee), net.add(l.net); };
        for (std::size_t i = 0; i < out_.day.size(); ++i) {
            if (active(i)) count(out_.day[i]);
        }
        for (auto const& l : out_.next_day) count(l);
        for (auto const& e : out_.bank) (e.direction == Direction::credit ? credit : debit).add(e.amount);
        auto& t = result().totals;
        CHO_TRY(t.internal_net, internal.total());
        CHO_TRY(t.provider_gross, gross.total());
        CHO_TRY(t.provider_fee, fee.total());
        CHO_TRY(t.provider_net, net.total());
        CHO_TRY(t.bank_credit, credit.total());
        CHO_TRY(t.bank_debit, debit.total());
        auto& answer = out_.answer;
        answer.checkpoint = {day_.plus_days(3).begin() + std::chrono::hours(10), 4};
        for (int seq = 1; seq <= 4; ++seq) answer.imports.emplace_back(seq, ImportResult::ACCEPTED);
        return Done{};
    }

    // Files are written in an order of their own, as a partner would: by time.
    void sort()
    {
        std::ranges::sort(out_.internal, {}, [](auto const& r) { return std::tie(r.event_at, r.payment_id); });
        std::ranges::sort(out_.bank, {}, [](auto const& e) { return std::tie(e.booked_at, e.entry_ref); });
    }

    GeneratorSettings settings_;
    Dice dice_;
    Day day_ = Day::from(2026, 11, 16);
    GeneratedCase out_;
    std::int64_t number_ = 0;
    std::int64_t rows_ = 0;
    std::int64_t transactions_ = 0;
    std::int64_t entries_ = 0;
    std::vector<std::size_t> inactive_;  // repeated lines of the day, ascending
};

Result<Done> write_file(std::filesystem::path const& path, std::string const& bytes)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) return fail(Errc::unavailable, path.string() + " cannot be written");
    return Done{};
}

}  // namespace

Result<GeneratedCase> generate_case(GeneratorSettings settings)
{
    if (settings.payments < 1 || settings.payments > 5'000'000)
        return fail(Errc::invalid_input, "the number of payments must be from 1 to 5,000,000");
    return Generator(settings).run();
}

Result<Done> write_case(GeneratedCase const& generated, std::filesystem::path const& folder)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(Errc::unavailable, folder.string() + " cannot be made: " + error.message());
    auto const day = Day::from(2026, 11, 16);
    auto const morning = [&](int days, int hour, int minute) {
        return day.plus_days(days).begin() + std::chrono::hours(hour) + minutes(minute);
    };
    bool const camt = !generated.csv_statement && generated.internal.size() <= static_cast<std::size_t>(camt_payments_max);
    CHO_TRY_DO(write_file(folder / "internal.csv", write_internal_csv(generated.internal)));
    CHO_TRY_DO(write_file(folder / "provider.csv", write_provider_csv(generated.day)));
    CHO_TRY_DO(write_file(folder / "provider-2.csv", write_provider_csv(generated.next_day)));
    if (camt) {
        AccountDays days;
        days.statement_id = "CQN-20261119-1";
        days.created_at = morning(3, 8, 0);
        days.account = account;
        days.from = day;
        days.to = day.plus_days(2);
        days.opening = Dong(2'000'000);
        days.entries = generated.bank;
        CHO_TRY(auto const xml, write_camt053(days));
        CHO_TRY_DO(write_file(folder / "camt053.xml", xml));
    } else {
        CHO_TRY_DO(write_file(folder / "bank.csv", write_bank_csv(generated.bank)));
    }
    CHO_TRY_DO(write_file(folder / "imports.csv",
                          write_imports_csv({{1, morning(1, 8, 0), Side::internal, "internal.csv", day, 1},
                                             {2, morning(1, 9, 10), Side::provider, "provider.csv", day, 1},
                                             {3, morning(2, 9, 10), Side::provider, "provider-2.csv", day.plus_days(1), 1},
                                             {4, morning(3, 8, 0), Side::bank, camt ? "camt053.xml" : "bank.csv", day.plus_days(2), 1}})));
    return write_file(folder / "expected.json", write_answers({generated.answer}));
}

}  // namespace cho40::statements
