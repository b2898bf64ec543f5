#include "adapters/pages/receipt_state.h"

namespace cho40::pages {

using namespace h;

ReceiptWorth state_of(Page const& page, fees::Receipt const& r)
{
    auto const& w = page.words;
    bool const is_live = r.state == fees::ReceiptState::issued || r.state == fees::ReceiptState::adjusted;
    if (auto const refunded_at = r.given_back_at(); refunded_at && is_live) {
        auto const date = Day::of(*refunded_at).to_vietnamese();
        auto const back = r.given_back();
        if (back == r.total) return {Tone::warn, Icon::swap, w.verify_refunded(), w.verify_refunded_text(date)};
        return {Tone::warn, Icon::swap, w.verify_refunded_part(money(back)),
                w.verify_refunded_part_text(date, money(Dong(r.total.count() - back.count())))};
    }
    switch (r.state) {
    case fees::ReceiptState::issued: return {Tone::ok, Icon::check, w.verify_genuine(), w.verify_genuine_text(r.collector_name)};
    case fees::ReceiptState::adjusted: return {Tone::ok, Icon::info, w.verify_adjusted(), w.verify_adjusted_text(r.state_reason)};
    case fees::ReceiptState::cancelled: return {Tone::bad, Icon::cross, w.verify_cancelled(), w.verify_cancelled_text(r.state_reason)};
    case fees::ReceiptState::replaced:
        return {Tone::warn, Icon::swap, w.verify_replaced(),
                w.verify_replaced_text(r.replaced_by ? r.replaced_by->to_string() : std::string())};
    }
    return {};
}

Html proof_button(Page const& page, fees::Receipt const& r)
{
    if (!r.booked_as) return {};
    return p(cls = "no-print", a(cls = "button button-wide", href = Url::path({"receipt", r.lookup_code, "proof"}), download(),
                                 icon(Icon::check), page.words.receipt_proof()));
}

namespace {

Html found(Page const& page, VerifyView const& view)
{
    auto const& w = page.words;
    auto const& r = *view.receipt;
    auto const worth = state_of(page, r);
    // The receipt's own figures are shown, so that a paper with another amount is found out.
    return div(id = "answer", tabindex = "-1", autofocus(),
               div(role = "status", banner(worth.tone, worth.icon, worth.title, p(worth.text))),
               section(cls = "card",
                       facts({{w.receipt_number(),
                               text(std::string(form_code(r.number.form)) + " " + r.number.symbol + " " + receipt_number(r.number))},
                              {w.receipt_date(), instant(r.issued_at)},
                              {w.receipt_collector(), text(r.collector_name)},
                              {w.receipt_payer(), text(masked_name(r.payer_name))},
                              {w.receipt_amount(), strong(money(r.total))}}),
                       p(a(cls = "button button-wide", href = page.url({"receipt", r.lookup_code}), icon(Icon::receipt), w.verify_open())),
                       proof_button(page, r)));
}

Html unknown(Page const& page)
{
    auto const& w = page.words;
    return div(id = "answer", tabindex = "-1", autofocus(),
               div(role = "status",
                   banner(Tone::bad, Icon::cross, w.verify_unknown(), p(w.verify_unknown_text(spoken_phone(page.context.help_phone))))));
}

}  // namespace

std::string verify_page(PageContext const& context, VerifyView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    CodeForm asked{Url::path({"verify"}), w.verify_label(), w.verify_hint(), w.verify_button(), view.typed, {}};
    if (view.fault == CodeFault::empty) asked.fault = w.verify_error_empty();
    if (view.fault == CodeFault::malformed) asked.fault = w.verify_error_malformed();
    if (view.receipt) asked.typed.clear();  // the next question is another receipt
    Html answer;
    if (view.receipt) answer = found(page, view);
    else if (view.fault == CodeFault::not_found) answer = unknown(page);
    if (!answer.empty()) answer += h2(w.verify_again());
    auto const where = section(cls = "aside", h2(w.find_where()),
                               ul(cls = "plain", li(w.verify_where_camera()), li(w.verify_where_paper()))) +
                       section(cls = "aside", h2(w.verify_compare()), p(w.verify_compare_text()));
    auto const main_part = head_part(error_summary(page, asked) + h1(w.verify_title())) + first_part(answer + code_form(page, asked)) +
                           side_part(where);
    return framed(page, {w.verify_title(), main_part, {}, false, Layout::split});
}

}  // namespace cho40::pages
