#include "tests/model/scenario.h"
#include <fmt/format.h>

namespace cho40::tests::model {
namespace {

using namespace ledger;

constexpr char const* what_names[] = {"submit", "submit_old", "advance",   "tick",      "land", "give_up",
                                      "deaf",   "restart",    "hand_over", "take_over", "cut",  "seal"};

std::string cpp(IdSpec id) { return fmt::format("{{{}, {}}}", id.n, id.at); }

std::string cpp(Move const& m)
{
    Move const none;
    auto out = fmt::format("{{.id = {}", cpp(m.id));
    if (m.kind != none.kind) out += fmt::format(", .kind = {}", m.kind);
    if (m.flags != 0) out += fmt::format(", .flags = {}", m.flags);
    if (m.debit != 0) out += fmt::format(", .debit = {}", m.debit);
    if (m.credit != 0) out += fmt::format(", .credit = {}", m.credit);
    if (m.amount != none.amount) out += fmt::format(", .amount = {}", m.amount);
    if (!(m.pending == none.pending)) out += fmt::format(", .pending = {}", cpp(m.pending));
    if (m.timeout != 0) out += fmt::format(", .timeout = {}", m.timeout);
    if (m.event != 0) out += fmt::format(", .event = {}", m.event);
    if (m.text != 0) out += fmt::format(", .text = {}", m.text);
    if (m.code != none.code) out += fmt::format(", .code = {}", m.code);
    return out + "}";
}

std::string cpp(Open const& o)
{
    auto out = fmt::format("{{.account = {}", o.account);
    if (o.floor) out += fmt::format(", .floor = {}", *o.floor);
    if (o.ceiling) out += fmt::format(", .ceiling = {}", *o.ceiling);
    return out + "}";
}

std::string cpp(VersionStep const& g) { return fmt::format("{{{}, {}}}", g.entity, g.expected); }

template <class T>
std::string list(char const* name, std::vector<T> const& values)
{
    if (values.empty()) return "";
    std::string out;
    for (auto const& v : values) out += (out.empty() ? "" : ", ") + cpp(v);
    return fmt::format(", .{} = {{{}}}", name, out);
}

Instant at(int second) { return scenario_start + std::chrono::seconds(second); }

}  // namespace

Uuid uuid_of(IdSpec id)
{
    if (id.n == 0) return Uuid{};
    auto uuid = make_derived_uuid({"model", std::to_string(id.n)});
    if (id.at < 0) return uuid;
    auto const ms = std::chrono::duration_cast<std::chrono::milliseconds>(at(id.at).time_since_epoch()).count();
    for (int i = 0; i < 6; ++i) uuid.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    uuid.bytes[6] = static_cast<std::uint8_t>(0x70 | (uuid.bytes[6] & 0x0f));
    return uuid;
}

Command command_of(Op const& op, std::size_t index)
{
    Command command(BookId{op.book});
    for (auto const& o : op.open) {
        Account account{AccountNumber{o.account}};
        if (o.floor) account.limits.floor = Dong(*o.floor);
        if (o.ceiling) account.limits.ceiling = Dong(*o.ceiling);
        command.open.push_back(account);
    }
    for (auto const& m : op.moves) {
        Transfer t(Id<Transfer>(uuid_of(m.id)), AccountNumber{m.debit}, AccountNumber{m.credit}, Dong(m.amount),
                   static_cast<TransferCode>(m.code), std::string(static_cast<std::size_t>(m.text), 'x'), at(m.event));
        t.kind = static_cast<TransferKind>(m.kind);
        t.flags = TransferFlags::from_bits(static_cast<std::int16_t>(m.flags));
        t.pending = Id<Transfer>(uuid_of(m.pending));
        t.timeout = std::chrono::seconds(m.timeout);
        command.transfers.push_back(std::move(t));
    }
    if (op.close_before) command.close_before = at(*op.close_before);
    command.rows.push_back(std::make_shared<Tag>(index, op.poison));
    for (auto const& g : op.guards) {
        auto const entity = make_derived_uuid({"entity", std::to_string(g.entity)});
        command.guards.push_back(Guard{entity, g.expected, g.expected + 1});
        command.rows.push_back(std::make_shared<VersionRow>(entity, g.expected, g.expected + 1));
    }
    for (int i = 0; i < op.events; ++i) {
        Event event;
        event.id = make_derived_uuid({"event", std::to_string(index), std::to_string(i)});
        event.type = "model.stepped";
        command.events.push_back(std::move(event));
    }
    return command;
}

std::string to_cpp(Op const& op)
{
    auto out = fmt::format("{{.what = What::{}", what_names[static_cast<int>(op.what)]);
    if (op.n != 1) out += fmt::format(", .n = {}", op.n);
    if (op.together) out += ", .together = true";
    if (op.poison) out += ", .poison = true";
    if (op.book != 1) out += fmt::format(", .book = {}", op.book);
    out += list("open", op.open) + list("moves", op.moves);
    if (op.close_before) out += fmt::format(", .close_before = {}", *op.close_before);
    out += list("guards", op.guards);
    if (op.events != 0) out += fmt::format(", .events = {}", op.events);
    return out + "}";
}

std::string to_cpp(Plan const& plan)
{
    auto const& s = plan.sizes;
    auto out = fmt::format(
        "Plan{{.seed = {}, .sizes = {{.batch_max = {}, .overlap_from = {}, .queue_max = {}, .remembered = {}}}, .steps = {{\n", plan.seed,
        s.batch_max, s.overlap_from, s.queue_max, s.remembered);
    for (auto const& op : plan.steps) out += "    " + to_cpp(op) + ",\n";
    return out + "}}";
}

}  // namespace cho40::tests::model
