#include "adapters/pages/parts.h"
#include <algorithm>

namespace cho40::pages {

using namespace h;

namespace {

// "780.000": the first half of a range.
std::string without_unit(Dong amount)
{
    auto const words = money(amount);
    return words.substr(0, words.find("\u00A0"));
}

Html prices_table(Page const& page, MarketView const& view)
{
    auto const& w = page.words;
    if (view.prices.empty()) return p(cls = "empty", w.market_no_prices());
    Html rows;
    for (auto const& price : view.prices) {
        auto const range = price.low == price.high ? money(price.low) : without_unit(price.low) + "–" + money(price.high);
        auto const offered = w.market_offered(price.unit, std::to_string(price.stalls));
        rows += tr(th(scope = "row", strong(price.goods), span(cls = "quiet", offered)), td(cls = "number", range));
    }
    return table(cls = "board", aria_labelledby = "prices",
            thead(tr(th(scope = "col", w.market_goods()), th(scope = "col", cls = "number", w.market_price()))),
            tbody(rows)) +
        p(cls = "quiet", w.market_price_note());
}

Html stalls_list(Page const& page, MarketView const& view)
{
    auto const& w = page.words;
    if (view.stalls.empty()) return p(cls = "empty", w.market_no_stalls());
    Html items;
    for (auto const& stall : view.stalls) {
        items += li(cls = stall.open ? "stall" : "stall stall-closed",
            p(cls = "stall-code", w.market_stall() + " " + stall.code), p(strong(stall.name)), p(cls = "quiet", stall.trade),
            p(cls = stall.open ? "stall-state tone-ok" : "stall-state tone-still", icon(stall.open ? Icon::check : Icon::clock),
              stall.open ? w.market_stall_open() : w.market_stall_closed()));
    }
    return ul(cls = "stalls", items);
}

}  // namespace

std::string market_page(PageContext const& context, MarketView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    auto const open_now = std::ranges::count_if(view.stalls, &BoardStall::open);
    auto const main_part = h1(w.market_title(view.name)) + p(cls = "lead", view.place) +
        section(h2(id = "prices", w.market_prices()), p(cls = "quiet", w.market_prices_as_of(to_vietnamese_time(view.as_of))), prices_table(page, view)) +
        section(h2(id = "stalls", w.market_stalls()),
                view.stalls.empty() ? Html() : p(cls = "quiet", w.market_open_count(std::to_string(open_now), std::to_string(view.stalls.size()))),
                stalls_list(page, view));
    return framed(page, {w.market_title(view.name), main_part, {}, false, true});
}

}  // namespace cho40::pages
