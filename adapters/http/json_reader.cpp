#include "adapters/http/json_reader.h"
#include "adapters/http/instants.h"
#include "adapters/http/message.h"
#include "adapters/strict_json/strict_json.h"
#include "base/check.h"
#include "base/text.h"
#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>

namespace cho40::http {

using nlohmann::json;

struct ObjectReader::Node {
    json const* object;  // null: nothing there, and whoever noticed has said so
    std::string at;      // JSON Pointer of the object
    std::vector<std::string_view> asked;
};

struct JsonBody::Inside {
    json document;
    std::deque<ObjectReader::Node> nodes;  // addresses stay
    std::vector<FieldError> errors;

    ObjectReader::Node* node(json const* object, std::string at)
    {
        return &nodes.emplace_back(ObjectReader::Node{object, std::move(at), {}});
    }
    void refuse(std::string pointer, Errc code, std::string detail, std::string detail_vi, std::optional<std::int64_t> limit = {})
    {
        errors.push_back({std::move(pointer), code, std::move(detail), std::move(detail_vi), limit});
    }
};

namespace {

bool has_control(std::string_view text)
{
    return std::ranges::any_of(
        text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F; });
}

// The value as int64, when it is a whole number at all. Overflow goes to the nearer end, so that the range check that
// follows says too_large or too_small.
std::optional<std::int64_t> whole_of(json const& value)
{
    if (value.is_number_unsigned()) {
        auto const v = value.get<std::uint64_t>();
        return v > static_cast<std::uint64_t>(INT64_MAX) ? INT64_MAX : static_cast<std::int64_t>(v);
    }
    if (value.is_number_integer()) return value.get<std::int64_t>();
    return std::nullopt;
}

}  // namespace

json const* ObjectReader::find(std::string_view name, bool required)
{
    node_->asked.push_back(name);
    if (!node_->object) return nullptr;
    auto const at = node_->object->find(name);
    if (at != node_->object->end() && !at->is_null()) return &*at;
    if (required) {
        if (at == node_->object->end()) refuse(name, Errc::required, "required", "Bắt buộc.");
        else refuse(name, Errc::required, "must not be null", "Không được để trống.");
    }
    return nullptr;
}

std::string ObjectReader::pointer(std::string_view name) const { return strict_json::pointer(node_->at, name); }

void ObjectReader::refuse(std::string_view name, Errc code, std::string detail, std::string detail_vi)
{
    body_->inside_->refuse(pointer(name), code, std::move(detail), std::move(detail_vi));
}

std::optional<std::int64_t> ObjectReader::read_whole(std::string_view name, WholeRange range, bool required)
{
    auto const* value = find(name, required);
    if (!value) return std::nullopt;
    auto const whole = whole_of(*value);
    if (!whole) {
        refuse(name, Errc::wrong_type, "must be a whole number, without quotes, point or exponent",
               "Phải là số nguyên, không có dấu nháy, dấu chấm hay số mũ.");
        return std::nullopt;
    }
    if (*whole < range.min) {
        body_->inside_->refuse(pointer(name), Errc::too_small, "must be at least " + std::to_string(range.min),
                               "Tối thiểu " + std::to_string(range.min) + ".", range.min);
        return std::nullopt;
    }
    if (*whole > range.max) {
        body_->inside_->refuse(pointer(name), Errc::too_large, "must be at most " + std::to_string(range.max),
                               "Tối đa " + std::to_string(range.max) + ".", range.max);
        return std::nullopt;
    }
    return whole;
}

std::int64_t ObjectReader::whole(std::string_view name, WholeRange range) { return read_whole(name, range, true).value_or(range.min); }
std::optional<std::int64_t> ObjectReader::optional_whole(std::string_view name, WholeRange range) { return read_whole(name, range, false); }
Dong ObjectReader::dong(std::string_view name, WholeRange range) { return Dong(read_whole(name, range, true).value_or(0)); }
std::optional<Dong> ObjectReader::optional_dong(std::string_view name, WholeRange range)
{
    auto const value = read_whole(name, range, false);
    return value ? std::optional(Dong(*value)) : std::nullopt;
}

std::optional<Dong> ObjectReader::read_money(std::string_view name, WholeRange range, bool required)
{
    auto const* value = find(name, required);
    if (!value) return std::nullopt;
    if (!value->is_object()) {
        refuse(name, Errc::wrong_type, R"(must be {"amount": whole number, "currency": "VND"})",
               R"(Phải có dạng {"amount": số nguyên, "currency": "VND"}.)");
        return std::nullopt;
    }
    ObjectReader inner(body_, body_->inside_->node(value, pointer(name)));
    auto const amount = inner.read_whole("amount", range, true);
    auto const currency = inner.read_text("currency", {3, 3}, true);
    if (currency && *currency != "VND") {
        inner.refuse("currency", Errc::currency_not_vnd, "must be VND", "Phải là VND.");
        return std::nullopt;
    }
    if (!amount || !currency) return std::nullopt;
    return Dong(*amount);
}

Dong ObjectReader::money(std::string_view name, WholeRange range) { return read_money(name, range, true).value_or(Dong()); }
std::optional<Dong> ObjectReader::optional_money(std::string_view name, WholeRange range) { return read_money(name, range, false); }

bool ObjectReader::truth(std::string_view name)
{
    auto const* value = find(name, true);
    if (!value) return false;
    if (!value->is_boolean()) refuse(name, Errc::wrong_type, "must be true or false", "Phải là true hoặc false.");
    return value->is_boolean() && value->get<bool>();
}

std::optional<bool> ObjectReader::optional_truth(std::string_view name)
{
    auto const* value = find(name, false);
    if (!value) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    refuse(name, Errc::wrong_type, "must be true or false", "Phải là true hoặc false.");
    return std::nullopt;
}

namespace {

struct TextFault {
    Errc code;
    std::string detail;
    std::string detail_vi;
    std::optional<std::int64_t> limit;
};

// NFC text within its limits, or what is wrong with it.
tl::expected<std::string, TextFault> read_string(json const& value, TextLimit limit)
{
    if (!value.is_string()) return tl::unexpected(TextFault{Errc::wrong_type, "must be a string", "Phải là chuỗi.", {}});
    auto normal = to_nfc(value.get_ref<std::string const&>());
    if (!normal) return tl::unexpected(TextFault{Errc::invalid_utf8, "must be UTF-8", "Phải là UTF-8.", {}});
    if (has_control(*normal)) {
        return tl::unexpected(
            TextFault{Errc::invalid_format, "must not contain control characters", "Không được chứa ký tự điều khiển.", {}});
    }
    auto const length = count_code_points(*normal);
    auto const bound = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    if (length < limit.min) {
        return tl::unexpected(TextFault{Errc::text_too_short, "at least " + std::to_string(limit.min) + " characters",
                                        "Tối thiểu " + std::to_string(limit.min) + " ký tự.", bound(limit.min)});
    }
    if (length > limit.max) {
        return tl::unexpected(TextFault{Errc::text_too_long, "at most " + std::to_string(limit.max) + " characters",
                                        "Tối đa " + std::to_string(limit.max) + " ký tự.", bound(limit.max)});
    }
    return std::move(*normal);
}

}  // namespace

std::optional<std::string> ObjectReader::read_text(std::string_view name, TextLimit limit, bool required)
{
    auto const* value = find(name, required);
    if (!value) return std::nullopt;
    auto text = read_string(*value, limit);
    if (text) return std::move(*text);
    auto& fault = text.error();
    body_->inside_->refuse(pointer(name), fault.code, std::move(fault.detail), std::move(fault.detail_vi), fault.limit);
    return std::nullopt;
}

std::string ObjectReader::text(std::string_view name, TextLimit limit) { return read_text(name, limit, true).value_or(std::string()); }
std::optional<std::string> ObjectReader::optional_text(std::string_view name, TextLimit limit) { return read_text(name, limit, false); }

std::optional<Instant> ObjectReader::optional_instant(std::string_view name)
{
    auto const text = read_text(name, {1, 64}, false);
    if (!text) return std::nullopt;
    auto const instant = parse_exact_instant(*text);
    if (instant) return *instant;
    refuse(name, Errc::invalid_date, "must be an instant such as 2026-11-22T03:15:30Z, no finer than microseconds",
           "Phải là thời điểm dạng 2026-11-22T03:15:30Z, mịn nhất đến micrô giây.");
    return std::nullopt;
}

Instant ObjectReader::instant(std::string_view name)
{
    find(name, true);  // says so when it is missing
    return optional_instant(name).value_or(Instant{});
}

std::optional<Day> ObjectReader::optional_day(std::string_view name)
{
    auto const text = read_text(name, {1, 64}, false);
    if (!text) return std::nullopt;
    auto const day = Day::parse(*text);
    if (day) return *day;
    refuse(name, Errc::invalid_date, "must be a day such as 2026-11-22", "Phải là ngày dạng 2026-11-22.");
    return std::nullopt;
}

Day ObjectReader::day(std::string_view name)
{
    find(name, true);
    return optional_day(name).value_or(Day());
}

std::optional<Uuid> ObjectReader::uuid(std::string_view name, std::string_view prefix, bool required)
{
    auto const text = read_text(name, {1, 64}, required);
    if (!text) return std::nullopt;
    auto const parsed = parse_id_text(prefix, *text);
    if (parsed) return *parsed;
    refuse(name, Errc::invalid_format, "must be an id that begins with " + std::string(prefix) + "_",
           "Phải là mã bắt đầu bằng " + std::string(prefix) + "_.");
    return std::nullopt;
}

std::optional<std::size_t> ObjectReader::choose(std::string_view name, std::vector<std::string_view> const& texts, bool required)
{
    CHO_CHECK(!texts.empty());
    auto const text = read_text(name, {0, 1000}, required);
    if (!text) return std::nullopt;
    auto const found = std::ranges::find(texts, *text);
    if (found != texts.end()) return static_cast<std::size_t>(found - texts.begin());
    std::string list;
    for (auto one : texts) list += (list.empty() ? "" : ", ") + std::string(one);
    refuse(name, Errc::unknown_value, "must be one of " + list, "Phải là một trong: " + list + ".");
    return std::nullopt;
}

ObjectReader ObjectReader::object(std::string_view name)
{
    auto const* value = find(name, true);
    if (value && !value->is_object()) {
        refuse(name, Errc::wrong_type, "must be an object", "Phải là một đối tượng JSON.");
        value = nullptr;
    }
    return ObjectReader(body_, body_->inside_->node(value, pointer(name)));
}

std::optional<ObjectReader> ObjectReader::optional_object(std::string_view name)
{
    if (!find(name, false)) return std::nullopt;
    return object(name);
}

namespace {

std::optional<FieldError> count_fault(std::string pointer, json const& array, CountLimit limit)
{
    auto const bound = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    if (!array.is_array()) return FieldError{std::move(pointer), Errc::wrong_type, "must be an array", "Phải là một mảng.", {}};
    if (array.size() < limit.min) {
        return FieldError{std::move(pointer), Errc::too_few, "at least " + std::to_string(limit.min) + " elements",
                          "Tối thiểu " + std::to_string(limit.min) + " phần tử.", bound(limit.min)};
    }
    if (array.size() > limit.max) {
        return FieldError{std::move(pointer), Errc::too_many, "at most " + std::to_string(limit.max) + " elements",
                          "Tối đa " + std::to_string(limit.max) + " phần tử.", bound(limit.max)};
    }
    return std::nullopt;
}

}  // namespace

void ObjectReader::read_each(std::string_view name, CountLimit limit, bool required, std::function<void(ObjectReader)> const& read)
{
    auto const* value = find(name, required);
    if (!value) return;
    if (auto fault = count_fault(pointer(name), *value, limit)) return body_->inside_->errors.push_back(std::move(*fault));
    for (std::size_t i = 0; i < value->size(); ++i) {
        auto const& element = (*value)[i];
        auto at = pointer(name) + "/" + std::to_string(i);
        if (element.is_object()) read(ObjectReader(body_, body_->inside_->node(&element, std::move(at))));
        else body_->inside_->refuse(std::move(at), Errc::wrong_type, "must be an object", "Phải là một đối tượng JSON.");
    }
}

void ObjectReader::each(std::string_view name, CountLimit limit, std::function<void(ObjectReader)> const& read)
{
    read_each(name, limit, true, read);
}
void ObjectReader::optional_each(std::string_view name, CountLimit limit, std::function<void(ObjectReader)> const& read)
{
    read_each(name, limit, false, read);
}

std::vector<std::string> ObjectReader::read_texts(std::string_view name, CountLimit count, TextLimit limit, bool required)
{
    std::vector<std::string> all;
    auto const* value = find(name, required);
    if (!value) return all;
    if (auto fault = count_fault(pointer(name), *value, count)) {
        body_->inside_->errors.push_back(std::move(*fault));
        return all;
    }
    for (std::size_t i = 0; i < value->size(); ++i) {
        auto text = read_string((*value)[i], limit);
        if (text) {
            all.push_back(std::move(*text));
        } else {
            auto& fault = text.error();
            body_->inside_->refuse(pointer(name) + "/" + std::to_string(i), fault.code, std::move(fault.detail), std::move(fault.detail_vi),
                                   fault.limit);
        }
    }
    return all;
}

std::vector<std::string> ObjectReader::texts(std::string_view name, CountLimit count, TextLimit limit)
{
    return read_texts(name, count, limit, true);
}
std::vector<std::string> ObjectReader::optional_texts(std::string_view name, CountLimit count, TextLimit limit)
{
    return read_texts(name, count, limit, false);
}

bool ObjectReader::has(std::string_view name) const { return node_->object && node_->object->contains(name); }

bool ObjectReader::is_null(std::string_view name)
{
    node_->asked.push_back(name);
    return has(name) && node_->object->find(name)->is_null();
}

json const* ObjectReader::any(std::string_view name)
{
    node_->asked.push_back(name);
    return has(name) ? &*node_->object->find(name) : nullptr;
}

Result<json> parse_json(std::string_view text)
{
    if (text.empty()) { return fail(Error(Errc::invalid_json, "the body is empty; send JSON").vi("Thân yêu cầu trống; cần gửi JSON.")); }
    if (text.starts_with("\xEF\xBB\xBF")) {
        return fail(Error(Errc::invalid_json, "the body begins with a byte order mark").vi("Thân yêu cầu có dấu BOM ở đầu."));
    }
    return strict_json::parse(text);
}

JsonBody::JsonBody() : inside_(std::make_unique<Inside>()) {}
JsonBody::~JsonBody() = default;
JsonBody::JsonBody(JsonBody&&) noexcept = default;
JsonBody& JsonBody::operator=(JsonBody&&) noexcept = default;

Result<Done> check_json_type(Request const& request)
{
    if (request.media_type() == "application/json") return Done{};
    return fail(Error(Errc::unsupported_media_type, "send application/json", "#header/Content-Type").vi("Hãy gửi application/json."));
}

Result<JsonBody> JsonBody::parse(Request const& request)
{
    CHO_TRY_DO(check_json_type(request));
    return parse(request.body);
}

Result<JsonBody> JsonBody::parse(std::string_view text)
{
    JsonBody body;
    CHO_TRY(body.inside_->document, parse_json(text));
    if (!body.inside_->document.is_object()) {
        return fail(Error(Errc::wrong_type, "the body must be one JSON object").vi("Thân yêu cầu phải là một đối tượng JSON."));
    }
    return body;
}

ObjectReader JsonBody::root() { return ObjectReader(this, inside_->node(&inside_->document, "")); }

Result<Done> JsonBody::finish()
{
    // One object may have several readers: a member is known when any of them asked for it.
    std::map<json const*, std::pair<std::string, std::vector<std::string_view>>> objects;
    for (auto const& node : inside_->nodes) {
        if (!node.object) continue;
        auto& [at, asked] = objects[node.object];
        at = node.at;
        asked.insert(asked.end(), node.asked.begin(), node.asked.end());
    }
    bool only_unknown = inside_->errors.empty();
    auto errors = inside_->errors;
    for (auto const& [object, known] : objects) {
        for (auto const& [name, value] : object->items()) {
            if (std::ranges::find(known.second, std::string_view(name)) != known.second.end()) continue;
            errors.push_back(
                {strict_json::pointer(known.first, name), Errc::unknown_field, "unknown member", "Trường không có trong đặc tả.", {}});
        }
    }
    if (errors.empty()) return Done{};
    // The order of a document, not that of memory.
    std::ranges::sort(errors, [](FieldError const& a, FieldError const& b) {
        return a.pointer != b.pointer ? a.pointer < b.pointer : a.detail < b.detail;
    });
    auto const code = only_unknown ? Errc::unknown_field : Errc::validation_failed;
    Error error(code, std::to_string(errors.size()) + (errors.size() == 1 ? " field is wrong" : " fields are wrong"));
    error.detail_vi = std::to_string(errors.size()) + " trường chưa đúng.";
    error.fields = std::move(errors);
    return fail(std::move(error));
}

}  // namespace cho40::http
