#include "adapters/pages/parts.h"
#include <algorithm>

namespace cho40::pages {

using namespace h;

namespace {

std::string left_words(Words const& w, std::chrono::seconds left)
{
    auto const seconds = std::max<std::int64_t>(0, left.count());
    if (seconds < 60) return w.seconds_only(std::to_string(seconds));
    return w.minutes_seconds(std::to_string(seconds / 60), std::to_string(seconds % 60));
}

Html state_banner(Page const& page, WaitView const& view)
{
    auto const& w = page.words;
    switch (view.state) {
    case WaitState::waiting: return banner(Tone::still, Icon::clock, w.wait_state_waiting(), p(w.wait_state_waiting_text()));
    case WaitState::short_paid:
        return banner(Tone::warn, Icon::warning, w.wait_state_short(money(view.amount)), p(w.wait_state_short_text(money(view.received))));
    case WaitState::in_doubt:
        return banner(Tone::ask, Icon::info, w.wait_state_in_doubt(),
                      p(w.wait_state_in_doubt_text(to_vietnamese_time(view.next_check_at))));
    case WaitState::bank_slow: return banner(Tone::ask, Icon::clock, w.wait_state_slow(view.bank_name), p(w.wait_state_slow_text()));
    }
    return {};
}

// The value with a button that the script brings to life; without scripts it stays hidden.
Html copyable(Words const& w, std::string_view value_text)
{
    return code(value_text) +
           button(type = "button", cls = "copy", data_copy = value_text, data_words = w.wait_copied(), hidden(), w.wait_copy());
}

Html countdown(Page const& page, WaitView const& view)
{
    auto const& w = page.words;
    auto const left = std::chrono::floor<std::chrono::seconds>(view.expires_at - view.now);
    auto const whole = std::to_string(std::max<std::int64_t>(1, left.count()));
    auto const end = to_vietnamese_time(view.expires_at);
    auto const extend = view.may_extend ? act(page.url({"pay", view.notice_code, "extension"}), view.form_key, w.wait_extend(), "button")
                                        : Html();
    // The words with @M and @S are the pattern the script counts down in.
    return div(cls = "countdown",
               p(span(id = "left", data_until = to_rfc3339(view.expires_at), data_now = to_rfc3339(view.now),
                      data_words = w.wait_countdown(w.minutes_seconds("@M", "@S")), w.wait_countdown(left_words(w, left))),
                 " ", span(cls = "quiet", "(" + w.wait_until(end.substr(end.size() - 5)) + ")")),
               progress(id = "left-bar", max = whole, value = whole, aria_hidden = "true"), extend);
}

}  // namespace

std::string wait_page(PageContext const& context, WaitView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    auto const save = view.qr_image ? p(cls = "centre", w.wait_on_phone()) +
                                          p(a(cls = "button button-wide", href = *view.qr_image, download(), w.wait_save_qr()))
                                    : Html();
    auto const readable = view.payload.empty() ? Html() : input(type = "hidden", name = "qr_text", value = view.payload);
    auto const scan = section(cls = "card qr-card", readable, qr_picture(view.qr, w.wait_qr_label(money(view.amount), view.account_name)),
                              p(cls = "total-amount", money(view.amount)), p(strong(view.account_name)), p(cls = "quiet", view.bank_name),
                              save);
    auto const steps = ol(cls = "steps", li(w.wait_step_1()), li(w.wait_step_2()), li(w.wait_step_3()));
    auto const by_hand = details(
        cls = "aside", summary(w.wait_manual()), p(w.wait_manual_hint()),
        facts({{w.wait_bank(), text(view.bank_name)},
               {w.wait_account(), copyable(w, view.account_number)},
               {w.wait_account_name(), text(view.account_name)},
               {w.wait_amount(),
                text(money(view.amount)) + button(type = "button", cls = "copy", data_copy = std::to_string(view.amount.count()),
                                                  data_words = w.wait_copied(), hidden(), w.wait_copy())},
               {w.wait_memo(), copyable(w, view.memo)}}));
    auto const counter = details(cls = "aside", summary(w.wait_counter()),
                                 p(w.wait_counter_text(grouped_code(view.notice_code), view.agency_name)));
    auto const again = page.url({"pay", view.notice_code, "wait"});
    auto const state = div(id = "state", aria_live = "polite", state_banner(page, view));
    auto const shown = std::to_string(static_cast<int>(view.state)) + ' ' + std::to_string(view.amount.count()) + ' ' +
                       to_rfc3339(view.expires_at);
    auto const live = view.live ? live_state(*view.live, shown) : Html();
    auto const reload = noscript(p(cls = "quiet centre", w.wait_reload())) +
                        p(a(cls = "button button-wide", href = again, w.wait_reload_now())) +
                        p(a(cls = "button button-quiet", href = page.url({"pay", view.notice_code}), icon(Icon::back), w.wait_back()));
    // In doubt the payer must not scan again: the code is not shown.
    bool const in_doubt = view.state == WaitState::in_doubt;
    auto const page_title = in_doubt ? w.wait_in_doubt_title() : w.wait_title();
    auto const main_part = in_doubt ? h1(page_title) + state + reload
                                    : head_part(h1(page_title) + state) + first_part(scan) +
                                          side_part(countdown(page, view) + steps + by_hand + counter + reload);
    return framed(page, {page_title,
                         main_part + live,
                         {noscript(meta(http_equiv = "refresh", content = "10"))},
                         true,
                         in_doubt ? Layout::column : Layout::split});
}

}  // namespace cho40::pages
