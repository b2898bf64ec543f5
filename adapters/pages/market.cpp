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
                 thead(tr(th(scope = "col", w.market_goods()), th(scope = "col", cls = "number", w.market_price()))), tbody(rows)) +
           p(cls = "quiet", w.market_price_note());
}

Html open_state(Words const& w, bool open)
{
    return p(cls = open ? "stall-state tone-ok" : "stall-state tone-still", icon(open ? Icon::check : Icon::clock),
             open ? w.market_stall_open() : w.market_stall_closed());
}

// "3 of 4 stalls open", or how many there are while nobody knows which are open.
std::string count_words(Words const& w, std::vector<BoardStall> const& stalls)
{
    auto const all = std::to_string(stalls.size());
    if (!std::ranges::all_of(stalls, [](BoardStall const& stall) { return stall.open.has_value(); })) return w.market_stall_count(all);
    auto const open = std::ranges::count_if(stalls, [](BoardStall const& stall) { return *stall.open; });
    return w.market_open_count(std::to_string(open), all);
}

Html stalls_list(Page const& page, MarketView const& view)
{
    auto const& w = page.words;
    if (view.stalls.empty()) return p(cls = "empty", w.market_no_stalls());
    Html items;
    for (auto const& stall : view.stalls) {
        items += li(cls = stall.open == false ? "stall stall-closed" : "stall", p(cls = "stall-code", w.market_stall() + " " + stall.code),
                    p(strong(stall.name)), stall.trade.empty() ? Html() : p(cls = "quiet", stall.trade),
                    stall.open ? open_state(w, *stall.open) : Html());
    }
    return ul(cls = "stalls", items);
}

}  // namespace

std::string market_page(PageContext const& context, MarketView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    auto const prices = section(h2(id = "prices", w.market_prices()),
                                view.prices.empty() ? Html() : p(cls = "quiet", w.market_prices_as_of(to_vietnamese_time(view.as_of))),
                                prices_table(page, view));
    auto const stalls = section(h2(id = "stalls", w.market_stalls()),
                                view.stalls.empty() ? Html() : p(cls = "quiet", count_words(w, view.stalls)), stalls_list(page, view));
    auto const main_part = head_part(h1(w.market_title(view.name)) + p(cls = "lead", view.place)) + first_part(prices) + side_part(stalls);
    return framed(page, {w.market_title(view.name), main_part, {}, false, Layout::board});
}

}  // namespace cho40::pages
