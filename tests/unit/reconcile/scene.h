#pragma once
#include "reconcile/engine.h"
#include <algorithm>
#include <map>
#include <memory>
#include <sstream>

// A day in a few words, for tables of cases. Days are of November 2026, times local, '_' in a text is a space:
//   i P1 ok 50000 16T08:00 order=CQAAAA111 txn=V1 [refund] [parent=P0] [bank] [ref=E1]        ok | pending | failed
//   l 1 ok 50000 16T08:00 order=CQAAAA111 txn=V1 fee=250 batch=VNPA settle=17 [refund] [day=17]   ok | failed; id 16:1
//   b E1 + 49750 17T10:15 from=PSP text=QT_VNPA [rev] [usd] [account=2]
//   files 16 17      provider files in force (default: the days of the lines)
//   covered 18       last day covered by a bank statement (default: none)
//   asof 18T10:00
// and what must come of it, one thing a line in any order:
//   R1 P1 16:1 DATE_SHIFT · S1 VNPA 49750 E1+E2 SPLIT · B1 P1 E1 · wait PENDING_BANK P1 (or E1, or =VNPA)
//   AMOUNT_MISMATCH P1 16:1 -500 (ids of all sides, =batch, a day or file name, then the delta)
namespace cho40::reconcile::tests {

struct Scene {
    std::vector<std::unique_ptr<InternalRecord>> internal;
    std::vector<std::unique_ptr<ProviderLine>> provider;
    std::vector<std::unique_ptr<BankEntry>> bank;
    RunInput input;

    Scene(Scene&&) = default;
    Scene() = default;
};

inline Day november(std::string const& day) { return Day::from(2026, 11, static_cast<unsigned>(std::stoi(day))); }
inline Instant moment(std::string const& text)
{
    auto const t = text.find('T');
    auto clock = text.substr(t + 1);
    if (clock.size() == 5) clock += ":00";
    return *parse_local_time(november(text.substr(0, t)).to_string() + " " + clock);
}

inline std::map<std::string, std::string> options(std::istringstream& words)
{
    std::map<std::string, std::string> found;
    for (std::string word; words >> word;) {
        auto const equals = word.find('=');
        auto value = equals == word.npos ? std::string("1") : word.substr(equals + 1);
        std::ranges::replace(value, '_', ' ');
        found[word.substr(0, equals)] = value;
    }
    return found;
}

inline char const* const partner_name = "CTY CP GIAI PHAP THANH TOAN VN";

inline Scene read_scene(std::string const& text)
{
    Scene scene;
    scene.input.as_of = moment("20T10:00");
    bool files_given = false;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string what, id, status, amount, at;
        if (!(words >> what)) continue;
        if (what == "files") {
            files_given = true;
            for (std::string day; words >> day;) scene.input.provider_days.insert(november(day));
        } else if (what == "covered") {
            words >> id;
            scene.input.bank_covered_to = november(id);
        } else if (what == "asof") {
            words >> id;
            scene.input.as_of = moment(id);
        } else if (what == "i") {
            words >> id >> status >> amount >> at;
            auto o = options(words);
            auto r = std::make_unique<InternalRecord>();
            r->payment_id = id;
            r->status = status == "ok" ? InternalStatus::succeeded : status == "pending" ? InternalStatus::pending : InternalStatus::failed;
            r->amount = Dong(std::stoll(amount));
            r->event_at = moment(at);
            r->kind = o.contains("refund") ? Kind::refund : Kind::payment;
            r->channel = o.contains("bank") ? Channel::bank : Channel::provider;
            r->order_ref = o["order"], r->provider_txn_id = o["txn"], r->parent_id = o["parent"];
            r->bank_reference = o["ref"], r->account = o.contains("account") ? o["account"] : "1";
            scene.internal.push_back(std::move(r));
        } else if (what == "l") {
            words >> id >> status >> amount >> at;
            auto o = options(words);
            auto l = std::make_unique<ProviderLine>();
            l->line_no = std::stoll(id);
            l->at = moment(at);
            l->business_date = o.contains("day") ? november(o["day"]) : Day::of(l->at);
            l->file_id = std::to_string(l->business_date.day());
            l->status = status == "ok" ? LineStatus::success : LineStatus::failed;
            l->kind = o.contains("refund") ? Kind::refund : Kind::payment;
            l->amount = Dong(std::stoll(amount));
            l->fee = Dong(o.contains("fee") ? std::stoll(o["fee"]) : 0);
            if (l->status == LineStatus::success) l->net = Dong(signed_amount(l->kind, l->amount).count() - l->fee.count());
            l->order_ref = o["order"], l->provider_txn_id = o["txn"], l->batch = o["batch"];
            if (o.contains("settle")) l->settlement_date = november(o["settle"]);
            if (!files_given) scene.input.provider_days.insert(l->business_date);
            scene.provider.push_back(std::move(l));
        } else if (what == "b") {
            words >> id >> status >> amount >> at;
            auto o = options(words);
            auto e = std::make_unique<BankEntry>();
            e->account = o.contains("account") ? o["account"] : "1";
            e->entry_ref = id;
            e->booked_at = moment(at);
            e->booking_date = e->value_date = Day::of(e->booked_at);
            e->direction = status == "+" ? Direction::credit : Direction::debit;
            e->amount = Dong(std::stoll(amount));
            if (o.contains("usd")) e->currency = "USD", e->amount = Dong();
            e->reversal = o.contains("rev");
            e->counterparty = o["from"] == "PSP" ? partner_name : o["from"];
            e->narrative = o["text"];
            scene.bank.push_back(std::move(e));
        } else {
            throw std::runtime_error("scene: " + line);
        }
    }
    for (auto const& r : scene.internal) scene.input.internal.push_back(r.get());
    for (auto const& l : scene.provider) scene.input.provider.push_back(l.get());
    for (auto const& e : scene.bank) scene.input.bank.push_back(e.get());
    return scene;
}

template <class Text>
std::string joined(std::vector<Text> const& ids, char between = '+')
{
    std::string out;
    for (auto const& id : ids) out.append(out.empty() ? "" : std::string(1, between)).append(std::string_view(id));
    return out;
}

inline std::vector<std::string> told(RunResult const& result)
{
    std::vector<std::string> out;
    auto const with_flags = [](std::string text, Flags flags) {
        for (auto flag : flags.list()) text.append(" ").append(name_of(flag));
        return text;
    };
    for (auto const& m : result.internal_provider)
        out.push_back(with_flags(std::string(name_of(m.rule)) + " " + m.internal.str() + " " + m.provider.text(), m.flags));
    for (auto const& m : result.provider_bank) {
        out.push_back(with_flags(
            std::string(name_of(m.rule)) + " " + m.batch + " " + std::to_string(m.expected_net.count()) + " " + joined(m.bank), m.flags));
    }
    for (auto const& m : result.internal_bank)
        out.push_back(with_flags(std::string(name_of(m.rule)) + " " + m.internal.str() + " " + m.bank.str(), m.flags));
    for (auto const& b : result.breaks) {
        std::string text(name_of(b.kind));
        for (auto const* ids : {&b.internal, &b.provider, &b.bank}) {
            if (!ids->empty()) text += " " + joined(*ids);
        }
        if (b.batch) text += " =" + *b.batch;
        if (b.business_date) text += " " + b.business_date->to_string();
        if (b.file) text += " " + *b.file;
        out.push_back(text + " " + std::to_string(b.delta.count()));
    }
    for (auto const& p : result.pending) {
        out.push_back("wait " + std::string(name_of(p.kind)) + " " + joined(p.internal) + joined(p.bank) + (p.batch ? "=" + *p.batch : ""));
    }
    std::ranges::sort(out);
    return out;
}

inline std::vector<std::string> sorted_lines(std::string const& text)
{
    std::vector<std::string> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        auto const begin = line.find_first_not_of(' ');
        if (begin != line.npos) out.push_back(line.substr(begin));
    }
    std::ranges::sort(out);
    return out;
}

}  // namespace cho40::reconcile::tests
