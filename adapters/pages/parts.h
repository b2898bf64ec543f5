#pragma once
#include "adapters/pages/pages.h"
#include "generated/pages_words.h"

// Pieces that several pages share.
namespace cho40::pages {

// The page being made: its context, its words, and addresses that keep the language.
struct Page {
    explicit Page(PageContext const& c) : context(c), words(c.language) {}

    [[nodiscard]] Url url(std::initializer_list<std::string_view> segments) const;
    [[nodiscard]] bool english() const { return context.language == Language::en; }

    PageContext const& context;
    Words words;
};

// What a page does with the width of a desk; a phone gets one column in the order of the parts. column: text as wide as
// it reads well; split and board: two columns of parts; paper: a document in the middle.
enum class Layout { column, split, board, paper };

struct Frame {
    std::string title;
    Html main;
    std::vector<Html> head;  // more for the document's head
    bool script = false;
    Layout layout = Layout::column;
};
// Header with the language switch, main, footer, as a complete document.
[[nodiscard]] std::string framed(Page const& page, Frame const& frame);

// The parts of a split page: the title over both columns, what comes first, what stands beside it, and what follows it.
[[nodiscard]] Html head_part(Html const& inside);
[[nodiscard]] Html first_part(Html const& inside);
[[nodiscard]] Html side_part(Html const& inside);
[[nodiscard]] Html more_part(Html const& inside);

enum class Icon { pay, receipt, stall, desk, prices, check, clock, cross, warning, info, swap, back, print, arrow };
[[nodiscard]] Html icon(Icon which);

enum class Tone { ok, warn, bad, ask, still };
// A coloured box: icon, a word, and what it means.
[[nodiscard]] Html banner(Tone tone, Icon which, std::string_view title, Html const& more = {});

[[nodiscard]] std::string money(Dong amount);  // "45.000 đ" that never breaks before its đ
[[nodiscard]] Html instant(Instant at);  // <time> with what a person reads, 22/11/2026 10:15
[[nodiscard]] Html instant_to_the_second(Instant at);

struct Fact {
    std::string label;
    Html value;
};
[[nodiscard]] Html facts(std::vector<Fact> const& rows);

// The form that takes a code (C1, verify) with its error summary on top.
struct CodeForm {
    Url action;
    std::string label, hint, button, typed;
    std::string fault;  // the message, or empty
};
[[nodiscard]] Html error_summary(Page const& page, CodeForm const& form);
[[nodiscard]] Html code_form(Page const& page, CodeForm const& form);

// A form that is only a button and the key of the intention.
[[nodiscard]] Html act(Url const& action, std::string_view form_key, std::string_view words, std::string_view button_class);

// The squares as one SVG path, with a quiet zone of four.
[[nodiscard]] Html qr_picture(QrSquares const& qr, std::string_view label);

// What the script listens to: the stream's address and the state shown, which it compares when it looks again.
[[nodiscard]] Html live_state(Url const& stream, std::string_view state_shown);

[[nodiscard]] std::string kind_name(Page const& page, fees::FeeKind kind);
[[nodiscard]] std::string receipt_number(fees::ReceiptNumber const& number);  // "00000012"
[[nodiscard]] std::string spoken_phone(std::string_view digits);  // 0203 380 0800, as it is when not of eleven
[[nodiscard]] std::string grouped_code(std::string_view code);  // K7M2-PQ94-XYTB, as it is when not of twelve

}  // namespace cho40::pages
