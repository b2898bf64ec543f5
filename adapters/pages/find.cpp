#include "adapters/pages/parts.h"

namespace cho40::pages {

using namespace h;

namespace {

std::string fault_text(Words const& w, CodeFault fault)
{
    switch (fault) {
    case CodeFault::none: break;
    case CodeFault::empty: return w.find_error_empty();
    case CodeFault::malformed: return w.find_error_malformed();
    case CodeFault::not_found: return w.find_error_not_found();
    }
    return {};
}

}  // namespace

std::string find_page(PageContext const& context, FindView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    CodeForm const asked{Url::path({"pay"}), w.find_label(), w.find_hint(), w.find_button(), view.typed, fault_text(w, view.fault)};
    auto const where = section(cls = "aside", h2(w.find_where()),
                               ul(cls = "plain", li(w.find_where_camera()), li(w.find_where_paper()), li(w.find_where_message())));
    auto const main_part = head_part(error_summary(page, asked) + h1(w.find_title())) + first_part(code_form(page, asked)) +
                           side_part(where);
    return framed(page, {w.find_title(), main_part, {}, false, Layout::split});
}

}  // namespace cho40::pages
