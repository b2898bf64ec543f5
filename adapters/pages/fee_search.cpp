#include "adapters/pages/parts.h"

namespace cho40::pages {

using namespace h;

namespace {

// More than these nobody reads through on a phone.
constexpr std::size_t shown_max = 40;

Html kept(FeeSearchView const& view)
{
    Html fields;
    for (auto const& fee_code : view.chosen) fields += input(type = "hidden", name = "fee", value = fee_code);
    return fields;
}

Html search_form(Page const& page, FeeSearchView const& view)
{
    auto const& w = page.words;
    auto const keep_language = page.english() ? input(type = "hidden", name = "lang", value = "en") : Html();
    return h::form(method = "get", action = Url::path({"fees"}), role = "search", keep_language, kept(view),
                   div(cls = "field", label(for_ = "q", w.fees_search_label()), p(id = "q-hint", cls = "hint", w.fees_search_hint()),
                       input(id = "q", name = "q", type = "search", cls = "text-input", value = view.typed, autocomplete = "off",
                             spellcheck = "false", enterkeyhint = "search", maxlength = 120, aria_describedby = "q-hint")),
                   button(cls = "button button-primary button-wide", type = "submit", w.fees_search_button()));
}

Html found_list(Page const& page, FeeSearchView const& view)
{
    auto const& w = page.words;
    auto const count = view.found.size();
    if (count == 0) {
        return div(id = "answer", tabindex = "-1", autofocus(),
                   div(role = "status", banner(Tone::ask, Icon::info, w.fees_found_none(),
                                               p(w.fees_found_none_text(spoken_phone(page.context.help_phone))))));
    }
    Html choices;
    for (std::size_t i = 0; i < count && i < shown_max; ++i) {
        auto const& rate = *view.found[i];
        auto to = page.url({"fees"});
        for (auto const& fee_code : view.chosen) to = to.with("fee", fee_code);
        choices += li(a(cls = "choice", href = to.with("fee", rate.fee_code),
                        span(strong(page.english() ? rate.procedure_name_en : rate.procedure_name_vi),
                             small(w.fees_agency(kind_name(page, rate.kind), rate.agency)))));
    }
    auto const heading = count > shown_max ? w.fees_found_first(std::to_string(shown_max), std::to_string(count))
                                           : w.fees_found(std::to_string(count));
    return div(id = "answer", tabindex = "-1", autofocus(), h2(role = "status", heading), ul(cls = "choices", choices));
}

}  // namespace

std::string fee_search_page(PageContext const& context, FeeSearchView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    auto const title_words = view.chosen.empty() ? w.fees_title() : w.fees_add_title();
    auto const fault = view.no_such_fee ? div(role = "status", banner(Tone::warn, Icon::warning, w.fees_no_such_fee())) : Html();
    auto const answer = view.typed.empty() ? Html() : found_list(page, view);
    auto const main_part = head_part(h1(title_words) + fault) + first_part(search_form(page, view) + answer) +
                           side_part(section(cls = "aside", p(w.fees_reference())));
    return framed(page, {title_words, main_part, {}, false, Layout::split});
}

}  // namespace cho40::pages
