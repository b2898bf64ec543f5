#include "adapters/pages/parts.h"
#include "fees/explain.h"
#include <algorithm>

namespace cho40::pages {

using namespace h;

namespace {

using fees::ReliefOutcome;
using fees::UnknownBecause;

std::string name_of(Page const& page, fees::Rate const& rate) { return page.english() ? rate.procedure_name_en : rate.procedure_name_vi; }

bool is_missing(fees::Assessment const& a)
{
    return a.unknown_because == UnknownBecause::value_missing || a.unknown_because == UnknownBecause::exchange_rate_missing;
}

std::string verdict_words(Words const& w, ReliefOutcome::Verdict verdict)
{
    switch (verdict) {
    case ReliefOutcome::Verdict::used: return w.fees_verdict_used();
    case ReliefOutcome::Verdict::not_better: return w.fees_verdict_not_better();
    case ReliefOutcome::Verdict::no_effect: return w.fees_verdict_no_effect();
    case ReliefOutcome::Verdict::not_in_force: return w.fees_verdict_not_in_force();
    case ReliefOutcome::Verdict::other_people: return w.fees_verdict_other_people();
    case ReliefOutcome::Verdict::other_channel: return w.fees_verdict_other_channel();
    }
    return {};
}

Html reliefs_of(Page const& page, FeeQuoteView const& view, fees::Assessment const& a)
{
    if (a.reliefs.empty()) return {};
    Html items;
    for (auto const& outcome : a.reliefs) {
        auto const words = page.english() ? fees::relief_text_en(view.tables, outcome.relief)
                                          : fees::relief_text_vi(view.tables, outcome.relief);
        items += li(strong(words), " ", verdict_words(page.words, outcome.verdict));
    }
    return p(cls = "quiet", page.words.fees_reliefs()) + ul(cls = "reliefs", items);
}

// What stands where an amount would: never "free" for an amount that nobody knows.
std::string amount_words(Page const& page, fees::Assessment const& a)
{
    if (!a.due) return is_missing(a) ? page.words.fees_line_missing() : page.words.fees_line_unknown();
    return a.due->is_zero() ? page.words.due_free_line() : money(*a.due);
}

Html unknown_banner(Page const& page, fees::Assessment const& a)
{
    auto const& w = page.words;
    if (a.due) return {};
    if (a.unknown_because == UnknownBecause::value_missing)
        return banner(Tone::still, Icon::info, w.fees_missing_title(), p(w.fees_missing_value()));
    if (a.unknown_because == UnknownBecause::exchange_rate_missing)
        return banner(Tone::still, Icon::info, w.fees_missing_title(), p(w.fees_missing_rate()));
    return banner(Tone::ask, Icon::desk, w.fees_unknown_title(), p(w.fees_unknown_text()));
}

Html line_of(Page const& page, FeeQuoteView const& view, fees::Assessment const& a)
{
    auto const& w = page.words;
    auto const basis = page.english() ? fees::legal_basis_en(a.legal_basis) : fees::legal_basis_vi(a.legal_basis);
    return li(div(cls = "due-line",
                  div(p(cls = "due-name", page.english() ? a.name_en : a.name_vi), p(cls = "quiet", kind_name(page, a.kind)),
                      a.working.empty() ? Html() : p(cls = "quiet", a.working)),
                  p(cls = "due-amount", amount_words(page, a))),
              unknown_banner(page, a),
              a.open_condition.empty() ? Html() : banner(Tone::warn, Icon::warning, w.fees_condition(a.open_condition)),
              details(open(), summary(w.fees_why()), p(page.english() ? a.explanation_en : a.explanation_vi),
                      basis.empty() ? Html() : p(w.fees_basis(basis)), reliefs_of(page, view, a)));
}

Html sum_of(Page const& page, FeeQuoteView const& view, fees::FeeKind kind, std::optional<Dong> sum)
{
    if (std::ranges::none_of(view.lines, [kind](fees::AssessedLine const& line) { return line.result.kind == kind; })) return {};
    auto const words = kind_name(page, kind);
    return li(sum ? page.words.fees_sum(words, money(*sum)) : page.words.fees_sum_unknown(words));
}

Html total(Page const& page, FeeQuoteView const& view)
{
    auto const& w = page.words;
    auto const& sums = view.totals;
    auto const day = view.asked.day.to_vietnamese();
    auto const filed = view.asked.channel == fees::Channel::online ? w.fees_filed_online(day) : w.fees_filed_counter(day);
    auto const phi = sum_of(page, view, fees::FeeKind::phi, sums.phi);
    auto const le_phi = sum_of(page, view, fees::FeeKind::le_phi, sums.le_phi);
    bool const both = !phi.empty() && !le_phi.empty();
    Html figure;
    if (!sums.all) figure = p(cls = "total-unknown", w.fees_total_unknown());
    else if (sums.all->is_zero()) figure = p(cls = "total-unknown", w.fees_total_nothing());
    else figure = div(p(cls = "total-label", w.fees_total()), p(cls = "total-amount", money(*sums.all)));
    return section(cls = "card total", div(role = "status", figure),
                   both ? ul(cls = "plain", phi, le_phi) + p(w.fees_two_receipts()) : Html(), p(cls = "quiet", filed),
                   p(cls = "quiet", w.fees_reference()));
}

struct FieldWords {
    std::string key, label, hint, fault;
};

Html field(FieldWords const& words, TypedField const& typed, std::string_view mode)
{
    auto const hint = words.hint.empty() ? Html() : p(id = words.key + "-hint", cls = "hint", words.hint);
    auto const fault = typed.wrong ? p(id = words.key + "-fault", cls = "field-fault", icon(Icon::warning), words.fault) : Html();
    auto described = words.hint.empty() ? std::string() : words.key + "-hint";
    if (typed.wrong) described += (described.empty() ? "" : " ") + words.key + "-fault";
    return div(cls = typed.wrong ? "field field-wrong" : "field", label(for_ = words.key, words.label), hint, fault,
               input(id = words.key, name = words.key, cls = "text-input", value = typed.typed, inputmode = mode, autocomplete = "off",
                     maxlength = 40, described.empty() ? Attribute{} : aria_describedby = described,
                     typed.wrong ? aria_invalid = "true" : Attribute{}));
}

// The fields of the form in the order of the page: each with what is said when it cannot be read.
struct Fields {
    std::vector<std::pair<FieldWords, TypedField>> of_fees, of_case;
};

Fields fields_of(Page const& page, FeeQuoteView const& view)
{
    auto const& w = page.words;
    Fields fields;
    for (auto const& q : view.questions) {
        auto const fee_code = q.rate->fee_code;
        auto const named = [&](std::string const& words) {
            return view.questions.size() == 1 ? words : name_of(page, *q.rate) + ": " + words;
        };
        auto const add = [&](std::string_view key, std::string const& words, std::string hint, std::string const& fault, TypedField typed) {
            fields.of_fees.push_back({{std::string(key) + '.' + fee_code, named(words), std::move(hint), fault}, std::move(typed)});
        };
        if (q.asks.pages) add("pages", w.fees_pages(), "", w.fees_wrong_number(w.fees_pages()), q.pages);
        if (q.asks.quantity) {
            auto const plain = q.thing.empty() ? w.fees_quantity_plain() : w.fees_quantity(q.thing);
            auto const words = q.asks.pages ? w.fees_copies() : plain;
            add("quantity", words, "", w.fees_wrong_number(words), q.quantity);
        }
        if (q.asks.value) add("value", w.fees_value(), w.fees_value_hint(), w.fees_wrong_amount(w.fees_value()), q.value);
    }
    if (std::ranges::any_of(view.questions, [](FeeQuestion const& q) { return q.asks.exchange_rate; }))
        fields.of_case.push_back({{"usd", w.fees_usd(), w.fees_usd_hint(), w.fees_wrong_amount(w.fees_usd())}, view.usd});
    fields.of_case.push_back({{"day", w.fees_day(), "", w.fees_wrong_day()}, view.day});
    return fields;
}

Html pick(std::string_view kind, std::string_view field_name, std::string_view chosen, std::string_view words, bool is_chosen)
{
    auto const key = std::string(field_name) + '-' + std::string(chosen);
    return div(cls = "pick", input(id = key, type = kind, name = field_name, value = chosen, is_chosen ? checked() : Attribute{}),
               label(for_ = key, words));
}

Html picks(Page const& page, FeeQuoteView const& view)
{
    auto const& w = page.words;
    bool const online = view.asked.channel == fees::Channel::online;
    auto all = fieldset(legend(w.fees_channel()), pick("radio", "channel", "counter", w.fees_channel_counter(), !online),
                        pick("radio", "channel", "online", w.fees_channel_online(), online));
    if (view.groups.empty()) return all;
    Html groups;
    for (auto const* group : view.groups) {
        bool const chosen = std::ranges::find(view.asked.personas, group->key) != view.asked.personas.end();
        groups += pick("checkbox", "persona", group->key, page.english() ? group->name_en : group->name_vi, chosen);
    }
    return all + fieldset(legend(w.fees_groups()), p(cls = "hint", w.fees_groups_hint()), groups);
}

Html question_form(Page const& page, FeeQuoteView const& view, Fields const& fields)
{
    auto const& w = page.words;
    Html inside;
    if (page.english()) inside += input(type = "hidden", name = "lang", value = "en");
    for (auto const& q : view.questions) inside += input(type = "hidden", name = "fee", value = q.rate->fee_code);
    for (auto const& [words, typed] : fields.of_fees) inside += field(words, typed, "numeric");
    inside += picks(page, view);
    for (auto const& [words, typed] : fields.of_case) inside += field(words, typed, words.key == "day" ? "text" : "numeric");
    return section(cls = "card", h2(w.fees_form()),
                   h::form(method = "get", action = Url::path({"fees"}), novalidate(), inside,
                           button(cls = "button button-primary button-wide", type = "submit", w.fees_button())));
}

Html faults(Page const& page, Fields const& fields)
{
    Html links;
    int count = 0;
    for (auto const* group : {&fields.of_fees, &fields.of_case}) {
        for (auto const& [words, typed] : *group) {
            if (!typed.wrong) continue;
            ++count;
            links += p(a(href = Url::anchor(words.key), words.fault));
        }
    }
    if (links.empty()) return {};
    return div(cls = "summary-of-errors", tabindex = "-1", autofocus(),
               div(role = "alert",
                   h2(count == 1 ? page.words.error_summary_title() : page.words.error_summary_titles(std::to_string(count))), links));
}

Html other_ways(Page const& page, FeeQuoteView const& view)
{
    auto const& w = page.words;
    auto add = page.url({"fees"}).with("q", "");
    Html removing;
    for (auto const& q : view.questions) {
        add = add.with("fee", q.rate->fee_code);
        if (view.questions.size() == 1) continue;
        auto rest = view;
        std::erase_if(rest.questions, [&](FeeQuestion const& one) { return one.rate->fee_code == q.rate->fee_code; });
        auto to = fee_quote_url(rest);
        removing += p(
            a(cls = "button button-quiet", href = page.english() ? to.with("lang", "en") : to, w.fees_remove(name_of(page, *q.rate))));
    }
    return removing + p(a(cls = "button button-wide", href = add, w.fees_add())) +
           p(a(cls = "button button-quiet", href = page.url({"fees"}), w.fees_again())) + p(cls = "quiet", w.fees_share());
}

}  // namespace

Url fee_quote_url(FeeQuoteView const& view)
{
    auto url = Url::path({"fees"});
    for (auto const& q : view.questions) {
        auto const& fee_code = q.rate->fee_code;
        url = url.with("fee", fee_code);
        if (q.asks.pages) url = url.with("pages." + fee_code, q.pages.typed);
        if (q.asks.quantity) url = url.with("quantity." + fee_code, q.quantity.typed);
        if (q.asks.value) url = url.with("value." + fee_code, q.value.typed);
    }
    url = url.with("channel", fees::channel_name(view.asked.channel));
    for (auto const& persona : view.asked.personas) url = url.with("persona", persona);
    if (!view.usd.typed.empty()) url = url.with("usd", view.usd.typed);
    return url.with("day", view.day.typed);
}

std::string fee_quote_page(PageContext const& context, FeeQuoteView const& view)
{
    Page const page(context);
    auto const& w = page.words;
    auto const fields = fields_of(page, view);
    Html answer;
    if (!view.lines.empty()) {
        Html lines;
        for (auto const& line : view.lines) lines += line_of(page, view, line.result);
        answer = div(id = "answer", total(page, view), section(cls = "card", ul(cls = "due-lines", lines)));
    }
    auto const main_part = head_part(faults(page, fields) + h1(w.fees_title())) + first_part(answer) +
                           side_part(question_form(page, view, fields)) + more_part(other_ways(page, view));
    return framed(page, {w.fees_title(), main_part, {}, false, Layout::split});
}

}  // namespace cho40::pages
