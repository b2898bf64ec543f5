#include "adapters/pages/parts.h"

namespace cho40::pages {

using namespace h;

namespace {

Html tick(Tone tone, Icon which, std::string_view words, Html const& more)
{
    constexpr std::array<std::string_view, 5> classes = {"tick tone-ok", "tick tone-warn", "tick tone-bad", "tick tone-ask",
                                                         "tick tone-still"};
    return li(cls = classes[static_cast<std::size_t>(tone)], icon(which), div(p(cls = "tick-word", words), more));
}

Html case_tick(Page const& page, ResultView const& view)
{
    auto const& w = page.words;
    auto const by = to_vietnamese_time(view.case_told_by);
    switch (view.life.dossier) {
    case fees::DossierTick::not_yet: {  // nobody is to be told: no portal is configured
        auto const& agency = page.english() && !view.notice.agency_name_en.empty() ? view.notice.agency_name_en
                                                                                   : view.notice.agency_name_vi;
        return tick(Tone::still, Icon::info, w.result_tick_case_nobody(), p(w.result_tick_case_nobody_text(agency)));
    }
    case fees::DossierTick::pending:
        return tick(Tone::ask, Icon::clock, w.result_tick_case_pending(), p(w.result_tick_case_pending_text(by)));
    case fees::DossierTick::told:
        return tick(Tone::ok, Icon::check, w.result_tick_case_told(),
                    view.life.told_at ? p(instant_to_the_second(*view.life.told_at)) : Html());
    case fees::DossierTick::failed: {
        auto const& agency = page.english() && !view.notice.agency_name_en.empty() ? view.notice.agency_name_en
                                                                                   : view.notice.agency_name_vi;
        return tick(Tone::warn, Icon::warning, w.result_tick_case_failed(), p(w.result_tick_case_failed_text(agency, by)));
    }
    }
    return {};
}

Html receipt_links(Page const& page, ResultView const& view)
{
    auto const& w = page.words;
    if (view.receipts.empty()) return p(w.result_receipts_pending());
    Html links;
    for (auto const& receipt : view.receipts) {
        auto kind = kind_name(page, receipt.kind);
        kind[0] = static_cast<char>(kind[0] - 'A' + 'a');  // P, L, F, C: inside a sentence
        links += li(a(cls = "button button-wide", href = page.url({"receipt", receipt.lookup_code}), icon(Icon::receipt),
                      w.result_receipt_open(kind, money(receipt.total))));
    }
    return ul(cls = "plain stack", links);
}

}  // namespace

std::string result_page(PageContext const& context, ResultView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    auto const& notice = view.notice;
    bool const refunded = view.life.state == fees::NoticeState::refunded;
    auto const page_title = refunded ? w.result_title_refunded() : w.result_title_paid(money(notice.total));
    Html ticks = tick(Tone::ok, Icon::check, w.result_tick_money(),
                      view.life.paid_at ? p(instant_to_the_second(*view.life.paid_at)) : Html());
    if (view.life.given_back.is_positive())
        ticks += tick(Tone::still, Icon::swap, w.result_tick_refunded(money(view.life.given_back)), Html());
    if (!refunded) ticks += case_tick(page, view);
    auto const surplus = view.life.owed_back.is_positive() && !refunded
                             ? banner(Tone::warn, Icon::swap, w.result_surplus(money(view.life.owed_back)), p(w.result_surplus_text()))
                             : Html();
    auto const about = section(
        cls = "card",
        facts({{w.due_payer(), text(masked_name(notice.payer_name))},
               {w.due_procedure(),
                text(page.english() && !notice.procedure_name_en.empty() ? notice.procedure_name_en : notice.procedure_name_vi)},
               {w.due_dossier(), code(notice.dossier_code)},
               {w.due_agency(), text(page.english() && !notice.agency_name_en.empty() ? notice.agency_name_en : notice.agency_name_vi)}}));
    auto const receipts = section(h2(w.result_receipts()), receipt_links(page, view));
    // Where nobody tells the case, the tick above says what to bring.
    bool const case_knows = !refunded && view.life.dossier != fees::DossierTick::not_yet;
    auto const next = !case_knows ? Html() : section(cls = "aside", h2(w.result_next()), p(w.result_next_text(notice.dossier_code)));
    bool const open_tick = !refunded && (view.life.dossier == fees::DossierTick::pending || view.life.dossier == fees::DossierTick::failed);
    auto const live = view.live && open_tick ? live_state(*view.live, std::string(dossier_tick_name(view.life.dossier)) + ' ' +
                                                                          std::to_string(view.receipts.size()))
                                             : Html();
    auto const share = button(type = "button", cls = "button button-wide", data_share = "1", hidden(), w.result_share());
    std::vector<Html> more_head;
    if (open_tick) more_head.push_back(noscript(meta(http_equiv = "refresh", content = "30")));
    auto const main_part = head_part(h1(page_title)) +
                           first_part(ol(id = "state", cls = "ticks", aria_live = "polite", ticks) + surplus + receipts) +
                           side_part(about + next + share);
    return framed(page, {page_title, main_part + live, more_head, true, Layout::split});
}

}  // namespace cho40::pages
