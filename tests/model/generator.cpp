#include "tests/model/scenario.h"
#include <algorithm>
#include <limits>

namespace cho40::tests::model {
namespace {

// splitmix64: the whole run follows from one number, on every machine.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next()
    {
        auto z = state_ += 0x9e3779b97f4a7c15ULL;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
    int between(int low, int high) { return low + below(high - low + 1); }
    bool one_in(int n) { return below(n) == 0; }
    template <class T>
    T const& pick(std::vector<T> const& values)
    {
        return values[next() % values.size()];
    }

private:
    std::uint64_t state_;
};

constexpr int accounts = 12;
constexpr int ten_days = 864'000;

std::int64_t more(std::int64_t amount, int by) { return amount > std::numeric_limits<std::int64_t>::max() - by ? amount : amount + by; }

class Generator {
public:
    explicit Generator(std::uint64_t seed) : dice_(seed * 2 + 1) {}

    Plan plan(std::uint64_t seed, std::size_t commands)
    {
        Plan plan{.seed = seed, .sizes = sizes(), .steps = {}};
        for (int book = 1; book <= books; ++book) plan.steps.push_back(opening(book));
        for (std::size_t made = plan.steps.size(); made < commands;) {
            auto op = step();
            if (op.what == What::submit || op.what == What::submit_old) ++made;
            plan.steps.push_back(std::move(op));
        }
        return plan;
    }

private:
    static constexpr int books = 2;

    Sizes sizes()
    {
        Sizes s;
        s.batch_max = dice_.pick(std::vector<std::size_t>{1, 3, 8, 32});
        s.overlap_from = dice_.pick(std::vector<std::size_t>{1, 2, 6});
        s.queue_max = dice_.one_in(4) ? 8 : 1000;
        s.remembered = dice_.pick(std::vector<std::size_t>{128, 192, 100'000});
        return s;
    }

    // Accounts without limits, with a floor, with a ceiling, with both, and such as stand outside their limits from the first.
    Op opening(int book)
    {
        Op op{.book = book};
        for (int n = 1; n <= accounts; ++n) {
            Open open{.account = n};
            if (n == 3 || n == 4) open.floor = 0;
            if (n == 5 || n == 6) open.ceiling = 0;
            if (n == 7) open.floor = -500;
            if (n == 8) open.floor = -100, open.ceiling = 1000;
            if (n == 9) open.ceiling = 300;
            if (n == 10) open.floor = 50;
            if (n == 11) open.ceiling = -50;
            op.open.push_back(open);
        }
        return op;
    }

    Op step()
    {
        switch (dice_.below(100)) {
        case 0: return around(What::restart);
        case 1: return around(What::take_over);
        case 2: return dice_.one_in(3) ? around(What::hand_over) : around(What::seal);
        case 3: return dice_.one_in(3) ? around(What::give_up) : dice_.one_in(2) ? around(What::deaf) : around(What::cut);
        case 4:
        case 5:
        case 6: {
            auto op = around(What::advance);
            op.n = dice_.one_in(4) ? dice_.between(30, 300) : dice_.between(1, 8);
            now_ += op.n;
            return op;
        }
        case 7: return around(What::tick);
        case 8: return around(What::seal);
        default: break;
        }
        if (dice_.one_in(4)) {
            auto op = around(What::land);
            op.n = dice_.between(1, 6);
            return op;
        }
        auto op = !sent_.empty() && dice_.one_in(8) ? again() : command();
        op.together = dice_.one_in(2);
        if (dice_.one_in(40)) op.what = What::submit_old;
        return op;
    }

    static Op around(What what) { return Op{.what = what}; }

    // The same command once more, or nearly the same.
    Op again()
    {
        auto op = dice_.one_in(3) ? dice_.pick(sent_) : sent_[sent_.size() - 1 - dice_.next() % std::min<std::size_t>(sent_.size(), 12)];
        op.what = What::submit;
        if (dice_.one_in(30)) op.book = 3 - op.book;
        if (dice_.one_in(5) && !op.moves.empty()) {
            auto& m = op.moves[dice_.next() % op.moves.size()];
            switch (dice_.below(7)) {
            case 0: m.amount = more(m.amount, 1); break;
            case 1: m.text += 1; break;
            case 2: m.event += 1; break;
            case 3: std::swap(m.debit, m.credit); break;
            case 4: m.flags ^= 4; break;
            case 5: m.timeout += 1; break;
            default: op.moves.push_back(move(op.book)); break;  // some of it stands, the rest does not
            }
        }
        return op;
    }

    Op command()
    {
        Op op{.book = dice_.one_in(3) ? 2 : 1};
        op.poison = dice_.one_in(60);
        op.events = dice_.one_in(5) ? dice_.between(1, 2) : 0;
        if (dice_.one_in(25)) {
            Open open{.account = dice_.between(1, accounts + 8)};
            if (dice_.one_in(2)) open.floor = 0;
            op.open.push_back(open);
        }
        if (dice_.one_in(50)) op.close_before = dice_.one_in(6) ? now_ + ten_days : now_ - dice_.between(0, 200);
        if (dice_.one_in(8)) {
            auto const entity = dice_.between(1, 8);
            auto& version = versions_[static_cast<std::size_t>(entity)];
            op.guards.push_back({entity, dice_.one_in(4) ? version + dice_.between(-1, 1) : version});
            version = op.guards.back().expected + 1;
            if (dice_.one_in(6) && entity < 8) op.guards.push_back({entity + 1, versions_[static_cast<std::size_t>(entity + 1)]++});
        }
        auto const moves = dice_.one_in(5) ? dice_.between(2, 5) : dice_.one_in(20) ? 0 : 1;
        for (int i = 0; i < moves; ++i) op.moves.push_back(move(op.book));
        if (moves > 1 && dice_.one_in(15)) op.moves.back().id = op.moves.front().id;
        sent_.push_back(op);
        return op;
    }

    Move move(int book)
    {
        auto& holds = holds_[static_cast<std::size_t>(book)];
        if (!holds.empty() && dice_.one_in(4)) return end(holds);
        Move m;
        m.id = new_id();
        m.debit = account();
        m.credit = account();
        m.amount = amount();
        m.event = now_ - (dice_.one_in(6) ? dice_.between(1, 300) : 0);
        m.text = dice_.one_in(60) ? 65 : dice_.below(4);
        m.code = dice_.one_in(3) ? 112 : 100;
        if (dice_.one_in(6)) m.flags |= dice_.between(1, 3);
        if (dice_.one_in(25)) m.flags |= 4 * dice_.between(1, 3);
        if ((m.flags & 12) != 0) {
            if (dice_.one_in(2)) m.amount = 0;
        }
        if (dice_.one_in(4)) {
            m.kind = 2;
            if (dice_.one_in(2)) m.timeout = dice_.between(1, 60);
            holds.push_back(m);
        }
        if (dice_.one_in(80)) m.timeout = dice_.between(-1, 2);
        if (dice_.one_in(100)) m.pending = m.id;
        return m;
    }

    Move end(std::vector<Move> const& holds)
    {
        auto const& hold = dice_.one_in(3) ? dice_.pick(holds)
                                           : holds[holds.size() - 1 - dice_.next() % std::min<std::size_t>(holds.size(), 5)];
        Move m;
        m.id = new_id();
        m.kind = dice_.one_in(60) ? 5 : dice_.between(3, 4);
        m.pending = dice_.one_in(40) ? new_id() : hold.id;
        m.event = now_;
        m.amount = 0;
        m.code = dice_.one_in(3) ? 112 : 100;
        if (m.kind == 3 && dice_.one_in(2))
            m.amount = hold.amount <= 1 ? 1 : 1 + static_cast<std::int64_t>(dice_.next() % 1000) % hold.amount;
        if (dice_.one_in(20)) m.amount = more(hold.amount, dice_.between(0, 1));
        if (dice_.one_in(3)) m.debit = hold.debit, m.credit = hold.credit;
        if (dice_.one_in(40)) m.debit = account();
        if (dice_.one_in(60)) m.flags = 1;
        if (dice_.one_in(60)) m.timeout = 5;
        return m;
    }

    IdSpec new_id()
    {
        IdSpec id{++ids_, std::max(0, now_ - dice_.below(20))};
        if (dice_.one_in(30)) id.at = -1;
        if (dice_.one_in(100)) id.at = now_ + ten_days;
        return id;
    }

    int account() { return dice_.one_in(40) ? dice_.between(accounts + 1, accounts + 8) : dice_.between(1, accounts); }

    std::int64_t amount()
    {
        if (dice_.one_in(60)) return dice_.between(-1, 0);
        if (dice_.one_in(60)) return std::numeric_limits<std::int64_t>::max() - dice_.below(3);
        if (dice_.one_in(80)) return std::numeric_limits<std::int64_t>::max() / 2;
        return dice_.one_in(3) ? dice_.between(1, 5) : dice_.between(1, 400);
    }

    Dice dice_;
    int now_ = 0;
    int ids_ = 0;
    std::vector<Op> sent_;
    std::vector<Move> holds_[books + 1];
    std::int64_t versions_[9] = {};
};

}  // namespace

Plan make_plan(std::uint64_t seed, std::size_t commands) { return Generator(seed).plan(seed, commands); }

}  // namespace cho40::tests::model
