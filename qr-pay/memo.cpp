#include "qr-pay/memo.h"
#include "base/text.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {
namespace {

bool is_code_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes that are not UTF-8 become spaces, one each, so that a broken memo is read as far as it goes.
std::string valid_part(std::string_view bytes)
{
    if (is_valid_utf8(bytes)) return std::string(bytes);
    std::string out;
    while (!bytes.empty()) {
        std::size_t size = 1;
        while (size < 4 && size < bytes.size() && !is_valid_utf8(bytes.substr(0, size))) ++size;
        if (is_valid_utf8(bytes.substr(0, size))) {
            out += bytes.substr(0, size);
            bytes.remove_prefix(size);
        } else {
            out += ' ';
            bytes.remove_prefix(1);
        }
    }
    return out;
}

// The narrative without anything but A-Z and 0-9, and before which of them something else stood.
struct Squeezed {
    std::string text;
    std::vector<bool> break_before;
};

Squeezed squeeze_with_breaks(std::string_view narrative)
{
    Squeezed squeezed;
    bool broken = false;
    for (char c : to_ascii_upper(strip_accents(valid_part(narrative)))) {
        if (!is_code_character(c)) {
            broken = true;
            continue;
        }
        squeezed.text += c;
        squeezed.break_before.push_back(broken);
        broken = false;
    }
    return squeezed;
}

// Where the account holders' names begin that the bank appended: "CT tu <account> <name> toi <account> <name>" runs to
// the end of the narrative. The squeezed text is searched because the wrapping space may fall into these words too.
std::size_t begin_of_holder_names(std::string_view squeezed)
{
    constexpr std::string_view from = "CTTU";
    constexpr std::string_view to = "TOI";
    for (auto at = squeezed.find(from); at != squeezed.npos; at = squeezed.find(from, at + 1)) {
        auto const account = squeezed.substr(at + from.size());
        auto const digits = std::min(account.find_first_not_of("0123456789X"), account.size());
        bool const is_account = digits >= 4 && std::ranges::any_of(account.substr(0, digits), is_digit);
        if (is_account && account.find(to, digits) != account.npos) return at;
    }
    return squeezed.npos;
}

struct Candidate {
    std::string code;
    std::size_t breaks;
    bool check_was_cut_off;
};

std::vector<Candidate> candidates_in(std::string_view narrative)
{
    auto const squeezed = squeeze_with_breaks(narrative);
    auto const text = std::string_view(squeezed.text).substr(0, begin_of_holder_names(squeezed.text));
    std::vector<Candidate> candidates;
    for (auto at = text.find(OrderCode::prefix); at != text.npos; at = text.find(OrderCode::prefix, at + 1)) {
        auto const left = text.size() - at;
        bool const cut_off = left == OrderCode::length - 1 && text.size() == squeezed.text.size();
        if (left < OrderCode::length && !cut_off) break;
        auto code = std::string(text.substr(at, OrderCode::length));
        auto const breaks = std::count(squeezed.break_before.begin() + static_cast<std::ptrdiff_t>(at + 1),
                                       squeezed.break_before.begin() + static_cast<std::ptrdiff_t>(at + code.size()), true);
        if (cut_off) code += check_character_37_36(code);
        candidates.push_back({std::move(code), static_cast<std::size_t>(breaks), cut_off});
    }
    return candidates;
}

void add_once(std::vector<std::string>& codes, std::string const& code)
{
    if (std::ranges::find(codes, code) == codes.end()) codes.push_back(code);
}

}  // namespace

MemoReading extract_codes(std::string_view narrative, std::function<bool(std::string_view)> const& is_known)
{
    std::vector<std::string> found;
    std::vector<std::string> nearly;
    std::string why;
    for (auto const& candidate : candidates_in(narrative)) {
        bool const whole = candidate.breaks <= 1 && !candidate.check_was_cut_off;
        if (candidate.breaks > 1 && candidate.check_was_cut_off) continue;
        if (!is_known(candidate.code)) continue;
        if (!whole) why = candidate.check_was_cut_off ? "the last character of the code is cut off" : "the code is broken more than once";
        add_once(whole ? found : nearly, candidate.code);
    }
    if (found.size() == 1) return {MemoResult::match, std::move(found), {}};
    if (found.size() > 1) return {MemoResult::ambiguous, std::move(found), {}};
    if (nearly.size() == 1) return {MemoResult::suggest, std::move(nearly), std::move(why)};
    return {};
}

std::vector<OrderCode> codes_to_look_up(std::string_view narrative)
{
    std::vector<OrderCode> codes;
    for (auto const& candidate : candidates_in(narrative)) {
        auto code = OrderCode::parse(candidate.code);
        if (code && std::ranges::find(codes, *code) == codes.end()) codes.push_back(*std::move(code));
    }
    return codes;
}

std::string_view name_of(MemoResult result)
{
    static constexpr std::array<std::string_view, 4> names = {"match", "none", "ambiguous", "suggest"};
    return names[static_cast<std::size_t>(result)];
}

}  // namespace cho40::qr_pay
