#include "adapters/pages/parts.h"

namespace cho40::pages {

using namespace h;

namespace {

Html state_banner(Page const& page, NationalView const& view)
{
    auto const& w = page.words;
    auto const next = view.next_check_at ? p(cls = "quiet", w.national_next_check(to_vietnamese_time(*view.next_check_at))) : Html();
    switch (view.state) {
    case NationalPageState::calling: return banner(Tone::ask, Icon::clock, w.national_calling(), p(w.national_calling_text()) + next);
    case NationalPageState::waiting: return banner(Tone::still, Icon::clock, w.national_waiting(), p(w.national_waiting_text()) + next);
    case NationalPageState::paid: return banner(Tone::ok, Icon::check, w.national_paid(), p(w.national_paid_text()));
    case NationalPageState::failed: return banner(Tone::warn, Icon::warning, w.national_failed(), p(w.national_failed_text()));
    case NationalPageState::refused: return banner(Tone::warn, Icon::info, w.national_refused(), p(w.national_refused_text()));
    case NationalPageState::expired: return banner(Tone::ask, Icon::info, w.national_expired(), p(w.national_expired_text()));
    }
    return {};
}

}  // namespace

std::string national_page(PageContext const& context, NationalView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    auto const about = section(cls = "card", facts({{w.national_amount(), text(money(view.amount))},
                                                    {w.national_reference(), code(view.reference)},
                                                    {w.national_started(), instant(view.started_at)}}));
    // Not the page's first button: whoever comes back from there has perhaps paid.
    auto const go = view.may_go
                        ? p(a(cls = "button button-wide", href = page.url({"pay", view.notice_code, "national", "go"}), w.national_go()))
                        : Html();
    // Who is not known to have paid may pay; who perhaps has is not asked to do it again.
    bool const may_try = view.state == NationalPageState::failed || view.state == NationalPageState::refused;
    auto const again = may_try
                           ? act(page.url({"pay", view.notice_code, "national"}), view.form_key, w.national_again(), "button button-wide")
                           : Html();
    auto const back = p(a(cls = "button button-quiet", href = page.url({"pay", view.notice_code}), icon(Icon::back), w.national_by_qr()));
    auto const shown = std::to_string(static_cast<int>(view.state)) + ' ' + view.reference;
    auto const state = div(id = "state", aria_live = "polite", state_banner(page, view));
    auto const reload = noscript(p(cls = "quiet centre", w.wait_reload()));
    return framed(page, {w.national_title(),
                         h1(w.national_title()) + state + about + go + again + back + reload + live_state(view.live, shown),
                         {noscript(meta(http_equiv = "refresh", content = "15"))},
                         true,
                         Layout::column});
}

}  // namespace cho40::pages
