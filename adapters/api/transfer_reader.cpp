#include "adapters/api/transfer_reader.h"
#include "adapters/http/instants.h"
#include "base/text.h"
#include "ledger/recent_transfers.h"
#include <algorithm>
#include <array>
#include <charconv>
#include <simdjson.h>

namespace cho40::api {

namespace od = simdjson::ondemand;
using ledger::Transfer;
using ledger::TransferKind;

struct TransferReader::Inside {
    od::parser parser;
};

namespace {

enum class Member { id, book, kind, debit, credit, amount, code, reference, event_at, pending, timeout_s, flags, linked, unknown };
// As they stand in a pointer.
constexpr std::array<std::string_view, 13> member_pointers{"/id",        "/book",  "/kind",      "/debit",    "/credit",
                                                           "/amount",    "/code",  "/reference", "/event_at", "/pending",
                                                           "/timeout_s", "/flags", "/linked"};

Member member_named(std::string_view name)
{
    auto const found = std::ranges::find_if(member_pointers, [name](std::string_view pointer) { return pointer.substr(1) == name; });
    return static_cast<Member>(found - member_pointers.begin());
}

struct NamedKind {
    std::string_view name;
    TransferKind kind;
};
// What the ledger itself writes when a hold's time is over has no name here.
constexpr std::array kinds{NamedKind{"posted", TransferKind::posted}, NamedKind{"pending", TransferKind::pending},
                           NamedKind{"post", TransferKind::post}, NamedKind{"void", TransferKind::undo}};

struct NamedFlag {
    std::string_view name;
    bool ledger::TransferFlags::* flag;
};
constexpr std::array flag_names{NamedFlag{"balancing_debit", &ledger::TransferFlags::balancing_debit},
                                NamedFlag{"balancing_credit", &ledger::TransferFlags::balancing_credit},
                                NamedFlag{"closing_debit", &ledger::TransferFlags::closing_debit},
                                NamedFlag{"closing_credit", &ledger::TransferFlags::closing_credit}};

// The text is no JSON: nothing in it can be trusted, not even where a line ends.
struct NotJson {
    std::string why;
};

void check(simdjson::error_code error)
{
    if (error) throw NotJson{simdjson::error_message(error)};
}

template <class T>
T must(simdjson::simdjson_result<T> result)
{
    T value;
    check(std::move(result).get(value));
    return value;
}

// The members of one object, one after the other, in the order of the text.
template <class Read>
void each_member(od::object object, Read const& read)
{
    for (auto found : object) {
        od::field field = must<od::field>(std::move(found));
        std::string_view const name = must<std::string_view>(field.unescaped_key());
        read(name, field.value());
    }
}

// A value that nobody reads must be JSON all the same: a bracket too many in one line would move the ends of all others.
void walk(od::value value, int depth = 1)
{
    constexpr int depth_max = 32;  // as strict_json
    if (depth > depth_max) throw NotJson{"it is nested too deep"};
    switch (must<od::json_type>(value.type())) {
    case od::json_type::object:
        return each_member(must<od::object>(value.get_object()), [depth](std::string_view, od::value inner) { walk(inner, depth + 1); });
    case od::json_type::array:
        for (auto element : must<od::array>(value.get_array())) walk(must<od::value>(std::move(element)), depth + 1);
        return;
    case od::json_type::number: (void)must<double>(value.get_double()); return;
    case od::json_type::string: (void)must<std::string_view>(value.get_string()); return;
    case od::json_type::boolean: (void)must<bool>(value.get_bool()); return;
    case od::json_type::null:
        if (!must<bool>(value.is_null())) throw NotJson{"a word that is no value"};
        return;
    }
}

bool is_plain_text(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

// Reads one transfer's object and notes what is wrong with it.
class LineReader {
public:
    // `book`: null where a line names none. `latest`: no event lies later.
    LineReader(TransferLine& line, ledger::BookId* book, Instant latest) : line_(line), book_(book), latest_(latest) {}

    void read(od::object object)
    {
        each_member(object, [this](std::string_view name, od::value value) {
            auto const member = member_named(name);
            if (member == Member::unknown || (member == Member::book && !book_) || (member == Member::linked && book_)) {
                walk(value);
                return refuse(std::string("/").append(escaped(name)), Errc::unknown_field, "unknown member",
                              "Trường không có trong đặc tả.");
            }
            auto const bit = 1U << static_cast<unsigned>(member);
            if ((seen_ & bit) != 0) {
                walk(value);
                if (member == Member::linked) line_.linked = true;
                return refuse(pointer(member), Errc::invalid_json, "the member is there twice", "Trường xuất hiện hai lần.");
            }
            seen_ |= bit;
            read_member(member, value);
        });
        complete();
    }

private:
    [[nodiscard]] bool has(Member member) const { return (seen_ >> static_cast<unsigned>(member) & 1U) != 0; }
    static std::string_view pointer(Member member) { return member_pointers[static_cast<std::size_t>(member)]; }
    static std::string escaped(std::string_view name)
    {
        std::string text;
        for (char const c : name) {
            if (c == '~') text += "~0";
            else if (c == '/') text += "~1";
            else text += c;
        }
        return text;
    }

    void refuse(std::string_view at, Errc code, std::string detail, std::string detail_vi, std::optional<std::int64_t> limit = {})
    {
        line_.faults.push_back({std::string(at), code, std::move(detail), std::move(detail_vi), limit});
    }
    void wrong_type(std::string_view at, od::value value, std::string what, std::string what_vi)
    {
        walk(value);
        refuse(at, Errc::wrong_type, "must be " + what, "Phải là " + what_vi + ".");
    }

    std::optional<std::string_view> text(std::string_view at, od::value value)
    {
        if (must<od::json_type>(value.type()) != od::json_type::string) {
            wrong_type(at, value, "text", "chuỗi");
            return std::nullopt;
        }
        return must<std::string_view>(value.get_string());
    }

    std::optional<std::int64_t> whole(std::string_view at, od::value value, std::int64_t min, std::int64_t max)
    {
        std::int64_t number = 0;
        if (must<od::json_type>(value.type()) != od::json_type::number || value.get_int64().get(number)) {
            wrong_type(at, value, "a whole number", "số nguyên");
            return std::nullopt;
        }
        if (number < min) {
            refuse(at, Errc::too_small, "at least " + std::to_string(min), "Tối thiểu " + std::to_string(min) + ".", min);
            return std::nullopt;
        }
        if (number > max) {
            refuse(at, Errc::too_large, "at most " + std::to_string(max), "Tối đa " + std::to_string(max) + ".", max);
            return std::nullopt;
        }
        return number;
    }

    Id<Transfer> id(Member member, od::value value)
    {
        auto const found = text(pointer(member), value);
        if (!found) return {};
        constexpr std::size_t prefix = 4;
        auto const uuid = found->starts_with("trf_") ? Uuid::from_base32(found->substr(prefix)) : std::nullopt;
        if (!uuid || !ledger::uuid7_milliseconds(*uuid)) {
            refuse(pointer(member), Errc::invalid_format, "must be trf_ and an UUIDv7 in lower-case Crockford base32",
                   "Phải là trf_ và UUIDv7 dạng base32.");
            return {};
        }
        return Id<Transfer>(*uuid);
    }

    void read_member(Member member, od::value value)
    {
        auto& t = line_.transfer;
        switch (member) {
        case Member::id: t.id = id(member, value); return;
        case Member::pending: t.pending = id(member, value); return;
        case Member::book: return read_book(value);
        case Member::kind: return read_kind(value);
        case Member::debit: t.debit.value = whole(pointer(member), value, 1, whole_max).value_or(0); return;
        case Member::credit: t.credit.value = whole(pointer(member), value, 1, whole_max).value_or(0); return;
        case Member::amount: return read_money(value);
        case Member::code:
            t.code = static_cast<ledger::TransferCode>(whole(pointer(member), value, general_code_min, general_code_max).value_or(0));
            return;
        case Member::reference: return read_reference(value);
        case Member::event_at: return read_instant(value);
        case Member::timeout_s:
            t.timeout = std::chrono::seconds(
                whole(pointer(member), value, 1, std::chrono::seconds(std::chrono::years(10)).count()).value_or(0));
            return;
        case Member::flags: return read_flags(value);
        case Member::linked: return read_linked(value);
        case Member::unknown: return;
        }
    }

    void read_book(od::value value)
    {
        auto const found = text("/book", value);
        if (!found) return;
        if (auto const book = parse_book(*found)) *book_ = *book;
        else refuse("/book", Errc::invalid_format, "must be a book's number in decimal digits", "Phải là số của sổ.");
    }

    void read_kind(od::value value)
    {
        auto const found = text("/kind", value);
        if (!found) return;
        auto const* const kind = std::ranges::find(kinds, *found, &NamedKind::name);
        if (kind == kinds.end()) {
            return refuse("/kind", Errc::unknown_value, "must be one of posted, pending, post, void",
                          "Phải là một trong: posted, pending, post, void.");
        }
        line_.transfer.kind = kind->kind;
    }

    void read_money(od::value value)
    {
        if (must<od::json_type>(value.type()) != od::json_type::object) {
            return wrong_type("/amount", value, R"(an object such as {"amount": 45000, "currency": "VND"})",
                              R"(đối tượng dạng {"amount": 45000, "currency": "VND"})");
        }
        bool amount = false;
        bool currency = false;
        each_member(must<od::object>(value.get_object()), [&](std::string_view name, od::value inner) {
            bool* const known = name == "amount" ? &amount : name == "currency" ? &currency : nullptr;
            if (!known || *known) {
                walk(inner);
                auto const at = std::string("/amount/").append(escaped(name));
                if (known) return refuse(at, Errc::invalid_json, "the member is there twice", "Trường xuất hiện hai lần.");
                return refuse(at, Errc::unknown_field, "unknown member", "Trường không có trong đặc tả.");
            }
            *known = true;
            std::string_view const at = known == &amount ? "/amount/amount" : "/amount/currency";
            if (known == &amount) {
                line_.transfer.amount = Dong(whole(at, inner, 0, whole_max).value_or(0));
            } else if (auto const named = text(at, inner); named && *named != "VND") {
                refuse(at, Errc::currency_not_vnd, "only VND", "Chỉ nhận VND.");
            }
        });
        if (!amount) refuse("/amount/amount", Errc::required, "is missing", "Thiếu trường bắt buộc.");
        if (!currency) refuse("/amount/currency", Errc::required, "is missing", "Thiếu trường bắt buộc.");
    }

    void read_reference(od::value value)
    {
        auto const found = text("/reference", value);
        if (!found) return;
        if (is_plain_text(*found)) {
            line_.transfer.reference = *found;
        } else {
            auto normal = to_nfc(*found);
            bool const controls = !normal || std::ranges::any_of(*normal, is_control_character);
            if (controls) {
                return refuse("/reference", Errc::invalid_format, "must not contain control characters",
                              "Không được chứa ký tự điều khiển.");
            }
            line_.transfer.reference = std::move(*normal);
        }
        constexpr auto most = 64;  // State::reference_bytes_max: said here, so that it stands beside the line's other faults
        if (line_.transfer.reference.size() > most) {
            refuse("/reference", Errc::text_too_long, "a reference has at most 64 bytes", "Tối đa 64 byte.", most);
        }
    }

    void read_instant(od::value value)
    {
        auto const found = text("/event_at", value);
        if (!found) return;
        auto const instant = http::parse_exact_instant(*found);
        if (!instant) {
            return refuse("/event_at", Errc::invalid_date, "must be an instant such as 2026-11-22T03:15:30Z, no finer than microseconds",
                          "Phải là thời điểm dạng 2026-11-22T03:15:30Z, mịn nhất đến micrô giây.");
        }
        if (*instant > latest_) {
            return refuse("/event_at", Errc::invalid_date, "lies more than a minute ahead of our clock",
                          "Muộn hơn đồng hồ của hệ thống quá một phút.");
        }
        line_.transfer.event_at = *instant;
    }

    void read_flags(od::value value)
    {
        if (must<od::json_type>(value.type()) != od::json_type::array) return wrong_type("/flags", value, "an array", "một mảng");
        std::size_t index = 0;
        for (auto element : must<od::array>(value.get_array())) {
            auto const at = "/flags/" + std::to_string(index++);
            auto const found = text(at, must<od::value>(std::move(element)));
            if (!found) continue;
            auto const* const known = std::ranges::find(flag_names, *found, &NamedFlag::name);
            if (known == flag_names.end()) {
                refuse(at, Errc::unknown_value, "must be one of balancing_debit, balancing_credit, closing_debit, closing_credit",
                       "Phải là một trong: balancing_debit, balancing_credit, closing_debit, closing_credit.");
            } else {
                line_.transfer.flags.*known->flag = true;
            }
        }
    }

    void read_linked(od::value value)
    {
        if (must<od::json_type>(value.type()) == od::json_type::boolean) {
            line_.linked = must<bool>(value.get_bool());
        } else {
            wrong_type("/linked", value, "true or false", "true hoặc false");
            line_.linked = true;
        }
    }

    void require(Member member)
    {
        if (!has(member)) refuse(pointer(member), Errc::required, "is missing", "Thiếu trường bắt buộc.");
    }
    void forbid(Member member, char const* why, char const* why_vi)
    {
        if (has(member)) refuse(pointer(member), Errc::invalid_input, why, why_vi);
    }

    void complete()
    {
        auto& t = line_.transfer;
        require(Member::id);
        if (book_) require(Member::book);
        if (ledger::ends_pending(t.kind)) {
            require(Member::pending);
            constexpr auto why = "what ends a hold takes this from the hold";
            constexpr auto why_vi = "Bút toán kết thúc khoản giữ lấy giá trị này từ khoản giữ.";
            for (auto const member : {Member::code, Member::flags, Member::timeout_s}) forbid(member, why, why_vi);
            // Nothing stands for all of it; an amount that is there is meant.
            if (has(Member::amount) && t.amount.is_zero() && line_.faults.empty()) {
                refuse("/amount/amount", Errc::amount_not_positive, "leave the amount out to end the hold as a whole",
                       "Bỏ trống số tiền để kết thúc toàn bộ khoản giữ.");
            }
        } else {
            for (auto const member : {Member::debit, Member::credit, Member::amount}) require(member);
            forbid(Member::pending, "only what ends a hold names one", "Chỉ bút toán kết thúc khoản giữ mới nêu khoản giữ.");
            if (t.kind == TransferKind::posted)
                forbid(Member::timeout_s, "only a pending transfer has a timeout", "Chỉ khoản giữ có thời hạn.");
        }
        if (!has(Member::code)) t.code = static_cast<ledger::TransferCode>(general_code_min);
        // The same on every retry, whatever the clock says then.
        if (auto const ms = ledger::uuid7_milliseconds(t.id.uuid); ms && !has(Member::event_at))
            t.event_at = Instant(std::chrono::milliseconds(*ms));
    }

    TransferLine& line_;
    ledger::BookId* book_;
    Instant latest_;
    std::uint32_t seen_ = 0;
};

Error not_json(std::string const& why)
{
    return Error(Errc::invalid_json, "the body is not valid JSON: " + why).vi("Thân yêu cầu không phải JSON hợp lệ.");
}

Result<Done> as_result(std::vector<FieldError> faults)
{
    if (faults.empty()) return Done{};
    auto const all = [&](Errc code) { return std::ranges::all_of(faults, [&](auto const& f) { return f.code == code; }); };
    auto const twice = std::ranges::any_of(faults, [](auto const& f) { return f.code == Errc::invalid_json; });
    auto const code = twice ? Errc::invalid_json : all(Errc::unknown_field) ? Errc::unknown_field : Errc::validation_failed;
    Error error(code, std::to_string(faults.size()) + (faults.size() == 1 ? " field is wrong" : " fields are wrong"));
    error.detail_vi = std::to_string(faults.size()) + " trường chưa đúng.";
    error.fields = std::move(faults);
    return fail(std::move(error));
}

// The whole body, which must be one object and nothing after it.
template <class Read>
Result<Done> read_document(od::parser& parser, std::string& body, Read const& read)
{
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    if (body.find_first_not_of(" \t\r\n") == std::string::npos) return fail(not_json("it is empty"));
    try {
        od::document document;
        check(parser.iterate(simdjson::padded_string_view(body.data(), body.size(), body.capacity())).get(document));
        auto const type = document.type();
        check(type.error());
        if (type.value_unsafe() != od::json_type::object) {
            return fail(Error(Errc::wrong_type, "the body must be one JSON object").vi("Thân yêu cầu phải là một đối tượng JSON."));
        }
        read(must<od::object>(document.get_object()));
        // There is a place only before the end.
        if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) throw NotJson{"something follows the object"};
    } catch (NotJson const& e) {
        return fail(not_json(e.why));
    }
    return Done{};
}

// `bytes`: of the whole body.
void read_lines(od::value value, std::size_t bytes, Instant latest, std::vector<TransferLine>& lines, std::vector<FieldError>& faults)
{
    constexpr std::size_t line_bytes_usual = 128;
    if (must<od::json_type>(value.type()) != od::json_type::array) {
        walk(value);
        return faults.push_back({"/transfers", Errc::wrong_type, "must be an array", "Phải là một mảng.", {}});
    }
    std::size_t count = 0;
    lines.reserve(std::min(ledger_lines_max, 1 + bytes / line_bytes_usual));
    for (auto element : must<od::array>(value.get_array())) {
        auto inner = must<od::value>(std::move(element));
        if (++count > ledger_lines_max) continue;
        auto& line = lines.emplace_back();
        if (must<od::json_type>(inner.type()) != od::json_type::object) {
            walk(inner);
            line.linked = true;
            line.faults.push_back({"", Errc::wrong_type, "must be an object", "Phải là một đối tượng JSON.", {}});
            continue;
        }
        LineReader(line, nullptr, latest).read(must<od::object>(inner.get_object()));
    }
    constexpr auto most = static_cast<std::int64_t>(ledger_lines_max);
    if (count == 0) faults.push_back({"/transfers", Errc::too_few, "at least 1 element", "Tối thiểu 1 phần tử.", 1});
    if (count > ledger_lines_max) {
        faults.push_back({"/transfers", Errc::too_many, "at most " + std::to_string(most) + " elements",
                          "Tối đa " + std::to_string(most) + " phần tử.", most});
    }
}

}  // namespace

Result<ledger::BookId> parse_book(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 1 || text.front() == '0') {
        return fail(Error(Errc::not_found, "there is no such book").vi("Không có sổ này."));
    }
    return ledger::BookId{number};
}

TransferReader::TransferReader(Clock const& clock) : inside_(std::make_unique<Inside>()), clock_(clock) {}
TransferReader::~TransferReader() = default;

Instant TransferReader::latest() const { return clock_.now() + ledger::RecentTransfers::clock_skew_max; }

Result<OneTransfer> TransferReader::read_one(std::string& body)
{
    OneTransfer one;
    CHO_TRY_DO(read_document(inside_->parser, body, [&](od::object object) { LineReader(one.line, &one.book, latest()).read(object); }));
    CHO_TRY_DO(as_result(std::move(one.line.faults)));
    return one;
}

Result<BulkTransfers> TransferReader::read_bulk(std::string& body)
{
    BulkTransfers bulk;
    std::vector<FieldError> faults;
    bool has_book = false;
    bool has_lines = false;
    auto const read = [&](std::string_view name, od::value value) {
        auto const at = std::string("/").append(name);
        bool* const known = name == "book" ? &has_book : name == "transfers" ? &has_lines : nullptr;
        if (!known || *known) walk(value);
        if (!known) return faults.push_back({at, Errc::unknown_field, "unknown member", "Trường không có trong đặc tả.", {}});
        if (*known) return faults.push_back({at, Errc::invalid_json, "the member is there twice", "Trường xuất hiện hai lần.", {}});
        *known = true;
        if (known == &has_lines) return read_lines(value, body.size(), latest(), bulk.lines, faults);
        std::optional<ledger::BookId> book;
        if (must<od::json_type>(value.type()) != od::json_type::string) walk(value);
        else if (auto const parsed = parse_book(must<std::string_view>(value.get_string()))) book = *parsed;
        if (book) bulk.book = *book;
        else faults.push_back({at, Errc::invalid_format, "must be a book's number in decimal digits", "Phải là số của sổ.", {}});
    };
    CHO_TRY_DO(read_document(inside_->parser, body, [&](od::object object) { each_member(object, read); }));
    if (!has_book) faults.push_back({"/book", Errc::required, "is missing", "Thiếu trường bắt buộc.", {}});
    if (!has_lines) faults.push_back({"/transfers", Errc::required, "is missing", "Thiếu trường bắt buộc.", {}});
    CHO_TRY_DO(as_result(std::move(faults)));
    return bulk;
}

}  // namespace cho40::api
