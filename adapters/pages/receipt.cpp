#include "adapters/pages/parts.h"
#include "adapters/pages/receipt_state.h"
#include "base/vietnamese_number.h"

namespace cho40::pages {

using namespace h;

namespace {

Html lines_table(Page const& page, fees::Receipt const& receipt)
{
    auto const& w = page.words;
    Html rows;
    for (std::size_t i = 0; i < receipt.lines.size(); ++i) {
        auto const& line = receipt.lines[i];
        auto const back = receipt.given_back_of(static_cast<std::int32_t>(i + 1));
        auto const refunded = back.is_positive() ? p(cls = "quiet", w.receipt_line_refunded(money(back))) : Html();
        rows += tr(td(page.english() ? line.name_en : line.name_vi, refunded), td(line.budget_subitem),
                   td(cls = "number", money(line.amount)));
    }
    return table(cls = "receipt-lines",
                 thead(tr(th(scope = "col", w.receipt_content()), th(scope = "col", w.receipt_subitem()),
                          th(scope = "col", cls = "number", w.receipt_amount()))),
                 tbody(rows),
                 tfoot(tr(th(scope = "row", colspan = 2, w.receipt_total()), td(cls = "number", strong(money(receipt.total))))));
}

// What became of its money, entry by entry; what is printed above stays as it was.
Html entries_list(Page const& page, fees::Receipt const& receipt)
{
    if (receipt.entries.empty()) return {};
    auto const& w = page.words;
    Html items;
    for (auto const& entry : receipt.entries) {
        bool const is_given_back = entry.kind == fees::ReceiptEntryKind::given_back;
        auto const words = is_given_back ? w.receipt_entry_given_back(money(entry.amount)) : w.receipt_entry_sent_back(money(entry.amount));
        items += li(instant(entry.at), text(": " + words));
    }
    return div(h2(w.receipt_entries()), ul(cls = "plain", items));
}

// The same receipt on paper: sheets, and slips for receipt printers.
Html papers(Page const& page, fees::Receipt const& receipt, bool is_signed)
{
    auto const& w = page.words;
    auto const link = [&](std::string_view paper, std::string_view what) {
        return li(a(href = Url::path({"receipt", receipt.lookup_code, "pdf"}).with("paper", paper), what));
    };
    return section(cls = "no-print", h2(w.receipt_papers()),
                   ul(cls = "plain", link("a5", w.receipt_pdf_a5()), link("a4", w.receipt_pdf_a4()), link("80mm", w.receipt_pdf_80()),
                      link("58mm", w.receipt_pdf_58())) +
                       (is_signed ? p(a(href = Url::path({"receipt", receipt.lookup_code, "xml"}), download(), w.receipt_xml())) : Html()));
}

}  // namespace

std::string receipt_page(PageContext const& context, ReceiptView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    auto const& r = view.receipt;
    auto const page_title = r.kind == fees::FeeKind::phi ? w.receipt_title_phi() : w.receipt_title_le_phi();
    auto const numbers = div(cls = "receipt-numbers", facts({{w.receipt_form(), text(form_code(r.number.form))},
                                                             {w.receipt_symbol(), text(r.number.symbol)},
                                                             {w.receipt_number(), strong(receipt_number(r.number))},
                                                             {w.receipt_date(), instant(r.issued_at)}}));
    std::vector<Fact> who = {{w.receipt_collector(), strong(r.collector_name)}, {w.receipt_tax_code(), text(r.collector_tax_code)}};
    if (!r.collector_address.empty()) who.push_back({w.receipt_address(), text(r.collector_address)});
    if (r.delegate) who.push_back({w.receipt_delegate(), text(r.delegate->name + ", " + r.delegate->address)});
    who.push_back({w.receipt_payer(), strong(r.payer_name)});
    who.push_back({w.receipt_dossier(), code(r.dossier_code)});
    auto const replaces = r.replaces ? p(w.receipt_replaces(r.replaces->to_string())) : Html();
    auto const words = p(cls = "in-words", span(w.receipt_words() + ": "), strong(h::lang = "vi", capitalised(r.words)));
    auto const address = context.site_address + "/verify";
    auto const proof = div(cls = "proof", view.qr ? qr_picture(*view.qr, w.receipt_check(address)) : Html(),
                           div(p(w.receipt_code() + ": "), p(cls = "lookup", code(grouped_code(r.lookup_code))),
                               p(cls = "quiet", w.receipt_check(address)),
                               details(summary(w.receipt_digest()), p(code(cls = "digest", r.digest)))));
    auto const print = button(type = "button", cls = "button button-wide no-print", data_share = "print", hidden(), icon(Icon::print),
                              w.receipt_print());
    auto const state = state_of(page, r);
    bool const is_as_issued = r.state == fees::ReceiptState::issued && r.given_back().is_zero();
    auto const seal = is_as_issued ? Html() : banner(state.tone, state.icon, state.title, p(state.text));
    auto const paper = h::section(cls = "card paper",
                                  div(cls = "receipt-head", div(h1(page_title), p(cls = "quiet", r.collector_name)), numbers), seal,
                                  facts(who), lines_table(page, r), words, replaces, entries_list(page, r), proof);
    return framed(page, {page_title + " " + r.number.symbol + " " + std::to_string(r.number.number),
                         paper + print + papers(page, r, view.is_signed) + proof_button(page, r),
                         {},
                         true,
                         Layout::paper});
}

}  // namespace cho40::pages
