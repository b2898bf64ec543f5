#include "adapters/pages/parts.h"

namespace cho40::pages {

using namespace h;

namespace {

std::string due_words(Words const& w, Day due_day, Day today)
{
    auto const days = due_day.days_since(today);
    if (days > 0) return w.due_days_left(std::to_string(days));
    if (days == 0) return w.due_today();
    return w.due_overdue(std::to_string(-days));
}

// Midnight ends a day; as a time of day it would name the day after.
std::string until_words(Words const& w, Instant until)
{
    auto const next = Day::of(until);
    return until == next.begin() ? w.due_end_of_day(next.plus_days(-1).to_vietnamese()) : to_vietnamese_time(until);
}

Html line_of(Page const& page, fees::Assessment const& line)
{
    auto const& w = page.words;
    auto const amount = line.due && !line.due->is_zero() ? money(*line.due) : w.due_free_line();
    auto const working = line.working.empty() ? Html() : p(cls = "quiet", line.working);
    return li(
        div(cls = "due-line",
            div(p(cls = "due-name", page.english() ? line.name_en : line.name_vi), p(cls = "quiet", kind_name(page, line.kind)), working),
            p(cls = "due-amount", amount)),
        details(summary(w.due_why()), p(page.english() ? line.explanation_en : line.explanation_vi)));
}

}  // namespace

std::string due_page(PageContext const& context, DueView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    auto const& notice = view.notice;
    auto const rest = Dong(notice.total.count() - view.received.count());

    Html lines;
    for (auto const& line : notice.lines) lines += line_of(page, line);
    auto const due_date = text(notice.due_day.to_vietnamese() + " (" + due_words(w, notice.due_day, Day::of(view.now)) + ")");
    auto const about = section(
        cls = "card",
        facts({{w.due_payer(), text(masked_name(notice.payer_name))},
               {w.due_procedure(),
                text(page.english() && !notice.procedure_name_en.empty() ? notice.procedure_name_en : notice.procedure_name_vi)},
               {w.due_dossier(), code(notice.dossier_code)},
               {w.due_agency(), text(page.english() && !notice.agency_name_en.empty() ? notice.agency_name_en : notice.agency_name_vi)},
               {w.due_date(), due_date}}));
    auto const total = section(cls = "card total", div(p(cls = "total-label", w.due_total()), p(cls = "total-amount", money(rest))),
                               view.received.is_zero() ? Html() : p(w.due_received_part(money(view.received), money(rest))),
                               p(cls = "quiet", w.due_as_of(to_vietnamese_time(notice.issued_at), until_words(w, notice.valid_until))));
    auto const pay = div(
        cls = "act-bar",
        act(page.url({"pay", notice.code, "payment"}), view.form_key, w.due_pay(money(rest)), "button button-primary button-wide"),
        p(cls = "quiet centre", w.due_no_fee()));
    // Whole notices only: the platform is told of every line.
    bool const has_choice = view.national && view.received.is_zero();
    auto const national = has_choice ? section(cls = "card", h2(w.due_choose()),
                                               act(page.url({"pay", notice.code, "national"}), view.form_key, w.due_pay_national(),
                                                   "button button-wide"),
                                               p(cls = "quiet", w.due_pay_national_hint()))
                                     : Html();
    auto const under_way = view.national_since
                               ? banner(Tone::ask, Icon::clock, w.due_national_open(),
                                        p(w.due_national_open_text(to_vietnamese_time(*view.national_since))) +
                                            p(a(href = page.url({"pay", notice.code, "national"}), w.due_national_open_link())))
                               : Html();
    auto const breakdown = section(cls = "card", h2(w.due_lines()), ul(cls = "due-lines", lines));
    auto const more = details(cls = "aside", summary(w.due_for_other()), p(w.due_for_other_text())) +
                      p(a(cls = "button button-quiet", href = page.url({"pay"}), w.due_another()));
    auto const main_part = head_part(h1(w.due_title()) + under_way) + first_part(about) + side_part(total + pay + national) +
                           more_part(breakdown + more);
    return framed(page, {w.due_title(), main_part, {}, false, Layout::split});
}

}  // namespace cho40::pages
