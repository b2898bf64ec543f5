#include "adapters/documents/proof_json.h"
#include "adapters/strict_json/strict_json.h"
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

namespace cho40::documents {
namespace {

using ledger::Proof;
using ledger::SignedHead;
using nlohmann::json;
using Json = nlohmann::ordered_json;

constexpr char format_name[] = "cho40 ledger proof v1";

struct KindName {
    ledger::TransferKind kind;
    char const* name;
};
constexpr KindName kinds[] = {{ledger::TransferKind::posted, "posted"},
                              {ledger::TransferKind::pending, "pending"},
                              {ledger::TransferKind::post, "post"},
                              {ledger::TransferKind::undo, "undo"},
                              {ledger::TransferKind::expire, "expire"}};

struct FlagName {
    bool ledger::TransferFlags::* flag;
    char const* name;
};
constexpr FlagName flags[] = {{&ledger::TransferFlags::balancing_debit, "balancing_debit"},
                              {&ledger::TransferFlags::balancing_credit, "balancing_credit"},
                              {&ledger::TransferFlags::closing_debit, "closing_debit"},
                              {&ledger::TransferFlags::closing_credit, "closing_credit"}};

// 64 bits as text: a reader that knows only doubles would round them.
std::string whole(std::int64_t value) { return std::to_string(value); }

template <class Bytes>
std::string hex(Bytes const& bytes)
{
    return to_hex(std::string_view(reinterpret_cast<char const*>(bytes.data()), bytes.size()));
}

Json row_json(ledger::JournalRow const& row)
{
    auto const& t = row.transfer;
    auto const* const kind = std::ranges::find(kinds, t.kind, &KindName::kind);
    Json set = Json::array();
    for (auto const& f : flags) {
        if (t.flags.*f.flag) set.push_back(f.name);
    }
    return Json{{"book", whole(row.book.value)},
                {"seq", whole(row.seq)},
                {"transfer", t.id.uuid.to_string()},
                {"kind", kind == std::end(kinds) ? "?" : kind->name},
                {"flags", std::move(set)},
                {"debit_account", whole(t.debit.value)},
                {"credit_account", whole(t.credit.value)},
                {"amount", whole(t.amount.count())},
                {"debit_balance", whole(row.debit_balance.count())},
                {"credit_balance", whole(row.credit_balance.count())},
                {"code", static_cast<std::int32_t>(t.code)},
                {"event_at", to_rfc3339_micro(t.event_at)},
                {"recorded_at", to_rfc3339_micro(row.recorded_at)},
                {"pending", t.pending.is_nil() ? Json() : Json(t.pending.uuid.to_string())},
                {"expires_at", row.expires_at ? Json(to_rfc3339_micro(*row.expires_at)) : Json()},
                {"reference", t.reference}};
}

Json head_json(SignedHead const& head)
{
    return Json{{"book", whole(head.book.value)},  {"size", whole(head.size)},        {"root", hex(head.root)},
                {"previous", hex(head.previous)},  {"at", to_rfc3339_micro(head.at)}, {"key_id", hex(head.key)},
                {"signature", hex(head.signature)}};
}

Json path_json(std::vector<Sha256> const& path)
{
    Json out = Json::array();
    for (auto const& node : path) out.push_back(hex(node));
    return out;
}

struct Wrong {
    std::string pointer;
    char const* what;
};

// One object of the file, read member by member. What does not fit throws Wrong, caught in read_proof().
class Reader {
public:
    Reader(json const& value, std::string pointer) : value_(value), pointer_(std::move(pointer))
    {
        if (!value_.is_object()) throw Wrong{pointer_, "is not an object"};
    }
    void finish() const
    {
        for (auto const& [name, ignored] : value_.items()) {
            if (!read_.contains(name)) throw Wrong{strict_json::pointer(pointer_, name), "does not belong here"};
        }
    }

    json const& any(char const* name)
    {
        read_.insert(name);
        auto const found = value_.find(name);
        if (found == value_.end()) wrong(name, "is missing");
        return *found;
    }
    bool has(char const* name) const { return value_.contains(name); }
    Reader object(char const* name) { return Reader(any(name), strict_json::pointer(pointer_, name)); }

    std::string const& text(char const* name)
    {
        auto const& member = any(name);
        if (!member.is_string()) wrong(name, "is not a text");
        return member.get_ref<std::string const&>();
    }
    std::int64_t whole(char const* name)
    {
        auto const& written = text(name);
        std::int64_t value = 0;
        auto const* const end = written.data() + written.size();
        auto const [stopped, error] = std::from_chars(written.data(), end, value);
        if (error != std::errc() || stopped != end || documents::whole(value) != written)
            wrong(name, "is not a whole number written as text");
        return value;
    }
    Instant instant(char const* name)
    {
        auto const& written = text(name);
        auto const value = parse_rfc3339(written);
        if (!value || to_rfc3339_micro(*value) != written) wrong(name, "is not a time as 2026-11-22T03:15:30.120000Z");
        return *value;
    }
    Uuid uuid(char const* name)
    {
        auto const& written = text(name);
        auto const value = Uuid::from_string(written);
        if (!value || value->to_string() != written) wrong(name, "is not a UUID in lower case");
        return *value;
    }
    template <class Bytes>
    Bytes bytes(char const* name)
    {
        return fixed<Bytes>(any(name), name);
    }
    std::vector<Sha256> path(char const* name)
    {
        auto const& array = any(name);
        if (!array.is_array() || array.size() > path_max) wrong(name, "is not a list of digests");
        std::vector<Sha256> out;
        for (auto const& node : array) out.push_back(fixed<Sha256>(node, name));
        return out;
    }
    [[noreturn]] void wrong(char const* name, char const* what) const { throw Wrong{strict_json::pointer(pointer_, name), what}; }

private:
    static constexpr std::size_t path_max = 128;  // of a tree of 2^63 rows: 63, and one more

    template <class Bytes>
    Bytes fixed(json const& member, char const* name) const
    {
        Bytes out;
        auto const bytes = member.is_string() ? from_hex(member.get_ref<std::string const&>()) : std::nullopt;
        if (!bytes || bytes->size() != out.size()) wrong(name, "is not hexadecimal of the right length, in lower case");
        std::ranges::copy(*bytes, out.begin());
        return out;
    }

    json const& value_;
    std::string pointer_;
    std::set<std::string> read_;
};

ledger::TransferFlags read_flags(Reader& in)
{
    ledger::TransferFlags set;
    auto const& names = in.any("flags");
    if (!names.is_array()) in.wrong("flags", "is not a list");
    for (auto const& name : names) {
        auto const* const known = std::ranges::find_if(flags, [&](FlagName const& f) { return name == f.name; });
        if (known == std::end(flags) || set.*(known->flag)) in.wrong("flags", "names a flag that does not exist, or one twice");
        set.*(known->flag) = true;
    }
    return set;
}

ledger::JournalRow read_row(Reader in)
{
    ledger::JournalRow row;
    auto& t = row.transfer;
    row.book = ledger::BookId{in.whole("book")};
    row.seq = in.whole("seq");
    t.id = Id<ledger::Transfer>(in.uuid("transfer"));
    auto const* const kind = std::ranges::find_if(kinds, [name = in.text("kind")](KindName const& k) { return name == k.name; });
    if (kind == std::end(kinds)) in.wrong("kind", "is not the name of a kind");
    t.kind = kind->kind;
    t.flags = read_flags(in);
    t.debit = ledger::AccountNumber{in.whole("debit_account")};
    t.credit = ledger::AccountNumber{in.whole("credit_account")};
    t.amount = Dong(in.whole("amount"));
    row.debit_balance = Dong(in.whole("debit_balance"));
    row.credit_balance = Dong(in.whole("credit_balance"));
    auto const& code = in.any("code");
    if (!code.is_number_integer() || code < INT32_MIN || code > INT32_MAX) in.wrong("code", "is not a number of 32 bits");
    t.code = static_cast<ledger::TransferCode>(code.get<std::int32_t>());
    t.event_at = in.instant("event_at");
    row.recorded_at = in.instant("recorded_at");
    // Zeros mean "none" in the bytes of a row, so written out they would be a second way to say null.
    if (!in.any("pending").is_null()) t.pending = Id<ledger::Transfer>(in.uuid("pending"));
    if (!in.any("pending").is_null() && t.pending.is_nil()) in.wrong("pending", "is null when there is none");
    if (!in.any("expires_at").is_null()) row.expires_at = in.instant("expires_at");
    if (row.expires_at == Instant()) in.wrong("expires_at", "is null when there is none");
    t.reference = in.text("reference");
    in.finish();
    return row;
}

SignedHead read_head(Reader in)
{
    SignedHead head;
    head.book = ledger::BookId{in.whole("book")};
    head.size = in.whole("size");
    head.root = in.bytes<Sha256>("root");
    head.previous = in.bytes<Sha256>("previous");
    head.at = in.instant("at");
    head.key = in.bytes<ledger::KeyId>("key_id");
    head.signature = in.bytes<ledger::HeadSignature>("signature");
    in.finish();
    return head;
}

ProofFile read_file(Reader in)
{
    ProofFile file;
    auto& proof = file.proof;
    if (in.text("format") != format_name) in.wrong("format", "is not a format this program knows");
    proof.row = read_row(in.object("row"));
    auto leaf = in.object("leaf");
    proof.index = leaf.whole("index");
    proof.leaf = leaf.bytes<Sha256>("hash");
    leaf.finish();
    proof.path = in.path("path");
    proof.head = read_head(in.object("head"));
    if (in.has("later")) {
        auto later = in.object("later");
        auto head = read_head(later.object("head"));
        proof.later = Proof::Later{std::move(head), later.path("path")};
        later.finish();
    }
    if (in.has("public_key")) {
        auto const key = in.bytes<Sha256>("public_key");
        file.public_key = std::string(key.begin(), key.end());
    }
    in.finish();
    return file;
}

}  // namespace

Json proof_json(Proof const& proof, std::optional<std::string> const& public_key)
{
    Json out{{"format", format_name},
             {"row", row_json(proof.row)},
             {"leaf", Json{{"index", whole(proof.index)}, {"hash", hex(proof.leaf)}}},
             {"path", path_json(proof.path)},
             {"head", head_json(proof.head)}};
    if (proof.later) out["later"] = Json{{"head", head_json(proof.later->head)}, {"path", path_json(proof.later->path)}};
    if (public_key) out["public_key"] = hex(*public_key);
    return out;
}

Result<ProofFile> read_proof(std::string_view text)
{
    CHO_TRY(auto const value, strict_json::parse(text, strict_json::Numbers::whole));
    try {
        return read_file(Reader(value, ""));
    } catch (Wrong const& wrong) {
        return fail(Errc::invalid_format, (wrong.pointer.empty() ? "the file" : wrong.pointer) + " " + wrong.what, wrong.pointer);
    }
}

}  // namespace cho40::documents
