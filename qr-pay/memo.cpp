#include "qr-pay/memo.h"
#include "base/text.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {
namespace {

bool is_code_character(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Whether the prefix can stand somewhere in it. Nearly all that banks send is ASCII, and nearly nothing of it has a Q behind a
// C, so most narratives end here.
bool may_hold_prefix(std::string_view ascii)
{
    for (auto at = ascii.find_first_of("qQ"); at != ascii.npos; at = ascii.find_first_of("qQ", at + 1)) {
        auto before = at;
        while (before > 0 && !is_code_character(upper(ascii[before - 1]))) --before;
        if (before > 0 && upper(ascii[before - 1]) == 'C') return true;
    }
    return false;
}

// The narrative without anything but A-Z and 0-9, before which of them something else stood, and which character of the
// narrative each was.
struct Squeezed {
    std::string text;
    std::vector<bool> break_before;
    std::vector<std::uint32_t> places;
    bool broken = false;

    void take(char c, std::uint32_t place)
    {
        c = upper(c);
        if (!is_code_character(c)) {
            broken = true;
            return;
        }
        text += c;
        break_before.push_back(broken);
        places.push_back(place);
        broken = false;
    }
};

// The bytes of the first character, or 1 where they are not UTF-8.
std::size_t size_of_first(std::string_view bytes)
{
    for (std::size_t size = 1; size <= std::min<std::size_t>(4, bytes.size()); ++size) {
        if (is_valid_utf8(bytes.substr(0, size))) return size;
    }
    return 1;
}

Squeezed squeeze_with_breaks(std::string_view narrative)
{
    Squeezed squeezed;
    squeezed.text.reserve(narrative.size());
    for (std::uint32_t place = 0; !narrative.empty(); ++place) {
        auto const size = static_cast<unsigned char>(narrative.front()) < 0x80 ? 1 : size_of_first(narrative);
        auto const character = narrative.substr(0, size);
        narrative.remove_prefix(size);
        if (size == 1) {
            squeezed.take(character.front(), place);
            continue;
        }
        // An accent of its own (decomposed text) is no break.
        for (char c : strip_accents(character)) squeezed.take(c, place);
    }
    return squeezed;
}

// An account as a bank writes it behind "CT tu" or "toi": a word of the narrative, or digits and the X of a masked account that go on
// over a wrapping space.
struct Account {
    std::size_t size = 0;
    std::size_t digits = 0;      // of the word
    std::size_t digits_run = 0;  // digits and X it begins with, if a digit is among them
};

Account account_at(Squeezed const& squeezed, std::size_t at)
{
    auto const text = std::string_view(squeezed.text).substr(at);
    auto const breaks = squeezed.break_before.begin() + static_cast<std::ptrdiff_t>(at);
    auto const word = text.empty() ? 0 : static_cast<std::size_t>(std::find(breaks + 1, squeezed.break_before.end(), true) - breaks);
    auto const run = std::min(text.find_first_not_of("0123456789X"), text.size());
    Account account;
    account.size = std::max(word, run);
    account.digits = static_cast<std::size_t>(std::ranges::count_if(text.substr(0, account.size), is_digit));
    if (std::ranges::any_of(text.substr(0, run), is_digit)) account.digits_run = run;
    return account;
}

// Where the account holders' names begin that the bank appended: "CT tu <account> <name> toi <account> <name>" runs to the end of
// the narrative, and is cut off anywhere. The squeezed text is searched because the wrapping space may fall into these words
// too. Payers write "CT tu" as well ("CT tu thien", "CT tu t10"): behind theirs stands no account, or a short one without another behind
// "toi". An account may have letters.
std::size_t begin_of_holder_names(Squeezed const& squeezed)
{
    constexpr std::string_view from = "CTTU";
    constexpr std::string_view to = "TOI";
    constexpr std::size_t surely_account = 6, likely_account = 4;  // digits
    std::string_view const text = squeezed.text;
    for (auto at = text.find(from), next = at; at != text.npos; at = next) {
        next = text.find(from, at + 1);
        auto const begin = at + from.size();
        auto const account = account_at(squeezed, begin);
        // It may be the order code itself that the payer wrote behind "CT tu".
        if (account.digits >= surely_account && !text.substr(begin).starts_with(OrderCode::prefix)) return at;
        auto const names = text.substr(0, next);  // up to the bank's own "CT tu"
        for (auto there = names.find(to, begin + account.size); there != names.npos; there = names.find(to, there + 1)) {
            if (account.digits_run >= likely_account) return at;
            auto const behind = there + to.size();
            bool const is_account = behind == text.size() || account_at(squeezed, behind).digits >= likely_account;
            if (account.digits > 0 && is_account) return at;
        }
    }
    return text.npos;
}

struct Candidate {
    std::string code;
    MemoSpan span;
    std::size_t breaks;
    bool check_was_cut_off;
};

std::vector<Candidate> candidates_in(std::string_view narrative)
{
    if (is_ascii(narrative) && !may_hold_prefix(narrative)) return {};
    auto const squeezed = squeeze_with_breaks(narrative);
    auto const text = std::string_view(squeezed.text).substr(0, begin_of_holder_names(squeezed));
    std::vector<Candidate> candidates;
    for (auto at = text.find(OrderCode::prefix); at != text.npos; at = text.find(OrderCode::prefix, at + 1)) {
        auto const left = text.size() - at;
        bool const cut_off = left == OrderCode::length - 1 && text.size() == squeezed.text.size();
        if (left < OrderCode::length && !cut_off) break;
        auto code = std::string(text.substr(at, OrderCode::length));
        auto const breaks = std::count(squeezed.break_before.begin() + static_cast<std::ptrdiff_t>(at + 1),
                                       squeezed.break_before.begin() + static_cast<std::ptrdiff_t>(at + code.size()), true);
        MemoSpan const span{squeezed.places[at], squeezed.places[at + code.size() - 1] - squeezed.places[at] + 1};
        if (cut_off) code += check_character_37_36(code);
        candidates.push_back({std::move(code), span, static_cast<std::size_t>(breaks), cut_off});
    }
    return candidates;
}

void add_once(MemoReading& reading, Candidate const& candidate)
{
    if (std::ranges::find(reading.codes, candidate.code) != reading.codes.end()) return;
    reading.codes.push_back(candidate.code);
    reading.spans.push_back(candidate.span);
}

}  // namespace

MemoReading extract_codes(std::string_view narrative, std::function<bool(std::string_view)> const& is_known)
{
    MemoReading found, nearly;
    for (auto const& candidate : candidates_in(narrative)) {
        bool const whole = candidate.breaks <= 1 && !candidate.check_was_cut_off;
        if (candidate.breaks > 1 && candidate.check_was_cut_off) continue;
        if (!is_known(candidate.code)) continue;
        if (!whole) {
            nearly.why = candidate.check_was_cut_off ? "the last character of the code is cut off" : "the code is broken more than once";
        }
        add_once(whole ? found : nearly, candidate);
    }
    if (!found.codes.empty()) {
        found.result = found.codes.size() == 1 ? MemoResult::match : MemoResult::ambiguous;
        return found;
    }
    if (nearly.codes.size() != 1) return {};
    nearly.result = MemoResult::suggest;
    return nearly;
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
