#include "adapters/pages/parts.h"

namespace cho40::pages {

using namespace h;

namespace {

struct Said {
    Tone tone;
    Icon icon;
    std::string title, money, button;
    Html more;
    Url way_on;
};

Html amounts(Words const& w, TroubleView const& view)
{
    return div(cls = "side-by-side",
               div(p(cls = "quiet", w.trouble_changed_before()),
                   p(cls = "total-amount", view.before ? money(*view.before) : std::string())),
               div(p(cls = "quiet", w.trouble_changed_now()), p(cls = "total-amount", view.now ? money(*view.now) : std::string()))) +
           (view.reason.empty() ? Html() : p(w.trouble_changed_reason(view.reason)));
}

Said said(Page const& page, TroubleView const& view)
{
    auto const& w = page.words;
    auto const notice = view.notice_code.empty() ? page.url({"pay"}) : page.url({"pay", view.notice_code});
    switch (view.what) {
    case Trouble::expired:
        return {Tone::warn,
                Icon::clock,
                w.trouble_expired_title(),
                w.trouble_expired_money(),
                w.trouble_expired_button(),
                p(w.trouble_expired_text()),
                notice};
    case Trouble::already_paid:
        return {Tone::ok,
                Icon::check,
                w.trouble_paid_title(),
                w.trouble_paid_money(),
                w.trouble_paid_button(),
                view.paid_on ? p(w.trouble_paid_text(view.paid_on->to_vietnamese())) : Html(),
                page.url({"verify"})};
    case Trouble::amount_changed:
        return {Tone::warn,       Icon::swap, w.trouble_changed_title(), w.trouble_changed_money(), w.trouble_changed_button(),
                amounts(w, view), notice};
    case Trouble::cancelled:
        return {Tone::still,
                Icon::cross,
                w.trouble_cancelled_title(),
                w.trouble_cancelled_money(),
                w.trouble_cancelled_button(),
                p(w.trouble_cancelled_text(view.agency)),
                page.url({"pay"})};
    case Trouble::bank_slow:
        return {Tone::ask,
                Icon::clock,
                w.trouble_slow_title(view.bank),
                w.trouble_slow_money(),
                w.trouble_slow_button(),
                p(w.trouble_slow_text()),
                notice};
    case Trouble::maintenance:
        return {
            Tone::still,
            Icon::info,
            w.trouble_maintenance_title(),
            w.trouble_maintenance_money(),
            w.trouble_maintenance_button(),
            p(view.open_again_at ? w.trouble_maintenance_text(to_vietnamese_time(*view.open_again_at)) : w.trouble_maintenance_text_soon()),
            page.url({"verify"})};
    case Trouble::not_found:
        return {Tone::still,
                Icon::info,
                w.trouble_not_found_title(),
                w.trouble_not_found_money(),
                w.trouble_not_found_button(),
                p(w.trouble_not_found_text()),
                page.url({"pay"})};
    case Trouble::too_fast:
        return {Tone::warn,
                Icon::clock,
                w.trouble_busy_title(),
                w.trouble_busy_money(),
                w.trouble_busy_button(),
                p(w.trouble_busy_text()),
                page.english() ? page.context.here.with("lang", "en") : page.context.here};
    case Trouble::out_of_date:
        return {Tone::warn,
                Icon::clock,
                w.trouble_outdated_title(),
                w.trouble_outdated_money(),
                w.trouble_outdated_button(),
                p(w.trouble_outdated_text(view.agency)),
                page.url({"pay"})};
    case Trouble::refused:
        return {Tone::warn,
                Icon::warning,
                w.trouble_refused_title(),
                w.trouble_refused_money(),
                w.trouble_refused_button(),
                p(w.trouble_refused_text()),
                notice};
    case Trouble::no_receipt_number:
        return {Tone::warn,
                Icon::info,
                w.trouble_no_number_title(),
                w.trouble_no_number_money(),
                w.trouble_no_number_button(),
                p(w.trouble_no_number_text(view.agency)),
                notice};
    case Trouble::broken: break;
    }
    return {Tone::bad,
            Icon::warning,
            w.trouble_broken_title(),
            w.trouble_broken_money(),
            w.trouble_broken_button(),
            p(w.trouble_broken_text()),
            page.english() ? page.context.here.with("lang", "en") : page.context.here};
}

}  // namespace

std::string trouble_page(PageContext const& context, TroubleView const& view)
{
    Page const page(context);
    auto const what = said(page, view);
    auto const number = context.request_id.empty() ? Html() : p(cls = "quiet", page.words.request_number(context.request_id));
    return framed(page, {what.title,
                         h1(what.title) + banner(what.tone, what.icon, what.money) + what.more +
                             p(a(cls = "button button-primary button-wide", href = what.way_on, what.button)) + number,
                         {},
                         false,
                         Layout::column});
}

}  // namespace cho40::pages
