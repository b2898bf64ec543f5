#include "adapters/pages/parts.h"
#include "base/text.h"
#include <array>

namespace cho40::pages {

using namespace h;

Url Page::url(std::initializer_list<std::string_view> segments) const
{
    auto const plain = Url::path(segments);
    return english() ? plain.with("lang", "en") : plain;
}

std::string money(Dong amount)
{
    auto words = dong_text(amount.count());
    if (auto const space = words.rfind(' '); space != std::string::npos) words.replace(space, 1, "\u00A0");
    return words;
}

Html instant(Instant at) { return time(datetime = to_rfc3339(at), to_vietnamese_time(at)); }

Html instant_to_the_second(Instant at) { return time(datetime = to_rfc3339(at), to_vietnamese_time_seconds(at)); }

Html icon(Icon which)
{
    // One path each, drawn on 24 × 24.
    constexpr std::array<std::string_view, 14> drawings = {
        "M3 6h18v12H3V6Zm2 2v2h14V8H5Zm0 4v4h14v-4H5Zm2 1h5v2H7v-2Z",
        "M5 2h14v20l-3.5-2-3.5 2-3.5-2L5 22V2Zm2 2v14.6l1.5-.9 3.5 2 3.5-2 1.5.9V4H7Zm2 3h6v2H9V7Zm0 4h6v2H9v-2Z",
        "M3 4h18l1 5a3 3 0 0 1-2 2.8V20H4v-8.200A3 3 0 0 1 2 9l1-5Zm3 8v6h5v-4h5v4h2v-6a3 3 0 0 1-2-.8 3 3 0 0 1-4 0 3 3 0 0 1-4 0A3 3 0 0 1 6 12Z",
        "M4 4h16v11H4V4Zm2 2v7h12V6H6ZM2 17h20v3H2v-3Z",
        "M12.500 2H20a2 2 0 0 1 2 2v7.500L12 21.500 2.500 12 12.500 2Zm.8 2L5.300 12l6.700 6.700 8-8V4h-6.700ZM16.500 6a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3Z",
        "M9.500 18.500 3 12l2-2 4.500 4.500L19 5l2 2L9.500 18.500Z",
        "M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Zm0 2.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15ZM11 7h2.300v4.600l3.400 3.400-1.600 1.600L11 12.500V7Z",
        "M6.200 4.200 12 10l5.800-5.800 2 2L14 12l5.800 5.800-2 2L12 14l-5.800 5.800-2-2L10 12 4.200 6.200l2-2Z",
        "M12 2 23 21H1L12 2Zm-1.200 7v6h2.400V9h-2.400Zm0 7.500v2.300h2.400v-2.300h-2.400Z",
        "M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Zm-1.200 8.500v7h2.400v-7h-2.400Zm0-4v2.400h2.400V6.500h-2.400Z",
        "M7 4 2 9l5 5v-3.500h11v-3H7V4Zm10 6v3.500H6v3h11V20l5-5-5-5Z",
        "M11 4 3 12l8 8v-5h10V9H11V4Z",
        "M6 2h12v6h2a2 2 0 0 1 2 2v7h-4v5H6v-5H2v-7a2 2 0 0 1 2-2h2V2Zm2 2v4h8V4H8Zm0 10v6h8v-6H8Z",
        "M13 4l8 8-8 8v-5H3V9h10V4Z"};
    return svg(cls = "icon", viewbox = "0 0 24 24", aria_hidden = "true", focusable = "false",
               path(d = drawings[static_cast<std::size_t>(which)]));
}

Html banner(Tone tone, Icon which, std::string_view words, Html const& more)
{
    constexpr std::array<std::string_view, 5> classes = {"banner tone-ok", "banner tone-warn", "banner tone-bad", "banner tone-ask",
                                                         "banner tone-still"};
    return div(cls = classes[static_cast<std::size_t>(tone)], icon(which), div(p(cls = "banner-title", words), more));
}

Html facts(std::vector<Fact> const& rows)
{
    Html inside;
    for (auto const& row : rows) inside += div(dt(row.label), dd(row.value));
    return dl(cls = "facts", inside);
}

Html head_part(Html const& inside) { return div(cls = "part part-head", inside); }
Html first_part(Html const& inside) { return div(cls = "part part-first", inside); }
Html side_part(Html const& inside) { return div(cls = "part part-side", inside); }
Html more_part(Html const& inside) { return div(cls = "part part-more", inside); }

std::string framed(Page const& page, Frame const& frame)
{
    auto const& w = page.words;
    auto const& context = page.context;
    Html in_head = meta(charset = "utf-8") + title(frame.title + " - " + w.product()) +
                   meta(name = "viewport", content = "width=device-width, initial-scale=1") +
                   meta(name = "color-scheme", content = "light") + meta(name = "format-detection", content = "telephone=no") +
                   meta(name = "robots", content = "noindex") + link(rel = "icon", href = context.assets.icon, type = "image/svg+xml") +
                   link(rel = "stylesheet", href = context.assets.style);
    for (auto const& more : frame.head) in_head += more;
    if (frame.script) in_head += script(src = context.assets.script, defer());

    constexpr std::array<std::string_view, 4> layouts = {"page page-column", "page page-split", "page page-split page-board",
                                                         "page page-paper"};
    auto const other = page.english() ? Language::vi : Language::en;
    auto const switch_url = context.here.with("lang", language_tag(other));
    auto const demo = context.demo ? p(cls = "demo", w.demo_banner()) : Html();
    auto const top = header(
        div(cls = "top",
            div(cls = "top-inner", a(cls = "brand", href = page.url({}), icon(Icon::stall), span(strong(w.product()), small(w.province()))),
                a(cls = "language", href = switch_url, hreflang = language_tag(other), lang = language_tag(other),
                  aria_label = w.switch_language_label(), w.switch_language()))),
        demo);
    auto const bottom = footer(cls = "bottom",
                               div(cls = "bottom-inner",
                                   p(a(href = Url::phone(context.help_phone), w.footer_help(spoken_phone(context.help_phone)))),
                                   p(a(href = page.url({}), w.footer_home()), " ", a(href = page.url({"verify"}), w.footer_verify())),
                                   p(cls = "quiet", w.footer_about())));
    return document(
        html(lang = language_tag(context.language), head(in_head),
             body(a(cls = "skip", href = Url::anchor("content"), w.skip_to_content()), top,
                  main_(id = "content", cls = layouts[static_cast<std::size_t>(frame.layout)], tabindex = "-1", frame.main), bottom)));
}

// The summary stands on top, is announced once (the alert is an inner element), and leads to the field.
Html error_summary(Page const& page, CodeForm const& asked)
{
    if (asked.fault.empty()) return {};
    return div(cls = "summary-of-errors", tabindex = "-1", autofocus(),
               div(role = "alert", h2(page.words.error_summary_title()), p(a(href = Url::anchor("code"), asked.fault))));
}

Html code_form(Page const& page, CodeForm const& asked)
{
    bool const wrong = !asked.fault.empty();
    auto const keep_language = page.english() ? input(type = "hidden", name = "lang", value = "en") : Html();
    auto const fault = wrong ? p(id = "code-fault", cls = "field-fault", icon(Icon::warning), asked.fault) : Html();
    return h::form(method = "get", action = asked.action, novalidate(), keep_language,
                   div(cls = wrong ? "field field-wrong" : "field", label(for_ = "code", asked.label),
                       p(id = "code-hint", cls = "hint", asked.hint), fault,
                       wrong ? input(id = "code", name = "code", cls = "code-input", value = asked.typed, autocomplete = "off",
                                     autocapitalize = "characters", spellcheck = "false", enterkeyhint = "go", maxlength = 40,
                                     aria_invalid = "true", aria_describedby = "code-hint code-fault")
                             : input(id = "code", name = "code", cls = "code-input", value = asked.typed, autocomplete = "off",
                                     autocapitalize = "characters", spellcheck = "false", enterkeyhint = "go", maxlength = 40,
                                     aria_describedby = "code-hint")),
                   button(cls = "button button-primary button-wide", type = "submit", asked.button));
}

Html act(Url const& to, std::string_view form_key, std::string_view words, std::string_view button_class)
{
    return h::form(method = "post", action = to, input(type = "hidden", name = "idempotency_key", value = form_key),
                   button(cls = button_class, type = "submit", words));
}

Html qr_picture(QrSquares const& qr, std::string_view label_text)
{
    constexpr int quiet = 4;
    std::string drawing;
    for (int y = 0; y < qr.size; ++y) {
        for (int x = 0; x < qr.size;) {
            auto const dark = [&](int at) { return qr.dark[static_cast<std::size_t>(y * qr.size + at)]; };
            if (!dark(x)) {
                ++x;
                continue;
            }
            int run = 1;
            while (x + run < qr.size && dark(x + run)) ++run;
            drawing += 'M' + std::to_string(x + quiet) + ' ' + std::to_string(y + quiet) + 'h' + std::to_string(run) + "v1h-" +
                       std::to_string(run) + 'z';
            x += run;
        }
    }
    auto const side = std::to_string(qr.size + 2 * quiet);
    return svg(cls = "qr", viewbox = "0 0 " + side + ' ' + side, role = "img", aria_label = label_text, shape_rendering = "crispEdges",
               rect(width = side, height = side, fill = "#fff"), path(d = drawing, fill = "#000"));
}

Html live_state(Url const& stream, std::string_view state_shown)
{
    return div(id = "live", data_state = state_shown, data_live = stream, data_events = live_event_types, hidden());
}

std::string kind_name(Page const& page, fees::FeeKind kind)
{
    return kind == fees::FeeKind::phi ? page.words.due_kind_phi() : page.words.due_kind_le_phi();
}

std::string receipt_number(fees::ReceiptNumber const& number)
{
    auto const digits = std::to_string(number.number);
    return std::string(digits.size() < 8 ? 8 - digits.size() : 0, '0') + digits;
}

std::string spoken_phone(std::string_view digits)
{
    if (digits.size() != 11) return std::string(digits);
    return std::string(digits.substr(0, 4)) + "\u00A0" + std::string(digits.substr(4, 3)) + "\u00A0" + std::string(digits.substr(7));
}

std::string grouped_code(std::string_view plain)
{
    if (plain.size() != 12) return std::string(plain);
    return std::string(plain.substr(0, 4)) + '-' + std::string(plain.substr(4, 4)) + '-' + std::string(plain.substr(8));
}

std::string masked_name(std::string_view full)
{
    std::string masked;
    bool first = true;
    while (!full.empty()) {
        auto const space = full.find(' ');
        auto const word = full.substr(0, space);
        full.remove_prefix(space == full.npos ? full.size() : space + 1);
        if (word.empty()) continue;
        if (!first) masked += ' ';
        if (first) {
            masked += word;
        } else {
            std::size_t length = 1;  // the whole first character, not its first byte
            while (length < word.size() && (static_cast<unsigned char>(word[length]) & 0xC0) == 0x80) ++length;
            masked += word.substr(0, length);
            masked += '.';
        }
        first = false;
    }
    return masked;
}

}  // namespace cho40::pages
