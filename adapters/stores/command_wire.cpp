#include "adapters/stores/command_wire.h"
#include "adapters/stores/stored_errc.h"
#include "base/check.h"
#include <nlohmann/json.hpp>

namespace cho40::stores {
namespace {

using ledger::AccountNumber;
using ledger::BookId;
using ledger::Command;
using nlohmann::json;

json bytes_of(Uuid const& id) { return json::binary({id.bytes.begin(), id.bytes.end()}); }
json bytes_of(std::string_view text) { return json::binary({text.begin(), text.end()}); }
std::int64_t micros(Instant at) { return static_cast<std::int64_t>(at.time_since_epoch().count()); }

Uuid uuid_of(json const& value)
{
    auto const& bytes = value.get_binary();
    if (bytes.size() != 16) throw std::invalid_argument("an id has 16 bytes");
    Uuid id;
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    return id;
}
std::string text_of(json const& value)
{
    auto const& bytes = value.get_binary();
    return {bytes.begin(), bytes.end()};
}
Instant instant_of(json const& value) { return Instant(std::chrono::microseconds(value.get<std::int64_t>())); }

json optional(std::optional<Dong> const& amount) { return amount ? json(amount->count()) : json(nullptr); }
std::optional<Dong> optional_dong(json const& value)
{
    if (value.is_null()) return std::nullopt;
    return Dong(value.get<std::int64_t>());
}

json encode(ledger::Transfer const& t)
{
    return json::array({bytes_of(t.id.uuid), static_cast<int>(t.kind), t.flags.bits(), t.debit.value, t.credit.value, t.amount.count(),
                        static_cast<int>(t.code), bytes_of(t.reference), micros(t.event_at), bytes_of(t.pending.uuid), t.timeout.count()});
}

ledger::Transfer decode_transfer(json const& v)
{
    ledger::Transfer t(Id<ledger::Transfer>(uuid_of(v.at(0))), AccountNumber{v.at(3).get<std::int64_t>()},
                       AccountNumber{v.at(4).get<std::int64_t>()}, Dong(v.at(5).get<std::int64_t>()),
                       static_cast<ledger::TransferCode>(v.at(6).get<int>()), text_of(v.at(7)), instant_of(v.at(8)));
    t.kind = static_cast<ledger::TransferKind>(v.at(1).get<int>());
    t.flags = ledger::TransferFlags::from_bits(v.at(2).get<std::int16_t>());
    t.pending = Id<ledger::Transfer>(uuid_of(v.at(9)));
    t.timeout = std::chrono::seconds(v.at(10).get<std::int64_t>());
    return t;
}

json encode(ledger::Event const& e)
{
    auto attributes = json::array();
    for (auto const& [name, value] : e.attributes) {
        auto const as_json = std::visit([](auto const& v) { return json(v); }, value);
        attributes.push_back(json::array({name, as_json}));
    }
    return json::array({bytes_of(e.id), bytes_of(e.stream), e.type, bytes_of(e.resource), std::move(attributes)});
}

ledger::Event decode_event(json const& v)
{
    ledger::Event e;
    e.id = uuid_of(v.at(0));
    e.stream = uuid_of(v.at(1));
    e.type = v.at(2).get<std::string>();
    e.resource = uuid_of(v.at(3));
    for (auto const& pair : v.at(4)) {
        auto const& value = pair.at(1);
        if (value.is_string()) e.attributes.emplace_back(pair.at(0).get<std::string>(), value.get<std::string>());
        else e.attributes.emplace_back(pair.at(0).get<std::string>(), value.get<std::int64_t>());
    }
    return e;
}

json encode_row(ledger::AttachedRow const& row, RowWriters const& writers)
{
    auto const* writer = writers.find(std::type_index(typeid(row)));
    CHO_CHECK(writer != nullptr);
    auto const params = writer->bind({&row});
    auto fields = json::array();
    for (auto const& field : params.fields()) {
        auto value = field.length < 0 ? json(nullptr) : bytes_of(params.field_bytes(field));
        fields.push_back(json::array({field.type, std::move(value)}));
    }
    return json::array({writer->statement->name, std::move(fields)});
}

std::shared_ptr<ForwardedRow const> decode_row(json const& v, RowWriters const& writers)
{
    auto const name = v.at(0).get<std::string>();
    auto const* writer = writers.find(std::string_view(name));
    if (!writer) throw std::invalid_argument("statement " + name + " is not known here; do both instances run the same version?");
    auto row = std::make_shared<ForwardedRow>();
    row->statement = writer->statement;
    row->order = writer->order;
    for (auto const& field : v.at(1)) {
        auto const type = field.at(0).get<postgres::Oid>();
        if (field.at(1).is_null()) row->params.add_null(type);
        else row->params.add_raw(type, text_of(field.at(1)));
    }
    return row;
}

json encode(Command const& c, RowWriters const& writers)
{
    json open = json::array(), transfers = json::array(), guards = json::array(), rows = json::array(), events = json::array();
    for (auto const& a : c.open) open.push_back(json::array({a.number.value, optional(a.limits.floor), optional(a.limits.ceiling)}));
    for (auto const& t : c.transfers) transfers.push_back(encode(t));
    for (auto const& g : c.guards) guards.push_back(json::array({bytes_of(g.entity), g.expected, g.next}));
    for (auto const& r : c.rows) rows.push_back(encode_row(*r, writers));
    for (auto const& e : c.events) events.push_back(encode(e));
    return json::array({c.book.value, std::move(open), std::move(transfers), c.close_before ? json(micros(*c.close_before)) : json(nullptr),
                        std::move(guards), std::move(rows), std::move(events), c.over_transit});
}

Command decode_command(json const& v, RowWriters const& writers)
{
    Command c(BookId{v.at(0).get<std::int64_t>()});
    for (auto const& a : v.at(1)) {
        c.open.push_back({AccountNumber{a.at(0).get<std::int64_t>()}, {optional_dong(a.at(1)), optional_dong(a.at(2))}, false});
    }
    for (auto const& t : v.at(2)) c.transfers.push_back(decode_transfer(t));
    if (!v.at(3).is_null()) c.close_before = instant_of(v.at(3));
    for (auto const& g : v.at(4)) c.guards.push_back({uuid_of(g.at(0)), g.at(1).get<std::int64_t>(), g.at(2).get<std::int64_t>()});
    for (auto const& r : v.at(5)) c.rows.push_back(decode_row(r, writers));
    for (auto const& e : v.at(6)) c.events.push_back(decode_event(e));
    c.over_transit = v.at(7).get<bool>();
    return c;
}

std::string dump(json const& value)
{
    std::string out;
    json::to_cbor(value, out);
    return out;
}

// Whatever is wrong with the bytes is thrown by the library or by us, and is one error to the caller.
template <class Decode>
auto decoded(std::string_view bytes, Decode decode) -> Result<decltype(decode(json()))>
{
    try {
        return decode(json::from_cbor(bytes));
    } catch (std::exception const& e) {
        return fail(Errc::invalid_input, std::string("not a message between instances: ") + e.what());
    }
}

}  // namespace

std::string encode_commands(std::vector<Command> const& commands, RowWriters const& writers)
{
    auto all = json::array();
    for (auto const& command : commands) all.push_back(encode(command, writers));
    return dump(all);
}

Result<std::vector<Command>> decode_commands(std::string_view bytes, RowWriters const& writers)
{
    return decoded(bytes, [&](json const& all) {
        std::vector<Command> commands;
        for (auto const& one : all) commands.push_back(decode_command(one, writers));
        return commands;
    });
}

std::string encode_answers(std::vector<Result<ledger::Receipt>> const& answers)
{
    auto all = json::array();
    for (auto const& a : answers) {
        if (a) {
            auto chain = json::array();
            for (auto const& line : a->chain) chain.push_back(json::array({line.seq, line.amount.count()}));
            all.push_back(json::array({a->last_seq, a->last_amount.count(), micros(a->recorded_at), a->replayed, std::move(chain)}));
        } else {
            auto const& error = a.error();
            all.push_back(
                {{"code", errc_name(error.code)}, {"detail", error.detail}, {"detail_vi", error.detail_vi}, {"pointer", error.pointer}});
        }
    }
    return dump(all);
}

Result<std::vector<Result<ledger::Receipt>>> decode_answers(std::string_view bytes)
{
    return decoded(bytes, [](json const& all) {
        std::vector<Result<ledger::Receipt>> answers;
        for (auto const& a : all) {
            if (a.is_object()) {
                Error error(stored_errc(a.at("code").get<std::string>()).value_or(Errc::internal_error), a.at("detail").get<std::string>(),
                            a.at("pointer").get<std::string>());
                error.detail_vi = a.at("detail_vi").get<std::string>();
                answers.push_back(tl::unexpected<Error>(std::move(error)));
            } else {
                ledger::Receipt receipt;
                receipt.last_seq = a.at(0).get<std::int64_t>();
                receipt.last_amount = Dong(a.at(1).get<std::int64_t>());
                receipt.recorded_at = instant_of(a.at(2));
                receipt.replayed = a.at(3).get<bool>();
                for (auto const& line : a.at(4))
                    receipt.chain.push_back({line.at(0).get<std::int64_t>(), Dong(line.at(1).get<std::int64_t>())});
                answers.push_back(std::move(receipt));
            }
        }
        return answers;
    });
}

}  // namespace cho40::stores
