#include "adapters/statements/case_answer.h"
#include "adapters/statements/fields.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::statements {
namespace {

using reconcile::RunResult;

// Writes straight into the text: a day of a million payments needs no tree of JSON values in memory.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out) {}

    void quoted(std::string_view text) { out_ += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }
    void raw(std::string_view text) { out_ += text; }
    void amount(Dong value) { out_ += std::to_string(value.count()); }

    void member(std::string_view name)
    {
        comma();
        quoted(name);
        out_ += ':';
        first_ = true;
    }

    void open(char bracket)
    {
        out_ += bracket;
        first_ = true;
    }

    void close(char bracket)
    {
        out_ += bracket;
        first_ = false;
    }

    void text(std::string_view name, std::string_view value)
    {
        member(name);
        quoted(value);
        first_ = false;
    }

    void number(std::string_view name, Dong value)
    {
        member(name);
        amount(value);
        first_ = false;
    }

    void count(std::string_view name, int value)
    {
        member(name);
        out_ += std::to_string(value);
        first_ = false;
    }

    template <class List, class Text>
    void list(std::string_view name, List const& values, Text text_of)
    {
        member(name);
        open('[');
        for (auto const& value : values) {
            comma();
            quoted(text_of(value));
        }
        close(']');
    }

    // A list of objects, each on a line of its own; `write` writes the members of one.
    template <class List, class Write>
    void objects(std::string_view name, List const& values, Write write)
    {
        member(name);
        open('[');
        for (auto const& value : values) {
            comma();
            out_ += '\n';
            open('{');
            write(value);
            close('}');
        }
        close(']');
    }

    void ids(std::string_view name, std::vector<std::string> const& values)
    {
        list(name, values, [](auto const& v) -> std::string_view { return v; });
    }

    void flags(std::vector<reconcile::Flag> const& values)
    {
        list("flags", values, [](auto v) { return name_of(v); });
    }

    void batch(std::optional<std::string> const& value)
    {
        member("batch");
        if (value) quoted(*value);
        else raw("null");
        first_ = false;
    }

private:
    void comma()
    {
        if (!first_) out_ += ',';
        first_ = false;
    }

    std::string& out_;
    bool first_ = true;
};

void write_matches(Writer& w, RunResult const& result)
{
    w.member("matches");
    w.open('{');
    w.objects("internal_provider", result.internal_provider, [&](auto const& m) {
        w.text("internal", m.internal), w.text("provider", m.provider), w.text("rule", m.rule), w.flags(m.flags);
    });
    w.objects("provider_bank", result.provider_bank, [&](auto const& m) {
        w.text("batch", m.batch), w.number("expected_net_vnd", m.expected_net), w.ids("bank", m.bank), w.text("rule", m.rule),
            w.flags(m.flags);
    });
    w.objects("internal_bank", result.internal_bank,
              [&](auto const& m) { w.text("internal", m.internal), w.text("bank", m.bank), w.text("rule", m.rule), w.flags(m.flags); });
    w.close('}');
}

void write_breaks(Writer& w, RunResult const& result)
{
    w.objects("breaks", result.breaks, [&](auto const& b) {
        w.text("class", name_of(b.kind)), w.ids("internal", b.internal), w.ids("provider", b.provider), w.ids("bank", b.bank),
            w.batch(b.batch);
        if (b.business_date) w.text("business_date", b.business_date->to_string());
        if (b.file) w.text("file", *b.file);
        w.number("delta_vnd", b.delta), w.text("why", b.why);
    });
}

void write_pending(Writer& w, RunResult const& result)
{
    w.objects("pending", result.pending, [&](auto const& p) {
        w.text("class", name_of(p.kind)), w.ids("internal", p.internal), w.ids("bank", p.bank), w.batch(p.batch);
    });
}

void write_totals(Writer& w, reconcile::Totals const& t)
{
    w.member("totals");
    w.open('{');
    w.number("internal_net_vnd", t.internal_net), w.number("provider_gross_vnd", t.provider_gross),
        w.number("provider_fee_vnd", t.provider_fee);
    w.number("provider_net_vnd", t.provider_net), w.number("bank_credit_vnd", t.bank_credit), w.number("bank_debit_vnd", t.bank_debit);
    w.close('}');
}

}  // namespace

Result<std::vector<CheckpointAnswer>> answer_case(CaseFolder folder, reconcile::Settings const& settings)
{
    // Files are imported once, in order, so the checkpoints are visited in the order of what they have seen.
    std::vector<std::size_t> order(folder.checkpoints.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(folder.checkpoints[i].imports_up_to_seq, i); });

    reconcile::FileRegister files(settings);
    std::vector<std::pair<int, reconcile::ImportResult>> results;
    std::vector<CheckpointAnswer> answers(folder.checkpoints.size());
    std::size_t next = 0;
    for (auto i : order) {
        auto& answer = answers[i];
        answer.checkpoint = folder.checkpoints[i];
        for (; next < folder.imports.size() && folder.imports[next].seq <= answer.checkpoint.imports_up_to_seq; ++next) {
            auto& import = folder.imports[next];
            results.emplace_back(import.seq, files.import(std::move(import.file)));
        }
        answer.imports = results;
        CHO_TRY(answer.result, reconcile::reconcile_day(files.input(answer.checkpoint.as_of), settings));
    }
    return answers;
}

std::string write_answers(std::vector<CheckpointAnswer> const& answers)
{
    std::string out;
    Writer w(out);
    w.open('{');
    w.objects("checkpoints", answers, [&](CheckpointAnswer const& answer) {
        w.text("as_of", utc_text(answer.checkpoint.as_of));
        w.count("imports_up_to_seq", answer.checkpoint.imports_up_to_seq);
        w.objects("imports", answer.imports,
                  [&](auto const& import) { w.count("seq", import.first), w.text("result", name_of(import.second)); });
        write_matches(w, answer.result);
        write_breaks(w, answer.result);
        write_pending(w, answer.result);
        write_totals(w, answer.result.totals);
    });
    w.close('}');
    out += '\n';
    return out;
}

}  // namespace cho40::statements
