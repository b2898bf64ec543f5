#include "adapters/pages/parts.h"

namespace cho40::pages {

using namespace h;

namespace {

Html choice(Url const& to, Icon which, std::string_view title_text, std::string_view hint, bool main_choice = false)
{
    return li(a(cls = main_choice ? "choice choice-main" : "choice", href = to, icon(which), span(strong(title_text), small(hint))));
}

}  // namespace

std::string home_page(PageContext const& context, HomeView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    Html markets;
    for (auto const& market : view.markets)
        markets += choice(page.url({"market", market.id}), Icon::prices, market.name, w.home_market_hint(market.place));
    auto const for_everybody = h2(w.home_no_sign_in()) +
                               ul(cls = "choices", choice(page.url({"pay"}), Icon::pay, w.home_pay(), w.home_pay_hint(), true),
                                  choice(page.url({"fees"}), Icon::desk, w.home_fees(), w.home_fees_hint()),
                                  choice(page.url({"verify"}), Icon::receipt, w.home_verify(), w.home_verify_hint()), markets);
    auto const for_work = h2(w.home_sign_in()) + ul(cls = "choices",
                                                    choice(page.url({"vendor", ""}), Icon::stall, w.home_vendor(), w.home_vendor_hint()),
                                                    choice(page.url({"console", ""}), Icon::desk, w.home_console(), w.home_console_hint()));
    auto const main_part = head_part(h1(w.home_title())) + first_part(for_everybody) + side_part(for_work);
    return framed(page, {w.home_title(), main_part, {}, false, Layout::split});
}

}  // namespace cho40::pages
