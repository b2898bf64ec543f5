#pragma once
#include "adapters/http/ids.h"
#include "base/dong.h"
#include "base/result.h"
#include "base/time.h"
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cho40::http {

// A body as strict JSON (adapters/strict_json), not empty and without a byte order mark. Error: invalid_json.
[[nodiscard]] Result<nlohmann::json> parse_json(std::string_view text);

struct WholeRange {
    std::int64_t min;
    std::int64_t max;
};
struct TextLimit {
    std::size_t min;  // code points after NFC
    std::size_t max;
};
struct CountLimit {
    std::size_t min;
    std::size_t max;
};

// A payment: 1 … 9 999 999 999 999 đồng (api-conventions §4).
inline constexpr WholeRange payment_amount{1, 9'999'999'999'999};

template <class E>
struct Choice {
    std::string_view text;
    E value;
};

class JsonBody;
struct Request;

// Error: unsupported_media_type unless the request says application/json (what a form of another site cannot say).
[[nodiscard]] Result<Done> check_json_type(Request const& request);

// Reads one object. Every reading function notes what is wrong and returns a harmless value, so that one pass finds all
// errors; nothing that was read may be used before JsonBody::finish() said Done. Names are string literals.
//
//   CHO_CO_TRY(auto body, JsonBody::parse(request));
//   auto in = body.root();
//   auto const amount = in.money("amount");
//   auto const note = in.optional_text("note", {1, 200});
//   CHO_CO_TRY_DO(body.finish());
class ObjectReader {
public:
    // {"amount": 45000, "currency": "VND"}
    Dong money(std::string_view name, WholeRange range = payment_amount);
    std::optional<Dong> optional_money(std::string_view name, WholeRange range = payment_amount);
    // A bare whole number of đồng, as some records carry it.
    Dong dong(std::string_view name, WholeRange range = payment_amount);
    std::optional<Dong> optional_dong(std::string_view name, WholeRange range = payment_amount);
    std::int64_t whole(std::string_view name, WholeRange range);
    std::optional<std::int64_t> optional_whole(std::string_view name, WholeRange range);
    bool truth(std::string_view name);
    std::optional<bool> optional_truth(std::string_view name);
    // NFC, without control characters other than line breaks and tabs.
    std::string text(std::string_view name, TextLimit limit);
    std::optional<std::string> optional_text(std::string_view name, TextLimit limit);
    Instant instant(std::string_view name);  // RFC 3339, no finer than microseconds
    std::optional<Instant> optional_instant(std::string_view name);
    Day day(std::string_view name);  // YYYY-MM-DD
    std::optional<Day> optional_day(std::string_view name);

    template <class Of>
    Id<Of> id(std::string_view name)
    {
        return Id<Of>(uuid(name, IdPrefix<Of>::value, true).value_or(Uuid{}));
    }
    template <class Of>
    std::optional<Id<Of>> optional_id(std::string_view name)
    {
        auto const found = uuid(name, IdPrefix<Of>::value, false);
        if (!found) return std::nullopt;
        return Id<Of>(*found);
    }

    // One of the choices; a default-constructed value (or the first choice's) when it is not.
    template <class E>
    E one_of(std::string_view name, std::initializer_list<Choice<E>> choices)
    {
        auto const at = choose(name, texts_of(choices), true);
        return (choices.begin() + at.value_or(0))->value;
    }
    template <class E>
    std::optional<E> optional_one_of(std::string_view name, std::initializer_list<Choice<E>> choices)
    {
        auto const at = choose(name, texts_of(choices), false);
        if (!at) return std::nullopt;
        return (choices.begin() + *at)->value;
    }

    // A nested object; when it is absent or wrong, a reader whose every field is silently absent.
    ObjectReader object(std::string_view name);
    std::optional<ObjectReader> optional_object(std::string_view name);
    // Calls `read` for each object of an array.
    void each(std::string_view name, CountLimit limit, std::function<void(ObjectReader)> const& read);
    void optional_each(std::string_view name, CountLimit limit, std::function<void(ObjectReader)> const& read);
    std::vector<std::string> texts(std::string_view name, CountLimit count, TextLimit each);
    std::vector<std::string> optional_texts(std::string_view name, CountLimit count, TextLimit each);

    // Absent and null are told apart (a merge patch removes with null).
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] bool is_null(std::string_view name);  // also marks the member as known
    // A member whose content is read elsewhere: any JSON. Null pointer when absent.
    nlohmann::json const* any(std::string_view name);

    // Notes an error of meaning found by the caller ("from" after "to").
    void refuse(std::string_view name, Errc code, std::string detail, std::string detail_vi = {});
    [[nodiscard]] std::string pointer(std::string_view name) const;

private:
    friend class JsonBody;
    struct Node;
    ObjectReader(JsonBody* body, Node* node) : body_(body), node_(node) {}

    nlohmann::json const* find(std::string_view name, bool required);
    std::optional<std::int64_t> read_whole(std::string_view name, WholeRange range, bool required);
    std::optional<Dong> read_money(std::string_view name, WholeRange range, bool required);
    std::optional<std::string> read_text(std::string_view name, TextLimit limit, bool required);
    void read_each(std::string_view name, CountLimit limit, bool required, std::function<void(ObjectReader)> const& read);
    std::vector<std::string> read_texts(std::string_view name, CountLimit count, TextLimit each, bool required);
    std::optional<Uuid> uuid(std::string_view name, std::string_view prefix, bool required);
    std::optional<std::size_t> choose(std::string_view name, std::vector<std::string_view> const& texts, bool required);
    template <class E>
    static std::vector<std::string_view> texts_of(std::initializer_list<Choice<E>> choices)
    {
        std::vector<std::string_view> texts;
        for (auto const& choice : choices) texts.push_back(choice.text);
        return texts;
    }

    JsonBody* body_;
    Node* node_;
};

// A request body being read. Readers point into it: keep it until finish().
class JsonBody {
public:
    // Errors: unsupported_media_type (check_json_type); invalid_json; wrong_type when the top level is not an object.
    [[nodiscard]] static Result<JsonBody> parse(Request const& request);
    [[nodiscard]] static Result<JsonBody> parse(std::string_view text);
    ~JsonBody();
    JsonBody(JsonBody&&) noexcept;
    JsonBody& operator=(JsonBody&&) noexcept;

    [[nodiscard]] ObjectReader root();
    // Done when everything was right and every member was asked for. Otherwise unknown_field (when that is all that is
    // wrong) or validation_failed, with all errors in `fields`. Does not look inside members read by any().
    [[nodiscard]] Result<Done> finish();

private:
    friend class ObjectReader;
    struct Inside;
    JsonBody();
    std::unique_ptr<Inside> inside_;
};

}  // namespace cho40::http
